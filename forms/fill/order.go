package fill

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms/message"
)

// order ranks the templates so that each comes after what it reads, and reports a cycle
// with its path.
func (c *compiler) order() {
	o := &ordering{compiler: c, state: make([]visit, len(c.plan.templates))}
	// From the end, so that what does not depend on each other stays in the form's order.
	for _, t := range slices.Backward(c.plan.templates) {
		o.visit(t)
	}
	for i, t := range o.done {
		t.rank = len(o.done) - 1 - i
	}
}

type visit uint8

const (
	unseen visit = iota
	open
	closed
)

type ordering struct {
	*compiler
	state      []visit
	done, path []*template
}

func (o *ordering) visit(t *template) {
	switch o.state[t.id] {
	case closed:
		return
	case open:
		o.cycle(t)
		return
	}
	o.state[t.id] = open
	o.path = append(o.path, t)
	for _, e := range slices.Backward(t.feeds) {
		if e.on != onState {
			o.visit(e.to)
		}
	}
	for _, child := range slices.Backward(t.children) {
		o.visit(child)
	}
	o.path = o.path[:len(o.path)-1]
	o.state[t.id] = closed
	o.done = append(o.done, t)
}

func (o *ordering) cycle(t *template) {
	circle := o.path[slices.Index(o.path, t):]
	// The first of its rows in the sheet is where the author looks first.
	t = slices.MinFunc(circle, func(a, b *template) int { return a.id - b.id })
	first := slices.Index(circle, t)
	circle = slices.Concat(circle[first:], circle[:first])
	var names []string
	for _, p := range circle {
		names = append(names, p.node.Name)
	}
	names = append(names, t.node.Name)
	slices.Reverse(names)
	column := "relevant"
	if t.node.Relevant == "" && t.node.Calculation != "" {
		column = "calculation"
	}
	o.fault(t, column, "expression.cycle", 0,
		message.New("the rules run in a circle, where each depends on the next: %s; take one of these references out", strings.Join(names, " → ")))
}
