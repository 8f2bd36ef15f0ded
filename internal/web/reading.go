package web

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// read is a stored answer as the evaluator takes it: a number typed with grouping or a
// decimal comma as a plain number, when it can be read in one way only. What cannot is
// left as it is, and the evaluator refuses it. The store keeps what was typed (F63).
func (p *paper) read(d study.DraftAnswer) string {
	n := p.form.Find(d.Path)
	if n == nil || widgetOf(n, 0) != asNumber {
		return d.Value
	}
	return normalize.PlainNumber(d.Value, n.Type == "decimal", p.v.country(p.response.Country).DecimalMark)
}

// codeOf turns the label that somebody typed or picked from a list of suggestions into
// its code; a code, and what the list does not have, come back as they are.
func codeOf(f *forms.Form, n *forms.Node, typed string) string {
	list := f.Lists[n.List]
	if list == nil || !strings.HasPrefix(n.Type, "select_one") {
		return typed
	}
	for _, c := range list.Choices {
		if c.Name == typed {
			return typed
		}
	}
	wanted := fold(typed)
	for _, c := range list.Choices {
		for _, label := range c.Label {
			if wanted != "" && fold(plainText(label)) == wanted {
				return c.Name
			}
		}
	}
	return typed
}
