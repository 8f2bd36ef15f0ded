package xlsform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
)

// TestColumnsOfOurs: what we add to a sheet is kept as written, without a warning.
func TestColumnsOfOurs(t *testing.T) {
	t.Parallel()
	survey, choices := ours(ourSurveyColumns), ours(ourChoiceColumns)
	f, problems := Parse("form.md", []byte(fmt.Sprintf(`
| survey | type | name | label | %s |
|        | select_one l | q | Q | %s |
| choices | list_name | name | label | %s |
|         | l | a | A | %s |
`, strings.Join(survey, " | "), strings.Join(survey, " | "), strings.Join(choices, " | "), strings.Join(choices, " | "))))
	if f == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, name := range survey {
		if got := f.Children[0].Extra[name]; got != name {
			t.Errorf("survey column %s reads %q", name, got)
		}
	}
	for _, name := range choices {
		if got := f.Lists["l"].Choices[0].Extra[name]; got != name {
			t.Errorf("choices column %s reads %q", name, got)
		}
	}
}

func ours(columns map[string]bool) []string {
	var names []string
	for name := range columns {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestIdleSettings(t *testing.T) {
	t.Parallel()
	for name := range idleSettings {
		header := name
		if name == "tag" {
			header = "compact_tag"
		}
		_, problems := Parse("form.md", []byte("| survey | type | name | label |\n| | text | q | Q |\n| settings | "+header+" |\n| | x |\n"))
		if !slices.ContainsFunc(problems, func(p forms.Problem) bool {
			return p.Key == "setting.unused" && p.Place.Sheet == "settings" && p.Place.Row == 2 && strings.Contains(p.Text, name)
		}) {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

func TestSpacesInTexts(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{"": "A B", "yes": "A B", "no": "A  B"} {
		f, problems := Parse("form.md", []byte("| survey | type | name | label |\n| | text | q | A  B |\n| settings | clean_text_values |\n| | "+setting+" |\n"))
		if f == nil {
			t.Fatal(problems)
		}
		if got, _ := f.Children[0].Label.In(f, ""); got != want {
			t.Errorf("clean_text_values %q reads %q; want %q", setting, got, want)
		}
	}
}
