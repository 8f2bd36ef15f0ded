package fill

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
	"github.com/comparanda/comparanda/forms/xpath"
)

// suspect warns of what can be evaluated but never gives what its author means: a name
// without ${} or quotes, and an answer held against a choice that is not there.
func (c *compiler) suspect(t *template, column string, e *xpath.Expr) {
	for _, path := range e.Paths() {
		if (column == "required" || column == "readonly") && path.Name == strings.TrimSpace(e.String()) {
			c.warn(t, column, "path.unknown", 0, message.New("'%s' is neither yes nor no, and counts as no: write yes, no, or a condition", path.Name))
			continue
		}
		if text, ok := c.badPath(t, column, path.Name); ok {
			c.warn(t, column, "path.unknown", path.Pos+1, text)
		}
	}
	for _, single := range e.Singles() {
		if t.node.From != "" && column == "choice_filter" {
			break // it filters the items themselves
		}
		if repeat := c.repeatOutside(t, single.Name); repeat != "" {
			c.warn(t, column, "reference.repeat", single.Pos+1, message.New("'%s' is asked for each item of the repeat '%s', so outside of it there is no one answer: write %s or another function over all items, or %s", single.Name, repeat, "sum(${"+single.Name+"})", "indexed-repeat(${"+single.Name+"}, ${"+repeat+"}, 1)"))
		}
	}
	for _, list := range e.Instances() {
		if !c.hasInstance(list.Name) {
			c.warn(t, column, "list.unknown", list.Pos+1, message.New("the form has no list '%s', so nothing is found: correct the name, or add the list to choices", list.Name))
		}
	}
	for _, m := range e.Matches() {
		asked := t
		if m.Name != "" {
			asked = c.nearest(t, m.Name)
		}
		if asked == nil || column == "choice_filter" && m.Name == "" {
			continue
		}
		if text, ok := c.badMatch(asked.node, m.Value); ok {
			c.warn(t, column, "choice.unknown", m.Pos+1, text)
		}
	}
}

func (c *compiler) warn(t *template, column, key string, pos int, text message.Text) {
	c.fault(t, column, key, pos, text)
	c.problems[len(c.problems)-1].Severity = forms.Warning
}

// badPath says why a name alone finds nothing where it stands: in a choice_filter at the
// columns of the list, elsewhere at what the question or group contains.
func (c *compiler) badPath(t *template, column, name string) (message.Text, bool) {
	if column == "choice_filter" {
		list := c.plan.list(t.node)
		if list == nil || hasColumn(list, name) {
			return message.Text{}, false
		}
		if len(c.plan.byName[name]) > 0 {
			return message.New("no choice of the list '%s' has anything in a column '%s', so nothing is found: write %s if the question is meant", list.Name, name, "${"+name+"}"), true
		}
		return message.New("no choice of the list '%s' has anything in a column '%s', so nothing is found: correct the name, or fill in the column", list.Name, name), true
	}
	if slices.ContainsFunc(t.children, func(child *template) bool { return child.node.Name == name }) {
		return message.Text{}, false
	}
	switch {
	case len(c.plan.byName[name]) > 0:
		return message.New("'%s' without ${ } finds nothing: write %s", name, "${"+name+"}"), true
	case strings.EqualFold(name, "true"), strings.EqualFold(name, "false"):
		word := strings.ToLower(name)
		return message.New("nothing here is called '%s': write %s", name, word+"()"), true
	}
	return message.New("nothing here is called '%s': a text stands in quotes, as in '%s'", name, name), true
}

// hasInstance reports whether instance('id') finds a list of choices, or a file whether
// it is there or not; ids that begin with "__" are the program's.
func (c *compiler) hasInstance(id string) bool {
	return c.plan.lists[id] != nil || c.plan.external[id] != nil || strings.HasPrefix(id, "__") ||
		slices.ContainsFunc(c.uses, func(use forms.FileUse) bool { return fileID(use.Name) == id })
}

// repeatOutside is the innermost repeat around a question that is not around t too, ""
// when there is none.
func (c *compiler) repeatOutside(t *template, name string) string {
	found := c.nearest(t, name)
	if found == nil || found.node.Kind != forms.Question {
		return ""
	}
	for i := len(found.lineage) - 1; i > 0; i-- {
		if a := found.lineage[i]; a.node.Kind == forms.Repeat && !slices.Contains(t.lineage, a) {
			return a.node.Name
		}
	}
	return ""
}

func hasColumn(list *forms.List, name string) bool {
	return name == "name" || name == "label" || slices.ContainsFunc(list.Choices, func(c *forms.Choice) bool {
		_, has := c.Extra[name]
		return has
	})
}

// badMatch says that a value is no choice of a select whose list is in the form. Nobody
// can answer it, so the comparison always comes out alike. 'NaN' is what forms write to
// ask for an answer that is no number.
func (c *compiler) badMatch(n *forms.Node, value string) (message.Text, bool) {
	list := c.plan.list(n)
	if list == nil || value == "" || value == "NaN" || n.Or && value == "other" || strings.Contains(n.Appearance, "search(") {
		return message.Text{}, false
	}
	for _, choice := range list.Choices {
		if sameCode(choice.Name, value) {
			return message.Text{}, false
		}
	}
	for _, choice := range list.Choices {
		for _, label := range choice.Label {
			if label == value {
				return message.New("'%s' is the label of a choice, and the answer to '%s' is its name: write '%s'", value, n.Name, choice.Name), true
			}
		}
	}
	return message.New("the list '%s' of '%s' has no choice '%s', so this never matches: write one of %s", list.Name, n.Name, value, codes(list)), true
}

// sameCode compares as "=" does: '1' and 1.0 are the same number. Most values are none,
// and a list may be long.
func sameCode(code, value string) bool {
	if code == value {
		return true
	}
	if value == "" || code == "" || value[0] > '9' || code[0] > '9' {
		return false
	}
	a, err1 := strconv.ParseFloat(code, 64)
	b, err2 := strconv.ParseFloat(value, 64)
	return err1 == nil && err2 == nil && a == b
}

// codes lists the first names of a list.
func codes(list *forms.List) string {
	const shown = 6
	var names []string
	for i, c := range list.Choices {
		if i == shown {
			names = append(names, "…")
			break
		}
		names = append(names, "'"+c.Name+"'")
	}
	return strings.Join(names, ", ")
}

// checkDefault warns of a default that its question would refuse.
func (c *compiler) checkDefault(t *template) {
	n := t.node
	if n.Kind != forms.Question || t.fixed == "" {
		return
	}
	if wanted, ok := wantedType(badType(n, t.fixed)); ok {
		c.warn(t, "default", "default.type", 0, message.New("the default '%s' is no answer to '%s': write %s", t.fixed, n.Name, wanted))
		return
	}
	list := c.plan.list(n)
	if list == nil || !strings.HasPrefix(n.Type, "select_") && n.Type != "rank" {
		return
	}
	given := []string{t.fixed}
	if n.Type != "select_one" && n.Type != "select_one_external" {
		given = strings.Fields(t.fixed)
	}
	for _, code := range given {
		if _, bad := c.badMatch(n, code); bad {
			c.warn(t, "default", "choice.unknown", 0, message.New("the default '%s' is no choice of the list '%s': write one of %s", code, list.Name, codes(list)))
		}
	}
}

// wantedType is what an answer must be, by the key of badType.
func wantedType(key string) (message.Text, bool) {
	switch key {
	case "type.integer":
		return message.New("a whole number, such as %s", "5"), true
	case "type.decimal":
		return message.New("a number with a point, such as %s", "1.5"), true
	case "type.date":
		return message.New("a date as year-month-day, such as %s", "2026-01-31"), true
	case "type.time":
		return message.New("a time such as %s", "09:30"), true
	case "type.datetime":
		return message.New("a date and time such as %s", "2026-01-31T09:30"), true
	}
	return message.Text{}, false
}
