package xform

import (
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// node is a node of the form with its place in the document. Some nodes are not in
// the form: counts of repeats, the rows that a table-list shows.
type node struct {
	*forms.Node
	path     string // with the root's name
	parent   *node
	children []*node
	triggers []*node // what changes when this question's answer does, in document order
	entity   *entity // declared in this group, repeat or form
}

// builder makes one document.
type builder struct {
	form     *forms.Form
	rootName string
	root     *node
	byName   map[string][]*node
	texts    *itext
	last     bool // ${last-saved#…} is used
	problems []forms.Problem
	entities []*entity
	itext    map[string]bool // what listNeedsItext found, by list
	search   map[string]bool // lists that only tell a search() their columns; made when asked for
}

// plant copies the form's tree under the root.
func (b *builder) plant() {
	b.root = &node{Node: &forms.Node{Kind: forms.Group, Name: b.rootName}, path: "/" + b.rootName}
	b.byName = make(map[string][]*node)
	for _, n := range b.form.Children {
		b.graft(b.root, n)
	}
	for _, name := range []string{"instanceID", "instanceName"} {
		if len(b.byName[name]) == 0 {
			b.byName[name] = []*node{{Node: &forms.Node{Name: name}, path: b.root.path + "/meta/" + name, parent: b.root}}
		}
	}
	b.root.walk(func(n *node) {
		for _, name := range triggersOf(n.Node) {
			for _, t := range b.byName[name] {
				t.triggers = append(t.triggers, n)
			}
		}
	})
}

func triggersOf(n *forms.Node) []string {
	if n.Kind != forms.Question {
		return nil
	}
	var names []string
	for _, t := range lex(n.Trigger) {
		if t.kind == refToken {
			name, _ := refName(t.text)
			names = append(names, name)
		}
	}
	return names
}

func (b *builder) graft(parent *node, n *forms.Node) *node {
	if n.Kind == forms.Repeat && n.RepeatCount != "" && !isReference(n.RepeatCount) {
		count := &forms.Node{Name: n.Name + "_count", Type: "calculate", Calculation: n.RepeatCount, ReadOnly: "true()", Place: n.Place}
		b.graft(parent, count)
		repeat := *n
		repeat.RepeatCount = "${" + count.Name + "}"
		n = &repeat
	}
	child := &node{Node: n, path: parent.path + "/" + n.Name, parent: parent}
	parent.children = append(parent.children, child)
	b.byName[n.Name] = append(b.byName[n.Name], child)
	if n.Kind != forms.Question && hasWord(n.Appearance, "table-list") {
		b.tableList(child)
		return child
	}
	for _, c := range n.Children {
		b.graft(child, c)
	}
	return child
}

// tableList spells out what the table-list appearance stands for: a note with the
// group's label, a row that shows only the choices' labels, and rows without labels.
func (b *builder) tableList(g *node) {
	group := *g.Node
	group.Appearance = strings.TrimSpace("field-list " + strings.Join(without(strings.Fields(group.Appearance), "table-list"), " "))
	if !group.Label.Empty() {
		b.graft(g, &forms.Node{Name: "generated_table_list_label_" + rowOf(g.Node), Type: "note", Label: group.Label, Place: group.Place})
		group.Label = nil
	}
	g.Node = &group
	headed := false
	for _, c := range group.Children {
		if c.List == "" || c.Type != "select_one" && c.Type != "select_multiple" {
			b.graft(g, c)
			continue
		}
		if !headed {
			headed = true
			b.graft(g, &forms.Node{
				Name: "reserved_name_for_field_list_labels_" + rowOf(c), Type: c.Type, List: c.List,
				ChoiceFilter: c.ChoiceFilter, Appearance: "label", Label: forms.Text{"": " "}, Place: c.Place,
			})
		}
		row := *c
		row.Appearance = strings.TrimSpace("list-nolabel " + c.Appearance)
		b.graft(g, &row)
	}
}

func rowOf(n *forms.Node) string { return strconv.Itoa(n.Place.Row) }

func without(words []string, word string) []string {
	var kept []string
	for _, w := range words {
		if w != word {
			kept = append(kept, w)
		}
	}
	return kept
}

func hasWord(s, word string) bool {
	for _, w := range strings.Fields(s) {
		if w == word {
			return true
		}
	}
	return false
}

// isReference reports whether an expression is one ${name} and nothing else.
func isReference(expr string) bool {
	tokens := lex(strings.TrimSpace(expr))
	return len(tokens) == 1 && tokens[0].kind == refToken
}

// walk visits the nodes below n in document order.
func (n *node) walk(visit func(*node)) {
	for _, c := range n.children {
		visit(c)
		c.walk(visit)
	}
}

// repeat is the nearest repeat around the node, not the node itself; nil when none.
func (n *node) repeat() *node {
	for a := n.parent; a != nil; a = a.parent {
		if a.Kind == forms.Repeat {
			return a
		}
	}
	return nil
}

// within reports whether a is n or lies around it.
func (n *node) within(a *node) bool {
	for ; n != nil; n = n.parent {
		if n == a {
			return true
		}
	}
	return false
}

// lookup finds the node that a reference means; nil when there is none.
func (b *builder) lookup(name string) *node {
	if found := b.byName[name]; len(found) > 0 {
		return found[0]
	}
	return nil
}
