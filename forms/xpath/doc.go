// Package xpath is the expression language of XLSForm: XPath 1.0 with the functions
// and habits of ODK XForms. An expression is parsed and checked once (Parse, Bind) and
// evaluated often (Eval).
//
// It works on trees of Node, whoever makes them. It reads nothing from outside: time,
// zone, language and secondary instances come with the Context.
package xpath

import "strings"

// Kind of a Node.
type Kind uint8

// The kinds of Node. Element is the zero value, since most nodes are.
const (
	Element Kind = iota
	Attribute
	TextNode
	Comment
	Document
)

// Node is one node of a tree. An element with no element children is a leaf; its value
// is Text.
type Node struct {
	Kind     Kind
	Space    string // namespace URI
	Name     string // local name
	Text     string
	Parent   *Node
	Children []*Node
	Attrs    []*Node
	Hidden   bool // not relevant: reads as "" and is left out of node-sets
	Data     any  // the owner's own

	one [1]*Node
}

// Set returns the node-set that holds only n, without allocating; nobody may change it.
// A tree that several goroutines read must have been made with Append.
func (n *Node) Set() []*Node {
	if n.one[0] != n { // written once: readers of a shared tree must not write
		n.one[0] = n
	}
	return n.one[:]
}

// Append makes c the last child of n.
func (n *Node) Append(c *Node) {
	c.one[0] = c
	n.Set()
	c.Parent = n
	n.Children = append(n.Children, c)
}

// Root is the topmost ancestor.
func (n *Node) Root() *Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// Value is the string-value of XPath 1.0: the text of n and of all that is in it.
func (n *Node) Value() string {
	if n.Hidden {
		return ""
	}
	if len(n.Children) == 0 {
		return n.Text
	}
	if len(n.Children) == 1 && n.Children[0].Kind == TextNode && n.Text == "" {
		return n.Children[0].Value()
	}
	var b strings.Builder
	n.write(&b)
	return b.String()
}

// write adds the text of n to b and counts the nodes it has passed.
func (n *Node) write(b *strings.Builder) (visited int) {
	visited = 1
	if n.Hidden {
		return visited
	}
	b.WriteString(n.Text)
	for _, c := range n.Children {
		if c.Kind == Element || c.Kind == TextNode {
			visited += c.write(b)
		}
	}
	return visited
}
