package forms

import "strings"

// Link restores what the encoded form leaves out: each node's Parent and Path, and
// the index that Find uses. Call it after building or changing a form by hand and
// before sharing it between goroutines; Decode calls it.
func (f *Form) Link() {
	f.byPath = make(map[string]*Node)
	var link func(parent *Node, prefix string, nodes []*Node)
	link = func(parent *Node, prefix string, nodes []*Node) {
		for _, n := range nodes {
			n.Parent = parent
			n.Path = prefix + "/" + n.Name
			// The first of two namesakes wins; the reader has already called the
			// second one a problem.
			if _, taken := f.byPath[n.Path]; !taken {
				f.byPath[n.Path] = n
			}
			link(n, n.Path, n.Children)
		}
	}
	link(nil, "", f.Children)
}

// Find returns the node with this question path, or nil. Keys of repeat items in the
// path are ignored, so an answer path finds its question.
func (f *Form) Find(path string) *Node {
	path = QuestionPath(path)
	if f.byPath != nil {
		return f.byPath[path]
	}
	var found *Node
	nodes := f.Children
	for _, name := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		found = nil
		for _, n := range nodes {
			if n.Name == name {
				found, nodes = n, n.Children
				break
			}
		}
		if found == nil {
			return nil
		}
	}
	return found
}

// ByName returns every node with this name, in document order. Names are unique
// among siblings only.
func (f *Form) ByName(name string) []*Node {
	var found []*Node
	f.Walk(func(n *Node) bool {
		if n.Name == name {
			found = append(found, n)
		}
		return true
	})
	return found
}

// Walk calls visit for every node in document order, parents before their children.
// When visit returns false the children of that node are left out.
func (f *Form) Walk(visit func(*Node) bool) {
	walk(f.Children, visit)
}

// Walk calls visit for the node and everything below it, like Form.Walk.
func (n *Node) Walk(visit func(*Node) bool) {
	walk([]*Node{n}, visit)
}

func walk(nodes []*Node, visit func(*Node) bool) {
	for _, n := range nodes {
		if visit(n) {
			walk(n.Children, visit)
		}
	}
}

// Repeats returns the repeats around the node, outermost first, the node itself
// included when it is one.
func (n *Node) Repeats() []*Node {
	var found []*Node
	for a := n; a != nil; a = a.Parent {
		if a.Kind == Repeat {
			found = append([]*Node{a}, found...)
		}
	}
	return found
}
