package legacy

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Language is the language of a table of answers, as far as its headers tell: the one in
// which most of them are the form's own labels. It is "" for names of questions, for a
// form in one language without a name, and where two languages are even.
func (p *Plan) Language(table int) study.Lang {
	if p.Inferred || table < 0 || table >= len(p.byTable) {
		return ""
	}
	votes := map[string]int{}
	for _, c := range p.byTable[table] {
		if n := p.Form.Find(c.Question); c.Question != "" && n != nil {
			p.vote(votes, n, loose(c.Field.Header))
		}
	}
	best, even := "", false
	for lang, n := range votes {
		switch {
		case best == "" || n > votes[best]:
			best, even = lang, false
		case n == votes[best]:
			even = true
		}
	}
	if even {
		return ""
	}
	return study.Lang(best)
}

// vote counts the languages in which a header is the label of its question. Labels that
// are the same in two languages tell nothing.
func (p *Plan) vote(votes map[string]int, n *forms.Node, header string) {
	lang, times := "", 0
	for _, l := range p.Form.Languages {
		if label := loose(n.Label[l.Name]); l.Code != "" && len(label) > 3 && strings.Contains(header, label) {
			lang, times = l.Code, times+1
		}
	}
	if times == 1 {
		votes[lang]++
	}
}
