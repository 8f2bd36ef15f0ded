package xpath

// Dependencies lists the nodes of a tree of templates (one node for each question and
// group) that the expression may read when it stands at context: the same paths are
// walked, and predicates are taken to hold. named returns the templates of ${name};
// everywhere says that those of all items are meant, as in indexed-repeat(). Secondary
// instances are not in the tree.
func (e *Expr) Dependencies(context *Node, named func(name string, everywhere bool) []*Node) []*Node {
	d := &depending{named: named, current: context, seen: map[*Node]bool{}}
	d.read(e.root, []*Node{context})
	return d.found
}

type depending struct {
	named   func(string, bool) []*Node
	current *Node
	seen    map[*Node]bool
	found   []*Node
}

func (d *depending) add(nodes []*Node) []*Node {
	for _, n := range nodes {
		if !d.seen[n] && n.Kind == Element {
			d.seen[n] = true
			d.found = append(d.found, n)
		}
	}
	return nodes
}

// read notes what a term reads and returns the nodes it may be.
func (d *depending) read(t term, at []*Node) []*Node {
	switch t := t.(type) {
	case *negate:
		d.read(t.t, at)
	case *operation:
		d.read(t.a, at)
		d.read(t.b, at)
	case *union:
		return append(d.read(t.a, at), d.read(t.b, at)...)
	case *reference:
		if !t.lastSaved {
			return d.add(d.named(t.name, t.everywhere))
		}
	case *call:
		var nodes []*Node
		for _, a := range t.args {
			nodes = append(nodes, d.read(a, at)...)
		}
		switch t.name {
		case "current":
			return []*Node{d.current}
		case "randomize", "if", "coalesce":
			return nodes
		}
	case *location:
		return d.location(t, at)
	}
	return nil
}

func (d *depending) location(l *location, at []*Node) []*Node {
	nodes := at
	switch {
	case l.base != nil:
		nodes = d.read(l.base, at)
		for _, p := range l.basePredicates {
			d.read(p, nodes)
		}
	case l.absolute:
		nodes = []*Node{documentOf(d.current)}
	}
	c := &Context{Steps: 1 << 30}
	for i := range l.steps {
		s := step{axis: l.steps[i].axis, test: l.steps[i].test}
		from := nodes
		nodes = s.apply(c, from)
		switch s.axis {
		case axisFollowing, axisFollowingSibling, axisPreceding, axisPrecedingSibling:
			// One template stands for all items of a repeat: they are siblings of theirs.
			self := step{axis: axisAncestorOrSelf, test: s.test}
			nodes = append(nodes, self.apply(c, from)...)
		}
		for _, p := range l.steps[i].predicates {
			d.read(p, nodes)
		}
	}
	return d.add(nodes)
}
