package fill

import (
	"cmp"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
	"github.com/comparanda/comparanda/forms/xpath"
)

// Compile checks a form's rules and lays out the order of their evaluation. The plan is
// nil when a problem is an Error.
func Compile(f *forms.Form) (*Plan, []forms.Problem) {
	p := &Plan{form: f, byName: map[string][]*template{}, byPath: map[string]*template{}, lists: map[string]*xpath.Node{}, external: map[string]*xpath.Node{}, files: map[string]*xpath.Node{}}
	c := &compiler{plan: p, quoted: map[*forms.List][]string{}}
	p.root = &template{tree: &xpath.Node{Name: rootName(f)}}
	p.root.lineage = []*template{p.root}
	p.templates = []*template{p.root}
	c.plant(p.root, f.Children)
	for name, list := range f.Lists {
		p.lists[name] = listTree(f, list)
	}
	for name, list := range f.External {
		p.external[name] = listTree(f, list)
	}
	c.files()
	for _, t := range p.templates[1:] {
		c.compile(t)
	}
	c.order()
	slices.SortStableFunc(c.problems, func(a, b forms.Problem) int { return cmp.Compare(a.Place.Row, b.Place.Row) })
	if forms.Refused(c.problems) {
		return nil, c.problems
	}
	return p, c.problems
}

// rootName is the name of the root element, with which absolute paths begin.
func rootName(f *forms.Form) string {
	if name := f.Settings["name"]; name != "" {
		return name
	}
	return "data"
}

type compiler struct {
	plan     *Plan
	quoted   map[*forms.List][]string // see quotedIn
	uses     []forms.FileUse          // the files that the form names
	problems []forms.Problem
}

func (c *compiler) plant(parent *template, nodes []*forms.Node) {
	for _, n := range nodes {
		t := &template{id: len(c.plan.templates), node: n, parent: parent, path: parent.path + "/" + n.Name, tree: &xpath.Node{Name: n.Name}}
		t.lineage = append(slices.Clip(parent.lineage), t)
		t.repeated = parent.repeated || n.Kind == forms.Repeat
		t.tree.Data = t
		parent.tree.Append(t.tree)
		t.index = len(parent.children)
		parent.children = append(parent.children, t)
		c.plan.templates = append(c.plan.templates, t)
		c.plan.byName[n.Name] = append(c.plan.byName[n.Name], t)
		if c.plan.byPath[t.path] == nil {
			c.plan.byPath[t.path] = t
		}
		c.plant(t, n.Children)
	}
}

// fault reports a problem in a column of a row; pos is as in forms.Problem.
func (c *compiler) fault(t *template, column, key string, pos int, text message.Text) {
	place := t.node.Place
	place.Column = cmp.Or(t.node.Columns[column], column)
	c.problems = append(c.problems, forms.Problem{Key: key, Place: place, Name: t.node.Name, Pos: pos}.Saying(text))
}

func (c *compiler) compile(t *template) {
	n := t.node
	t.relevant = c.expr(t, "relevant", n.Relevant, feeds(onValue))
	t.required = c.expr(t, "required", yesNo(n.Required), feeds(onState))
	t.readonly = c.expr(t, "readonly", yesNo(readOnly(n)), feeds(onState))
	t.constraint = c.expr(t, "constraint", constraint(n), feeds(onState))
	if n.Trigger == "" || n.Kind != forms.Question {
		t.calculation = c.expr(t, "calculation", n.Calculation, feeds(onValue))
	} else {
		t.calculation = c.expr(t, "calculation", n.Calculation, nil)
	}
	t.count = c.expr(t, "repeat_count", n.RepeatCount, feeds(onCount))
	t.filter = c.expr(t, "choice_filter", n.ChoiceFilter, feeds(onState))
	if seed := n.Parameters["seed"]; strings.Contains(seed, "${") {
		t.seed = c.expr(t, "parameters", seed, nil)
	}
	if isDynamic(n) {
		t.initial = c.expr(t, "default", n.Default, nil)
	} else {
		t.fixed = n.Default
		c.checkDefault(t)
	}
	t.judged = t.required != nil || t.readonly != nil || t.constraint != nil || n.Kind == forms.Question && n.Type != "text"
	c.checkList(t)
	c.feedFrom(t)
	for _, name := range references(n.Trigger) {
		for _, source := range c.plan.byName[name] {
			source.triggers = append(source.triggers, t)
		}
	}
	for _, text := range []forms.Text{n.Label, n.Hint, n.Guidance, n.ConstraintMessage, n.RequiredMessage} {
		c.outputs(t, text)
	}
	for _, quote := range c.quotedIn(c.plan.list(n)) {
		c.output(t, quote)
	}
}

// quotedIn lists what the labels of a list quote; many questions share one.
func (c *compiler) quotedIn(list *forms.List) []string {
	if list == nil {
		return nil
	}
	found, known := c.quoted[list]
	if !known {
		for _, choice := range list.Choices {
			for _, lang := range sortedKeys(choice.Label) {
				found = append(found, quotes(choice.Label[lang])...)
			}
		}
		c.quoted[list] = found
	}
	return found
}

// list is the choice list of a question, nil when its choices come from elsewhere.
func (p *Plan) list(n *forms.Node) *forms.List {
	switch {
	case n.List == "" || n.File != "" || n.From != "":
		return nil
	case n.Type == "select_one_external":
		return p.form.External[n.List]
	}
	return p.form.Lists[n.List]
}

func (c *compiler) checkList(t *template) {
	n := t.node
	if n.List == "" || n.File != "" || n.From != "" || n.Type == "select_one_external" || n.Type == "osm" || c.plan.form.Lists[n.List] != nil ||
		len(c.plan.byName[strings.Trim(n.List, "${}")]) > 0 {
		return
	}
	c.fault(t, "type", "list.unknown", 0, message.New("there is no choice list %q; add it to the choices sheet", n.List))
}

// outputs compiles the expressions that a text quotes.
func (c *compiler) outputs(t *template, text forms.Text) {
	for _, lang := range sortedKeys(text) {
		for _, quote := range quotes(text[lang]) {
			c.output(t, quote)
		}
	}
}

func (c *compiler) output(t *template, quote string) {
	if t.outputs == nil {
		t.outputs = map[string]*xpath.Expr{}
	}
	if _, done := t.outputs[quote]; !done {
		t.outputs[quote] = c.expr(t, "label", quote, nil)
	}
}

// readOnly: a note is read only, whatever its row says.
func readOnly(n *forms.Node) string {
	if n.Type == "note" && n.ReadOnly == "" {
		return "true()"
	}
	return n.ReadOnly
}

// constraint is the author's rule, or else the one that the type brings along.
func constraint(n *forms.Node) string {
	switch {
	case n.Constraint != "":
		return n.Constraint
	case n.Type == "phone number":
		return `regex(., '^\d*$')`
	case n.Type == "percentage":
		return "0 <= . and . <= 100"
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
