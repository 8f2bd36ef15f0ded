package web

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

// answerGroup is a heading and the answers under it, in the reading view of a return.
type answerGroup struct {
	Heading, Lang string
	Anchor        string // id of the heading, "" when nothing leads to it
	Item          bool
	Said          string // "there are none", for a list
	Lines         []answerLine
}

type answerLine struct {
	Path                        string
	Anchor, Number, Label, Lang string
	Value, ValueLang            string
	Mark, Reason, Note          string
	NotAsked                    string
	Files                       []fileView
	Problem, Meta               string
	ChangeHref, HistoryHref     string
}

// whole lays out every question of the draft with its answer, for the check page.
func (p *paper) whole() []answerGroup { return p.reading(p.all()) }

// part lays out the answers of one section or item, for a return that is closed.
func (p *paper) part(path string) []answerGroup {
	var states []fill.State
	for _, st := range p.all() {
		if strings.HasPrefix(st.Path, path+"/") || strings.HasPrefix(st.Path, path+"[") || p.isLoose(path) && p.looseSection(st.Path) == path {
			states = append(states, st)
		}
	}
	return p.reading(states)
}

// reading lays out questions with their answers under the headings of their groups.
func (p *paper) reading(states []fill.State) []answerGroup {
	var groups []answerGroup
	for _, st := range states {
		switch st.Node.Kind {
		case forms.Group, forms.Repeat:
			groups = append(groups, p.groupOf(st)...)
			continue
		}
		if !isAsked(st.Node) && !(st.Node.Type == "calculate" && !st.Node.Label.Empty()) {
			continue
		}
		if len(groups) == 0 {
			groups = append(groups, answerGroup{})
		}
		last := &groups[len(groups)-1]
		last.Lines = append(last.Lines, p.draftLine(st))
	}
	return groups
}

// groupOf begins a new heading for a section, an item, or a labelled group inside one.
func (p *paper) groupOf(st fill.State) []answerGroup {
	item := strings.HasSuffix(st.Path, "]")
	if st.Node.Kind == forms.Repeat && !item {
		said := ""
		if len(p.in.Items(st.Path)) == 0 {
			said = p.v.words.T("repeat.none_yet")
			if p.done[st.Path] {
				said = p.v.words.T("repeat.none_said")
			}
		}
		name, lang := p.heading(st.Path)
		return []answerGroup{{Heading: name, Lang: lang, Anchor: study.Anchor(st.Path), Item: st.Node.Parent != nil, Said: said}}
	}
	if item {
		return []answerGroup{{Heading: p.nameOfItem(st.Path), Item: true}}
	}
	name, lang := p.heading(st.Path)
	if st.Node.Parent == nil {
		return []answerGroup{{Heading: name, Lang: lang, Anchor: study.Anchor(st.Path)}}
	}
	if st.Node.Label.Empty() {
		return nil
	}
	return []answerGroup{{Heading: name, Lang: lang, Item: true}}
}

func (p *paper) draftLine(st fill.State) answerLine {
	draft := p.drafts[st.Path]
	line := p.line(st.Path, st.Node, draft.Value, draft.Reason, draft.Note)
	if st.Node.Type == "calculate" {
		line.Value = p.shown(st.Node, st.Value)
		return line
	}
	if !st.Relevant {
		line.NotAsked = p.notAsked(st.HiddenBy)
		return line
	}
	line.Files = p.fileViews(st.Path)
	line.Problem = p.errorAt(st)
	if len(p.proposals[st.Path]) > 0 {
		line.Problem = p.v.words.T("answer_error.conflict")
	}
	if !p.readOnly {
		line.ChangeHref = p.pageHref(st.Path)
	}
	if draft.Version > 0 {
		line.HistoryHref = p.href("/history" + st.Path)
	}
	return line
}

// line is one answer in words.
func (p *paper) line(path string, n *forms.Node, value string, reason study.ReasonCode, note string) answerLine {
	label := p.in.Label(path, p.lang)
	line := answerLine{Path: path, Anchor: study.Anchor(path), Number: p.numbers[n.Path], Label: plainText(label.String), Lang: p.foreign(label.Lang),
		Value: p.shown(n, value), Note: note}
	if line.Label == "" {
		line.Label = n.Name
	}
	if reason != "" {
		line.Mark, line.Reason = p.reasonWords(reason)
		if line.Reason == "" {
			line.Reason = line.Mark
		}
	}
	return line
}

// notAsked says why a question does not count: the answer that hides it, as far as it
// can be told (F91, F92).
func (p *paper) notAsked(hiddenBy string) string {
	node := p.form.Find(hiddenBy)
	if node == nil {
		return p.v.words.T("answer.not_asked")
	}
	words := conditionWords(p.form, p.numbers, p.v.words, node.Relevant)
	if words == "" {
		return p.v.words.T("answer.not_asked")
	}
	return p.v.words.T("answer.not_asked_because", "condition", words)
}

// toSettle is what must be settled before signing, laid out for reading.
type toSettle struct {
	Wrong   []link         // what cannot stay as it is, in document order
	Missing []missingGroup // questions without an answer, by section
	Count   int
}

type missingGroup struct {
	Heading, Lang string
	Links         []link
}

// blockedBy names what stands in the way of signing at a question, "" when nothing does.
func (p *paper) blockedBy(st fill.State) string {
	if len(p.proposals[st.Path]) > 0 {
		return "answer_error.conflict"
	}
	return p.troubleAt(st)
}

// blocks lists what stands in the way of signing, in document order, each with the way
// to its question.
func (p *paper) blocks() []link {
	var found []link
	for _, st := range p.all() {
		if key := p.blockedBy(st); key != "" {
			found = append(found, link{Href: p.pageHref(st.Path), Text: p.troubleText(st, key)})
		}
	}
	return found
}

// toSettle is blocks with the missing answers apart, by section.
func (p *paper) toSettle() toSettle {
	var found toSettle
	section := ""
	for _, st := range p.all() {
		switch key := p.blockedBy(st); key {
		case "":
			continue
		case "answer_error.required":
			if at := p.sectionOf(st.Path); len(found.Missing) == 0 || at != section {
				section = at
				heading, lang := p.heading(at)
				found.Missing = append(found.Missing, missingGroup{Heading: heading, Lang: lang})
			}
			last := &found.Missing[len(found.Missing)-1]
			last.Links = append(last.Links, link{Href: p.pageHref(st.Path), Text: p.name(st)})
		default:
			found.Wrong = append(found.Wrong, link{Href: p.pageHref(st.Path), Text: p.troubleText(st, key)})
		}
		found.Count++
	}
	return found
}

// name is how a question is called away from its page: its number and label, and the
// item it belongs to.
func (p *paper) name(st fill.State) string {
	name := strings.TrimSpace(p.numbers[st.Node.Path] + " " + p.label(st.Path))
	if at := strings.LastIndexByte(st.Path, ']'); at >= 0 {
		name += " (" + p.nameOfItem(st.Path[:at+1]) + ")"
	}
	return name
}

// hidden lists the answers that will not be sent because their questions do not apply.
func (p *paper) hidden() []link {
	var found []link
	for _, st := range p.all() {
		draft := p.drafts[st.Path]
		if st.Relevant || !isAsked(st.Node) || (draft.Value == "" && draft.Reason == "") {
			continue
		}
		found = append(found, link{Href: p.pageHref(st.Path), Text: p.name(st), Why: p.notAsked(st.HiddenBy)})
	}
	return found
}

// unsaid lists the lists of which nobody said that they are complete.
func (p *paper) unsaid() []link {
	var found []link
	for _, st := range p.all() {
		if st.Node.Kind == forms.Repeat && !strings.HasSuffix(st.Path, "]") && st.Relevant && !p.done[st.Path] {
			name, _ := p.heading(st.Path)
			found = append(found, link{Href: p.href("/repeats" + st.Path), Text: name})
		}
	}
	return found
}

// counts tells how many questions have an answer, a reason, or were not asked.
func (p *paper) counts() string {
	values, reasons, hidden := 0, 0, 0
	for _, st := range p.all() {
		if !isAsked(st.Node) {
			continue
		}
		draft := p.drafts[st.Path]
		switch {
		case !st.Relevant:
			hidden++
		case draft.Reason != "":
			reasons++
		case draft.Value != "":
			values++
		}
	}
	return p.v.words.N("sign.counts", values, "reasons", reasons, "hidden", hidden)
}
