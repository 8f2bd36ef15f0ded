package xpath

import (
	"errors"
	"fmt"
)

// Resolver knows what the names in an expression stand for.
type Resolver interface {
	// Reference returns a number for ${name}, given back to Context.Lookup; its error
	// says what is wrong with the name.
	Reference(name string, lastSaved bool) (int, error)
}

// Problem is a fault that can be seen without evaluating.
type Problem struct {
	Pos     int    // byte offset, from 0
	Key     string // "syntax", "reference", "function", "arity", "type", "regex"
	Msg     string
	Warning bool
}

// Bind checks the expression and resolves its names; the result evaluates faster than
// the original and reports no unknown names. It is nil when a Problem is no warning.
func (e *Expr) Bind(r Resolver) (*Expr, []Problem) {
	bound, err := Parse(e.src)
	if err != nil {
		s := (*SyntaxError)(nil)
		errors.As(err, &s)
		return nil, []Problem{{Pos: s.Pos, Key: "syntax", Msg: s.Msg}}
	}
	var problems []Problem
	bound.root.walk(func(t term) {
		switch t := t.(type) {
		case *reference:
			id, err := r.Reference(t.name, t.lastSaved)
			if err != nil {
				problems = append(problems, Problem{Pos: t.pos, Key: "reference", Msg: err.Error()})
			}
			t.id = id
		case *call:
			problems = append(problems, t.bind()...)
		case *location:
			if t.base != nil {
				if typ, sure := typeOf(t.base); sure && typ != NodesType {
					problems = append(problems, Problem{Pos: t.pos, Key: "type", Msg: "a path cannot follow a " + typ.String()})
				}
			}
		case *union:
			for _, side := range []term{t.a, t.b} {
				if typ, sure := typeOf(side); sure && typ != NodesType {
					problems = append(problems, Problem{Key: "type", Msg: "| joins nodes, not a " + typ.String()})
				}
			}
		}
	})
	for _, p := range problems {
		if !p.Warning {
			return nil, problems
		}
	}
	return bound, problems
}

// bind looks the function up and checks what can be checked of its arguments.
func (t *call) bind() []Problem {
	f := functions[t.name]
	if f == nil {
		return []Problem{{Pos: t.pos, Key: "function", Msg: "there is no function " + t.name + "()"}}
	}
	if err := f.checkCount(t.name, len(t.args)); err != nil {
		return []Problem{{Pos: t.pos, Key: "arity", Msg: err.Error()}}
	}
	t.f = f
	var problems []Problem
	for i, arg := range t.args {
		if typ, sure := typeOf(arg); f.nodes&(1<<i) != 0 && sure && typ != NodesType {
			problems = append(problems, Problem{Pos: t.pos, Key: "type",
				Msg: fmt.Sprintf("argument %d of %s() must be a question or a path, not a %s", i+1, t.name, typ)})
		}
	}
	if t.name == "regex" && len(t.args) == 2 {
		if k, ok := t.args[1].(*constant); ok {
			if _, err := compileRegex(k.v.String()); err != nil {
				problems = append(problems, Problem{Pos: t.pos, Key: "regex", Msg: err.Error()})
			}
		}
	}
	return problems
}

// typeOf is the type that a term is sure to have.
func typeOf(t term) (typ Type, sure bool) {
	switch t := t.(type) {
	case *constant:
		return t.v.Type, true
	case *negate:
		return NumberType, true
	case *operation:
		switch t.op {
		case "+", "-", "*", "div", "mod":
			return NumberType, true
		}
		return BooleanType, true
	case *reference, *location, *union:
		return NodesType, true
	case *call:
		f := functions[t.name]
		switch t.name {
		case "if", "coalesce", "once", "indexed-repeat":
			return 0, false
		}
		if f != nil {
			return f.result, true
		}
	}
	return 0, false
}

// Dependencies lists the nodes of a tree of templates (one node for each question and
// group) that the expression may read when it stands at context: the same paths are
// walked, and predicates are taken to hold. named returns the templates of ${name}.
// Secondary instances are not in the tree.
func (e *Expr) Dependencies(context *Node, named func(name string) []*Node) []*Node {
	d := &depending{named: named, current: context, seen: map[*Node]bool{}}
	d.read(e.root, []*Node{context})
	return d.found
}

type depending struct {
	named   func(string) []*Node
	current *Node
	seen    map[*Node]bool
	found   []*Node
}

func (d *depending) add(nodes []*Node) []*Node {
	for _, n := range nodes {
		if !d.seen[n] && n.Kind == Element {
			d.seen[n] = true
			d.found = append(d.found, n)
		}
	}
	return nodes
}

// read notes what a term reads and returns the nodes it may be.
func (d *depending) read(t term, at []*Node) []*Node {
	switch t := t.(type) {
	case *negate:
		d.read(t.t, at)
	case *operation:
		d.read(t.a, at)
		d.read(t.b, at)
	case *union:
		return append(d.read(t.a, at), d.read(t.b, at)...)
	case *reference:
		if !t.lastSaved {
			return d.add(d.named(t.name))
		}
	case *call:
		var nodes []*Node
		for _, a := range t.args {
			nodes = append(nodes, d.read(a, at)...)
		}
		switch t.name {
		case "current":
			return []*Node{d.current}
		case "randomize", "if", "coalesce":
			return nodes
		}
	case *location:
		return d.location(t, at)
	}
	return nil
}

func (d *depending) location(l *location, at []*Node) []*Node {
	nodes := at
	switch {
	case l.base != nil:
		nodes = d.read(l.base, at)
		for _, p := range l.basePredicates {
			d.read(p, nodes)
		}
	case l.absolute:
		nodes = []*Node{documentOf(d.current)}
	}
	c := &Context{Steps: 1 << 30}
	for i := range l.steps {
		s := step{axis: l.steps[i].axis, test: l.steps[i].test}
		nodes = s.apply(c, nodes)
		for _, p := range l.steps[i].predicates {
			d.read(p, nodes)
		}
	}
	return d.add(nodes)
}

// References lists the names of all ${name}, in order, with their positions.
func (e *Expr) References() []Reference {
	var list []Reference
	e.root.walk(func(t term) {
		if r, ok := t.(*reference); ok {
			list = append(list, Reference{Name: r.name, LastSaved: r.lastSaved, Pos: r.pos})
		}
	})
	return list
}

// Reference is one ${name} in an expression.
type Reference struct {
	Name      string
	LastSaved bool
	Pos       int // byte offset of "${"
}

// Calls lists the names of the functions that the expression calls.
func (e *Expr) Calls() []string {
	var list []string
	e.root.walk(func(t term) {
		if c, ok := t.(*call); ok {
			list = append(list, c.name)
		}
	})
	return list
}
