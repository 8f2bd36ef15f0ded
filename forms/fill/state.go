package fill

import (
	"slices"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// State is what holds for one question, group or item now.
type State struct {
	Path     string
	Node     *forms.Node
	Value    string
	Reason   string
	Relevant bool
	Required bool
	ReadOnly bool
	Problem  *Problem // nil when nothing is wrong
	HiddenBy string   // question path of the node whose relevant, or whose repeat_count, hides it
}

// State returns the state at a path; false when there is nothing.
func (in *Instance) State(path string) (State, bool) {
	e := in.elementAt(path)
	if e == nil || e == in.root {
		return State{}, false
	}
	return in.state(e), true
}

// Value is the text that expressions read at a path: "" for what is hidden, or has a
// reason.
func (in *Instance) Value(path string) string {
	if e := in.elementAt(path); e != nil && !e.n.Hidden {
		return e.n.Text
	}
	return ""
}

func (in *Instance) state(e *element) State {
	s := State{Path: e.path(), Node: e.t.node, Value: e.value, Reason: e.reason, Relevant: !e.n.Hidden}
	if e.n.Hidden {
		for a := e; a.parent != nil; a = a.parent {
			if !a.relevant || a.parked {
				s.HiddenBy = a.t.path
			}
		}
		return s
	}
	s.ReadOnly = e.readonly
	s.Required = e.required
	s.Problem = in.trouble(e)
	return s
}

// Walk visits groups, repeats, their items and questions in document order. When visit
// returns false, what is inside is left out.
func (in *Instance) Walk(visit func(State) bool) { in.walk(in.root, visit) }

func (in *Instance) walk(e *element, visit func(State) bool) {
	for _, t := range e.t.children {
		in.walkOf(e, t, visit)
	}
}

// walkOf visits the children of one template.
func (in *Instance) walkOf(e *element, t *template, visit func(State) bool) {
	if t.isRepeat() && !visit(in.repeatState(e, t)) {
		return
	}
	for _, c := range e.of(t) {
		if visit(in.state(c)) {
			in.walk(c, visit)
		}
	}
}

// repeatState stands for a repeat as a whole, which has no element of its own.
func (in *Instance) repeatState(parent *element, t *template) State {
	s := State{Path: parent.path() + "/" + t.node.Name, Node: t.node, Relevant: !parent.n.Hidden}
	if !s.Relevant {
		s.HiddenBy = in.state(parent).HiddenBy
	} else if !in.repeatRelevant(parent, t) {
		s.Relevant, s.HiddenBy = false, t.path
	}
	return s
}

// repeatRelevant reports whether any item of a repeat is relevant, or a first one would be.
func (in *Instance) repeatRelevant(parent *element, t *template) bool {
	items := parent.of(t)
	if t.relevant == nil {
		return true
	}
	if len(items) == 0 {
		first := &element{n: xpath.Node{Name: t.node.Name, Parent: &parent.n}, t: t, parent: parent}
		first.n.Data = first
		return in.eval(t.relevant, first).Boolean()
	}
	return slices.ContainsFunc(items, func(e *element) bool { return e.relevant })
}

// Entries lists all answers in document order, calculated and hidden ones too.
func (in *Instance) Entries() []Answer {
	var list []Answer
	in.Walk(func(s State) bool {
		if s.Node.Kind == forms.Question {
			list = append(list, Answer{Path: s.Path, Value: s.Value, Reason: s.Reason, Hidden: !s.Relevant, Calculated: s.Node.Calculation != ""})
		}
		return true
	})
	return list
}
