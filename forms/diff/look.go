package diff

import (
	"slices"
	"strconv"

	"github.com/comparanda/comparanda/forms"
)

func names(n *forms.Node, _ bool) []string { return []string{n.Name} }

// labels are the words of a node in each language that both forms have.
func (p *pairing) labels(n *forms.Node, old bool) []string {
	var found []string
	for i, l := range p.langs {
		name := l.after
		if old {
			name = l.before
		}
		if text := n.Label[name]; text != "" {
			found = append(found, strconv.Itoa(i)+" "+text)
		}
	}
	return found
}

// looks are what a question that was renamed still has: its type and words; where there
// are no words, its calculation.
func (p *pairing) looks(n *forms.Node, old bool) []string {
	found := p.labels(n, old)
	if n.Label.Empty() && n.Calculation != "" {
		found = []string{n.Calculation}
	}
	for i := range found {
		found[i] = typeText(n) + "\x00" + found[i]
	}
	return found
}

// contents are the names in a group or repeat.
func contents(n *forms.Node, _ bool) []string {
	var found []string
	for _, c := range n.Children {
		found = append(found, c.Name)
	}
	return found
}

// sameContent tells a renamed group by the names in it: half of them on either side.
func sameContent(o, n *forms.Node) bool {
	shared := 0
	for _, c := range o.Children {
		if slices.ContainsFunc(n.Children, func(d *forms.Node) bool { return c.Name == d.Name }) {
			shared++
		}
	}
	return shared > 0 && 2*shared >= len(o.Children) && 2*shared >= len(n.Children)
}

// typeText is the type of a row as its author writes it.
func typeText(n *forms.Node) string {
	text := n.Type
	switch {
	case n.Kind == forms.Group:
		return "group"
	case n.Kind == forms.Repeat:
		return "repeat"
	case n.From != "":
		text += " ${" + n.From + "}"
	case n.File != "":
		text += " " + n.File
	case n.List != "":
		text += " " + n.List
	}
	if n.Or {
		text += " or_other"
	}
	return text
}
