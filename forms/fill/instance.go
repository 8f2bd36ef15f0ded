package fill

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
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
	Client     bool  // behave as ODK's clients do; see the package comment

	// File returns a file that comes with the form, as a tree whose child is the list's
	// root element (see ReadMedia), by the id that expressions use; nil: the form's own Files.
	File func(id string) *xpath.Node
	// Metadata returns what a question of a metadata type ("start", "deviceid", ...)
	// holds in a new response; nil: nothing.
	Metadata func(question *forms.Node) string
	// Property returns a property of the device; nil: all are "".
	Property func(name string) string
	// LastSaved returns the answer that the last saved response has at a question path;
	// nil: there is none.
	LastSaved func(questionPath string) string
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

// ErrTooMuch says that a response has grown too large, or that one change sets off more
// than can be worked out in good time. What is stored is kept; what follows from it may
// be out of date.
var ErrTooMuch = errors.New("the response is too large, or its rules take too long")

// Instance is one response under way.
type Instance struct {
	plan     *Plan
	env      Env
	root     *element
	single   []*element          // of each template outside repeats its element
	items    map[string]*element // items of repeats by path
	orphans  []Answer
	context  xpath.Context
	dirty    queue
	marked   []uint8 // by template: see waits
	counts   []recount
	trims    []recount // repeats that may have items to let go
	doubts   []*element
	spare    []*element // room for the next doubts
	initials []*element // new elements whose default is computed
	fired    []*element // changed answers that trigger others
	filtered *element   // item of a repeat whose turn it is in a choice filter
	changed  map[*element]summary
	size     int  // number of elements
	work     int  // evaluations may not visit more nodes than this
	silent   bool // beginning or loading: nothing is reported as changed
	loading  bool // no item is let go
}

// New begins an empty response.
func (p *Plan) New(env Env) *Instance {
	in := &Instance{plan: p, env: env, single: make([]*element, len(p.templates)), items: map[string]*element{}, changed: map[*element]summary{}}
	in.dirty, in.marked = newQueue(len(p.templates)), make([]uint8, len(p.templates))
	in.context = xpath.Context{Now: env.Now, Zone: env.Zone, Lookup: in.lookup, Place: place, Instance: in.instance, ChoiceLabel: in.choiceLabel,
		Property: env.Property, Rand: rand.New(rand.NewPCG(uint64(env.Seed), 0))}
	in.root = &element{n: xpath.Node{Name: p.root.tree.Name}, t: p.root, relevant: true}
	in.root.n.Data = in.root
	in.single[0] = in.root
	in.silent = true
	in.grow(in.root, true)
	in.settle() //nolint:errcheck // an empty response that is too much says so at its first change
	in.silent = false
	return in
}

// Load puts stored answers and items in. Answers that the form has no place for are
// kept and listed by Orphans.
func (in *Instance) Load(answers []Answer, items []Item) error {
	in.silent, in.loading = true, true
	defer func() { in.silent, in.loading = false, false }()
	if err := in.loadItems(items); err != nil {
		return err
	}
	for _, a := range answers {
		e, err := in.find(a.Path)
		if err != nil {
			in.orphans = append(in.orphans, a)
			continue
		}
		in.put(e, a.Value, a.Reason)
	}
	if err := in.settle(); err != nil {
		return err
	}
	in.loading = false // now it is known which items hold nothing
	in.recountAll()
	return in.settle()
}

// loadItems makes the items of a stored response, outer ones first.
func (in *Instance) loadItems(items []Item) error {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b Item) int { return strings.Count(a.Repeat, "/") - strings.Count(b.Repeat, "/") })
	var last *element
	announce := func() {
		if last != nil {
			in.announce(last)
			in.recount(last.parent, last.t)
		}
	}
	for _, i := range items {
		parent, t, err := in.repeatAt(i.Repeat)
		path := itemPath(i.Repeat, i.Key)
		if err != nil || in.items[path] != nil {
			continue // a repeat that the form no longer has: its answers become orphans
		}
		if _, err := forms.ParsePath(path); err != nil {
			return err
		}
		if !in.room(len(parent.of(t))) {
			return fmt.Errorf("%s: %w", i.Repeat, ErrTooMuch)
		}
		if last != nil && (last.parent != parent || last.t != t) {
			announce()
		}
		last = in.add(parent, t, i.Key, false)
	}
	announce()
	return in.settle()
}

// Orphans lists loaded answers that the form has no place for.
func (in *Instance) Orphans() []Answer { return in.orphans }
