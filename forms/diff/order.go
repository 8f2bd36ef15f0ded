package diff

import (
	"cmp"
	"slices"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// Where changes stand in the report that belong to no section.
const (
	aboutForm  = -2 // settings, languages
	outside    = -1 // questions outside any section
	aboutLists = 1 << 30
)

// order numbers the nodes of both forms.
func (c *comparison) order() {
	c.places = map[*forms.Node]int{}
	for _, f := range []*forms.Form{c.before, c.after} {
		count := 0
		f.Walk(func(n *forms.Node) bool {
			count++
			c.places[n] = count
			return true
		})
	}
}

// place puts a change where its row stands in the new form; one that is gone after the
// row that it came after.
func (c *comparison) place(change *Change, o, n *forms.Node) {
	if n != nil {
		change.at = c.places[n]
		c.head(change, c.after, top(n), change.at)
		return
	}
	previous := 0
	c.before.Walk(func(other *forms.Node) bool {
		if twin := c.pairing.toNew[other]; twin != nil && c.places[other] < c.places[o] {
			previous = c.places[twin]
		}
		return true
	})
	change.at, change.sub = previous, c.places[o]
	if twin := c.pairing.toNew[top(o)]; twin != nil {
		c.head(change, c.after, top(twin), c.places[top(twin)])
		return
	}
	c.head(change, c.before, top(o), previous)
}

// head names the section of a change.
func (c *comparison) head(change *Change, f *forms.Form, section *forms.Node, at int) {
	if section.Kind == forms.Question {
		change.section, change.heading = outside, message.New("Questions outside any section")
		return
	}
	change.section, change.Section = at, section.Path
	if f == c.after {
		change.section = c.places[section]
	}
	change.heading = message.Given(section.Name)
	if label := labelOf(f, section); label != "" {
		change.heading = message.Given(label + " (" + section.Name + ")")
	}
}

// top is the group or question at the top of the form that a node stands in.
func top(n *forms.Node) *forms.Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// arrange sorts the changes by section and row. What was found first of one row stays first.
func (c *comparison) arrange() {
	slices.SortStableFunc(c.report.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.section, b.section), cmp.Compare(a.heading.English, b.heading.English), cmp.Compare(a.at, b.at), cmp.Compare(a.sub, b.sub))
	})
}
