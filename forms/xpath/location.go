package xpath

import (
	"math"
	"slices"
)

type axis uint8

const (
	axisChild axis = iota
	axisSelf
	axisParent
	axisAttribute
	axisDescendant
	axisDescendantOrSelf
	axisAncestor
	axisAncestorOrSelf
	axisFollowing
	axisFollowingSibling
	axisPreceding
	axisPrecedingSibling
	axisNamespace
)

var axes = map[string]axis{
	"child": axisChild, "self": axisSelf, "parent": axisParent, "attribute": axisAttribute, "descendant": axisDescendant,
	"descendant-or-self": axisDescendantOrSelf, "ancestor": axisAncestor, "ancestor-or-self": axisAncestorOrSelf,
	"following": axisFollowing, "following-sibling": axisFollowingSibling, "preceding": axisPreceding,
	"preceding-sibling": axisPrecedingSibling, "namespace": axisNamespace,
}

type testKind uint8

const (
	named testKind = iota
	anyElement
	anyNode
	textNodes
	comments
	nothing
)

type test struct {
	kind         testKind
	prefix, name string
	space        string // namespace of the prefix, when the Resolver knows it
}

type step struct {
	axis       axis
	test       test
	predicates []term
	pos        int
}

// location is a location path: absolute, from the context node, or from a base value.
type location struct {
	absolute       bool
	base           term
	basePredicates []term
	steps          []step
	pos            int
}

func (l *location) walk(f func(term)) {
	f(l)
	if l.base != nil {
		l.base.walk(f)
	}
	for _, p := range l.basePredicates {
		p.walk(f)
	}
	for _, s := range l.steps {
		for _, p := range s.predicates {
			p.walk(f)
		}
	}
}

// shorten joins the two last steps of a path that ends in //name to one on the
// descendant axis, which gives the same nodes at once and in order. A predicate that
// asks for a position forbids it: //x[1] is the first x of each parent.
func (l *location) shorten() {
	n := len(l.steps)
	if n < 2 {
		return
	}
	all, last := &l.steps[n-2], &l.steps[n-1]
	if all.axis != axisDescendantOrSelf || all.test.kind != anyNode || len(all.predicates) > 0 || last.axis != axisChild {
		return
	}
	for _, p := range last.predicates {
		if positional(p) {
			return
		}
	}
	last.axis = axisDescendant
	l.steps[n-2] = *last
	l.steps = l.steps[:n-1]
}

// positional reports whether a predicate may depend on the position of the node.
func positional(predicate term) bool {
	typ, sure := typeOf(predicate)
	found := !sure || typ == NumberType
	predicate.walk(func(t term) {
		if c, ok := t.(*call); ok && (c.name == "position" || c.name == "last") {
			found = true
		}
	})
	return found
}

func (l *location) eval(c *Context) Value {
	var nodes []*Node
	switch {
	case l.base != nil:
		nodes = nodesOf(l.base.eval(c), "a path")
		for _, p := range l.basePredicates {
			nodes = filter(c, nodes, p)
		}
	case l.absolute:
		nodes = c.top()
	case c.Node == nil:
		return NodeSet(nil)
	default:
		nodes = c.Node.Set()
	}
	for i := range l.steps {
		nodes = l.steps[i].apply(c, nodes)
		if len(nodes) == 0 {
			return NodeSet(nil)
		}
	}
	return NodeSet(nodes)
}

// top is where absolute paths start.
func (c *Context) top() []*Node {
	if c.Root != nil {
		return c.Root.Set()
	}
	if c.Node == nil {
		return nil
	}
	r := c.Node.Root()
	if r.Kind == Document {
		return r.Set()
	}
	if c.above == nil || c.above.Children[0] != r {
		c.above = documentOf(r)
	}
	return c.above.Set()
}

// documentOf returns the node above the root element, which trees need not have.
func documentOf(n *Node) *Node {
	if n == nil {
		return &Node{Kind: Document}
	}
	r := n.Root()
	if r.Kind == Document {
		return r
	}
	return &Node{Kind: Document, Children: []*Node{r}}
}

func (s *step) apply(c *Context, from []*Node) []*Node {
	if len(from) == 1 {
		return s.fromOne(c, from[0])
	}
	all := make([]*Node, 0, len(from))
	for _, n := range from {
		if s.axis == axisChild && len(s.predicates) == 0 {
			all = s.children(c, n, all)
			continue
		}
		all = append(all, s.fromOne(c, n)...)
	}
	if s.axis == axisAttribute || s.axis == axisSelf || s.axis == axisChild && !nested(from) {
		return all // in order and without doubles already
	}
	return documentOrder(c, all)
}

func (s *step) fromOne(c *Context, n *Node) []*Node {
	if s.axis == axisSelf && s.test.kind == anyNode && len(s.predicates) == 0 {
		return n.Set()
	}
	nodes := s.candidates(c, n)
	reverse := s.axis == axisAncestor || s.axis == axisAncestorOrSelf || s.axis == axisPreceding || s.axis == axisPrecedingSibling
	for _, p := range s.predicates {
		nodes = filter(c, nodes, p)
	}
	if reverse && len(nodes) > 1 {
		slices.Reverse(nodes) // nearest first so far, for the predicates
	}
	return nodes
}

// candidates lists what the axis and the test give, nearest first.
func (s *step) candidates(c *Context, n *Node) []*Node {
	var out []*Node
	add := func(m *Node) {
		if s.matches(m) {
			out = append(out, m)
		}
	}
	switch s.axis {
	case axisChild:
		return s.children(c, n, out)
	case axisAttribute:
		for _, m := range n.Attrs {
			add(m)
		}
	case axisSelf:
		add(n)
	case axisParent:
		if n.Parent != nil {
			add(n.Parent)
		}
	case axisAncestor, axisAncestorOrSelf:
		if s.axis == axisAncestorOrSelf {
			add(n)
		}
		for m := n.Parent; m != nil; m = m.Parent {
			c.spend(1)
			add(m)
		}
	case axisDescendant, axisDescendantOrSelf:
		if s.axis == axisDescendantOrSelf {
			add(n)
		}
		descend(c, n, add)
	case axisFollowingSibling, axisPrecedingSibling:
		for _, m := range siblings(n, s.axis == axisFollowingSibling) {
			c.spend(1)
			add(m)
		}
	case axisFollowing, axisPreceding:
		s.beyond(c, n, add)
	}
	return out
}

// children adds the children of n that match.
func (s *step) children(c *Context, n *Node, out []*Node) []*Node {
	c.spend(len(n.Children) + 1)
	for _, m := range n.Children {
		if s.matches(m) {
			out = append(out, m)
		}
	}
	return out
}

func descend(c *Context, n *Node, add func(*Node)) {
	for _, m := range n.Children {
		c.spend(1)
		add(m)
		descend(c, m, add)
	}
}

// siblings lists the siblings after n, or those before it, nearest first.
func siblings(n *Node, after bool) []*Node {
	if n.Parent == nil || n.Kind == Attribute {
		return nil
	}
	all := n.Parent.Children
	for i, m := range all {
		if m != n {
			continue
		}
		if after {
			return all[i+1:]
		}
		before := make([]*Node, 0, i)
		for j := i - 1; j >= 0; j-- {
			before = append(before, all[j])
		}
		return before
	}
	return nil
}

// beyond walks the following or preceding axis.
func (s *step) beyond(c *Context, n *Node, add func(*Node)) {
	for m := n; m != nil; m = m.Parent {
		for _, sibling := range siblings(m, s.axis == axisFollowing) {
			if s.axis == axisFollowing {
				add(sibling)
				descend(c, sibling, add)
				continue
			}
			var inside []*Node
			descend(c, sibling, func(x *Node) { inside = append(inside, x) })
			for i := len(inside) - 1; i >= 0; i-- {
				add(inside[i])
			}
			add(sibling)
		}
	}
}

func (s *step) matches(n *Node) bool {
	if n.Hidden && s.axis != axisSelf && s.axis != axisParent && s.axis != axisAncestor && s.axis != axisAncestorOrSelf {
		return false
	}
	principal := Element
	if s.axis == axisAttribute {
		principal = Attribute
	}
	switch s.test.kind {
	case named:
		return n.Kind == principal && n.Name == s.test.name && (s.test.space == "" || s.test.space == n.Space)
	case anyElement:
		return n.Kind == principal && (s.test.space == "" || s.test.space == n.Space)
	case anyNode:
		return true
	case textNodes:
		return n.Kind == TextNode
	case comments:
		return n.Kind == Comment
	}
	return false
}

// filter keeps the nodes for which a predicate holds; a number is a position.
func filter(c *Context, nodes []*Node, predicate term) []*Node {
	node, position, size := c.Node, c.Position, c.Size
	defer func() { c.Node, c.Position, c.Size = node, position, size }()
	if k, ok := predicate.(*constant); ok && k.v.Type == NumberType {
		if i := k.v.Num; i >= 1 && i <= float64(len(nodes)) && i == math.Trunc(i) {
			return nodes[int(i)-1 : int(i)]
		}
		return nil
	}
	var kept []*Node
	c.Size = len(nodes)
	for i, n := range nodes {
		c.spend(1)
		c.Node, c.Position = n, i+1
		v := predicate.eval(c)
		if v.Type == NumberType && v.Num == float64(i+1) || v.Type != NumberType && v.Boolean() {
			kept = append(kept, n)
		}
	}
	return kept
}
