package xpath

import (
	"strings"

	"github.com/comparanda/comparanda/forms/message"
)

// Path is a relative path that begins with the name of a child of the node where the
// expression stands, as `age` or `person/age`: what an author writes who forgets ${}, or
// quotes.
type Path struct {
	Name string // of the first step
	Pos  int    // byte offset
}

// Paths lists the relative paths of the expression that begin with a name. Those in
// predicates are left out: they begin at other nodes.
func (e *Expr) Paths() []Path {
	var list []Path
	outside(e.root, func(t term) {
		l, ok := t.(*location)
		if !ok || l.absolute || l.base != nil || len(l.steps) == 0 {
			return
		}
		if first := l.steps[0]; first.axis == axisChild && first.test.kind == named && first.test.prefix == "" {
			list = append(list, Path{Name: first.test.name, Pos: l.pos})
		}
	})
	return list
}

// Match is a question held against a text or number that is written out, in ${q} = 'yes'
// or selected(., 'yes').
type Match struct {
	Name  string // "" for "."
	Value string
	Pos   int // byte offset of the value
}

// Matches lists the questions that are compared with values written out, outside of
// predicates.
func (e *Expr) Matches() []Match {
	var list []Match
	add := func(question, value term) {
		k, ok := value.(*constant)
		if !ok {
			return
		}
		if name, ok := questionOf(question); ok {
			list = append(list, Match{Name: name, Value: k.v.String(), Pos: k.pos})
		}
	}
	outside(e.root, func(t term) {
		switch t := t.(type) {
		case *operation:
			if t.op == "=" || t.op == "!=" {
				add(t.a, t.b)
				add(t.b, t.a)
			}
		case *call:
			if t.name == "selected" && len(t.args) == 2 {
				add(t.args[0], t.args[1])
			}
		}
	})
	return list
}

// questionOf is the name in ${name}, "" for a dot.
func questionOf(t term) (name string, ok bool) {
	switch t := t.(type) {
	case *reference:
		return t.name, !t.lastSaved
	case *location:
		dot := !t.absolute && t.base == nil && len(t.steps) == 1 && t.steps[0].axis == axisSelf && len(t.steps[0].predicates) == 0
		return "", dot
	}
	return "", false
}

// outside walks the terms that are evaluated where the expression stands: predicates are
// evaluated elsewhere.
func outside(t term, f func(term)) {
	f(t)
	switch t := t.(type) {
	case *negate:
		outside(t.t, f)
	case *operation:
		outside(t.a, f)
		outside(t.b, f)
	case *union:
		outside(t.a, f)
		outside(t.b, f)
	case *call:
		for _, a := range t.args {
			outside(a, f)
		}
	case *location:
		if t.base != nil {
			outside(t.base, f)
		}
	}
}

// quotedReferences warns of a ${name} inside a text in quotes, which is no answer but the
// letters themselves. jr:choice-name() wants it so.
func (e *Expr) quotedReferences() []Problem {
	wanted := map[term]bool{}
	var problems []Problem
	e.root.walk(func(t term) {
		switch t := t.(type) {
		case *call:
			for _, a := range t.args {
				wanted[a] = wanted[a] || t.name == "jr:choice-name"
			}
		case *constant:
			if t.v.Type == StringType && !wanted[t] && referenceIn(t.v.String()) {
				problems = append(problems, quotedReference(t))
			}
		}
	})
	return problems
}

func quotedReference(k *constant) Problem {
	return Problem{Pos: k.pos, Key: "quoted", Warning: true,
		Msg: message.New("in quotes %s is not the answer but these letters: take the quotes away, or join the parts with concat()", k.v.String())}
}

// referenceIn reports whether a text has a ${name}.
func referenceIn(s string) bool {
	_, rest, ok := strings.Cut(s, "${")
	return ok && strings.Contains(rest, "}")
}

// Singles lists the ${name} whose one value is wanted: operands, the arguments of if() and
// coalesce(), and an expression that is nothing else. Those given to sum(), join() and the
// like may stand for many.
func (e *Expr) Singles() []Reference {
	var list []Reference
	add := func(terms ...term) {
		for _, t := range terms {
			if r, ok := t.(*reference); ok && !r.lastSaved && !r.everywhere {
				list = append(list, Reference{Name: r.name, Pos: r.pos})
			}
		}
	}
	add(e.root)
	outside(e.root, func(t term) {
		switch t := t.(type) {
		case *negate:
			add(t.t)
		case *operation:
			add(t.a, t.b)
		case *call:
			if t.name == "if" || t.name == "coalesce" {
				add(t.args...)
			}
		}
	})
	return list
}
