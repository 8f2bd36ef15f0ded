package fill

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Text is a text as a person reads it, and the language that it is in.
type Text struct {
	String string
	Lang   string
}

// Label returns the label of a question, group or item with the answers it quotes.
func (in *Instance) Label(path, lang string) Text {
	return in.textOf(path, lang, func(n *forms.Node) forms.Text { return n.Label })
}

// Hint returns the hint likewise.
func (in *Instance) Hint(path, lang string) Text {
	return in.textOf(path, lang, func(n *forms.Node) forms.Text { return n.Hint })
}

// Guidance returns the guidance hint likewise.
func (in *Instance) Guidance(path, lang string) Text {
	return in.textOf(path, lang, func(n *forms.Node) forms.Text { return n.Guidance })
}

// ChoiceLabel returns the label of a choice that a question offers, likewise.
func (in *Instance) ChoiceLabel(path string, c *forms.Choice, lang string) Text {
	if e := in.elementAt(path); e != nil {
		return in.text(e, c.Label, lang)
	}
	return Text{}
}

func (in *Instance) textOf(path, lang string, pick func(*forms.Node) forms.Text) Text {
	if e := in.elementAt(path); e != nil && e.t.node != nil {
		return in.text(e, pick(e.t.node), lang)
	}
	if parent, t, err := in.repeatAt(path); err == nil {
		return in.fillIn(parent, t, pick(t.node), lang)
	}
	return Text{}
}

func (in *Instance) text(e *element, t forms.Text, lang string) Text {
	return in.fillIn(e, e.t, t, lang)
}

// fillIn puts the answers that a text quotes into it, as seen from e. An answer that looks
// like a quotation stays as it is.
func (in *Instance) fillIn(e *element, t *template, text forms.Text, lang string) Text {
	s, used := text.In(in.plan.form, lang)
	if t.outputs == nil {
		return Text{s, used}
	}
	var b strings.Builder
	for _, quote := range quotes(s) {
		before, after, _ := strings.Cut(s, quote)
		b.WriteString(before)
		if x := t.outputs[quote]; x != nil {
			b.WriteString(in.eval(x, e).String())
		} else {
			b.WriteString(quote)
		}
		s = after
	}
	b.WriteString(s)
	return Text{b.String(), used}
}
