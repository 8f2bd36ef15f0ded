package fill

import (
	"container/heap"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// Env is what a response knows of the world around it. The zero value will do.
type Env struct {
	Now        func() time.Time // nil: time.Now
	Zone       *time.Location   // nil: UTC
	Lang       string           // of jr:choice-name
	InstanceID string
	Seed       int64 // of random orders
	FirstItems bool  // repeats without a count begin with one item, as ODK's clients do
}

// Answer is a value with the path it stands at.
type Answer struct {
	Path       string
	Value      string
	Reason     string
	Hidden     bool // not relevant: does not count
	Calculated bool // the form computes it
}

// Item is one item of a repeat.
type Item struct {
	Repeat string // path of the repeat with the keys of the items around it
	Key    string
}

// ErrNoSuchPath says that a form has no such question, or a response no such item.
var ErrNoSuchPath = errors.New("the form has no such question")

// maxItems bounds the items of one repeat.
const maxItems = 10_000

// Instance is one response under way.
type Instance struct {
	plan    *Plan
	env     Env
	root    *element
	at      [][]*element // elements of each template, in document order
	byPath  map[string]*element
	orphans []Answer
	context xpath.Context
	dirty   queue
	changed map[*element]State // as they were before, since the last Changed
	silent  bool               // loading: nothing is reported as changed
}

// element is one node of a response: a question, a group, or an item of a repeat.
type element struct {
	n        *xpath.Node
	t        *template
	key      string // of an item
	path     string
	value    string // as set; n.Text is what expressions read
	reason   string
	parent   *element
	children []*element
	relevant bool // its own expression holds
	queued   bool
}

// New begins an empty response.
func (p *Plan) New(env Env) *Instance {
	in := &Instance{plan: p, env: env, at: make([][]*element, len(p.templates)), byPath: map[string]*element{}, changed: map[*element]State{}}
	in.context = xpath.Context{Now: env.Now, Zone: env.Zone, Lookup: in.lookup, Instance: in.instance, ChoiceLabel: in.choiceLabel,
		Rand: rand.New(rand.NewPCG(uint64(env.Seed), 0))}
	in.root = &element{n: &xpath.Node{Name: "data"}, t: p.root, relevant: true}
	in.root.n.Data = in.root
	in.at[0] = []*element{in.root}
	in.grow(in.root)
	in.silent = true
	in.settleAll()
	in.silent = false
	return in
}

// grow adds the children of an element as its template has them.
func (in *Instance) grow(e *element) {
	for _, t := range e.t.children {
		if t.isRepeat() {
			if in.env.FirstItems && t.node.RepeatCount == "" {
				in.addItem(e, t, "1")
			}
			continue
		}
		in.add(e, t, "")
	}
}

// add makes the element of a template under a parent; key "" for anything but an item.
func (in *Instance) add(parent *element, t *template, key string) *element {
	e := &element{n: &xpath.Node{Name: t.node.Name}, t: t, key: key, parent: parent, relevant: true, path: parent.path + "/" + t.node.Name}
	if key != "" {
		e.path += "[" + key + "]"
	}
	e.n.Data = e
	in.place(parent, e)
	in.byPath[e.path] = e
	in.at[t.id] = append(in.at[t.id], e)
	if t.node.Kind == forms.Question && t.fixed != "" {
		e.value, e.n.Text = t.fixed, t.fixed
	}
	in.grow(e)
	in.mark(e)
	if t.initial != nil {
		e.set(in.eval(t.initial, e).String())
	}
	return e
}

// place puts an element after its elder siblings: by template, then by time.
func (in *Instance) place(parent *element, e *element) {
	i := len(parent.children)
	for i > 0 && parent.children[i-1].t.id > e.t.id {
		i--
	}
	e.n.Parent = parent.n
	parent.children = slices.Insert(parent.children, i, e)
	parent.n.Children = slices.Insert(parent.n.Children, i, e.n)
}

func (e *element) set(value string) {
	e.value, e.n.Text = value, value
	if e.reason != "" {
		e.n.Text = ""
	}
}

// itemKey finds a key that is free, for items that the form counts.
func (in *Instance) itemKey(prefix string) string {
	for i := 1; ; i++ {
		if key := strconv.Itoa(i); in.byPath[prefix+"["+key+"]"] == nil {
			return key
		}
	}
}

func (in *Instance) addItem(parent *element, t *template, key string) *element {
	e := in.add(parent, t, key)
	for _, s := range in.at[t.id] {
		in.mark(s) // position(..) of every item may differ
	}
	in.readers(e)
	return e
}

// AddItem adds an item at the end of a repeat and returns its path. An empty key makes
// one.
func (in *Instance) AddItem(repeat, key string) (string, error) {
	parent, t, err := in.repeatAt(repeat)
	if err != nil {
		return "", err
	}
	if key == "" {
		key = in.itemKey(repeat)
	}
	path := repeat + "[" + key + "]"
	if in.byPath[path] != nil {
		return path, nil
	}
	if len(in.itemsOf(parent, t)) >= maxItems {
		return "", fmt.Errorf("%s: more than %d items", repeat, maxItems)
	}
	in.addItem(parent, t, key)
	in.settle()
	return path, nil
}

// repeatAt finds the template of a repeat path and the element around it.
func (in *Instance) repeatAt(repeat string) (*element, *template, error) {
	up, name := splitPath(repeat)
	parent := in.root
	if up != "" {
		parent = in.byPath[up]
	}
	if parent != nil {
		for _, t := range parent.t.children {
			if t.node.Name == name && t.isRepeat() {
				return parent, t, nil
			}
		}
	}
	return nil, nil, fmt.Errorf("%s: %w", repeat, ErrNoSuchPath)
}

func splitPath(path string) (up, name string) {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[:i], path[i+1:]
		}
	}
	return "", path
}

func (in *Instance) itemsOf(parent *element, t *template) []*element {
	var items []*element
	for _, c := range parent.children {
		if c.t == t {
			items = append(items, c)
		}
	}
	return items
}

// Items lists the paths of a repeat's items in their order.
func (in *Instance) Items(repeat string) []string {
	parent, t, err := in.repeatAt(repeat)
	if err != nil {
		return nil
	}
	var paths []string
	for _, e := range in.itemsOf(parent, t) {
		paths = append(paths, e.path)
	}
	return paths
}

// RemoveItem takes an item out with all that is in it.
func (in *Instance) RemoveItem(path string) error {
	e := in.byPath[path]
	if e == nil || e.key == "" {
		return fmt.Errorf("%s: %w", path, ErrNoSuchPath)
	}
	in.readersBelow(e)
	p := e.parent
	p.children = slices.DeleteFunc(p.children, func(c *element) bool { return c == e })
	p.n.Children = slices.DeleteFunc(p.n.Children, func(n *xpath.Node) bool { return n == e.n })
	in.forget(e)
	for _, s := range in.at[e.t.id] {
		in.markBelow(s)
	}
	in.settle()
	return nil
}

func (in *Instance) forget(e *element) {
	delete(in.byPath, e.path)
	delete(in.changed, e)
	in.at[e.t.id] = slices.DeleteFunc(in.at[e.t.id], func(c *element) bool { return c == e })
	e.queued = true // never evaluated again
	for _, c := range e.children {
		in.forget(c)
	}
}

// Load puts stored answers and items in. Answers that the form has no place for are
// kept and listed by Orphans.
func (in *Instance) Load(answers []Answer, items []Item) error {
	in.silent = true
	defer func() { in.silent = false }()
	slices.SortStableFunc(items, func(a, b Item) int { return depth(a.Repeat) - depth(b.Repeat) })
	for _, i := range items {
		parent, t, err := in.repeatAt(i.Repeat)
		if err != nil || in.byPath[i.Repeat+"["+i.Key+"]"] != nil {
			continue // a repeat that the form no longer has: its answers become orphans
		}
		in.addItem(parent, t, i.Key)
	}
	for _, a := range answers {
		e, err := in.find(a.Path)
		if err != nil {
			in.orphans = append(in.orphans, a)
			continue
		}
		e.reason = a.Reason
		e.set(a.Value)
		in.mark(e)
	}
	in.settleAll()
	return nil
}

func depth(path string) int {
	n := 0
	for i := range len(path) {
		if path[i] == '/' {
			n++
		}
	}
	return n
}

// Orphans lists loaded answers that the form has no place for.
func (in *Instance) Orphans() []Answer { return in.orphans }

// find returns the element of a question, making the items that its path names.
func (in *Instance) find(path string) (*element, error) {
	if e := in.byPath[path]; e != nil {
		if e.t.node.Kind != forms.Question {
			return nil, fmt.Errorf("%s: %w", path, ErrNoSuchPath)
		}
		return e, nil
	}
	p, err := forms.ParsePath(path)
	if err != nil {
		return nil, err
	}
	if n := in.plan.form.Find(p.Question()); n == nil || n.Kind != forms.Question {
		return nil, fmt.Errorf("%s: %w", path, ErrNoSuchPath)
	}
	at := ""
	for _, s := range p {
		repeat := at + "/" + s.Name
		at = repeat
		if s.Key == "" {
			continue
		}
		at += "[" + s.Key + "]"
		if in.byPath[at] == nil {
			parent, t, err := in.repeatAt(repeat)
			if err != nil {
				return nil, err
			}
			if len(in.itemsOf(parent, t)) >= maxItems {
				return nil, fmt.Errorf("%s: more than %d items", repeat, maxItems)
			}
			in.addItem(parent, t, s.Key)
		}
	}
	if e := in.byPath[path]; e != nil {
		return e, nil
	}
	return nil, fmt.Errorf("%s: %w", path, ErrNoSuchPath)
}

// Set stores a value; items that the path names are made on the way.
func (in *Instance) Set(path, value string) error {
	e, err := in.find(path)
	if err != nil {
		return err
	}
	in.remember(e)
	e.set(value)
	in.answered(e)
	return nil
}

// SetReason stores why a question has no value; "" takes that back.
func (in *Instance) SetReason(path, reason string) error {
	e, err := in.find(path)
	if err != nil {
		return err
	}
	in.remember(e)
	e.reason = reason
	e.set(e.value)
	in.answered(e)
	return nil
}

// answered lets everything that hangs on a changed answer follow.
func (in *Instance) answered(e *element) {
	in.readers(e)
	for _, t := range e.t.triggers {
		for _, target := range in.under(e, t) {
			in.remember(target)
			if t.calculation != nil {
				target.set(in.eval(t.calculation, target).String())
			} else if t.initial != nil {
				target.set(in.eval(t.initial, target).String())
			}
			in.readers(target)
		}
	}
	in.settle()
}

// under lists the elements of a template in the innermost item that e shares with it.
func (in *Instance) under(e *element, t *template) []*element {
	scope := in.shared(e, t)
	if scope == in.root {
		return in.at[t.id]
	}
	var list []*element
	var walk func(x *element)
	walk = func(x *element) {
		if x.t == t {
			list = append(list, x)
			return
		}
		for _, c := range x.children {
			if c.t == t || within(t, c.t) {
				walk(c)
			}
		}
	}
	walk(scope)
	return list
}

func within(t, around *template) bool {
	for ; t != nil; t = t.parent {
		if t == around {
			return true
		}
	}
	return false
}

// shared is the innermost repeat item around e that also lies around t, or the root.
func (in *Instance) shared(e *element, t *template) *element {
	for a := e; a.parent != nil; a = a.parent {
		if a.t.isRepeat() && a.t != t && within(t, a.t) {
			return a
		}
	}
	return in.root
}

// lookup implements xpath.Context.Lookup: ${name} as seen from a node.
func (in *Instance) lookup(ref int, from *xpath.Node) []*xpath.Node {
	t := in.plan.templates[ref]
	if len(in.at[ref]) == 1 && len(t.repeats()) == 0 && !t.isRepeat() {
		return in.at[ref][0].n.Set()
	}
	e, ok := from.Data.(*element)
	if !ok {
		e = in.root
	}
	found := in.under(e, t)
	if len(found) == 1 {
		return found[0].n.Set()
	}
	nodes := make([]*xpath.Node, 0, len(found))
	for _, x := range found {
		if !x.n.Hidden {
			nodes = append(nodes, x.n)
		}
	}
	return nodes
}

func (in *Instance) instance(id string) *xpath.Node { return in.plan.lists[id] }

func (in *Instance) choiceLabel(value string, question *xpath.Node) string {
	e, ok := question.Data.(*element)
	if question == nil || !ok || e.t.node == nil {
		return ""
	}
	if c := in.choice(e.t.node, value); c != nil {
		text, _ := c.Label.In(in.plan.form, in.env.Lang)
		return text
	}
	return ""
}

func (in *Instance) choice(n *forms.Node, code string) *forms.Choice {
	list := in.plan.form.Lists[n.List]
	if list == nil {
		return nil
	}
	for _, c := range list.Choices {
		if c.Name == code {
			return c
		}
	}
	return nil
}

// eval evaluates an expression at an element. One that fails (a budget, a function that
// refuses) is empty: the check of the form is where its author hears of it.
func (in *Instance) eval(x *xpath.Expr, e *element) xpath.Value {
	in.context.Node, in.context.Current = e.n, e.n
	v, err := x.Eval(&in.context)
	if err != nil {
		return xpath.String("")
	}
	return v
}

// queue holds the elements to evaluate, by rank.
type queue []*element

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].t.rank < q[j].t.rank }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(*element)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (in *Instance) mark(e *element) {
	if !e.queued {
		e.queued = true
		heap.Push(&in.dirty, e)
	}
}

func (in *Instance) markBelow(e *element) {
	in.mark(e)
	for _, c := range e.children {
		in.markBelow(c)
	}
}

// readers marks what reads an element.
func (in *Instance) readers(e *element) {
	in.mark(e)
	for _, f := range e.t.feeds {
		list := in.at[f.to.id]
		if f.near {
			list = in.under(e, f.to)
		}
		for _, x := range list {
			in.mark(x)
		}
	}
}

func (in *Instance) readersBelow(e *element) {
	in.readers(e)
	for _, c := range e.children {
		in.readersBelow(c)
	}
}

// settleAll evaluates everything.
func (in *Instance) settleAll() {
	for _, c := range in.root.children {
		in.markBelow(c)
	}
	for _, t := range in.plan.root.children {
		if t.isRepeat() && t.count != nil {
			in.countItems(in.root, t)
		}
	}
	in.settle()
}

// settle evaluates what is marked, each element after what it reads.
func (in *Instance) settle() {
	for in.dirty.Len() > 0 {
		e := heap.Pop(&in.dirty).(*element)
		if in.byPath[e.path] != e && e != in.root {
			continue // removed meanwhile
		}
		e.queued = false
		in.evaluate(e)
	}
}

func (in *Instance) evaluate(e *element) {
	hidden, text := e.n.Hidden, e.n.Text
	in.remember(e)
	e.relevant = e.t.relevant == nil || in.eval(e.t.relevant, e).Boolean()
	e.n.Hidden = !e.relevant || e.parent != nil && e.parent.n.Hidden
	if e.t.calculation != nil && e.t.node.Trigger == "" && !e.n.Hidden {
		e.reason = ""
		e.set(in.eval(e.t.calculation, e).String())
	}
	if e.n.Hidden != hidden {
		for _, c := range e.children {
			in.mark(c)
		}
	}
	if e.n.Hidden != hidden || e.n.Text != text {
		in.readersBut(e)
	}
	for _, t := range e.t.children {
		if t.isRepeat() && t.count != nil && !e.n.Hidden {
			in.countItems(e, t)
		}
	}
}

// readersBut marks what reads an element, but not the element.
func (in *Instance) readersBut(e *element) {
	e.queued = true
	in.readers(e)
	e.queued = false
}

// countItems makes as many items as repeat_count asks for. It never takes one away: what
// is too much stays, so that a slip of the count loses nothing.
func (in *Instance) countItems(parent *element, t *template) {
	n := in.eval(t.count, parent).Number(in.env.Zone)
	have := len(in.itemsOf(parent, t))
	for ; n == n && float64(have) < min(n, maxItems); have++ {
		in.addItem(parent, t, in.itemKey(parent.path+"/"+t.node.Name))
	}
}

// seedOf makes the order of a random list stable for one response.
func (in *Instance) seedOf(path string) float64 {
	h := fnv.New32a()
	fmt.Fprintf(h, "%d %s %s", in.env.Seed, in.env.InstanceID, path) //nolint:errcheck // hashes do not fail
	return float64(h.Sum32())
}
