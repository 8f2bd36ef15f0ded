package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

// question is one question on a page, with all that its template shows.
type question struct {
	Widget     string // see widget; also "group" and "repeat"
	ID, Path   string
	Number     string
	Label      template.HTML
	PlainLabel string
	LabelLang  string // "" when it is the page's
	Hint       template.HTML
	HintLang   string
	Guidance   []template.HTML
	Condition  string
	Simpler    []string // what the page cannot do for it; in a preview only
	ItemName   string   // tells apart the same question of several items (F53)
	Optional   bool
	Relevant   bool
	ReadOnly   bool

	Mark             string // version and content that the page shows
	Value            string
	HasValue         bool
	Day, Month, Year string
	Partial          bool
	Choices          []choiceView
	Places           []string // of a rank: the code at each place
	Unit, InputMode  string
	Rows             int
	AnswerLang       string
	Files            []fileView
	Items            []itemView
	NoItems          bool
	Href             string

	Reasons       []reasonView
	OffersReasons bool
	Reason, Note  string

	Loaded      *loadedView // an imported answer that waits to be confirmed
	Error       string
	Conflicts   []conflictView
	Understood  string
	Edited      string
	History     string
	DescribedBy string
}

type choiceView struct {
	Value, Lang, Text string
	Label             template.HTML
	Chosen, Exclusive bool
}

type reasonView struct {
	Code, Mark, Label string
	Chosen            bool
}

type conflictView struct {
	ID                   int64
	Path                 string
	Current, CurrentBy   string
	Proposed, ProposedBy string
	CanChoose            bool
}

// itemView is one item of a repeat in a list.
type itemView struct {
	ID, Path, Key, Name, Href string
	Progress, Status, Tone    string
	RemoveHref, RestoreAction string
	UpAction, DownAction      string
}

// questionView builds the view of one node. typed, when not nil, is what the person
// entered and what must be shown again instead of what is stored.
func (p *paper) questionView(st fill.State, again *typed) question {
	n := st.Node
	q := question{
		ID: study.Anchor(st.Path), Path: st.Path, Number: p.numbers[n.Path], Relevant: st.Relevant,
		ReadOnly: p.readOnly || st.ReadOnly, Condition: p.condition(n),
	}
	p.texts(&q, st)
	choices := p.in.Choices(st.Path)
	draft := p.drafts[st.Path]
	q.Widget = string(widgetOf(n, len(choices)))
	q.Value, q.Reason, q.Note = draft.Value, string(draft.Reason), draft.Note
	q.Mark = shownMark(draft.Version, sentAs(n, choices, draft.Value), string(draft.Reason), newlines(draft.Note))
	if mine := p.myProposal(st.Path); mine != nil { // my text stays in the field (F21)
		q.Value, q.Reason, q.Note = mine.Value, string(mine.Reason), mine.Note
		q.Mark = shownMark(mine.Base, sentAs(n, choices, mine.Value), string(mine.Reason), newlines(mine.Note))
	}
	if again != nil {
		q.Value, q.Reason, q.Note = again.Value, again.Reason, again.Note
	}
	if q.Widget == string(asCalculation) || n.Type == "calculate" {
		q.Value = p.shown(n, st.Value)
	}
	q.HasValue = q.Value != ""
	p.control(&q, n, choices)
	p.beside(&q, n, st, draft)
	q.DescribedBy = q.describedBy()
	return q
}

// texts fills in label, hint and guidance in the reader's language.
func (p *paper) texts(q *question, st fill.State) {
	label := p.in.Label(st.Path, p.lang)
	q.Label, q.PlainLabel, q.LabelLang = markup(label.String), plainText(label.String), p.foreign(label.Lang)
	if q.PlainLabel == "" {
		q.PlainLabel, q.Label = st.Node.Name, markup(st.Node.Name)
	}
	hint := p.in.Hint(st.Path, p.lang)
	q.Hint, q.HintLang = markup(hint.String), p.foreign(hint.Lang)
	if guidance, _ := st.Node.Guidance.In(p.form, p.lang); guidance != "" {
		for _, paragraph := range strings.Split(guidance, "\n\n") {
			q.Guidance = append(q.Guidance, markup(paragraph))
		}
	}
	if p.tells {
		for _, note := range st.Node.Simplified() {
			q.Simpler = append(q.Simpler, note.In(p.v.lang()))
		}
	}
	q.ItemName = p.itemName
	// Without script a question that does not apply is shown too, and may apply soon.
	soon := !st.Relevant && st.Node.Required != ""
	q.Optional = st.Node.Kind == forms.Question && isAsked(st.Node) && !st.Required && !soon
}

// foreign is the lang attribute of a text that is not in the page's language.
func (p *paper) foreign(lang string) string {
	if lang == "" || lang == p.v.lang() || strings.HasPrefix(lang, p.v.lang()+"-") {
		return ""
	}
	return lang
}

// control fills in what depends on the kind of control.
func (p *paper) control(q *question, n *forms.Node, choices []*forms.Choice) {
	switch widget(q.Widget) {
	case asText:
		if len(q.Value) > 90 || strings.Contains(q.Value, "\n") || wantsSpace(n) {
			q.Widget = string(asLongText)
		}
		q.AnswerLang = p.lang
	case asNumber:
		q.InputMode = "numeric"
		if n.Type == "decimal" {
			q.InputMode = "decimal"
		}
		q.Unit = p.unit(n)
	case asDate:
		q.Day, q.Month, q.Year = splitDate(q.Value)
		if m, err := strconv.Atoi(q.Month); err == nil && m >= 1 && m <= 12 {
			q.Month = strconv.Itoa(m)
		}
		q.Partial = allowsPartial(n)
	case asRadios, asSelect, asDatalist, asChecks, asRank:
		q.Choices = p.choices(n, choices, q.Value)
		if widget(q.Widget) == asRank {
			q.Places = places(q.Value, len(q.Choices))
		}
		if widget(q.Widget) == asDatalist {
			for _, c := range q.Choices {
				if c.Chosen {
					q.Value = c.Text
				}
			}
		}
	case asFile:
		q.Files = p.fileViews(q.Path)
		q.Href = p.href("/files" + q.Path)
	}
	if widget(q.Widget) == asLongText {
		q.AnswerLang = p.lang
		q.Rows = min(14, max(4, 1+len([]rune(q.Value))/70+strings.Count(q.Value, "\n")))
	}
}

// wantsSpace reports whether a text question expects more than a line. A form says so
// by appearance; a question that asks for an account says so by its own words.
func wantsSpace(n *forms.Node) bool {
	return n.Extra["rows"] != "" || n.Parameters["rows"] != ""
}

func (p *paper) choices(n *forms.Node, list []*forms.Choice, value string) []choiceView {
	chosen := []string{value}
	if strings.HasPrefix(n.Type, "select_multiple") || n.Type == "rank" {
		chosen = strings.Fields(value)
	}
	var views []choiceView
	for _, c := range list {
		label, lang := c.Label.In(p.form, p.lang)
		if label == "" {
			label = c.Name
		}
		views = append(views, choiceView{Value: c.Name, Label: markup(label), Text: plainText(label), Lang: p.foreign(lang),
			Chosen: slices.Contains(chosen, c.Name), Exclusive: isExclusive(c)})
		chosen = slices.DeleteFunc(chosen, func(code string) bool { return code == c.Name })
	}
	for _, code := range chosen { // F80: a code that the list does not have is shown, not lost
		if code != "" {
			views = append(views, choiceView{Value: code, Label: markup(code), Text: code, Chosen: true})
		}
	}
	return views
}

// places lays out an order: the code at each place, "" where there is none yet.
func places(value string, choices int) []string {
	codes := strings.Fields(value)
	for len(codes) < choices {
		codes = append(codes, "")
	}
	return codes
}

// isExclusive reports whether a choice cannot stand beside others ("None").
func isExclusive(c *forms.Choice) bool {
	switch strings.ToLower(c.Extra["exclusive"]) {
	case "yes", "true", "1":
		return true
	}
	return false
}

// unit is the unit of a number in the reader's language.
func (p *paper) unit(n *forms.Node) string {
	if u := n.Extra["unit::"+p.form.Lang(p.lang)]; u != "" {
		return u
	}
	return n.Extra["unit"]
}

// beside fills in what stands around the control: reasons, problems, conflicts, who
// changed it last.
func (p *paper) beside(q *question, n *forms.Node, st fill.State, draft study.DraftAnswer) {
	if !isAsked(n) {
		return
	}
	for _, r := range p.reasons(n) {
		q.Reasons = append(q.Reasons, reasonView{string(r.Code), r.Mark, p.v.text(r.Label), string(r.Code) == q.Reason})
	}
	if q.Reason != "" && !slices.ContainsFunc(q.Reasons, func(r reasonView) bool { return r.Chosen }) {
		mark, label := p.reasonWords(study.ReasonCode(q.Reason)) // one that is not offered is shown, not lost
		q.Reasons = append(q.Reasons, reasonView{q.Reason, mark, label, true})
	}
	q.OffersReasons = len(q.Reasons) > 0
	q.Error = p.errorAt(st)
	q.Conflicts = p.conflicts(st.Path)
	if q.Error == "" && len(q.Conflicts) > 0 {
		q.Error = p.v.words.T("answer_error.conflict")
	}
	q.Understood = p.understood(n, st, draft)
	if contains(p.waiting, st.Path) {
		one := p.loadedView(st.Path)
		q.Loaded = &one
	}
	if draft.Version > 0 {
		q.Edited = p.v.words.T("question.edited", "name", draft.ByName, "time", p.v.when(draft.At))
		if draft.Channel == study.Import {
			q.Edited = p.v.words.T("loaded.confirmed", "name", draft.ByName, "time", p.v.when(draft.At))
		}
		q.History = p.href("/history" + q.Path)
	}
}

// reasons are the missing reasons that a question offers: those of the study, or the
// ones its "reasons" column names; "none" offers none. Blank is never offered.
func (p *paper) reasons(n *forms.Node) []study.Reason {
	only := strings.Fields(strings.ReplaceAll(n.Extra["reasons"], ",", " "))
	var offered []study.Reason
	for _, r := range p.v.study.Reasons {
		if r.Code == study.Blank || (len(only) > 0 && !slices.Contains(only, string(r.Code))) {
			continue
		}
		offered = append(offered, r)
	}
	return offered
}

// understood echoes a number or a date as it was read (F62).
func (p *paper) understood(n *forms.Node, st fill.State, draft study.DraftAnswer) string {
	if st.Value == "" || st.Problem != nil {
		return ""
	}
	switch widgetOf(n, 0) {
	case asNumber, asDate:
		return p.v.words.T("question.understood", "value", p.shown(n, st.Value))
	}
	return ""
}

func (q *question) describedBy() string {
	var ids []string
	if q.Hint != "" {
		ids = append(ids, q.ID+"-hint")
	}
	if widget(q.Widget) == asDate && !q.ReadOnly {
		ids = append(ids, q.ID+"-format")
	}
	if q.Error != "" {
		ids = append(ids, q.ID+"-error")
	}
	return strings.Join(ids, " ")
}
