package fill

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// maxItems bounds the items of one repeat, maxElements what a response holds in all.
const (
	maxItems    = 10_000
	maxElements = 300_000
)

// room reports whether a repeat may have one more item.
func (in *Instance) room(have int) bool { return have < maxItems && in.size < maxElements }

func itemPath(repeat, key string) string { return repeat + "[" + key + "]" }

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

// itemKey finds a key that is free.
func (in *Instance) itemKey(prefix string, from int) string {
	for i := from; ; i++ {
		if key := strconv.Itoa(i); in.items[itemPath(prefix, key)] == nil {
			return key
		}
	}
}

// AddItem adds an item at the end of a repeat and returns its path. An empty key makes
// one.
func (in *Instance) AddItem(repeat, key string) (string, error) {
	parent, t, err := in.repeatAt(repeat)
	if err != nil {
		return "", err
	}
	have := len(parent.of(t))
	if key == "" {
		key = in.itemKey(repeat, have+1)
	}
	path := itemPath(repeat, key)
	if in.items[path] != nil {
		return path, nil
	}
	if _, err := forms.ParsePath(path); err != nil {
		return "", err
	}
	if !in.room(have) {
		return "", fmt.Errorf("%s: %w", repeat, ErrTooMuch)
	}
	in.addItem(parent, t, key)
	in.recount(parent, t)
	return path, in.settle()
}

// repeatAt finds the template of a repeat path and the element around it.
func (in *Instance) repeatAt(repeat string) (*element, *template, error) {
	i := strings.LastIndexByte(repeat, '/')
	if i >= 0 {
		parent := in.elementAt(repeat[:i])
		if parent != nil {
			if t := in.plan.byPath[parent.t.path+repeat[i:]]; t != nil && t.isRepeat() && t.parent == parent.t {
				return parent, t, nil
			}
		}
	}
	return nil, nil, fmt.Errorf("%s: %w", repeat, ErrNoSuchPath)
}

// Items lists the paths of a repeat's items in their order, parked ones not among them.
func (in *Instance) Items(repeat string) []string {
	return in.itemsWhere(repeat, func(e *element) bool { return !e.parked })
}

// Parked lists the items that are kept although the repeat_count no longer counts them.
func (in *Instance) Parked(repeat string) []string {
	return in.itemsWhere(repeat, func(e *element) bool { return e.parked })
}

func (in *Instance) itemsWhere(repeat string, keep func(*element) bool) []string {
	parent, t, err := in.repeatAt(repeat)
	if err != nil {
		return nil
	}
	var paths []string
	for _, e := range parent.of(t) {
		if keep(e) {
			paths = append(paths, e.item)
		}
	}
	return paths
}

// RemoveItem takes an item out with all that is in it.
func (in *Instance) RemoveItem(path string) error {
	e := in.items[path]
	if e == nil {
		return fmt.Errorf("%s: %w", path, ErrNoSuchPath)
	}
	in.follow(e)
	in.followBelow(e)
	e.parent.remove(e)
	in.forget(e)
	in.recount(e.parent, e.t)
	return in.settle()
}

func (in *Instance) forget(e *element) {
	e.gone = true
	in.size--
	delete(in.changed, e)
	if e.item != "" {
		delete(in.items, e.item)
	}
	for _, c := range e.children {
		in.forget(c)
	}
}

// recount is a repeat whose items are to be counted, in one element.
type recount struct {
	parent *element
	t      *template
}

func (in *Instance) recount(parent *element, t *template) {
	if t.count != nil {
		in.counts = append(in.counts, recount{parent, t})
	}
}

// countItems makes as many items as repeat_count asks for, and parks those beyond. It
// never takes one away, so that a slip of the count loses nothing.
func (in *Instance) countItems(parent *element, t *template) {
	if parent.gone {
		return
	}
	n := in.eval(t.count, parent).Number(in.env.Zone)
	want := 0
	if n >= 1 { // not for NaN
		want = int(min(n, maxItems))
	}
	for i, e := range parent.of(t) {
		if parked := i >= want; parked != e.parked {
			e.parked = parked
			in.mark(e)
			in.follow(e)
		}
	}
	prefix := parent.path() + "/" + t.node.Name
	var last *element
	for have := len(parent.of(t)); have < want && in.room(have); have++ {
		last = in.add(parent, t, in.itemKey(prefix, have+1), false)
	}
	if last != nil {
		in.announce(last)
	}
}
