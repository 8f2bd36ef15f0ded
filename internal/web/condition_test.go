package web

import (
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
)

func TestConditionWords(t *testing.T) {
	t.Parallel()
	yes := &forms.Choice{Name: "y", Label: forms.Text{"": "Yes"}}
	f := &forms.Form{
		Lists: map[string]*forms.List{"yn": {Name: "yn", Choices: []*forms.Choice{yes}}},
		Children: []*forms.Node{{Kind: forms.Group, Name: "b", Label: forms.Text{"": "B. Law"}, Children: []*forms.Node{
			{Name: "law", Type: "select_one", List: "yn"}, {Name: "kinds", Type: "select_multiple", List: "yn"}, {Name: "n", Type: "integer"},
		}}},
	}
	f.Link()
	for _, tt := range []struct{ name, expression, want string }{
		{"always", "", ""},
		{"a choice", "${law} = 'y'", "Answer only if B.1 is “Yes”."},
		{"not a choice", `${law} != "y"`, "Answer only if B.1 is not “Yes”."},
		{"one of several", "selected(${kinds}, 'y')", "Answer only if B.2 includes “Yes”."},
		{"none of several", "not(selected(${kinds}, 'y'))", "Answer only if B.2 does not include “Yes”."},
		{"answered", "${n} != ''", "Answer only if B.3 has an answer."},
		{"a number", "${n} >= 5", "Answer only if B.3 is at least 5."},
		{"both", "${law} = 'y' and ${n} > 0", "Answer only if B.1 is “Yes” and B.3 is more than 0."},
		{"either", "${law} = 'y' or ${n} > 0", "Answer only if B.1 is “Yes” or B.3 is more than 0."},
		{"mixed is not worded, but its questions are named", "${law} = 'y' and (${n} > 0 or ${n} = 3)", "Whether this applies depends on your answers to B.1, B.3."},
		{"an unknown question", "${other} = 1", "Whether this applies depends on other answers."},
		{"no question", "today() > '2020-01-01'", "Whether this applies depends on other answers."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := conditionWords(f, numbersOf(f), i18n.For("en"), tt.expression); got != tt.want {
				t.Errorf("conditionWords(%q) = %q, want %q", tt.expression, got, tt.want)
			}
		})
	}
}
