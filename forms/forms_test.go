package forms

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func sample() *Form {
	f := &Form{
		ID:              "sample",
		DefaultLanguage: "Español (es)",
		Languages:       []Language{{"English (en)", "en"}, {"Español (es)", "es"}, {"Kreyòl", ""}},
		Children: []*Node{
			{Kind: Question, Name: "title", Type: "text", Label: Text{"English (en)": "Title", "Español (es)": "Título"}},
			{Kind: Repeat, Name: "e", Children: []*Node{
				{Kind: Question, Name: "e_name", Type: "text"},
				{Kind: Group, Name: "g", Children: []*Node{{Kind: Question, Name: "title", Type: "integer"}}},
			}},
		},
	}
	f.Link()
	return f
}

func TestParsePath(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		in       string
		want     Path
		question string
	}{
		{"a question at the top", "/title", Path{{"title", ""}}, "/title"},
		{"an item of a repeat", "/e[k3f9a]/e_name", Path{{"e", "k3f9a"}, {"e_name", ""}}, "/e/e_name"},
		{"repeats in repeats", "/r[a]/s[b-1]/q", Path{{"r", "a"}, {"s", "b-1"}, {"q", ""}}, "/r/s/q"},
		{"letters of other scripts", "/año/größe", Path{{"año", ""}, {"größe", ""}}, "/año/größe"},
		{"a name with a prefix", "/orx:meta", Path{{"orx:meta", ""}}, "/orx:meta"},
		{"no slash in front", "title", nil, ""},
		{"an empty step", "/a//b", nil, ""},
		{"the empty path", "", nil, ""},
		{"an empty key", "/e[]/x", nil, ""},
		{"a key that never ends", "/e[a/x", nil, ""},
		{"a key with a dot", "/e[a.b]/x", nil, ""},
		{"a key of 37 letters", "/e[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]/x", nil, ""},
		{"a name that begins with a digit", "/1a", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParsePath(tt.in)
			if tt.want == nil {
				if !errors.Is(err, ErrBadPath) {
					t.Fatalf("ParsePath(%q) = %v, %v; want ErrBadPath", tt.in, got, err)
				}
				return
			}
			if err != nil || !cmp.Equal(got, tt.want) {
				t.Fatalf("ParsePath(%q) = %v, %v; want %v", tt.in, got, err, tt.want)
			}
			if got.String() != tt.in || got.Question() != tt.question || QuestionPath(tt.in) != tt.question {
				t.Errorf("%q came back as %q, question %q and %q", tt.in, got, got.Question(), QuestionPath(tt.in))
			}
		})
	}
}

func TestEncodeKeepsEverything(t *testing.T) {
	t.Parallel()
	f := sample()
	data, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f, back, cmpopts.IgnoreUnexported(Form{}), cmpopts.IgnoreFields(Node{}, "Parent")); diff != "" {
		t.Errorf("decoded form differs (-want +got):\n%s", diff)
	}
	if n := back.Find("/e/g/title"); n == nil || n.Parent.Parent.Name != "e" {
		t.Errorf("Find after Decode = %v; want the linked question", n)
	}
	again, err := back.Encode()
	if err != nil || string(again) != string(data) {
		t.Errorf("encoding twice gave other bytes (%v)", err)
	}
}

func TestFindAndByName(t *testing.T) {
	t.Parallel()
	f := sample()
	if n := f.Find("/e[a]/e_name"); n == nil || n.Path != "/e/e_name" || len(n.Repeats()) != 1 {
		t.Errorf("Find(answer path) = %+v", n)
	}
	if n := f.Find("/e/nothing"); n != nil {
		t.Errorf("Find(unknown) = %+v; want nil", n)
	}
	if n := (&Form{Children: f.Children}).Find("/e/g/title"); n == nil {
		t.Error("Find on an unlinked form found nothing")
	}
	if got := f.ByName("title"); len(got) != 2 || got[0].Path != "/title" || got[1].Path != "/e/g/title" {
		t.Errorf("ByName = %v", got)
	}
}

func TestTextFallsBack(t *testing.T) {
	t.Parallel()
	f := sample()
	for _, tt := range []struct {
		name, lang     string
		text           Text
		want, wantCode string
	}{
		{"by code", "en", Text{"English (en)": "Title", "Español (es)": "Título"}, "Title", "en"},
		{"by name", "English (en)", Text{"English (en)": "Title"}, "Title", "en"},
		{"by regional code", "es-MX", Text{"Español (es)": "Título"}, "Título", "es"},
		{"an unknown language gives the default", "fr", Text{"English (en)": "Title", "Español (es)": "Título"}, "Título", "es"},
		{"not translated gives the default", "en", Text{"Español (es)": "Título"}, "Título", "es"},
		{"unmarked text serves all", "en", Text{"": "X"}, "X", ""},
		{"a language without a code says its name", "en", Text{"Kreyòl": "Non"}, "Non", "Kreyòl"},
		{"no text", "en", nil, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, code := tt.text.In(f, tt.lang)
			if got != tt.want || code != tt.wantCode {
				t.Errorf("In(%q) = %q, %q; want %q, %q", tt.lang, got, code, tt.want, tt.wantCode)
			}
		})
	}
}

func TestProblemOnOneLine(t *testing.T) {
	t.Parallel()
	p := Problem{Severity: Warning, Place: Place{File: "a.xlsx", Sheet: "survey", Row: 7, Column: "relevant"}, Text: "look here"}
	if got, want := p.String(), "a.xlsx:survey:7:relevant: warning: look here"; got != want {
		t.Errorf("String() = %q; want %q", got, want)
	}
	if Refused([]Problem{p}) || !Refused([]Problem{p, {}}) {
		t.Error("only an Error refuses a form")
	}
}
