package xpath

import (
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/comparanda/comparanda/forms/message"
)

// Resolver knows what the names in an expression stand for.
type Resolver interface {
	// Reference returns a number for ${name}, given back to Context.Lookup; its error
	// says, as a message.Text, what is wrong with the name.
	Reference(name string, lastSaved bool) (int, error)
}

// Problem is a fault that can be seen without evaluating.
type Problem struct {
	Pos     int    // byte offset, from 0
	Key     string // "syntax", "reference", "function", "arity", "type", "regex"
	Msg     message.Text
	Near    string // the name that was perhaps meant, with Key "function"; else ""
	Warning bool
}

// Compile reads an expression, checks it and resolves its names; the result evaluates
// faster than that of Parse and reports no unknown names. It is nil when a Problem is no
// warning.
func Compile(src string, r Resolver) (*Expr, []Problem) {
	bound, err := Parse(src)
	if s := (*SyntaxError)(nil); errors.As(err, &s) {
		character := utf8.RuneCountInString(src[:min(s.Pos, len(src))]) + 1 // authors do not count bytes
		return nil, []Problem{{Pos: s.Pos, Key: "syntax", Msg: message.New("the expression cannot be read: at character %d: %s", character, s.Msg)}}
	}
	return bound.bind(r)
}

// Bind is Compile for an expression that was read already, which stays as it is.
func (e *Expr) Bind(r Resolver) (*Expr, []Problem) { return Compile(e.src, r) }

// bind changes the expression, which nobody else may have.
func (e *Expr) bind(r Resolver) (*Expr, []Problem) {
	problems := e.quotedReferences()
	e.root.walk(func(t term) {
		switch t := t.(type) {
		case *reference:
			id, err := r.Reference(t.name, t.lastSaved)
			if err != nil {
				problems = append(problems, Problem{Pos: t.pos, Key: "reference", Msg: message.Of(err)})
			}
			t.id = id
		case *call:
			problems = append(problems, t.bind()...)
		case *operation:
			problems = append(problems, t.bareDate()...)
		case *location:
			if t.base != nil {
				if typ, sure := typeOf(t.base); sure && typ != NodesType {
					problems = append(problems, Problem{Pos: t.pos, Key: "type", Msg: message.New("a path cannot follow %s", typ.words())})
				}
			}
		case *union:
			for _, side := range []term{t.a, t.b} {
				if typ, sure := typeOf(side); sure && typ != NodesType {
					problems = append(problems, Problem{Pos: t.pos, Key: "type", Msg: message.New("| joins questions and paths, not %s", typ.words())})
				}
			}
		}
	})
	if slices.ContainsFunc(problems, func(p Problem) bool { return !p.Warning }) {
		return nil, problems
	}
	return e, problems
}

// bind looks the function up and checks what can be checked of its arguments.
func (t *call) bind() []Problem {
	f := functions[t.name]
	if f == nil {
		return []Problem{unknownFunction(t)}
	}
	if err := f.checkCount(t.name, len(t.args)); err != nil {
		return []Problem{{Pos: t.pos, Key: "arity", Msg: message.Of(err)}}
	}
	t.f = f
	var problems []Problem
	for i, arg := range t.args {
		if typ, sure := typeOf(arg); f.nodes&(1<<i) != 0 && sure && typ != NodesType {
			problems = append(problems, Problem{Pos: t.pos, Key: "type",
				Msg: message.New("argument %d of %s() must be a question or a path, not %s", i+1, t.name, typ.words())})
		}
	}
	problems = append(problems, t.badDate()...)
	if t.name == "regex" {
		problems = append(problems, t.bindRegex()...)
	}
	return problems
}

// bindRegex checks a pattern that is written out.
func (t *call) bindRegex() []Problem {
	k, ok := t.args[1].(*constant)
	if !ok {
		return nil
	}
	if _, err := compileRegex(k.v.String()); err != nil {
		return []Problem{{Pos: k.pos, Key: "regex", Msg: message.Of(err)}}
	}
	var problems []Problem
	for _, msg := range warnRegex(k.v.String()) {
		problems = append(problems, Problem{Pos: k.pos, Key: "regex", Msg: msg, Warning: true})
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

// words are what an author calls a type.
func (t Type) words() message.Text {
	switch t {
	case NumberType:
		return message.New("a number")
	case BooleanType:
		return message.New("a yes or no")
	case StringType:
		return message.New("a text")
	}
	return message.New("a question or a path")
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

// Reference is one ${name}, or one instance('name'), in an expression.
type Reference struct {
	Name      string
	LastSaved bool
	Pos       int // byte offset of "${", or of the quote
}

// Instances lists the ids of the secondary instances that the expression names, in
// instance('id') and pulldata('id', ...), with their positions. An id that is computed
// is not among them.
func (e *Expr) Instances() []Reference {
	var list []Reference
	e.root.walk(func(t term) {
		c, ok := t.(*call)
		if !ok || c.name != "instance" && c.name != "pulldata" || len(c.args) == 0 {
			return
		}
		if k, ok := c.args[0].(*constant); ok {
			list = append(list, Reference{Name: k.v.String(), Pos: k.pos})
		}
	})
	return list
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

// Operators lists the operators of the expression, "|" for a union.
func (e *Expr) Operators() []string {
	var list []string
	e.root.walk(func(t term) {
		switch t := t.(type) {
		case *operation:
			list = append(list, t.op)
		case *union:
			list = append(list, "|")
		}
	})
	return list
}
