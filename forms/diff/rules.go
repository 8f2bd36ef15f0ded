package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// rules compares the columns of a row that are neither name, type nor words.
func (c *comparison) rules(o, n *forms.Node, base Change) {
	olds, news := columnsOf(o), columnsOf(n)
	for _, column := range keysOf(olds, news) {
		if olds[column] == news[column] {
			continue
		}
		change := base
		change.Kind, change.Column, change.Old, change.New = Ruled, column, olds[column], news[column]
		change.Effect = ruleEffect(column, o, n)
		c.add(change)
	}
}

// columnsOf lays a row's rules out by column.
func columnsOf(n *forms.Node) map[string]string {
	columns := map[string]string{
		"relevant": n.Relevant, "required": n.Required, "constraint": n.Constraint, "calculation": n.Calculation, "read_only": n.ReadOnly,
		"default": n.Default, "trigger": n.Trigger, "repeat_count": n.RepeatCount, "choice_filter": n.ChoiceFilter, "appearance": n.Appearance,
		"parameters": list(n.Parameters),
	}
	for prefix, more := range map[string]map[string]string{"bind::": n.Bind, "body::": n.Body, "instance::": n.Instance, "": n.Extra} {
		for name, value := range more {
			columns[prefix+name] = value
		}
	}
	maps.DeleteFunc(columns, func(_, value string) bool { return value == "" })
	return columns
}

// list writes parameters as their column has them.
func list(parameters map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		parts = append(parts, name+"="+parameters[name])
	}
	return strings.Join(parts, " ")
}
