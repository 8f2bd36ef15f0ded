package forms_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/forms/xpath"
)

// feature is one row of features.csv.
type feature struct{ name, status, scenario, reason string }

func features(t *testing.T) []feature {
	t.Helper()
	file, err := os.Open("features.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []feature
	for _, r := range rows[1:] {
		list = append(list, feature{r[0], r[1], r[2], r[3]})
	}
	return list
}

// TestFeaturesAreListed holds the table to the code: each type and function is in it
// once, each row says what shows it, and a row that is not plain support says why.
func TestFeaturesAreListed(t *testing.T) {
	t.Parallel()
	shown := shownBy(t)
	listed := map[string]bool{}
	for _, f := range features(t) {
		if listed[f.name] {
			t.Errorf("%s is listed twice", f.name)
		}
		listed[f.name] = true
		if !shown[f.scenario] {
			t.Errorf("%s: there is no scenario or test %q", f.name, f.scenario)
		}
		switch f.status {
		case "supported":
		case "simplified", "differs", "refused", "ours", "passed over":
			if f.reason == "" {
				t.Errorf("%s is %s without a reason", f.name, f.status)
			}
		default:
			t.Errorf("%s: unknown status %q", f.name, f.status)
		}
	}
	known := knownFeatures()
	for name := range known {
		if !listed[name] {
			t.Errorf("%s is not in features.csv", name)
		}
	}
	for name := range listed {
		kind, _, _ := strings.Cut(name, " ")
		if slices.Contains([]string{"type", "function", "column", "choices", "setting", "entities"}, kind) && !known[name] {
			t.Errorf("%s is in features.csv, and the code knows no such thing", name)
		}
	}
}

// knownFeatures are the names of all that the code itself lists.
func knownFeatures() map[string]bool {
	known := map[string]bool{}
	add := func(prefix string, names []string) {
		for _, name := range names {
			known[prefix+name] = true
		}
	}
	columns := xlsform.Columns()
	add("type ", append(xlsform.Types(), "group", "repeat"))
	add("function ", xpath.Functions())
	add("column ", columns["survey"])
	add("choices column ", columns["choices"])
	add("setting ", columns["settings"])
	add("entities column ", columns["entities"])
	return known
}

var update = flag.Bool("update", false, "write the table of the README")

// TestReadmeHasTheFeatures compares the README's table with features.csv.
func TestReadmeHasTheFeatures(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("<!-- features -->\n| feature | status | shown by | reason |\n|---|---|---|---|\n")
	for _, f := range features(t) {
		fmt.Fprintf(&table, "| %s | %s | `%s` | %s |\n", f.name, f.status, f.scenario, f.reason)
	}
	table.WriteString("<!-- /features -->")
	old, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	marked := regexp.MustCompile(`(?s)<!-- features -->.*<!-- /features -->`)
	want := marked.ReplaceAllLiteralString(string(old), table.String())
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(old) {
		t.Error("the README's table is not that of features.csv: run with -update")
	}
}

// shownBy collects the names of scenarios and of test functions.
func shownBy(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	scenarios, err := filepath.Glob("*/testdata/scenarios/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios {
		names[strings.TrimSuffix(filepath.Base(s), ".txt")] = true
	}
	var tests []string
	for _, pattern := range []string{"*_test.go", "*/*_test.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		tests = append(tests, found...)
	}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for _, name := range tests {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(source), -1) {
			names[m[1]] = true
		}
	}
	return names
}

// TestEveryTypeIsUnderstood reads, compiles and writes a form of one question for each
// type, with a guidance hint.
func TestEveryTypeIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, name := range xlsform.Types() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, problems := xlsform.Parse("form.md", []byte(oneQuestion(name)))
			if f == nil {
				t.Fatal(problems)
			}
			n := f.Children[1]
			if n.Type != name {
				t.Fatalf("read as %+v", n)
			}
			if guidance, _ := n.Guidance.In(f, ""); guidance != "G" {
				t.Errorf("the guidance hint is %q", guidance)
			}
			plan, problems := fill.Compile(f)
			if plan == nil {
				t.Fatal(problems)
			}
			if _, ok := plan.New(fill.Env{}).State(n.Path); !ok {
				t.Error("a response has no such question")
			}
			var out strings.Builder
			if problems, err := xform.Write(&out, f, xform.Options{}); err != nil || forms.Refused(problems) {
				t.Errorf("as XForm: %v, %v", err, problems)
			}
		})
	}
}

func oneQuestion(name string) string {
	kind, id, more, trigger := name, "q", "", ""
	switch {
	case strings.HasSuffix(name, "_from_file"):
		kind += " list.csv"
	case strings.HasPrefix(name, "select"), name == "rank", name == "osm":
		kind += " l"
	case name == "calculate":
		more = "1 + 1"
	case name == "background-geopoint":
		trigger = "${t}"
	case name == "audit":
		id = name
	}
	return fmt.Sprintf(`
| survey | type | name | label | guidance_hint | calculation | trigger |
|        | text | t | T | | | |
|        | %s | %s | Q | G | %s | %s |
| choices | list_name | name | label |
|         | l | a | A |
| external_choices | list_name | name | label |
|         | l | a | A |
| osm | list_name | name | label |
|     | l | building | Building |
`, kind, id, more, trigger)
}
