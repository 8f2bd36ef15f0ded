package fill_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xlsform"
)

const suspectForm = `
| survey |
| | type | name | label | relevant | required | constraint | calculation | default | choice_filter |
| | integer | age | Age | | | | | | |
| | select_one yn | ok | Fine? | | | | | | |
| | select_one towns | town | Town | | | | | | %s |
| | begin repeat | kid | Kid | | | | | | |
| | integer | size | Size | | | | | | |
| | integer | more | More | ${size} > 1 | | | | | |
| | end repeat | | | | | | | | |
| | %s | q | Q | %s | %s | %s | %s | %s | |
| choices |
| | list_name | name | label | country |
| | yn | yes | Sí | |
| | yn | 0 | No | |
| | towns | mx | Mexico | m |
`

// TestSuspects: what can be evaluated and still never does what its author means is said.
func TestSuspects(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ column, typ, cell, want string }{
		{"relevant", "text", "age > 1", "'age' without ${ } finds nothing: write ${age}"},
		{"relevant", "text", "${ok} = yes", "nothing here is called 'yes': a text stands in quotes"},
		{"relevant", "text", "selected(${ok}, TRUE)", "write true()"},
		{"relevant", "text", "${ok} = 'yess'", "no choice 'yess'"},
		{"relevant", "text", "'Sí' != ${ok}", "write 'yes'"},
		{"relevant", "text", "not(selected(${ok}, 'n'))", "no choice 'n'"},
		{"relevant", "text", "${ok} = 'yes' or ${ok} = '' or ${ok} = 0 or selected(${ok}, 'yes')", ""},
		{"relevant", "text", "'${age}' = 'x'", "in quotes ${age} is not the answer"},
		{"relevant", "text", "jr:choice-name(${ok}, '${ok}') = 'Sí'", ""},
		{"relevant", "text", "../age > 1 and /data/age > 1 and . = ''", ""},
		{"relevant", "text", "count(instance('towns')/root/item[country = 'm']) > 0", ""},
		{"relevant", "text", "count(instance('twns')/root/item) > 0", "the form has no list 'twns'"},
		{"relevant", "text", "pulldata('file', 'a', 'b', 'c') = instance('file')/root/item/a", ""},
		{"constraint", "date", ". > 2024-01-05", "write date('2024-01-05')"},
		{"constraint", "date", ". > date('31/12/2024')", "'31/12/2024' is read as no date"},
		{"constraint", "date", ". > date('2024-01-05') and . < date('2024-01-05T10:00:00') and . > date(0) and . != date('')", ""},
		{"constraint", "integer", ". > 2024 - 50 - 1", ""},
		{"required", "text", "si", "'si' is neither yes nor no"},
		{"required", "text", "yes", ""},
		{"constraint", "select_one yn", "not(selected(., 'none'))", "no choice 'none'"},
		{"constraint", "integer", "q > 1", "write ${q}"},
		{"relevant", "text", "${size} > 1", "no one answer: write sum(${size}) or another function over all items, or indexed-repeat(${size}, ${kid}, 1)"},
		{"calculation", "calculate", "if(true(), ${size}, 0)", "'size' is asked for each item of the repeat 'kid'"},
		{"calculation", "calculate", "${size}", "'size' is asked for each item"},
		{"calculation", "calculate", "sum(${size}) + count(${kid}) + indexed-repeat(${size}, ${kid}, 1)", ""},
		{"calculation", "calculate", "age + 1", "write ${age}"},
		{"default", "integer", "five", "the default 'five' is no answer to 'q': write a whole number"},
		{"default", "decimal", "1,5", "write a number with a point"},
		{"default", "date", "01/05/2024", "write a date as year-month-day"},
		{"default", "date", "today()", ""},
		{"default", "date", "2024-05-01", ""},
		{"default", "select_one yn", "maybe", "the default 'maybe' is no choice of the list 'yn': write one of 'yes', '0'"},
		{"default", "select_multiple yn", "yes 0", ""},
		{"choice_filter", "text", "contry = ${ok}", "no choice of the list 'towns' has anything in a column 'contry'"},
		{"choice_filter", "text", "age = country", "write ${age} if the question is meant"},
		{"choice_filter", "text", "country = ${ok} and name != '' and label != ''", ""},
	} {
		t.Run(tt.column+" "+tt.cell, func(t *testing.T) {
			t.Parallel()
			cells := map[string]string{tt.column: tt.cell}
			text := fmt.Sprintf(suspectForm, cells["choice_filter"], tt.typ, cells["relevant"], cells["required"], cells["constraint"], cells["calculation"], cells["default"])
			checkSuspect(t, text, tt.column, tt.want)
		})
	}
}

// checkSuspect wants one warning in a column, or none.
func checkSuspect(t *testing.T, text, column, want string) {
	t.Helper()
	form, problems := xlsform.Parse("form.md", []byte(text))
	if form == nil {
		t.Fatal(problems)
	}
	plan, problems := fill.Compile(form)
	switch {
	case plan == nil:
		t.Fatalf("the form is refused: %v", problems)
	case want == "" && len(problems) == 0:
	case len(problems) != 1 || problems[0].Severity != forms.Warning || problems[0].Place.Column != column ||
		want == "" || !strings.Contains(problems[0].Text, want):
		t.Errorf("got %v; want one warning in %s with %q", problems, column, want)
	}
}
