package fill

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
	"github.com/comparanda/comparanda/forms/xpath"
)

// references lists the names in ${...} of a text.
func references(s string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(s, "${")
		if !ok {
			return names
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return names
		}
		names = append(names, strings.TrimSpace(name))
		s = after
	}
}

// yesNo turns the ways to write a plain yes or no into an expression.
func yesNo(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "yes", "true", "true()", "1":
		return "true()"
	case "no", "false", "false()", "0":
		return ""
	}
	return s
}

// isDynamic tells a default that is an expression from a plain value: it calls a function,
// refers to a question, or computes. A hyphen in a date, a place or a code is no
// subtraction.
func isDynamic(n *forms.Node) bool {
	s := n.Default
	if s == "" || n.Kind != forms.Question {
		return false
	}
	if strings.Contains(s, "${") {
		return true
	}
	e, err := xpath.Parse(s)
	if err != nil {
		return false
	}
	for _, name := range e.Calls() {
		if xpath.Known(name) {
			return true
		}
	}
	for _, op := range e.Operators() {
		if op == "|" || op == "+" || op == "*" || op == "div" || op == "mod" || op == "-" && !hyphenated(n.Type) {
			return true
		}
	}
	return false
}

// hyphenated tells the types whose values may hold hyphens.
func hyphenated(typ string) bool {
	switch typ {
	case "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "rank":
		return true
	}
	return strings.HasPrefix(typ, "select_")
}

// feeds says what a change of what an expression reads bears on; nil stands for an
// expression that is only evaluated when something else asks for it.
func feeds(on bearing) *bearing { return &on }

// expr compiles one cell and notes what it reads, so that a change there is followed.
func (c *compiler) expr(t *template, column, src string, on *bearing) *xpath.Expr {
	if strings.TrimSpace(src) == "" {
		return nil
	}
	bound, problems := xpath.Compile(src, resolver{c, t})
	for _, p := range problems {
		c.fault(t, column, "expression."+p.Key, p.Pos+1, p.Msg)
		if p.Warning {
			c.problems[len(c.problems)-1].Severity = forms.Warning
		}
	}
	if bound != nil {
		c.suspect(t, column, bound)
	}
	if bound != nil && on != nil {
		c.feed(t, bound, *on)
	}
	return bound
}

// feed draws the edges to a template from all that an expression of it reads.
func (c *compiler) feed(t *template, e *xpath.Expr, on bearing) {
	far := map[*xpath.Node]bool{}
	for _, n := range e.Dependencies(t.tree, func(string, bool) []*xpath.Node { return nil }) {
		far[n] = true
	}
	for _, n := range e.Dependencies(t.tree, func(name string, everywhere bool) []*xpath.Node {
		trees := c.trees(t, name)
		for _, n := range trees {
			far[n] = far[n] || everywhere
		}
		return trees
	}) {
		if source, ok := n.Data.(*template); ok && (source != t || far[n] && on != onValue || !far[n] && on == onValue) {
			source.feeds = append(source.feeds, edge{t, !far[n], on})
		}
	}
}

// feedFrom draws the edges to a select whose choices are the items of a repeat: from the
// question that gives them, and from what its filter reads of an item.
func (c *compiler) feedFrom(t *template) {
	source := c.sourceOf(t)
	if source == nil {
		return
	}
	source.feeds = append(source.feeds, edge{t, false, onState})
	if t.filter == nil {
		return
	}
	for _, n := range t.filter.Dependencies(source.repeat().tree, func(name string, _ bool) []*xpath.Node { return c.trees(t, name) }) {
		if read, ok := n.Data.(*template); ok {
			read.feeds = append(read.feeds, edge{t, false, onState})
		}
	}
}

// sourceOf is the question whose answers are the choices of a select; nil when they come
// from elsewhere.
func (c *compiler) sourceOf(t *template) *template {
	name := strings.TrimSuffix(strings.TrimPrefix(t.node.From, "${"), "}")
	if name == "" {
		return nil
	}
	t.source = c.nearest(t, name)
	return t.source
}

// trees are the templates that ${name} may mean at t, as nodes.
func (c *compiler) trees(t *template, name string) []*xpath.Node {
	if found := c.nearest(t, name); found != nil {
		return []*xpath.Node{found.tree}
	}
	return nil
}

// nearest picks among namesakes the one nearest in the tree.
func (c *compiler) nearest(t *template, name string) *template {
	var best *template
	shared := -1
	for _, candidate := range c.plan.byName[name] {
		if n := sharedDepth(t, candidate); n > shared {
			best, shared = candidate, n
		}
	}
	return best
}

func sharedDepth(a, b *template) int {
	n := 0
	for n < len(a.lineage) && n < len(b.lineage) && a.lineage[n] == b.lineage[n] {
		n++
	}
	return n
}

// resolver gives the references of an expression at a template their numbers: the
// template's id, negative for the answer of the last saved response.
type resolver struct {
	c *compiler
	t *template
}

// Reference implements xpath.Resolver.
func (r resolver) Reference(name string, lastSaved bool) (int, error) {
	found := r.c.nearest(r.t, name)
	switch {
	case found == nil:
		return 0, message.New("there is no question named %q; check its spelling in the name column", name)
	case lastSaved:
		return -found.id, nil
	}
	return found.id, nil
}
