package fill

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// grow adds the children of an element as its template has them. first says that a
// repeat may begin with an item: right inside an item that is added later none does,
// since clients copy such an item from a template without.
func (in *Instance) grow(e *element, first bool) {
	for _, t := range e.t.children {
		switch {
		case !t.isRepeat():
			in.add(e, t, "", first || t.node.Kind == forms.Group)
		case t.count != nil:
			in.recount(e, t)
		case in.env.Client && first:
			in.add(e, t, "1", first)
		}
	}
}

// add makes the element of a template under a parent; key "" for anything but an item.
func (in *Instance) add(parent *element, t *template, key string, first bool) *element {
	e := &element{n: xpath.Node{Name: strings.TrimPrefix(t.node.Name, "@")}, t: t, relevant: true}
	e.n.Data = e
	in.size++
	if key != "" {
		e.item = itemPath(parent.path()+"/"+t.node.Name, key)
		in.items[e.item] = e
	}
	parent.insert(e)
	if key != "" {
		e.at = len(parent.of(t)) - 1
	}
	if !t.repeated {
		in.single[t.id] = e
	}
	if t.isQuestion() {
		in.begin(e)
	}
	in.grow(e, first)
	in.mark(e)
	in.doubt(e)
	return e
}

// begin gives a new question its default.
func (in *Instance) begin(e *element) {
	t := e.t
	switch {
	case t.initial != nil:
		in.initials = append(in.initials, e)
	case t.fixed != "" && !(in.env.Client && badType(t.node, t.fixed) != ""):
		e.set(t.fixed)
	case in.env.Metadata != nil && t.calculation == nil:
		e.set(in.env.Metadata(t.node))
	}
}

func (in *Instance) addItem(parent *element, t *template, key string) *element {
	e := in.add(parent, t, key, false)
	in.announce(e)
	return e
}

// announce marks who counts or sums over the repeat of a new item. Of several new items
// one will do: what reads one of them from outside reads them all.
func (in *Instance) announce(e *element) {
	in.follow(e)
	in.followBelow(e)
}
