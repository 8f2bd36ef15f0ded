package xform_test

import (
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/google/go-cmp/cmp"
)

func expanded(t *testing.T, sheets string) (given, out *forms.Form) {
	t.Helper()
	f, problems := xlsform.Parse("visit.md", []byte(sheets))
	if f == nil {
		t.Fatal(problems)
	}
	return f, xform.Expand(f, xform.Options{Root: "visit"})
}

// What Write spells out is there as nodes, in the order of the instance.
func TestExpand(t *testing.T) {
	t.Parallel()
	given, out := expanded(t, `
| survey |
| | type | name | label | repeat_count | default |
| | csv-external | people | | | |
| | image | photo | Photo | | a.jpg |
| | begin repeat | r | R | 1 + 1 | |
| | text | x | X | | |
| | end repeat | | | | |
| | audit | audit | | | |
| settings |
| | instance_name |
| | concat(${photo}, '!') |
| entities |
| | list_name | label |
| | trees | ${photo} |
`)
	var got []string
	out.Walk(func(n *forms.Node) bool {
		got = append(got, n.Path)
		return true
	})
	want := []string{
		"/photo", "/r_count", "/r", "/r/x", "/meta", "/meta/entity", "/meta/entity/@dataset", "/meta/entity/@create", "/meta/entity/@id",
		"/meta/entity/label", "/meta/audit", "/meta/instanceID", "/meta/instanceName",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct{ what, got, want string }{
		{"root", out.Settings["name"], "visit"},
		{"count of the repeat", out.Find("/r").RepeatCount, "${r_count}"},
		{"its calculation", out.Find("/r_count").Calculation, "1 + 1"},
		{"default of the picture", out.Find("/photo").Default, "jr://images/a.jpg"},
		{"label of the entity", out.Find("/meta/entity/label").Calculation, "${photo}"},
		{"name of the instance", out.Find("/meta/instanceName").Calculation, "concat(${photo}, '!')"},
		{"root of the form that was given", given.Settings["name"], ""},
		{"its picture", given.Find("/photo").Default, "a.jpg"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, tt.got, tt.want)
		}
	}
}

func TestWriteInstance(t *testing.T) {
	t.Parallel()
	_, out := expanded(t, "| survey |\n| | type | name | label |\n| | text | q | Q |\n| settings |\n| | version |\n| | 3 |")
	var b strings.Builder
	err := xform.WriteInstance(&b, out, []*xform.Element{
		{Name: "q", Text: "a < b\r"},
		{Name: "meta", Children: []*xform.Element{{Name: "entity", Attrs: [][2]string{{"id", `"1"`}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<visit id="visit" version="3"`, "<q>a &lt; b&#13;</q>", `<entity id="&quot;1&quot;"/>`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s is not in\n%s", want, b.String())
		}
	}
}
