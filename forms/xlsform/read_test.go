package xlsform

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms"
)

// readMD reads a form from Markdown and wants it to be accepted.
func readMD(t *testing.T, md string) *forms.Form {
	t.Helper()
	f, problems := Parse("form.md", []byte(md))
	if f == nil {
		t.Fatalf("form refused: %v", problems)
	}
	return f
}

func TestReadTree(t *testing.T) {
	t.Parallel()
	f := readMD(t, `
# Everything that a row can say comes back from the node.
| survey   | type                    | name  | label::English (en) | label::Español (es) | relevant     | required | read only | bind::odk:length | core |
|          | begin group             | house | House               | Casa                |              |          |           |                  |      |
|          | select_one sex          | sex   | Sex                 | Sexo                |              | yes      |           |                  | yes  |
|          | end group               |       |                     |                     |              |          |           |                  |      |
|          | begin repeat            | child | Child               | Hija o hijo         | ${sex} = 'f' |          |           |                  |      |
|          | integer                 | age   | Age                 | Edad                |              |          | TRUE      | 3                |      |
|          | select_multiple sex or_other | s2 | Which              | Cuáles              |              |          |           |                  |      |
|          | end repeat              |       |                     |                     |              |          |           |                  |      |
| choices  | list name | name | label::English (en) | label::Español (es) | region |
|          | sex       | f    | Female              | Mujer               | north  |
|          | sex       | m    | Male                | Hombre              |        |
| settings | form_title | form_id | version | default_language |
|          | A form     | a       | 7       | es               |
`)
	if f.ID != "a" || f.Title != "A form" || f.Version != "7" || f.DefaultLanguage != "Español (es)" {
		t.Errorf("settings: id %q, title %q, version %q, default %q", f.ID, f.Title, f.Version, f.DefaultLanguage)
	}
	if diff := cmp.Diff([]forms.Language{{Name: "English (en)", Code: "en"}, {Name: "Español (es)", Code: "es"}}, f.Languages); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
	var paths []string
	f.Walk(func(n *forms.Node) bool {
		paths = append(paths, n.Path)
		return true
	})
	want := []string{"/house", "/house/sex", "/child", "/child/age", "/child/s2", "/child/s2_other"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
	sex, age := f.Find("/house/sex"), f.Find("/child/age")
	if sex.Type != "select_one" || sex.List != "sex" || sex.Required != "true()" || sex.Extra["core"] != "yes" {
		t.Errorf("sex = %+v", sex)
	}
	if sex.Place.Row != 3 || sex.Columns["required"] != "required" {
		t.Errorf("place of sex = %v, columns %v", sex.Place, sex.Columns)
	}
	if age.ReadOnly != "true()" || age.Bind["odk:length"] != "3" || age.Parent.Relevant != "${sex} = 'f'" {
		t.Errorf("age = %+v", age)
	}
	if c := f.Lists["sex"].Choices; len(c) != 3 || c[0].Extra["region"] != "north" || c[2].Name != "other" {
		t.Errorf("choices = %+v", c)
	}
}

// One form, written in three ways, is the same form.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	survey := "type,name,label\ninteger,n,\"How many, in all?\"\nselect_one yn,q,Really?\n"
	choices := "list_name,name,label\nyn,y,Yes\nyn,n,No\n"
	single := "survey\n,type,name,label\n,integer,n,\"How many, in all?\"\n,select_one yn,q,Really?\nchoices,list_name,name,label\n,yn,y,Yes\n,yn,n,No\n"
	md := "| survey | type | name | label |\n|---|---|---|---|\n| | integer | n | How many, in all? |\n| | select_one yn | q | Really? |\n" +
		"| choices | list_name | name | label |\n| | yn | y | Yes |\n| | yn | n | No |\n"
	fsys := fstest.MapFS{
		"form/survey.csv":   {Data: []byte(survey)},
		"form/choices.csv":  {Data: []byte(choices)},
		"form/settings.csv": {Data: []byte("form_id\nform\n")},
		"form.csv":          {Data: []byte(single)},
		"form.md":           {Data: []byte(md)},
		"semicolons.csv":    {Data: []byte("\xef\xbb\xbf" + strings.ReplaceAll(strings.ReplaceAll(single, ",", ";"), "many;", "many,"))},
	}
	shape := func(name string) string {
		f, problems, err := ReadFS(fsys, name)
		if err != nil || f == nil {
			t.Fatalf("%s: %v %v", name, err, problems)
		}
		var b strings.Builder
		f.Walk(func(n *forms.Node) bool {
			b.WriteString(n.Path + " " + n.Type + " " + n.List + " " + n.Label[""] + "\n")
			return true
		})
		for _, c := range f.Lists["yn"].Choices {
			b.WriteString(c.Name + " " + c.Label[""] + "\n")
		}
		return b.String()
	}
	want := shape("form.md")
	for _, name := range []string{"form", "form.csv", "semicolons.csv"} {
		if diff := cmp.Diff(want, shape(name)); diff != "" {
			t.Errorf("%s differs from form.md (-want +got):\n%s", name, diff)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		header, name, lang string
		doubled            bool
	}{
		{"Label", "label", "", false},
		{" Constraint  Message ", "constraint_message", "", false},
		{"label::Español (es)", "label", "Español (es)", true},
		{"label :: en", "label", "en", true},
		{"label:en", "label", "en", false},
		{"media::image::en", "image", "en", true},
		{"image::en", "image", "en", true},
		{"media:image:en", "image", "en", false},
		{"bind::relevant", "relevant", "", true},
		{"bind::jr:constraintMsg::en", "constraint_message", "en", true},
		{"bind:jr:constraintMsg", "constraint_message", "", false},
		{"bind::odk:length", "bind::odk:length", "", true},
		{"body::accuracyThreshold", "control::accuracyThreshold", "", true},
		{"control::appearance", "appearance", "", true},
		{"jr:count", "repeat_count", "", false},
		{"instance::odk:tag", "instance::odk:tag", "", true},
	} {
		c := surveyColumns.parse(tt.header, tt.doubled)
		if c.name != tt.name || c.lang != tt.lang || !c.known {
			t.Errorf("header %q reads as %q in %q (known %v); want %q in %q", tt.header, c.name, c.lang, c.known, tt.name, tt.lang)
		}
	}
	if c := surveyColumns.parse("relevent", false); c.known {
		t.Errorf("a misspelled header is known: %+v", c)
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cell string
		want rowType
	}{
		{"text", rowType{name: "text"}},
		{"Int", rowType{name: "integer"}},
		{"phone number", rowType{name: "phone number"}},
		{"select_one yn", rowType{name: "select_one", list: "yn"}},
		{"select one  from yn", rowType{name: "select_one", list: "yn"}},
		{"select all that apply from yn or specify other", rowType{name: "select_multiple", list: "yn", other: true}},
		{"select_one_from_file a.csv", rowType{name: "select_one_from_file", file: "a.csv"}},
		{"select multiple from file a.geojson", rowType{name: "select_multiple_from_file", file: "a.geojson"}},
		{"select_one ${child}", rowType{name: "select_one", from: "child"}},
		{"begin_group", rowType{kind: beginGroup}},
		{"begin looped group", rowType{kind: beginRepeat}},
		{"End Repeat", rowType{kind: endRepeat}},
		{"begin loop over towns", rowType{kind: beginLoop, list: "towns"}},
		{"begin", rowType{kind: unknownRow}},
		{"select_one", rowType{kind: unknownRow}},
		{"integre", rowType{kind: unknownRow}},
	} {
		if got := parseType(tt.cell); got != tt.want {
			t.Errorf("parseType(%q) = %+v; want %+v", tt.cell, got, tt.want)
		}
	}
}

func TestUnreadableIsAnError(t *testing.T) {
	t.Parallel()
	if _, _, err := Read(t.TempDir() + "/none.xlsx"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading a file that is not there: %v", err)
	}
}
