package xlsform

import (
	"reflect"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// faulty has a fault of most kinds: of a sheet, a header, a name, a list, a parameter, a
// reference, an expression, and texts inside texts.
const faulty = `| survey |
| | type | name | label | relevant | parameters | save_to | colour |
| | intger | a | A | | | | |
| | integer | my age | Age | | | | |
| | begin group | g | G | | | | |
| | select_one colors | c | Color? | | | | |
| | text | c | Again | ${agee} > 3 | | e#x | |
| | range | r | Rate | 1 == 1 | start=1 end=10 step=2 tick_interval=3 | | |
| | text | t | T | leng(1) | | | |
| choices |
| | list_name | name | label |
| | colour | red | Red |
| | colour | red | Rouge |
| setings |
| | form_title |
`

// What is said of a form survives the way out of the process that reads it, with all
// that the other languages need.
func TestProblemsSurviveTheWayOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data string }{
		{"form.md", faulty},
		{"form.xlsx", "no workbook"},
		{"form.docx", "x"},
	} {
		_, want := Parse(tt.name, []byte(tt.data))
		_, got := ParseVia(Worker, tt.name, []byte(tt.data))
		if len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: out of its process came\n%v\nwant\n%v", tt.name, got, want)
		}
		for _, p := range got {
			for _, lang := range message.Languages()[1:] {
				if p.Line(lang) == p.String() || !strings.HasPrefix(p.Line(lang), p.Place.String()+": "+p.Severity.String()+": ") {
					t.Errorf("%s in %q: %s", p, lang, p.Line(lang))
				}
			}
		}
	}
}

// All faults are told in one run: those of the sheets, and of the expressions as well.
func TestAllFaultsInOneRun(t *testing.T) {
	t.Parallel()
	_, problems := Parse("form.md", []byte(faulty))
	found := map[string]bool{}
	for _, p := range problems {
		found[p.Key] = true
	}
	for _, key := range []string{"sheet.misspelled", "header.unknown", "type.unknown", "name.bad", "group.unclosed", "list.unknown", "name.duplicate",
		"ref.unknown", "entity.saveto", "parameters.value", "expression.syntax", "expression.function", "choice.duplicate"} {
		if !found[key] {
			t.Errorf("nothing says %s in\n%v", key, problems)
		}
	}
}

// A file that is too large is refused before a process is begun for it.
func TestParseViaRefusesLargeFiles(t *testing.T) {
	t.Parallel()
	f, problems := ParseVia(nil, "form.xlsx", make([]byte, MaxBytes+1))
	if f != nil || len(problems) != 1 || problems[0].Key != "file.large" || problems[0].Severity != forms.Error {
		t.Errorf("got %v, %v; want file.large", f, problems)
	}
}
