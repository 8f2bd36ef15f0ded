package xpath

import (
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/forms/message"
)

// call is a function call.
type call struct {
	name string
	args []term
	pos  int
	f    *function
}

func (t *call) walk(f func(term)) {
	f(t)
	for _, a := range t.args {
		a.walk(f)
	}
}

func (t *call) eval(c *Context) Value {
	c.spend(1)
	f := t.f
	if f == nil {
		if f = functions[t.name]; f == nil {
			panic(stop{fmt.Errorf("there is no function %s()", t.name)})
		}
		if err := f.checkCount(t.name, len(t.args)); err != nil {
			panic(stop{err})
		}
	}
	return f.do(args{c, t})
}

// function is one entry of the library.
type function struct {
	min, max int // number of arguments; max -1: any number
	step     int // when more than 0, arguments beyond min come in groups of this size
	result   Type
	nodes    uint // bit i: argument i must be nodes
	do       func(a args) Value
}

// checkCount says, as a message.Text, why a function cannot have n arguments.
func (f *function) checkCount(name string, n int) error {
	switch {
	case n < f.min:
		return message.New("%s() needs at least %d arguments and has %d", name, f.min, n)
	case f.max >= 0 && n > f.max:
		return message.New("%s() takes at most %d arguments and has %d", name, f.max, n)
	case f.step > 0 && (n-f.min)%f.step != 0:
		return message.New("%s() has %d arguments, but takes those beyond %d in groups of %d", name, n, f.min, f.step)
	}
	return nil
}

// args are the arguments of a call, evaluated on demand.
type args struct {
	c *Context
	t *call
}

func (a args) len() int            { return len(a.t.args) }
func (a args) value(i int) Value   { return a.t.args[i].eval(a.c) }
func (a args) str(i int) string    { return a.c.str(a.value(i)) }
func (a args) bool(i int) bool     { return a.value(i).Boolean() }
func (a args) num(i int) float64   { return a.c.number(a.value(i)) }
func (a args) nodes(i int) []*Node { return nodesOf(a.value(i), a.t.name+"()") }

// strOr is argument i, or the context node's text when it is not given.
func (a args) strOr(i int) string {
	if i < a.len() {
		return a.str(i)
	}
	if a.c.Node == nil {
		return ""
	}
	return a.c.value(a.c.Node)
}

// spread lists the values of arguments from i on; nodes count one by one.
func (a args) spread(i int) []Value {
	var all []Value
	for ; i < a.len(); i++ {
		v := a.value(i)
		if v.Type != NodesType {
			all = append(all, v)
			continue
		}
		a.c.spend(len(v.Nodes))
		for _, n := range v.Nodes {
			all = append(all, String(a.c.value(n)))
		}
	}
	return all
}

func (a args) fail(format string, parts ...any) {
	panic(stop{errors.New(a.t.name + "(): " + fmt.Sprintf(format, parts...))})
}
