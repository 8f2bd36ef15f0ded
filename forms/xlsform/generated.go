package xlsform

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// generatedBy marks nodes that stand in no row of their own, in Node.Extra.
const generatedBy = "generated"

// addOther adds the text question of a select with or_other, and its choice.
func (r *reader) addOther(e *entry) {
	n := e.node
	if n.ChoiceFilter != "" {
		r.report(forms.Error, "other.filter", e.rec.place("choice_filter"), n.Name, "or_other cannot go together with a choice_filter: add the choice other to the list, and a text question that is relevant when it is taken")
		return
	}
	if list := r.form.Lists[n.List]; list != nil && !hasChoice(list, "other") {
		label := make(forms.Text)
		for _, lang := range r.choiceLanguages() {
			label[lang] = "Other"
		}
		list.Choices = append(list.Choices, &forms.Choice{Name: "other", Label: label, Place: n.Place})
	}
	other := &forms.Node{
		Name:     n.Name + "_other",
		Type:     "text",
		Label:    forms.Text{"": "Specify other."},
		Relevant: "selected(../" + n.Name + ", 'other')",
		Extra:    map[string]string{generatedBy: "or_other"},
		Place:    n.Place,
		Parent:   n.Parent,
	}
	if n.Parent == nil {
		r.form.Children = append(r.form.Children, other)
	} else {
		n.Parent.Children = append(n.Parent.Children, other)
	}
	r.named[other.Name] = append(r.named[other.Name], &entry{node: other, rec: e.rec, typ: rowType{name: "text"}})
}

// choiceLanguages are the languages that labels of choices are written in.
func (r *reader) choiceLanguages() []string {
	var langs []string
	for _, t := range r.tables {
		if !strings.EqualFold(t.sheet.Name, "choices") {
			continue
		}
		for _, c := range t.columns {
			if c.name == "label" {
				langs = append(langs, c.lang)
			}
		}
	}
	if len(langs) > 1 {
		r.otherUntranslated = true
	}
	return langs
}

func hasChoice(list *forms.List, name string) bool {
	for _, c := range list.Choices {
		if c.Name == name {
			return true
		}
	}
	return false
}

// expandLoop puts a copy of the loop's questions, in a group named after the choice,
// for every choice of its list. "%(label)s" and "%(name)s" in their texts stand for
// the choice.
func (r *reader) expandLoop(e *entry) {
	n := e.node
	list := r.form.Lists[n.List]
	if list == nil {
		return // reported with the other unknown lists
	}
	body := n.Children
	n.Children = nil
	for _, c := range list.Choices {
		g := &forms.Node{
			Kind: forms.Group, Name: c.Name, Label: c.Label, Media: c.Media,
			Parent: n, Place: n.Place, Extra: map[string]string{generatedBy: "loop"},
		}
		for _, child := range body {
			g.Children = append(g.Children, loopCopy(child, g, c, r.form))
		}
		n.Children = append(n.Children, g)
	}
	n.List = ""
	r.recount(e)
}

// recount registers the names below a loop anew: its copies take the place of the
// questions that stood there.
func (r *reader) recount(loop *entry) {
	inside := make(map[*forms.Node]bool)
	for _, entries := range r.named {
		for _, e := range entries {
			for p := e.node.Parent; p != nil; p = p.Parent {
				if p == loop.node {
					inside[e.node] = true
				}
			}
		}
	}
	records := make(map[string]*entry)
	for name, entries := range r.named {
		var kept []*entry
		for _, e := range entries {
			if inside[e.node] {
				records[name] = e
			} else {
				kept = append(kept, e)
			}
		}
		r.named[name] = kept
	}
	for _, group := range loop.node.Children {
		group.Walk(func(n *forms.Node) bool {
			e := &entry{node: n, rec: loop.rec}
			if first := records[n.Name]; first != nil {
				e.rec, e.typ = first.rec, first.typ
			}
			r.named[n.Name] = append(r.named[n.Name], e)
			return true
		})
	}
}

func loopCopy(n, parent *forms.Node, c *forms.Choice, f *forms.Form) *forms.Node {
	m := *n
	m.Parent = parent
	m.Label = loopText(n.Label, c, f)
	m.Hint = loopText(n.Hint, c, f)
	m.Guidance = loopText(n.Guidance, c, f)
	m.Children = nil
	for _, child := range n.Children {
		m.Children = append(m.Children, loopCopy(child, &m, c, f))
	}
	return &m
}

func loopText(t forms.Text, c *forms.Choice, f *forms.Form) forms.Text {
	if t == nil {
		return nil
	}
	out := make(forms.Text, len(t))
	for lang, s := range t {
		label := c.Label[lang]
		if label == "" {
			label, _ = c.Label.In(f, lang)
		}
		out[lang] = strings.NewReplacer("%(label)s", label, "%(name)s", c.Name).Replace(s)
	}
	return out
}
