package drive_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/drive"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/google/go-cmp/cmp"
)

// read takes the tables of a form instead of the name of a file.
func read(sheets string) (*forms.Form, []forms.Problem, error) {
	f, problems := xlsform.Parse("form.md", []byte(sheets))
	return f, problems, nil
}

// run runs one session with steps as JSON.
func run(t *testing.T, sheets, steps string) drive.Answer {
	t.Helper()
	job := drive.Job{ID: "1", Form: sheets, Root: "visit"}
	if err := json.Unmarshal([]byte(steps), &job.Steps); err != nil {
		t.Fatal(err)
	}
	a := drive.Run(job, read)
	if a.Load != "success" || a.Error != "" {
		t.Fatalf("load = %s, error %s", a.Load, a.Error)
	}
	return a
}

const visit = `
| survey |
| | type | name | label | relevant | constraint | required | hint |
| | integer | age | How old are you? | | . < 120 | yes | In years |
| | select_one yn | work | Do you work? | ${age} > 17 | | | |
| | begin repeat | trip | Trip | | | | |
| | decimal | km | Kilometers | | | | |
| | end repeat | | | | | | |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
`

func TestSession(t *testing.T) {
	t.Parallel()
	a := run(t, visit, `[
		{"validate": true},
		{"set": "/visit/age", "value": "130"},
		{"set": "/visit/age", "value": "030"},
		{"get": "/visit/work"},
		{"add": "/visit/trip"},
		{"set": "/visit/trip[2]/km", "value": 7},
		{"count": "/visit/trip"},
		{"remove": "/visit/trip[1]"},
		{"get": "/visit/trip[1]/km"},
		{"set": "/visit/nothing", "value": "1"}]`)
	for _, tt := range []struct {
		step int
		key  string
		want string
	}{
		{0, "violations", `[{"condition":"required","ref":"/visit/age"}]`},
		{1, "violation", `"constraint"`},
		{2, "value", `"30"`},
		{2, "hint", `"In years"`},
		{3, "choices", `[["y","Yes"],["n","No"]]`},
		{3, "relevant", `true`},
		{5, "value", `"7.0"`},
		{6, "count", `2`},
		{8, "value", `"7.0"`},
		{9, "error", `"/visit/nothing is no question"`},
	} {
		got, err := json.Marshal(a.Results[tt.step][tt.key])
		if err != nil || string(got) != tt.want {
			t.Errorf("step %d: %s = %s, %v; want %s", tt.step, tt.key, got, err, tt.want)
		}
	}
	for _, want := range []string{"<age>30</age>", "<work/>", "<km>7.0</km>", "<instanceID>uuid:"} {
		if !strings.Contains(a.Submission, want) {
			t.Errorf("the submission lacks %s:\n%s", want, a.Submission)
		}
	}
	if got := a.Final["/visit/trip[1]/km"].Value; got == nil || *got != "7.0" {
		t.Errorf("final km = %v", got)
	}
}

func TestSubmissionLeavesOutWhatIsNotRelevant(t *testing.T) {
	t.Parallel()
	a := run(t, visit, `[{"set": "/visit/age", "value": "12"}]`)
	if strings.Contains(a.Submission, "work") {
		t.Errorf("work is not relevant:\n%s", a.Submission)
	}
	if s := a.Final["/visit/work"]; s.Relevant {
		t.Errorf("final work = %+v, want it not relevant", s)
	}
}

func TestEntity(t *testing.T) {
	t.Parallel()
	a := run(t, `
| survey |
| | type | name | label |
| | text | name | Name |
| entities |
| | list_name | label |
| | people | ${name} |
`, `[{"set": "/visit/name", "value": "Ana"}, {"attr": "/visit/meta/entity", "name": "dataset"}, {"attr": "/visit/meta/entity", "name": "id"}]`)
	if got := a.Results[1]["value"]; got != "people" {
		t.Errorf("dataset = %v", got)
	}
	if got, _ := a.Results[2]["value"].(string); len(got) != 36 {
		t.Errorf("id = %q, want a UUID", got)
	}
	if !strings.Contains(a.Submission, "<label>Ana</label>") || !strings.Contains(a.Submission, `create="1"`) {
		t.Errorf("the entity is not in the submission:\n%s", a.Submission)
	}
}

// A line that is no session, or a form that is refused, is answered like any other.
func TestBatchAnswersEveryLine(t *testing.T) {
	t.Parallel()
	refused, err := json.Marshal(map[string]any{"id": "refused", "form": "| survey |\n| | type | name |\n| | nonsense | q |"})
	if err != nil {
		t.Fatal(err)
	}
	good, err := json.Marshal(map[string]any{"id": "good", "form": visit, "steps": []any{}})
	if err != nil {
		t.Fatal(err)
	}
	in := "no JSON\n\n" + string(refused) + "\n" + string(good) + "\n" + `{"id":"bad step","form":"x","steps":[{"set":3}]}` + "\n"
	var out strings.Builder
	if err := drive.Batch(strings.NewReader(in), &out, read); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var a drive.Answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		got = append(got, a.ID+" "+a.Load)
	}
	want := []string{" failure", "refused failure", "good success", "bad step failure"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Files come from a folder, or with the job by their addresses; one that is not there is
// an empty list.
func TestMedia(t *testing.T) {
	t.Parallel()
	const sheets = `
| survey |
| | type | name | label | calculation |
| | select_one_from_file towns.csv | town | Town | |
| | calculate | people | | pulldata('towns', 'people', 'name', ${town}) |
`
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "towns.csv"), []byte("name,label,people\nl,Lima,10\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	folder, err := json.Marshal(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, media, want string }{
		{"a folder", string(folder), "10"},
		{"an address", `{"jr://file-csv/towns.csv": {"status": 200, "type": "text/csv", "body": "name,label,people\nl,Lima,11\n"}}`, "11"},
		{"an address that fails", `{"jr://file-csv/towns.csv": {"status": 404, "body": "name,people\nl,12"}}`, ""},
		{"nothing", `null`, ""},
	} {
		job := drive.Job{Form: sheets, Media: json.RawMessage(tt.media)}
		town := "/data/town"
		job.Steps = []drive.Step{{Set: &town, Value: "l"}}
		a := drive.Run(job, read)
		if got := a.Final["/data/people"].Value; got == nil || *got != tt.want {
			t.Errorf("%s: people = %v, want %q (%s)", tt.name, got, tt.want, a.Error)
		}
	}
}
