package xpath

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Context is what an evaluation may look at.
type Context struct {
	Node           *Node // the context node; "." is it
	Root           *Node // absolute paths start here, as at a document; nil: above the topmost node
	Current        *Node // what current() is; nil: Node
	Position, Size int   // inside a predicate, from 1

	// Lookup returns the nodes of reference number ref (given by Resolver), as seen from
	// a node; from nil, those of all items. nil: references are empty.
	Lookup func(ref int, from *Node) []*Node
	// Place returns the position of a node among its siblings of the same name, from 1, when
	// the owner of the tree knows it without counting; 0 otherwise. nil: it never does.
	Place func(n *Node) int
	// Instance returns the root element of a secondary instance, nil when it is unknown.
	Instance func(id string) *Node
	// ChoiceLabel returns the label of the choice with a value, of the question at node.
	ChoiceLabel func(value string, question *Node) string
	// Itext returns a translated text by its id; false when there are no translations.
	Itext func(id string) (Value, bool)
	// Property returns a device property such as "deviceid".
	Property func(name string) string

	Lang  string           // code such as "es", for the names in format-date(); "": English
	Now   func() time.Time // nil: time.Now
	Zone  *time.Location   // nil: UTC
	Rand  *rand.Rand       // nil: the process's source
	Steps int              // budget of nodes visited; 0: one million
	Spent int              // nodes visited by all evaluations so far

	spent int
	made  int   // bytes of text made
	above *Node // a document node for a tree that has none
}

// Limits on what one evaluation may cost (I8).
const (
	maxSteps = 1_000_000
	maxText  = 1 << 20
)

// Errors of Eval beside those of functions.
var (
	ErrSteps = errors.New("the expression visits too many nodes")
	ErrText  = errors.New("the expression makes too long a text")
)

func (c *Context) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

func (c *Context) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// spend counts visited nodes against the budget.
func (c *Context) spend(n int) {
	limit := c.Steps
	if limit == 0 {
		limit = maxSteps
	}
	if c.spent += n; c.spent > limit {
		panic(stop{ErrSteps})
	}
}

// value is the text of a node; what it passes counts against the budget.
func (c *Context) value(n *Node) string {
	if len(n.Children) == 0 || n.Hidden {
		return n.Value()
	}
	var b strings.Builder
	c.spend(n.write(&b))
	c.read(b.Len())
	return b.String()
}

// str is the text of a value, as Value.String makes it, counted against the budget.
func (c *Context) str(v Value) string {
	var s string
	if v.Type == NodesType && len(v.Nodes) > 0 {
		s = c.value(v.Nodes[0])
	} else {
		s = v.String()
	}
	c.read(len(s))
	return s
}

// number is the number of a value, counted against the budget.
func (c *Context) number(v Value) float64 {
	if v.Type == NodesType {
		return ParseNumber(c.str(v), c.zone())
	}
	return v.Number(c.zone())
}

// read counts the reading of a long text: 256 bytes are as dear as a node.
func (c *Context) read(bytes int) {
	if bytes >= 256 {
		c.spend(bytes / 256)
	}
}

// text counts made text against the limit.
func (c *Context) text(s string) Value {
	if c.made += len(s); c.made > maxText {
		panic(stop{ErrText})
	}
	return String(s)
}

// stop carries an error out of an evaluation; Eval turns it back.
type stop struct{ err error }

// Eval evaluates the expression. It uses c while it runs: evaluations at the same time
// need a Context each. Its error is that of a budget (ErrSteps, ErrText) or of a function
// that cannot work with what it got.
func (e *Expr) Eval(c *Context) (v Value, err error) {
	current := c.Current
	defer func() {
		c.Current = current
		c.Spent += c.spent + 1
		switch p := recover().(type) {
		case nil:
		case stop:
			v, err = Value{}, p.err
		default:
			panic(p)
		}
	}()
	if current == nil {
		c.Current = c.Node
	}
	c.spent, c.made = 0, 0
	return e.root.eval(c), nil
}

// term is a part of an expression.
type term interface {
	eval(c *Context) Value
	walk(func(term))
}

type constant struct {
	v   Value
	pos int
}

func (t *constant) eval(*Context) Value { return t.v }
func (t *constant) walk(f func(term))   { f(t) }

type negate struct{ t term }

func (t *negate) eval(c *Context) Value { return Number(-c.number(t.t.eval(c))) }
func (t *negate) walk(f func(term))     { f(t); t.t.walk(f) }

// reference is ${name}.
type reference struct {
	name      string
	lastSaved bool
	id        int // from the Resolver
	pos       int

	everywhere bool // of all items, not of the one it stands in
}

func (t *reference) eval(c *Context) Value {
	c.spend(1)
	if c.Lookup == nil {
		return NodeSet(nil)
	}
	from := c.Current
	if t.everywhere {
		from = nil
	}
	nodes := c.Lookup(t.id, from)
	if len(nodes) > 1 {
		c.spend(len(nodes))
	}
	return NodeSet(nodes)
}
func (t *reference) walk(f func(term)) { f(t) }

type union struct {
	a, b term
	pos  int
}

func (t *union) eval(c *Context) Value {
	nodes := slices.Concat(nodesOf(t.a.eval(c), "|"), nodesOf(t.b.eval(c), "|"))
	c.spend(len(nodes))
	return NodeSet(documentOrder(c, nodes))
}
func (t *union) walk(f func(term)) { f(t); t.a.walk(f); t.b.walk(f) }

func nodesOf(v Value, what string) []*Node {
	if v.Type != NodesType {
		panic(stop{errors.New(what + " needs nodes, not a " + v.Type.String())})
	}
	return v.Nodes
}

type operation struct {
	op   string
	a, b term
	do   func(c *Context, a, b term) Value
	pos  int
}

func (t *operation) eval(c *Context) Value { return t.do(c, t.a, t.b) }
func (t *operation) walk(f func(term))     { f(t); t.a.walk(f); t.b.walk(f) }

func newBinary(op string, a, b term, pos int) term {
	t := &operation{op: op, a: a, b: b, pos: pos}
	arithmetic := func(f func(x, y float64) float64) func(*Context, term, term) Value {
		return func(c *Context, a, b term) Value {
			c.spend(1)
			return Number(f(c.number(a.eval(c)), c.number(b.eval(c))))
		}
	}
	switch op {
	case "or":
		t.do = func(c *Context, a, b term) Value { return Boolean(a.eval(c).Boolean() || b.eval(c).Boolean()) }
	case "and":
		t.do = func(c *Context, a, b term) Value { return Boolean(a.eval(c).Boolean() && b.eval(c).Boolean()) }
	case "=", "!=", "<", "<=", ">", ">=":
		t.do = func(c *Context, a, b term) Value { return Boolean(compare(c, op, a.eval(c), b.eval(c))) }
	case "+":
		t.do = arithmetic(func(x, y float64) float64 { return x + y })
	case "-":
		t.do = arithmetic(func(x, y float64) float64 { return x - y })
	case "*":
		t.do = arithmetic(func(x, y float64) float64 { return x * y })
	case "div":
		t.do = arithmetic(func(x, y float64) float64 { return x / y })
	case "mod":
		t.do = arithmetic(math.Mod)
	}
	return t
}

// compare compares as XPath 1.0 does: a node-set holds when one of its nodes does.
// Equality of a time with a text that reads as one compares the times.
func compare(c *Context, op string, a, b Value) bool {
	if a.Type == NodesType && b.Type == BooleanType || a.Type == BooleanType && b.Type == NodesType {
		return compareAtoms(c, op, Boolean(a.Boolean()), Boolean(b.Boolean()))
	}
	if a.Type == NodesType && b.Type == NumberType {
		return compareNumber(c, op, a.Nodes, b.Num)
	}
	if a.Type == NodesType {
		for _, n := range a.Nodes {
			c.spend(1)
			if compare(c, op, String(c.value(n)), b) {
				return true
			}
		}
		return false
	}
	if b.Type == NodesType {
		for _, n := range b.Nodes {
			c.spend(1)
			if compareAtoms(c, op, a, String(c.value(n))) {
				return true
			}
		}
		return false
	}
	return compareAtoms(c, op, a, b)
}

// compareNumber compares nodes with a number, the most frequent comparison of all.
func compareNumber(c *Context, op string, nodes []*Node, y float64) bool {
	for _, n := range nodes {
		c.spend(1)
		text := c.value(n)
		c.read(len(text))
		if holds(op, ParseNumber(text, c.zone()), y) {
			return true
		}
	}
	return false
}

func holds(op string, x, y float64) bool {
	switch op {
	case "=":
		return x == y
	case "!=":
		return x != y
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x >= y
}

func compareAtoms(c *Context, op string, a, b Value) bool {
	c.read(len(a.Str) + len(b.Str))
	if op == "=" || op == "!=" {
		return equal(c, a, b) == (op == "=")
	}
	return holds(op, a.Number(c.zone()), b.Number(c.zone()))
}

func equal(c *Context, a, b Value) bool {
	switch {
	case a.Type == BooleanType || b.Type == BooleanType:
		return a.Boolean() == b.Boolean()
	case a.Type == NumberType || b.Type == NumberType, a.date || b.date:
		x, y := a.Number(c.zone()), b.Number(c.zone())
		if !math.IsNaN(x) || !math.IsNaN(y) || a.Type == NumberType && b.Type == NumberType {
			return x == y
		}
		return a.String() == b.String() && a.date
	}
	return a.Str == b.Str
}
