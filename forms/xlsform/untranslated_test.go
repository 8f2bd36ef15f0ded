package xlsform

import (
	"strings"
	"testing"
)

// TestUntranslated: labels that one language lacks are told once, at the first of them.
func TestUntranslated(t *testing.T) {
	t.Parallel()
	f, problems := Parse("form.md", []byte(`
| survey |
| | type | name | label::Español (es) | label::English (en) |
| | select_one l | a | A | A |
| | text | b | B | |
| | text | c | C | |
| choices |
| | list_name | name | label::Español (es) | label::English (en) |
| | l | x | X | X |
`))
	if f == nil || len(problems) != 1 {
		t.Fatalf("form %v, problems %v; want one warning", f, problems)
	}
	p := problems[0]
	if p.Key != "language.gap" || p.Place.Row != 3 || p.Place.Column != "label::English (en)" || !strings.Contains(p.Text, "without it: 2") {
		t.Errorf("got %v; want row 3, and 2 rows", p)
	}
}
