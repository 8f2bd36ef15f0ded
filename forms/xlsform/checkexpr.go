package xlsform

import (
	"cmp"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// maxChecked is how many bytes of expressions are looked at in a form that is refused.
const maxChecked = 1 << 20

// checkExpressions reports expressions that cannot be read, or that call what is not
// there. forms/fill does so for a form that is sound otherwise; an author with other
// faults shall see these in the same run.
func (r *reader) checkExpressions() {
	left := maxChecked
	r.form.Walk(func(n *forms.Node) bool {
		for _, cell := range []struct{ column, text string }{
			{"required", n.Required}, {"relevant", n.Relevant}, {"constraint", n.Constraint}, {"calculation", n.Calculation},
			{"readonly", n.ReadOnly}, {"repeat_count", n.RepeatCount}, {"choice_filter", n.ChoiceFilter},
		} {
			left -= len(cell.text)
			if left >= 0 && strings.TrimSpace(cell.text) != "" {
				r.checkExpression(n, cell.column, cell.text)
			}
		}
		return left >= 0 && !r.full()
	})
}

func (r *reader) checkExpression(n *forms.Node, column, text string) {
	_, problems := xpath.Compile(text, anyName{})
	for _, p := range problems {
		if p.Warning || p.Key == "syntax" && hasBadRef(text) {
			continue // said already, where the reference stands
		}
		place := n.Place
		place.Column = cmp.Or(n.Columns[column], column)
		r.add(forms.Problem{Severity: forms.Error, Key: "expression." + p.Key, Place: place, Name: n.Name, Pos: p.Pos + 1}.Saying(p.Msg))
	}
}

func hasBadRef(text string) bool {
	for _, ref := range refsIn(text) {
		if ref.bad {
			return true
		}
	}
	return false
}

// anyName takes every name for one of the form: names have a check of their own.
type anyName struct{}

// Reference implements xpath.Resolver.
func (anyName) Reference(string, bool) (int, error) { return 0, nil }
