package fill_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// begun compiles a form and begins a response.
func begun(t *testing.T, sheets string, env fill.Env) *fill.Instance {
	t.Helper()
	form, problems := xlsform.Parse("form.md", []byte(sheets))
	if form == nil {
		t.Fatal(problems)
	}
	plan, problems := fill.Compile(form)
	if plan == nil {
		t.Fatal(problems)
	}
	return plan.New(env)
}

func TestNestedCountsAreBounded(t *testing.T) {
	t.Parallel()
	in := begun(t, `
| survey |
| | type | name | label | repeat_count |
| | integer | n | N | |
| | begin repeat | outer | Outer | ${n} |
| | begin repeat | inner | Inner | ${n} |
| | text | q | Q | |
| | end repeat | | | |
| | end repeat | | | |
`, fill.Env{})
	if err := in.Set("/n", "1e9"); err != nil && !errors.Is(err, fill.ErrTooMuch) {
		t.Fatal(err)
	}
	if n := len(in.Items("/outer")); n != 10_000 {
		t.Errorf("%d items, want the 10,000 that a repeat may have", n)
	}
	if _, err := in.AddItem("/outer", "more"); !errors.Is(err, fill.ErrTooMuch) {
		t.Errorf("one more item: %v, want ErrTooMuch", err)
	}
}

func TestDearRulesAreBounded(t *testing.T) {
	t.Parallel()
	in := begun(t, `
| survey |
| | type | name | label | repeat_count | calculation |
| | integer | n | N | | |
| | begin repeat | r | R | ${n} | |
| | integer | x | X | | |
| | calculate | y | | | count(//x[. > count(//x)]) |
| | end repeat | | | | |
`, fill.Env{})
	if err := in.Set("/n", "9000"); !errors.Is(err, fill.ErrTooMuch) {
		t.Errorf("got %v, want ErrTooMuch", err)
	}
	if err := in.Set("/n", "2"); err != nil {
		t.Errorf("with two items again: %v", err)
	}
}

// Triggers that chase each other come to an end, and nothing typed is lost.
func TestTriggersThatChaseEachOther(t *testing.T) {
	t.Parallel()
	in := begun(t, `
| survey |
| | type | name | label | calculation | trigger |
| | integer | a | A | ${b} + 1 | ${b} |
| | integer | b | B | ${a} + 1 | ${a} |
| | text | c | C | | |
`, fill.Env{})
	if err := in.Set("/a", "1"); !errors.Is(err, fill.ErrTooMuch) {
		t.Errorf("got %v, want ErrTooMuch", err)
	}
	if err := in.Set("/c", "kept"); err != nil || in.Value("/c") != "kept" {
		t.Errorf("after that: %q, %v", in.Value("/c"), err)
	}
}

func TestItemKeysAreChecked(t *testing.T) {
	t.Parallel()
	in := begun(t, "| survey |\n| | type | name | label |\n| | begin repeat | r | R |\n| | text | x | X |\n| | end repeat | | |", fill.Env{})
	for _, key := range []string{"a]", "a/b", strings.Repeat("k", 37), "é"} {
		if _, err := in.AddItem("/r", key); err == nil {
			t.Errorf("AddItem with the key %q was taken", key)
		}
		if err := in.Load(nil, []fill.Item{{Repeat: "/r", Key: key}}); err == nil {
			t.Errorf("Load with the key %q was taken", key)
		}
	}
	if items := in.Items("/r"); len(items) != 0 {
		t.Errorf("items %v", items)
	}
}

// Answers that the form has no place for are kept and listed.
func TestOrphans(t *testing.T) {
	t.Parallel()
	in := begun(t, "| survey |\n| | type | name | label |\n| | text | x | X |", fill.Env{})
	gone := fill.Answer{Path: "/gone[1]/y", Value: "kept"}
	if err := in.Load([]fill.Answer{gone, {Path: "/x", Value: "1"}}, []fill.Item{{Repeat: "/gone", Key: "1"}}); err != nil {
		t.Fatal(err)
	}
	if o := in.Orphans(); len(o) != 1 || o[0] != gone {
		t.Errorf("Orphans() = %v, want %v", o, gone)
	}
	if in.Value("/x") != "1" {
		t.Errorf("/x = %q", in.Value("/x"))
	}
}

func TestReadMediaRefuses(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"list.txt": "a", "list.xml": "<a", "empty.xml": "", "list.geojson": "[", "list.csv": "a,b\n\"x",
	} {
		if list, err := fill.ReadMedia(name, []byte(data)); err == nil && name != "list.csv" {
			t.Errorf("ReadMedia(%s) = %v, want an error", name, list)
		} else if err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("ReadMedia(%s): %v does not name the file", name, err)
		}
	}
}
