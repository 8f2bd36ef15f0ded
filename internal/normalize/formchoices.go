package normalize

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// variantsColumn is the column of the choices sheet with further words for a choice,
// separated by "|".
const variantsColumn = "variants"

// ChoicesOf gives the choices of a form's list with everything people call them.
func ChoicesOf(l *forms.List) []Choice {
	if l == nil {
		return nil
	}
	all := make([]Choice, 0, len(l.Choices))
	for _, c := range l.Choices {
		ch := Choice{Code: c.Name, Reason: study.ReasonCode(strings.ToUpper(strings.TrimSpace(c.Extra[choiceReason])))}
		for _, text := range c.Label {
			ch.Labels = append(ch.Labels, string(text))
		}
		for _, v := range strings.Split(c.Extra[variantsColumn], "|") {
			if v != "" {
				ch.Variants = append(ch.Variants, v)
			}
		}
		all = append(all, ch)
	}
	return all
}
