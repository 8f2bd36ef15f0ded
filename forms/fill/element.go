package fill

import (
	"slices"
	"sort"
	"strings"

	"github.com/comparanda/comparanda/forms/xpath"
)

// element is one node of a response: a question, a group, or an item of a repeat.
type element struct {
	n        xpath.Node // n.Text is what expressions read
	t        *template
	parent   *element
	children []*element // by template, items of one repeat in their order
	item     string     // path of an item, "" for anything else
	value    string     // as set
	reason   string
	problem  string   // key of what is wrong, "" when nothing is
	next     *element // in the queue
	at       int      // where an item last stood among the items

	relevant bool // its own expression holds
	parked   bool // an item that the repeat_count does not count
	required bool
	readonly bool
	given    bool // somebody has answered: no default any more
	dropped  bool // a choice that is not offered (Env.Client)
	queued   bool // to evaluate
	doubted  bool // to judge
	gone     bool // removed
}

// path is the answer path of an element.
func (e *element) path() string {
	for a := e; a != nil; a = a.parent {
		if a.item != "" {
			return a.item + e.t.path[len(a.t.path):]
		}
	}
	return e.t.path
}

// set stores a value. What has a reason reads as empty.
func (e *element) set(value string) {
	e.value = value
	e.show()
}

func (e *element) show() {
	e.n.Text = e.value
	if e.reason != "" || e.dropped {
		e.n.Text = ""
	}
}

// of lists the children of a template.
func (e *element) of(t *template) []*element {
	if i := t.index; i < len(e.children) && e.children[i].t == t && !t.isRepeat() { // no repeat before it
		return e.children[i : i+1]
	}
	from := sort.Search(len(e.children), func(i int) bool { return e.children[i].t.id >= t.id })
	to := from
	if !t.isRepeat() {
		if from < len(e.children) && e.children[from].t == t {
			to++
		}
		return e.children[from:to]
	}
	to += sort.Search(len(e.children)-from, func(i int) bool { return e.children[from+i].t.id > t.id })
	return e.children[from:to]
}

// insert puts a child behind its elder siblings: by template, then by time.
func (e *element) insert(c *element) {
	c.parent, c.n.Parent = e, &e.n
	if c.t.isAttribute() {
		c.n.Kind = xpath.Attribute
		e.n.Attrs = append(e.n.Attrs, &c.n)
	}
	i := sort.Search(len(e.children), func(i int) bool { return e.children[i].t.id > c.t.id })
	e.children = slices.Insert(e.children, i, c)
	if !c.t.isAttribute() {
		e.n.Children = slices.Insert(e.n.Children, i-len(e.n.Attrs), &c.n)
	}
}

func (e *element) remove(c *element) {
	if i := slices.Index(e.children, c); i >= 0 {
		e.children = slices.Delete(e.children, i, i+1)
	}
	if i := slices.Index(e.n.Children, &c.n); i >= 0 {
		e.n.Children = slices.Delete(e.n.Children, i, i+1)
	}
}

// collect adds the elements of a template that are in e.
func (e *element) collect(t *template, list []*element) []*element {
	if e.t == t {
		return append(list, e)
	}
	for _, c := range e.of(t.lineage[len(e.t.lineage)]) {
		list = c.collect(t, list)
	}
	return list
}

// scope is the innermost repeat item around e that also lies around t, or the root.
func (e *element) scope(t *template) *element {
	a := e
	for ; a.parent != nil; a = a.parent {
		if a.item != "" && a.t != t && t.within(a.t) {
			return a
		}
	}
	return a
}

// under lists the elements of a template as seen from e: those of its own item.
func (in *Instance) under(e *element, t *template) []*element {
	if single := in.single[t.id]; single != nil {
		return []*element{single}
	}
	return e.scope(t).collect(t, nil)
}

// elementAt finds what stands at a path, nil when there is nothing.
func (in *Instance) elementAt(path string) *element {
	base, rest := in.root, path
	if i := strings.LastIndexByte(path, ']'); i >= 0 {
		base, rest = in.items[path[:i+1]], path[i+1:]
	}
	if base == nil || rest == "" {
		return base
	}
	t := in.plan.byPath[base.t.path+rest]
	if t == nil || !t.within(base.t) {
		return nil
	}
	for base.t != t {
		next := t.lineage[len(base.t.lineage)]
		if next.isRepeat() {
			return nil
		}
		base = base.of(next)[0]
	}
	return base
}

// place implements xpath.Context.Place: the position of an item among its siblings. An
// item mostly stands where it last did, or has moved by the one that was removed.
func place(n *xpath.Node) int {
	e, ok := n.Data.(*element)
	if !ok || e.item == "" {
		return 0
	}
	items := e.parent.of(e.t)
	for at := max(0, e.at-1); at < min(e.at+1, len(items)); at++ {
		if items[at] == e {
			e.at = at
			return at + 1
		}
	}
	e.at = slices.Index(items, e)
	return e.at + 1
}
