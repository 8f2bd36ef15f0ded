package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// paper is one return laid out for one reader: the form, the evaluated answers, and
// what the store knows beside them.
type paper struct {
	v         *visit
	lang      string
	response  study.Response
	form      *forms.Form
	in        *fill.Instance
	numbers   numbering
	drafts    map[string]study.DraftAnswer // by answer path
	proposals map[string][]study.Proposal  // open ones, by answer path
	files     map[string][]study.Attachment
	done      map[string]bool         // sections and lists that somebody called complete
	items     []study.Item            // removed ones too
	versions  []study.Submission      // signed ones, oldest first
	loaded    map[string]study.Loaded // brought in by imports, see waiting
	waiting   []string                // paths of loaded answers that nobody has confirmed or answered, in order
	brought   []study.Item            // of the lists of loaded answers
	readOnly  bool
	tells     bool              // a preview: questions say what the page cannot do
	itemName  string            // of the item whose page this is, "" elsewhere
	states    []fill.State      // see all
	parts     []fill.Section    // see sections
	names     map[string]string // of items, see nameOfItem
}

// href is an address inside this return. Brackets of item keys are escaped.
func (p *paper) href(tail string) string {
	u := url.URL{Path: "/returns/" + string(p.response.ID) + tail}
	return u.EscapedPath()
}

// pageHref is the page on which a question is answered, at the question.
func (p *paper) pageHref(path string) string {
	return p.pageOf(path) + "#" + study.Anchor(path)
}

// pageOf is the page on which a question or a list is shown: the item around it, or
// its section.
func (p *paper) pageOf(path string) string {
	if at := strings.LastIndexByte(path, ']'); at >= 0 {
		return p.href("/sections" + path[:at+1])
	}
	return p.href("/sections" + p.sectionOf(path))
}

// sectionOf is the path that names the section of a question: its top-level group or
// repeat, or itself when it stands alone at the top.
func (p *paper) sectionOf(path string) string {
	for _, s := range p.sections() {
		if s.Node != nil && (path == s.Path || strings.HasPrefix(path, s.Path+"/") || strings.HasPrefix(path, s.Path+"[")) {
			return s.Path
		}
	}
	return p.looseSection(path)
}

// condition says in words when a node applies, the groups around it included as far as
// the page does not say so already.
func (p *paper) condition(n *forms.Node) string {
	return conditionWords(p.form, p.numbers, p.v.words, n.Relevant)
}

// myProposal is the reader's own open proposal at a question.
func (p *paper) myProposal(path string) *study.Proposal {
	var mine *study.Proposal
	for i, one := range p.proposals[path] {
		if one.By == p.v.person.ID {
			mine = &p.proposals[path][i] // the newest stands last
		}
	}
	return mine
}

// proposal finds an open proposal by its number.
func (p *paper) proposal(id int64) (study.Proposal, bool) {
	for _, list := range p.proposals {
		for _, one := range list {
			if one.ID == id {
				return one, true
			}
		}
	}
	return study.Proposal{}, false
}

// conflicts lays out the open proposals at a question.
func (p *paper) conflicts(path string) []conflictView {
	draft, node := p.drafts[path], p.form.Find(path)
	var views []conflictView
	latest := map[study.PersonID]int64{} // of several texts of one person the newest counts
	for _, one := range p.proposals[path] {
		latest[one.By] = one.ID
	}
	for _, one := range p.proposals[path] {
		if latest[one.By] != one.ID {
			continue
		}
		views = append(views, conflictView{
			ID: one.ID, Path: path, CanChoose: !p.readOnly,
			Current:    p.answerText(node, draft.Value, draft.Reason),
			CurrentBy:  p.v.words.T("conflict.current", "name", draft.ByName, "time", p.v.when(draft.At)),
			Proposed:   p.answerText(node, one.Value, one.Reason),
			ProposedBy: p.v.words.T("conflict.proposed", "name", one.ByName, "time", p.v.when(one.At)),
		})
	}
	return views
}

// answerText is an answer in words: its value as shown, its reason's mark, or "(empty)".
func (p *paper) answerText(n *forms.Node, value string, reason study.ReasonCode) string {
	var parts []string
	if reason != "" {
		mark, label := p.reasonWords(reason)
		parts = append(parts, mark+" "+label)
	}
	if value != "" {
		parts = append(parts, p.shown(n, value))
	}
	if len(parts) == 0 {
		return p.v.words.T("history.empty")
	}
	return strings.Join(parts, "\n")
}

// reasonWords is the mark and the label of a missing reason.
func (p *paper) reasonWords(code study.ReasonCode) (mark, label string) {
	for _, r := range p.v.study.Reasons {
		if r.Code == code {
			return r.Mark, p.v.text(r.Label)
		}
	}
	return string(code), ""
}

// shown is a stored value as people read it: labels for codes, grouped numbers, dates
// with the month in words. Years and what cannot be read stay as they are.
func (p *paper) shown(n *forms.Node, value string) string {
	if n == nil || value == "" {
		return value
	}
	switch {
	case strings.HasPrefix(n.Type, "select_one"):
		return choiceName(p.form, n, p.lang, value)
	case strings.HasPrefix(n.Type, "select_multiple") || n.Type == "rank":
		var names []string
		for _, code := range strings.Fields(value) {
			names = append(names, choiceName(p.form, n, p.lang, code))
		}
		return strings.Join(names, "\n")
	case n.Type == "date":
		if strings.Contains(value, "/") {
			return strings.TrimLeft(strings.ReplaceAll(value, "/", " "), " ")
		}
		return p.v.words.Date(value)
	case n.Type == "integer", n.Type == "decimal", n.Type == "calculate", n.Type == "range":
		plain := normalize.PlainNumber(value, n.Type != "integer", p.v.country(p.response.Country).DecimalMark)
		if v, err := strconv.ParseFloat(plain, 64); err == nil && n.Extra["normalize"] != "year" {
			return p.v.words.Number(v)
		}
	case n.Type == "acknowledge", n.Type == "trigger":
		return p.v.words.T("question.confirm")
	}
	return value
}

// errorAt is the sentence about what was typed at a question, "" when it can be read.
// A missing answer is no error while answering (F47).
func (p *paper) errorAt(st fill.State) string {
	key := p.troubleAt(st)
	if key == "" || key == "answer_error.required" {
		return ""
	}
	return p.troubleText(st, key)
}

// troubleAt names what stands in the way of signing at a question, "" when nothing does.
func (p *paper) troubleAt(st fill.State) string {
	draft := p.drafts[st.Path]
	switch {
	case !st.Relevant || st.Node.Kind != forms.Question:
		return ""
	case draft.Value != "" && draft.Reason != "":
		return "answer_error.both" // F66: the value is kept, and the person is asked which
	case tooLong(draft.Value):
		return "answer_error.too_long"
	case draft.Reason != "":
		return ""
	case p.exclusiveClash(st) != "":
		return "answer_error.exclusive"
	case st.Problem == nil:
		return ""
	}
	switch kind, _, _ := strings.Cut(st.Problem.Key, "."); kind {
	case "constraint", "required":
		return "answer_error." + kind
	case "choice":
		return "answer_error.choice"
	}
	return p.typeTrouble(st)
}

// typeTrouble is the sentence for a value that its type does not allow.
func (p *paper) typeTrouble(st fill.State) string {
	switch widgetOf(st.Node, len(p.in.Choices(st.Path))) {
	case asNumber:
		if st.Node.Type == "decimal" {
			return "answer_error.decimal"
		}
		return "answer_error.integer"
	case asDate:
		if allowsPartial(st.Node) {
			return "answer_error.date_partial"
		}
		return "answer_error.date"
	case asRadios, asSelect, asDatalist, asChecks, asRank:
		return "answer_error.choice"
	}
	return "answer_error.other"
}

// troubleText is the whole sentence: question, and what to do (F45). A form's own
// constraint message says it better than we can.
func (p *paper) troubleText(st fill.State, key string) string {
	q, label := p.numbers[st.Node.Path], shorten(p.label(st.Path), 60)
	if key == "answer_error.constraint" && st.Problem.Message != nil {
		if own := st.Problem.Message(p.lang); own != "" {
			return p.v.words.T("problem.own_words", "q", q, "label", label, "text", own)
		}
	}
	text := p.v.words.T(key, "choice", p.exclusiveClash(st))
	return p.v.words.T("problem.here", "q", q, "label", label, "text", text)
}

// exclusiveClash is the label of an exclusive choice that was combined with others (F77).
func (p *paper) exclusiveClash(st fill.State) string {
	codes := strings.Fields(p.drafts[st.Path].Value)
	if !strings.HasPrefix(st.Node.Type, "select_multiple") || len(codes) < 2 {
		return ""
	}
	for _, c := range p.in.Choices(st.Path) {
		for _, code := range codes {
			if c.Name == code && isExclusive(c) {
				return choiceName(p.form, st.Node, p.lang, code)
			}
		}
	}
	return ""
}

// maxAnswerRunes is the longest answer; a cell of a workbook holds little more (F74).
const maxAnswerRunes = 30_000

func tooLong(value string) bool {
	return len(value) > maxAnswerRunes && len([]rune(value)) > maxAnswerRunes
}

// dateIn is the day of a moment, in words, in the reader's zone.
func (v *visit) dateIn(t time.Time) string {
	return v.words.Date(t.In(v.zone()).Format(time.DateOnly))
}

// reference is how people quote a signed version: "CRI-2021-v1-7F3A".
func reference(sub study.Submission) string {
	hash := strings.ToUpper(sub.Hash)
	if len(hash) > 4 {
		hash = hash[:4]
	}
	return fmt.Sprintf("%s-%s-v%d-%s", sub.Country, sub.Round, sub.Version, hash)
}
