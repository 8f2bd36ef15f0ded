package diff

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// nodes compares the survey, row by row of the new form, then what is gone.
func (c *comparison) nodes() {
	moved := c.moved()
	c.after.Walk(func(n *forms.Node) bool {
		o := c.pairing.toOld[n]
		switch {
		case o != nil:
			c.node(o, n, moved[n])
		case n.Parent == nil || c.pairing.toOld[n.Parent] != nil:
			c.came(n)
		}
		return true
	})
	c.before.Walk(func(o *forms.Node) bool {
		if c.pairing.toNew[o] == nil && (o.Parent == nil || c.pairing.toNew[o.Parent] != nil) {
			c.went(o)
		}
		return true
	})
}

func (c *comparison) node(o, n *forms.Node, moved *Change) {
	base := c.base(o, n)
	if o.Name != n.Name {
		change := base
		change.Kind, change.Column, change.Old, change.New, change.Guess = Renamed, "name", o.Name, n.Name, c.pairing.guessed[n]
		change.Effect = followEffect(o, n)
		c.add(change)
	}
	if moved != nil {
		c.add(*moved)
	}
	if typeText(o) != typeText(n) {
		change := base
		change.Kind, change.Column, change.Old, change.New = Retyped, "type", typeText(o), typeText(n)
		change.Effect = c.typeEffect(o, n)
		c.add(change)
	}
	change := base
	change.Kind = Reworded
	c.reworded("label", o.Label, n.Label, change)
	c.reworded("hint", o.Hint, n.Hint, change)
	c.reworded("guidance_hint", o.Guidance, n.Guidance, change)
	c.reworded("constraint_message", o.ConstraintMessage, n.ConstraintMessage, change)
	c.reworded("required_message", o.RequiredMessage, n.RequiredMessage, change)
	c.reworded("noAppErrorString", o.NoAppMessage, n.NoAppMessage, change)
	c.rewordedMedia(o.Media, n.Media, change)
	c.rules(o, n, base)
}

// came is a row without a counterpart; a group or repeat stands for what is new in it.
func (c *comparison) came(n *forms.Node) {
	change := c.base(nil, n)
	change.Kind, change.New, change.Inside = Added, typeText(n), without(n, c.pairing.toOld)
	change.Effect = c.addedEffect(n)
	c.add(change)
}

func (c *comparison) went(o *forms.Node) {
	change := c.base(o, nil)
	change.Kind, change.Old, change.Inside = Removed, typeText(o), without(o, c.pairing.toNew)
	change.Effect = removedEffect(o, c.pairing.toNew)
	c.add(change)
}

// without lists the questions in a group or repeat that have no counterpart.
func without(group *forms.Node, paired map[*forms.Node]*forms.Node) []string {
	var paths []string
	group.Walk(func(n *forms.Node) bool {
		if n != group && n.Kind == forms.Question && paired[n] == nil {
			paths = append(paths, n.Path)
		}
		return true
	})
	return paths
}

// moved finds the rows that stand elsewhere: in another group or repeat, or among the
// same siblings in another order, of these the fewest.
func (c *comparison) moved() map[*forms.Node]*Change {
	found := map[*forms.Node]*Change{}
	look := func(group *forms.Node, children []*forms.Node) {
		var stayed []*forms.Node
		for _, n := range children {
			switch o := c.pairing.toOld[n]; {
			case o == nil:
			case c.pairing.toOld[group] != o.Parent || (group == nil) != (o.Parent == nil):
				found[n] = c.move(o, n)
				found[n].Effect = followEffect(o, n)
			default:
				stayed = append(stayed, n)
			}
		}
		was := make([]int, len(stayed))
		for i, n := range stayed {
			was[i] = c.places[c.pairing.toOld[n]]
		}
		for _, i := range displaced(was) {
			found[stayed[i]] = c.move(c.pairing.toOld[stayed[i]], stayed[i])
		}
	}
	look(nil, c.after.Children)
	c.after.Walk(func(n *forms.Node) bool {
		look(n, n.Children)
		return true
	})
	return found
}

func (c *comparison) move(o, n *forms.Node) *Change {
	change := c.base(o, n)
	change.Kind = Moved
	change.words(standsAt(c.before, o), standsAt(c.after, n))
	return &change
}

// words sets what stood and what stands in words of ours.
func (c *Change) words(was, is message.Text) {
	c.was, c.is, c.Old, c.New = was, is, was.English, is.English
}

// standsAt tells where a row stands: what it is in, and what stands before it there.
func standsAt(f *forms.Form, n *forms.Node) message.Text {
	if n.Parent == nil {
		if i := slices.Index(f.Children, n); i > 0 {
			return message.New("at the top, after %s", f.Children[i-1].Name)
		}
		return message.New("first at the top")
	}
	if i := slices.Index(n.Parent.Children, n); i > 0 {
		return message.New("in %s, after %s", n.Parent.Name, n.Parent.Children[i-1].Name)
	}
	return message.New("first in %s", n.Parent.Name)
}

// base is a change of a row, with what is known of it in either form.
func (c *comparison) base(o, n *forms.Node) Change {
	var change Change
	f, known := c.after, n
	if o != nil {
		change.OldPath, change.OldPlace = o.Path, o.Place
	}
	if n != nil {
		change.Path, change.Place = n.Path, n.Place
	} else {
		f, known = c.before, o
	}
	change.Label = labelOf(f, known)
	c.place(&change, o, n)
	return change
}

// labelOf is a row's label in its form's own language, on one line.
func labelOf(f *forms.Form, n *forms.Node) string {
	label, _ := n.Label.In(f, "")
	return strings.Join(strings.Fields(label), " ")
}
