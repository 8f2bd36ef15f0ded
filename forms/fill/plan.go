// Package fill is a response under way. Compile turns a form into a Plan, once; each
// response is an Instance of it, which decides after every change what is relevant,
// required, calculated, wrong and complete.
//
// Nothing that somebody typed is thrown away: a value that breaks its constraint or its
// type is kept and reported, and a value that is not relevant is kept aside, reads as
// empty, and comes back. A question with a reason for its missing value reads as empty,
// counts as answered and satisfies required.
//
// A Plan is shared by goroutines; an Instance belongs to one at a time.
package fill

import (
	"fmt"
	"slices"
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
	lists     map[string]*xpath.Node // choice lists as secondary instances
}

// Form is the form that the plan was made of.
func (p *Plan) Form() *forms.Form { return p.form }

// template is one question, group or repeat, with its compiled expressions.
type template struct {
	id       int
	rank     int // place in the order of evaluation
	node     *forms.Node
	parent   *template
	children []*template
	tree     *xpath.Node // stands for it when dependencies are found

	relevant, required, readonly, constraint, calculation, initial, count, filter *xpath.Expr
	fixed                                                                         string
	feeds                                                                         []edge      // what reads this value or relevance
	triggers                                                                      []*template // calculated when this answer changes
	outputs                                                                       map[string]*xpath.Expr
}

// edge leads to a template that reads another. near means by ${name} only: then an item
// of a repeat affects itself alone.
type edge struct {
	to   *template
	near bool
}

func (t *template) isRepeat() bool { return t.node != nil && t.node.Kind == forms.Repeat }

// repeats lists the repeats around t, outermost first, t itself not included.
func (t *template) repeats() []*template {
	var list []*template
	for a := t.parent; a != nil; a = a.parent {
		if a.isRepeat() {
			list = append(list, a)
		}
	}
	slices.Reverse(list)
	return list
}

// Compile checks a form's rules and lays out the order of their evaluation. The plan is
// nil when a problem is an Error.
func Compile(f *forms.Form) (*Plan, []forms.Problem) {
	p := &Plan{form: f, byName: map[string][]*template{}, lists: map[string]*xpath.Node{}}
	c := &compiler{plan: p}
	p.root = &template{tree: &xpath.Node{Name: "data"}}
	p.templates = []*template{p.root}
	c.plant(p.root, f.Children)
	for name, list := range f.Lists {
		p.lists[name] = listTree(f, list)
	}
	for _, t := range p.templates[1:] {
		c.compile(t)
	}
	c.order()
	for _, problem := range c.problems {
		if problem.Severity == forms.Error {
			return nil, c.problems
		}
	}
	return p, c.problems
}

type compiler struct {
	plan     *Plan
	problems []forms.Problem
}

func (c *compiler) plant(parent *template, nodes []*forms.Node) {
	for _, n := range nodes {
		t := &template{id: len(c.plan.templates), node: n, parent: parent, tree: &xpath.Node{Name: n.Name}, outputs: map[string]*xpath.Expr{}}
		t.tree.Data = t
		parent.tree.Append(t.tree)
		parent.children = append(parent.children, t)
		c.plan.templates = append(c.plan.templates, t)
		c.plan.byName[n.Name] = append(c.plan.byName[n.Name], t)
		c.plant(t, n.Children)
	}
}

// listTree makes a choice list into the tree that instance('list') reads.
func listTree(f *forms.Form, list *forms.List) *xpath.Node {
	instance := &xpath.Node{Name: "instance"}
	root := &xpath.Node{Name: "root"}
	instance.Append(root)
	for _, choice := range list.Choices {
		item := &xpath.Node{Name: "item", Data: choice}
		add := func(name, text string) { item.Append(&xpath.Node{Name: name, Text: text}) }
		add("name", choice.Name)
		label, _ := choice.Label.In(f, "")
		add("label", label)
		for _, name := range sortedKeys(choice.Extra) {
			add(name, choice.Extra[name])
		}
		root.Append(item)
	}
	return instance
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (c *compiler) fault(t *template, column, key string, pos int, text string) {
	place := t.node.Place
	place.Column = column
	c.problems = append(c.problems, forms.Problem{Key: key, Place: place, Name: t.node.Name, Pos: pos, Text: text})
}

func (c *compiler) compile(t *template) {
	n := t.node
	t.relevant = c.expr(t, "relevant", n.Relevant, true)
	t.required = c.expr(t, "required", yesNo(n.Required), false)
	t.readonly = c.expr(t, "read_only", yesNo(n.ReadOnly), false)
	t.constraint = c.expr(t, "constraint", n.Constraint, false)
	t.calculation = c.expr(t, "calculation", n.Calculation, n.Trigger == "")
	t.count = c.expr(t, "repeat_count", n.RepeatCount, true)
	t.filter = c.expr(t, "choice_filter", n.ChoiceFilter, false)
	if isDynamic(n.Default) {
		t.initial = c.expr(t, "default", n.Default, false)
	} else {
		t.fixed = n.Default
	}
	if n.List != "" && n.File == "" && c.plan.form.Lists[n.List] == nil && len(c.plan.byName[strings.Trim(n.List, "${}")]) == 0 {
		c.fault(t, "type", "list.unknown", 0, fmt.Sprintf("there is no choice list %q; add it to the choices sheet", n.List))
	}
	for _, name := range references(n.Trigger) {
		for _, source := range c.plan.byName[name] {
			source.triggers = append(source.triggers, t)
		}
	}
	for _, text := range []forms.Text{n.Label, n.Hint, n.Guidance, n.ConstraintMessage, n.RequiredMessage} {
		for _, s := range text {
			for _, name := range references(s) {
				if t.outputs["${"+name+"}"] == nil {
					t.outputs["${"+name+"}"] = c.expr(t, "label", "${"+name+"}", false)
				}
			}
		}
	}
}

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

// isDynamic tells an expression from a plain default value.
func isDynamic(s string) bool {
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
	return false
}

// expr compiles one cell. feeding notes what it reads, so that a change there evaluates
// it again.
func (c *compiler) expr(t *template, column, src string, feeding bool) *xpath.Expr {
	if strings.TrimSpace(src) == "" {
		return nil
	}
	e, err := xpath.Parse(src)
	if err != nil {
		pos, msg := 0, err.Error()
		if s, ok := err.(*xpath.SyntaxError); ok {
			pos, msg = s.Pos+1, s.Error()
		}
		c.fault(t, column, "expression.syntax", pos, "the expression cannot be read: "+msg)
		return nil
	}
	bound, problems := e.Bind(resolver{c, t})
	for _, p := range problems {
		c.fault(t, column, "expression."+p.Key, p.Pos+1, p.Msg)
	}
	if bound == nil || !feeding {
		return bound
	}
	near := map[*xpath.Node]bool{}
	for _, ref := range e.References() {
		for _, source := range c.plan.byName[ref.Name] {
			near[source.tree] = true
		}
	}
	for _, n := range e.Dependencies(t.tree, c.trees) {
		if source, ok := n.Data.(*template); ok {
			source.feeds = append(source.feeds, edge{t, near[n]})
		}
	}
	return bound
}

func (c *compiler) trees(name string) []*xpath.Node {
	var list []*xpath.Node
	for _, t := range c.plan.byName[name] {
		list = append(list, t.tree)
	}
	return list
}

// resolver gives the references of an expression at a template their numbers: the
// template's id.
type resolver struct {
	c *compiler
	t *template
}

// Reference implements xpath.Resolver.
func (r resolver) Reference(name string, lastSaved bool) (int, error) {
	found := r.c.plan.byName[name]
	if len(found) == 0 {
		return 0, fmt.Errorf("there is no question named %q; check its spelling in the name column", name)
	}
	if lastSaved {
		return 0, nil
	}
	best, shared := found[0], -1
	for _, t := range found { // namesakes: the one nearest in the tree
		if n := sharedDepth(r.t, t); n > shared {
			best, shared = t, n
		}
	}
	return best.id, nil
}

func sharedDepth(a, b *template) int {
	line := map[*template]bool{}
	for ; a != nil; a = a.parent {
		line[a] = true
	}
	depth := 0
	for ; b != nil; b = b.parent {
		if line[b] {
			depth++
		}
	}
	return depth
}

// order ranks the templates so that each comes after what it reads, and reports a cycle
// with its path.
func (c *compiler) order() {
	const (
		unseen = iota
		open
		closed
	)
	state := make([]int, len(c.plan.templates))
	var done, path []*template
	var visit func(t *template)
	visit = func(t *template) {
		switch state[t.id] {
		case closed:
			return
		case open:
			c.cycle(t, path)
			return
		}
		state[t.id] = open
		path = append(path, t)
		for _, child := range t.children {
			visit(child)
		}
		for _, e := range t.feeds {
			visit(e.to)
		}
		path = path[:len(path)-1]
		state[t.id] = closed
		done = append(done, t)
	}
	for _, t := range c.plan.templates {
		visit(t)
	}
	for i, t := range done {
		t.rank = len(done) - 1 - i
	}
}

func (c *compiler) cycle(t *template, path []*template) {
	var names []string
	for _, p := range path[slices.Index(path, t):] {
		names = append(names, p.node.Name)
	}
	names = append(names, t.node.Name)
	slices.Reverse(names)
	c.fault(t, "relevant", "expression.cycle", 0,
		"the rules run in a circle: "+strings.Join(names, " depends on ")+"; take one of these references out")
}
