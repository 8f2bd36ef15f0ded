// Package fill is a response under way. Compile turns a form into a Plan, once; each
// response is an Instance of it, which decides after every change what is relevant,
// required, calculated, wrong and complete.
//
// Its rules:
//   - Nothing that somebody typed is thrown away. A value that breaks its constraint or
//     its type is kept and reported (State.Problem).
//   - A value that is not relevant is kept aside, reads as empty in every expression, and
//     comes back with its relevance. So are the items that a repeat_count no longer
//     counts: they are parked (Parked), not deleted; only those at the end that hold
//     nothing are let go.
//   - A question with a reason for its missing value reads as empty, counts as answered
//     and satisfies required.
//   - The order of calculation is that of the dependencies, and among equals that of the
//     form: the same steps always give the same answers.
//   - After a change only what hangs on it is evaluated again.
//
// Env.Client makes an instance behave as ODK's clients do, where they differ: a repeat
// begins with one item, a choice that is no longer offered reads as empty, and what is
// typed over a calculation stays until the calculation reads something new.
//
// A Plan is shared by goroutines; an Instance belongs to one at a time. The package
// knows no files and no XML: forms/xform writes and reads submissions.
package fill

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// Plan is a compiled form. It is immutable and may be shared.
type Plan struct {
	form      *forms.Form
	root      *template
	templates []*template // in document order, the root first
	byName    map[string][]*template
	byPath    map[string]*template   // by question path
	lists     map[string]*xpath.Node // choice lists as secondary instances
	external  map[string]*xpath.Node // lists of the external_choices sheet
	files     map[string]*xpath.Node // lists that came beside the form, by id
}

// Form is the form that the plan was made of.
func (p *Plan) Form() *forms.Form { return p.form }

// template is one question, group or repeat, with its compiled expressions.
type template struct {
	id       int
	rank     int // place in the order of evaluation
	index    int // among the children of its parent
	node     *forms.Node
	path     string // question path
	parent   *template
	children []*template
	lineage  []*template // from the root to the template itself
	repeated bool        // in a repeat, or one
	judged   bool        // its answers may be wrong, required or read only
	tree     *xpath.Node // stands for it when dependencies are found

	relevant, required, readonly, constraint, calculation, initial, count, filter, seed *xpath.Expr

	source   *template // question in a repeat whose answers are the choices
	fixed    string
	feeds    []edge      // what reads this value or relevance
	triggers []*template // calculated when this answer changes
	outputs  map[string]*xpath.Expr
}

// bearing is what a change of one template's value means to another.
type bearing uint8

const (
	onValue bearing = iota // its value or relevance follows
	onCount                // its number of items follows
	onState                // whether it is required, read-only or right follows
)

// edge leads to a template that reads another. near means by ${name} only: then an item
// of a repeat affects itself alone.
type edge struct {
	to   *template
	near bool
	on   bearing
}

func (t *template) isRepeat() bool { return t.node != nil && t.node.Kind == forms.Repeat }

func (t *template) isQuestion() bool { return t.node != nil && t.node.Kind == forms.Question }

// isAttribute tells the attributes of an entity, which a form spelled out for clients has.
func (t *template) isAttribute() bool { return t.node != nil && strings.HasPrefix(t.node.Name, "@") }

// within reports whether t is a or lies in it.
func (t *template) within(a *template) bool {
	depth := len(a.lineage) - 1
	return depth < len(t.lineage) && t.lineage[depth] == a
}

// repeat is the innermost repeat around t, or t itself; the root when there is none.
func (t *template) repeat() *template {
	for !t.isRepeat() && t.parent != nil {
		t = t.parent
	}
	return t
}
