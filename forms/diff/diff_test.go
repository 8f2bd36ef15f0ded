package diff_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/diff"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xlsform"
)

var update = flag.Bool("update", false, "write what the scenarios expect")

// TestScenarios compares the two forms of each file in testdata and expects the text
// that stands in it.
func TestScenarios(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(strings.TrimSpace(string(archive.Comment))) == 0 {
				t.Error("the scenario does not say what it shows")
			}
			before, after := parsed(t, archive, "old.md"), parsed(t, archive, "new.md")
			var text bytes.Buffer
			if err := diff.Compare(before, after).Text(&text, "en"); err != nil {
				t.Fatal(err)
			}
			got := text.String()
			if head, rest, ok := strings.Cut(got, "\n\n"); ok { // what is said at the head of each report
				count, open, _ := strings.Cut(head, "\n")
				if !strings.HasPrefix(open, diff.Open()[0].English[:40]) {
					t.Errorf("the report begins %q", head)
				}
				got = count + "\n\n" + rest
			}
			if *update {
				archive.Files = append(archive.Files[:2], txtar.File{Name: "text", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(archive.Files[2].Data); got != want {
				t.Errorf("the report (-want +got):\n%s", cmp.Diff(want, got))
			}
		})
	}
}

func scenarios(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d scenarios found (%v), want at least 10", len(names), err)
	}
	return names
}

func parsed(t *testing.T, archive *txtar.Archive, name string) *forms.Form {
	t.Helper()
	at := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
	if at < 0 {
		t.Fatalf("there is no %s", name)
	}
	f, problems := xlsform.Parse(name, archive.Files[at].Data)
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// TestSelf: a form does not differ from itself.
func TestSelf(t *testing.T) {
	t.Parallel()
	for _, f := range library(t) {
		if r := diff.Compare(f, f); len(r.Changes) > 0 {
			t.Errorf("%s differs from itself: %+v", f.ID, r.Changes[0])
		}
	}
}

// library is every form of the scenarios and of the shipped kits.
func library(t *testing.T) []*forms.Form {
	t.Helper()
	var all []*forms.Form
	for _, name := range scenarios(t) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, parsed(t, archive, "old.md"), parsed(t, archive, "new.md"))
	}
	folders, err := filepath.Glob("../library/*/*/survey.csv")
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, name := range folders {
		f, problems, err := xlsform.Read(filepath.Dir(name))
		if f == nil {
			t.Fatal(problems, err)
		}
		all = append(all, f)
	}
	return all
}

// opposite is what a kind of change is called the other way round.
var opposite = map[diff.Kind]diff.Kind{
	diff.Added: diff.Removed, diff.Removed: diff.Added, diff.ChoiceAdded: diff.ChoiceRemoved, diff.ChoiceRemoved: diff.ChoiceAdded,
	diff.ListAdded: diff.ListRemoved, diff.ListRemoved: diff.ListAdded,
	diff.LanguageAdded: diff.LanguageRemoved, diff.LanguageRemoved: diff.LanguageAdded,
}

// counted lists the changes without their direction; of moves only how many there are,
// since there may be several smallest sets.
func counted(r *diff.Report, swap bool) []string {
	var all []string
	for _, c := range r.Changes {
		kind, path, old, now := c.Kind, c.OldPath+" "+c.Path, c.Old, c.New
		if swap {
			path, old, now = c.Path+" "+c.OldPath, now, old
			if o, ok := opposite[kind]; ok {
				kind = o
			}
		}
		switch kind {
		case diff.Moved, diff.ChoiceMoved:
			all = append(all, string(kind))
			continue
		case diff.ChoiceRenamed, diff.Renamed:
			all = append(all, fmt.Sprint(kind, old, now))
			continue
		}
		column, _, _ := strings.Cut(c.Column, "::") // a language may be called otherwise in the other form
		all = append(all, fmt.Sprint(kind, path, c.List, c.Choice, column, old, now, c.Inside))
	}
	slices.Sort(all)
	return all
}

// TestSwapped: the other way round, what was added is removed.
func TestSwapped(t *testing.T) {
	t.Parallel()
	all := library(t)
	check := func(a, b *forms.Form) {
		t.Helper()
		there, back := counted(diff.Compare(a, b), false), counted(diff.Compare(b, a), true)
		if d := cmp.Diff(there, back); d != "" {
			t.Errorf("%s and %s (-there +back):\n%s", a.ID, b.ID, d)
		}
	}
	for i := 0; i+1 < len(all); i++ {
		check(all[i], all[i+1])
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		check(shuffled(t, random), shuffled(t, random))
	}
}

// shuffled is a small form of random rows out of few names and words, so that two of
// them have much in common.
func shuffled(t *testing.T, random *rand.Rand) *forms.Form {
	t.Helper()
	var b strings.Builder
	b.WriteString("| survey | type | name | label | relevant |\n")
	row := func(kind, name, label, relevant string) {
		fmt.Fprintf(&b, "| | %s | %s | %s | %s |\n", kind, name, label, relevant)
	}
	names := random.Perm(12)
	for i := 0; i < len(names); {
		group := random.IntN(3)
		if group > 0 {
			row([]string{"begin group", "begin repeat"}[group-1], fmt.Sprint("g", names[i]), fmt.Sprint("Group ", random.IntN(4)), "")
			i++
		}
		for range 1 + random.IntN(4) {
			if i < len(names) {
				row([]string{"text", "integer", "select_one l"}[random.IntN(3)], fmt.Sprint("q", names[i]), fmt.Sprint("Label ", random.IntN(8)), []string{"", "1 = 1"}[random.IntN(2)])
				i++
			}
		}
		if group > 0 {
			if strings.HasSuffix(b.String(), " |  |\n") && strings.Count(b.String(), "begin") > strings.Count(b.String(), "| q") {
				row("note", "n"+fmt.Sprint(i), "N", "")
			}
			row([]string{"end group", "end repeat"}[group-1], "", "", "")
		}
	}
	b.WriteString("| choices | list_name | name | label |\n")
	for _, c := range random.Perm(5)[:1+random.IntN(4)] {
		fmt.Fprintf(&b, "| | l | c%d | Choice %d |\n", c, random.IntN(6))
	}
	f, problems := xlsform.Parse("random.md", []byte(b.String()))
	if f == nil {
		t.Fatalf("%v\n%s", problems, b.String())
	}
	return f
}

// TestWhatIsSaidOfAnswersIsTrue fills in the old form and loads the answers into the new
// one: what the report calls kept apart, not followed, wrong, unknown or parked is so.
func TestWhatIsSaidOfAnswersIsTrue(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	before, after := parsed(t, archive, "old.md"), parsed(t, archive, "new.md")
	plan, problems := fill.Compile(after)
	if plan == nil {
		t.Fatal(problems)
	}
	in := plan.New(fill.Env{})
	err = in.Load([]fill.Answer{
		{Path: "/gone", Value: "a"}, {Path: "/was", Value: "a"}, {Path: "/g/elsewhere", Value: "a"}, {Path: "/word", Value: "many"}, {Path: "/count", Value: "3"},
		{Path: "/pick", Value: "y"}, {Path: "/rule", Value: "9"}, {Path: "/now", Value: "a"}, {Path: "/sum", Value: "7"}, {Path: "/r[k]/in", Value: "a"},
		{Path: "/times", Value: "1"}, {Path: "/list[1]/item", Value: "a"}, {Path: "/list[2]/item", Value: "b"},
	}, []fill.Item{{Repeat: "/r", Key: "k"}, {Repeat: "/list", Key: "1"}, {Repeat: "/list", Key: "2"}})
	if err != nil {
		t.Fatal(err)
	}
	orphan := func(path string) bool {
		return slices.ContainsFunc(in.Orphans(), func(a fill.Answer) bool { return a.Path == path })
	}
	state := func(path string) fill.State {
		s, ok := in.State(path)
		if !ok {
			t.Errorf("there is no %s", path)
		}
		return s
	}
	wrong := func(path, key string) bool { p := state(path).Problem; return p != nil && p.Key == key }
	holds := map[diff.Effect]bool{
		diff.KeptApart:     orphan("/gone"),
		diff.NotFollowed:   orphan("/was") && state("/is").Value == "" && orphan("/g/elsewhere") && state("/elsewhere").Value == "",
		diff.Reshaped:      orphan("/r[k]/in"),
		diff.Judged:        wrong("/word", "type.integer") && wrong("/rule", "constraint"),
		diff.Fits:          state("/count").Problem == nil && state("/count").Value == "3",
		diff.UnknownChoice: wrong("/pick", "choice.unknown") && state("/pick").Value == "y",
		diff.Parked:        !state("/now").Relevant && state("/now").Value == "a",
		diff.Computed:      state("/sum").Value == "4",
		diff.Missing:       wrong("/more", "required"),
		diff.ItemsParked:   len(in.Items("/list")) == 1 && len(in.Parked("/list")) == 1,
	}
	said := map[diff.Effect]bool{}
	for _, c := range diff.Compare(before, after).Changes {
		said[c.Effect] = true
	}
	for effect, isTrue := range holds {
		if !isTrue || !said[effect] {
			t.Errorf("%s: said %v, true %v", effect, said[effect], isTrue)
		}
	}
}

// TestJSON holds the keys that programs read.
func TestJSON(t *testing.T) {
	t.Parallel()
	a, _ := xlsform.Parse("a.md", []byte("| survey | type | name | label |\n| | text | a | A |\n| | text | b | B |\n"))
	b, _ := xlsform.Parse("b.md", []byte("| survey | type | name | label |\n| | text | a | A |\n"))
	data, err := json.Marshal(diff.Compare(a, b))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Same    bool `json:"same"`
		Changes []struct {
			Kind    string         `json:"kind"`
			OldPath string         `json:"old_path"`
			Place   map[string]any `json:"old_place"`
			Answers struct{ Key, Text string }
		}
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Same || len(got.Changes) != 1 || got.Changes[0].Kind != "removed" || got.Changes[0].OldPath != "/b" || got.Changes[0].Answers.Key != "kept_apart" ||
		got.Changes[0].Place["row"] != 3.0 || got.Changes[0].Place["sheet"] != "survey" {
		t.Errorf("the report is %s", data)
	}
	if data, err := json.Marshal(diff.Compare(a, a)); err != nil || !strings.Contains(string(data), `"same":true`) || !strings.Contains(string(data), `"changes":[]`) {
		t.Errorf("of equal forms the report is %s, %v", data, err)
	}
}

// TestFilesBesideAForm: lists beside the form are compared as a whole each.
func TestFilesBesideAForm(t *testing.T) {
	t.Parallel()
	with := func(files map[string][]byte) *forms.Form {
		f, problems := xlsform.Parse("a.md", []byte("| survey | type | name | label |\n| | select_one_from_file towns.csv | a | A |\n"))
		if f == nil {
			t.Fatal(problems)
		}
		f.Files = files
		return f
	}
	towns := map[string][]byte{"towns.csv": []byte("name,label\n")}
	more := map[string][]byte{"towns.csv": []byte("name,label\na,A\n")}
	for _, tt := range []struct {
		name          string
		before, after map[string][]byte
		want          string
	}{
		{"the same", towns, towns, ""},
		{"another", towns, more, "file towns.csv bytes: 11 -> bytes: 15 unknown_choice"},
		{"none any more", towns, nil, "file towns.csv bytes: 11 ->  "},
	} {
		got := ""
		for _, c := range diff.Compare(with(tt.before), with(tt.after)).Changes {
			got += fmt.Sprintf("%s %s %s -> %s %s", c.Kind, c.Column, c.Old, c.New, c.Effect)
		}
		if got != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
	}
}

// TestTextInOtherLanguages: everything that the report says of its own is translated.
func TestTextInOtherLanguages(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	report := diff.Compare(parsed(t, archive, "old.md"), parsed(t, archive, "new.md"))
	for lang, want := range map[string][]string{
		"es": {"Diferencias: 12.", "Los formularios abiertos conservan", "se quita", "fila 2 -> ninguna", "«Gone»", "respuestas: se conservan en /gone", "(se supone)", "primero en g", "Opciones de l"},
		"fr": {"Différences\u00a0: 12.", "retrait", "ligne 2 -> aucune", "réponses\u00a0: gardées sous /gone", "Choix de l"},
	} {
		var text bytes.Buffer
		if err := report.Text(&text, lang); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(text.String(), w) {
				t.Errorf("%s: the report does not say %q\n%s", lang, w, text.String())
			}
		}
		for _, english := range []string{"answers:", "row ", "removed", "(nothing)", "in g,"} {
			if strings.Contains(text.String(), english) {
				t.Errorf("%s: the report says %q", lang, english)
			}
		}
	}
}
