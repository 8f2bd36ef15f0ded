package fill

import "github.com/comparanda/comparanda/forms/xpath"

// lookup implements xpath.Context.Lookup: ${name} as seen from a node; from nowhere it
// means the nodes of all items.
func (in *Instance) lookup(ref int, from *xpath.Node) []*xpath.Node {
	if ref < 0 {
		return in.lastSaved(in.plan.templates[-ref])
	}
	t := in.plan.templates[ref]
	if single := in.single[ref]; single != nil {
		if single.n.Hidden {
			return nil
		}
		return single.n.Set()
	}
	at := in.seen(from)
	if in.filtered != nil && t != in.filtered.t && t.within(in.filtered.t) {
		at = in.filtered
	}
	found := at.scope(t).collect(t, nil)
	if len(found) == 1 && !found[0].n.Hidden {
		return found[0].n.Set()
	}
	nodes := make([]*xpath.Node, 0, len(found))
	for _, x := range found {
		if !x.n.Hidden {
			nodes = append(nodes, &x.n)
		}
	}
	return nodes
}

// seen is the element that a node belongs to; the root for nodes of other trees.
func (in *Instance) seen(from *xpath.Node) *element {
	if from != nil {
		if e, ok := from.Data.(*element); ok {
			return e
		}
	}
	return in.root
}

func (in *Instance) lastSaved(t *template) []*xpath.Node {
	if in.env.LastSaved == nil {
		return nil
	}
	n := &xpath.Node{Name: t.node.Name, Text: in.env.LastSaved(t.path)}
	return n.Set()
}

// noFile stands for a file that is not there: it reads as an empty list.
var noFile = func() *xpath.Node {
	n := &xpath.Node{Name: "instance"}
	n.Append(&xpath.Node{Name: "root"})
	return n
}()

// instance implements xpath.Context.Instance: a choice list, or a file of the form.
func (in *Instance) instance(id string) *xpath.Node {
	if list := in.plan.lists[id]; list != nil {
		return list
	}
	if in.env.File != nil {
		if file := in.env.File(id); file != nil {
			return file
		}
	}
	if file := in.plan.files[id]; file != nil {
		return file
	}
	return noFile
}

// choiceLabel implements xpath.Context.ChoiceLabel.
func (in *Instance) choiceLabel(value string, question *xpath.Node) string {
	e, ok := question.Data.(*element)
	if !ok || e.t.node == nil {
		return ""
	}
	for _, c := range in.offer(e) {
		if c.Name == value {
			text, _ := c.Label.In(in.plan.form, in.env.Lang)
			return text
		}
	}
	if c := in.choice(e.t.node, value); c != nil {
		text, _ := c.Label.In(in.plan.form, in.env.Lang)
		return text
	}
	return ""
}

// eval evaluates an expression at an element. One that fails (a budget, a function that
// refuses) is empty: the check of the form is where its author hears of it.
func (in *Instance) eval(x *xpath.Expr, e *element) xpath.Value {
	in.context.Node, in.context.Current = &e.n, &e.n
	v, err := x.Eval(&in.context)
	if err != nil {
		return xpath.String("")
	}
	return v
}
