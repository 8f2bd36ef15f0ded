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
	Item          bool
	Said          string // "there are none", for a list
	Lines         []answerLine
}

type answerLine struct {
	Anchor, Number, Label, Lang string
	Value, ValueLang            string
	Mark, Reason, Note          string
	NotAsked                    string
	Files                       []fileView
	Problem, Meta               string
	ChangeHref, HistoryHref     string
}

// whole lays out every question of the draft with its answer, for the check page.
func (p *paper) whole() []answerGroup {
	var groups []answerGroup
	for _, st := range p.all() {
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
		return []answerGroup{{Heading: name, Lang: lang, Item: st.Node.Parent != nil, Said: said}}
	}
	if item {
		return []answerGroup{{Heading: p.nameOfItem(st.Path), Item: true}}
	}
	name, lang := p.heading(st.Path)
	if st.Node.Parent == nil {
		return []answerGroup{{Heading: name, Lang: lang}}
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
	line := answerLine{Anchor: study.Anchor(path), Number: p.numbers[n.Path], Label: plainText(label.String), Lang: p.foreign(label.Lang),
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

// blocks lists what must be settled before signing, in document order, each with the
// way to its question.
func (p *paper) blocks() []link {
	var found []link
	for _, st := range p.all() {
		key := p.troubleAt(st)
		if len(p.proposals[st.Path]) > 0 {
			key = "answer_error.conflict"
		}
		if key != "" {
			found = append(found, link{Href: p.pageHref(st.Path), Text: p.troubleText(st, key)})
		}
	}
	return found
}

// hidden lists the answers that will not be sent because their questions do not apply.
func (p *paper) hidden() []link {
	var found []link
	for _, st := range p.all() {
		draft := p.drafts[st.Path]
		if st.Relevant || !isAsked(st.Node) || (draft.Value == "" && draft.Reason == "") {
			continue
		}
		found = append(found, link{Href: p.pageHref(st.Path), Text: p.numbers[st.Node.Path] + " " + p.label(st.Path), Why: p.notAsked(st.HiddenBy)})
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
