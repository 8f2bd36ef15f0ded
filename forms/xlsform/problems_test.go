package xlsform

import (
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
)

// Every fault names its place, and its text what to do.
func TestProblems(t *testing.T) {
	t.Parallel()
	const ok = "| survey | type | name | label |\n"
	for _, tt := range []struct {
		name string
		md   string
		key  string
		row  int
		col  string
		text string // part of the message
	}{
		{"a name twice among siblings", ok + "| | text | a | A |\n| | text | a | B |", "name.duplicate", 3, "name", "row 2"},
		{"an unknown type names the nearest", ok + "| | integr | a | A |", "type.unknown", 2, "type", "'integer'"},
		{"an unknown list names the nearest", ok + "| | select_one color | a | A |\n| choices | list_name | name | label |\n| | colors | r | Red |", "list.unknown", 2, "type", "'colors'"},
		{"a list without any choices sheet", ok + "| | select_one color | a | A |", "sheet.missing", 2, "type", "'choices'"},
		{"a misspelled sheet is named", ok + "| | select_one c | a | A |\n| chioces | list_name | name | label |\n| | c | r | Red |", "sheet.missing", 2, "type", "'chioces'"},
		{"a name with a space", ok + "| | text | first name | A |", "name.bad", 2, "name", "first_name"},
		{"no name", ok + "| | text | | A |", "name.missing", 2, "name", "write"},
		{"a reserved name", ok + "| | text | meta | A |", "name.reserved", 2, "name", "'meta'"},
		{"a group that never ends", ok + "| | begin group | g | G |\n| | text | a | A |", "group.unclosed", 2, "type", "end_group"},
		{"an end without a beginning", ok + "| | text | a | A |\n| | end group | | |", "group.unopened", 3, "type", "begin_group"},
		{"ends that cross", ok + "| | begin group | g | G |\n| | text | a | A |\n| | end repeat | | |", "group.crossed", 4, "type", "row 2"},
		{"no label", ok + "| | text | a | |", "label.missing", 2, "label", "'a'"},
		{"no type", ok + "| | | a | A |", "type.missing", 2, "type", "type"},
		{"a choice twice", ok + "| | select_one c | a | A |\n| choices | list_name | name | label |\n| | c | r | Red |\n| | c | r | Rot |", "choice.duplicate", 3, "name", "allow_choice_duplicates"},
		{"a choice without a name", ok + "| | select_one c | a | A |\n| choices | list_name | name | label |\n| | c | | Red |", "choice.name.missing", 2, "name", "code"},
		{"a choice with a space in a select_multiple", ok + "| | select_multiple c | a | A |\n| choices | list_name | name | label |\n| | c | r d | Red |", "choice.space", 2, "name", "r_d"},
		{"choices without a list column", ok + "| | select_one c | a | A |\n| choices | lst | name | label |\n| | c | r | Red |", "header.missing", 1, "", "list_name"},
		{"a reference to nothing", ok + "| | text | age | A |\n| | note | n | You are ${agge} |", "ref.unknown", 3, "label", "'age'"},
		{"a reference that could be two", ok + "| | text | a | A |\n| | begin group | g | G |\n| | text | a | A |\n| | note | n | ${a} |\n| | end group | | |", "ref.ambiguous", 5, "label", "several"},
		{"a reference that never ends", ok + "| | text | a | A |\n| | note | n | ${a |", "ref.malformed", 3, "label", "“}”"},
		{"a reference with spaces", ok + "| | text | a | A |\n| | note | n | ${ a } |", "ref.malformed", 3, "label", "'${ a }'"},
		{"two names of one column", "| survey | type | name | value | label |\n| | text | a | b | A |", "header.conflict", 1, "value", "'name'"},
		{"no type column", "| survey | kind | name | label |\n| | text | a | A |", "header.missing", 1, "", "'type'"},
		{"no survey", "| surveys | type | name | label |\n| | text | a | A |", "sheet.missing", 0, "", "'surveys'"},
		{"a calculate without a calculation", ok + "| | calculate | a | A |", "calculation.missing", 2, "calculation", "'a'"},
		{"a parameter that is none", "| survey | type | name | label | parameters |\n| | range | a | A | star=1 |", "parameters.unknown", 2, "parameters", "did you mean 'start'?"},
		{"a parameter that is none and like none", "| survey | type | name | label | parameters |\n| | range | a | A | color=1 |", "parameters.unknown", 2, "parameters", "it takes start, end"},
		{"a file that cannot be read", ok + "| | select_one_from_file a.exe | a | A |", "file.extension", 2, "type", ".csv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, problems := Parse("form.md", []byte(tt.md))
			if f != nil {
				t.Fatalf("the form was accepted, with %v", problems)
			}
			for _, p := range problems {
				if p.Key != tt.key {
					continue
				}
				if p.Severity != forms.Error || p.Place.Row != tt.row || p.Place.Column != tt.col || !strings.Contains(p.Text, tt.text) {
					t.Errorf("got %v\nwant row %d, column %q and %q in the text", p, tt.row, tt.col, tt.text)
				}
				return
			}
			t.Errorf("no problem %q among %v", tt.key, problems)
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, problems := Parse("form.md", []byte(`
| survey | type    | name | label | relevent |
|        | integer | a    | A     | 1        |
|        | integre | b    | B     |          |
|        | text    | a    | C     |          |
|        | note    | d    | ${x}  |          |
`))
	var keys []string
	for _, p := range problems {
		keys = append(keys, p.Key)
	}
	got := strings.Join(keys, " ")
	if want := "header.unknown type.unknown name.duplicate ref.unknown"; got != want {
		t.Errorf("problems %q; want %q", got, want)
	}
	if !strings.Contains(problems[0].Text, "“relevant”") || problems[0].Severity != forms.Warning {
		t.Errorf("misspelled header: %v", problems[0])
	}
}
