package forms_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// TestOwnForms takes ten forms, of 17 to 5,000 questions, from the file to the XForm and
// to a response whose questions all say what they are.
func TestOwnForms(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/own/*.md")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d forms, %v", len(files), err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		ownForm(t, filepath.Base(name), string(data), 0)
	}
	ownForm(t, "census.md", census(25, 40), 1_000)
	ownForm(t, "visits.md", visits(40, 50), 2_000)
	ownForm(t, "laws.md", laws(3_000, 10, 300), 3_000)
	ownForm(t, "chain.md", chain(5_000), 5_000)
}

func ownForm(t *testing.T, name, source string, questions int) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		f, problems := xlsform.Parse(name, []byte(source))
		if f == nil {
			t.Fatal(problems)
		}
		problems = append(problems, xlsform.Attach(f, os.DirFS("testdata/own"), xlsform.MediaFolders(name)...)...)
		plan, more := fill.Compile(f)
		if problems = append(problems, more...); forms.Refused(problems) {
			t.Fatal(problems)
		}
		for _, p := range problems {
			t.Errorf("not clean: %s", p)
		}
		var out bytes.Buffer
		if problems, err := xform.Write(&out, f, xform.Options{}); err != nil || forms.Refused(problems) {
			t.Fatalf("as XForm: %v, %v", err, problems)
		}
		wellFormed(t, &out)
		in := plan.New(fill.Env{})
		asked := 0
		f.Walk(func(n *forms.Node) bool {
			if n.Kind != forms.Question {
				return true
			}
			asked++
			if _, ok := in.State(n.Path); !ok && !inRepeat(n) {
				t.Errorf("%s: a new response has no such question", n.Path)
			}
			return true
		})
		if asked < questions {
			t.Errorf("%d questions; want %d", asked, questions)
		}
	})
}

func inRepeat(n *forms.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == forms.Repeat {
			return true
		}
	}
	return false
}

func wellFormed(t *testing.T, r io.Reader) {
	t.Helper()
	d := xml.NewDecoder(r)
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the XForm is no XML: %v", err)
		}
	}
}

// census has sections of numbers that must agree with their totals.
func census(sections, each int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | constraint | constraint_message | required | calculation | relevant |\n")
	for s := range sections {
		fmt.Fprintf(&b, "| | begin group | s%d | Form %d of the school | | | | | |\n", s, s+1)
		var sum []string
		for q := range each - 2 {
			fmt.Fprintf(&b, "| | integer | s%d_q%d | Pupils in class %d | . >= 0 and . < 100 | Fewer than 100 | yes | | |\n", s, q, q+1)
			sum = append(sum, fmt.Sprintf("${s%d_q%d}", s, q))
		}
		fmt.Fprintf(&b, "| | calculate | s%d_sum | | | | | %s | |\n", s, strings.Join(sum, " + "))
		fmt.Fprintf(&b, "| | note | s%d_told | Together ${s%d_sum} | | | | | ${s%d_sum} > 0 |\n| | end group | | | | | | | |\n", s, s, s)
	}
	return b.String()
}

// visits has repeats, every other one within a repeat, with sums over their items.
func visits(repeats, each int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | relevant | calculation |\n")
	for r := range repeats {
		fmt.Fprintf(&b, "| | begin repeat | r%d | Visit | | |\n", r)
		for q := range each - 2 {
			fmt.Fprintf(&b, "| | decimal | r%d_q%d | Measure %d | position(..) > 0 | |\n", r, q, q)
		}
		if r%2 == 1 {
			b.WriteString("| | end repeat | | | | |\n| | end repeat | | | | |\n")
			for _, from := range []int{r - 1, r} {
				fmt.Fprintf(&b, "| | calculate | r%d_sum | | | sum(${r%d_q0}) |\n| | calculate | r%d_n | | | count(${r%d}) |\n", from, from, from, from)
			}
		}
	}
	return b.String()
}

// laws has selects from long lists, filtered by the answer before.
func laws(questions, lists, choices int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | choice_filter |\n")
	for q := range questions {
		filter := ""
		if q > 0 {
			filter = fmt.Sprintf("part = '' or part != ${q%d}", q-1)
		}
		fmt.Fprintf(&b, "| | select_one l%d | q%d | Which article of law %d applies? | %s |\n", q%lists, q, q, filter)
	}
	b.WriteString("| choices |\n| | list_name | name | label | part |\n")
	for l := range lists {
		for c := range choices {
			fmt.Fprintf(&b, "| | l%d | a%d | Article %d | p%d |\n", l, c, c+1, c/30)
		}
	}
	return b.String()
}

// chain has questions that each hang on the one before.
func chain(questions int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | relevant | constraint |\n| | integer | q0 | Begin | | |\n")
	for q := 1; q < questions; q++ {
		fmt.Fprintf(&b, "| | integer | q%d | Step %d | ${q%d} > 0 | . >= ${q%d} |\n", q, q, q-1, q-1)
	}
	return b.String()
}

// TestFilesBesideAForm: the lists come along with the form, also when it is stored; one
// that is not there is an empty list with a warning, a damaged one is an error.
func TestFilesBesideAForm(t *testing.T) {
	t.Parallel()
	const source = "| survey |\n| | type | name | label | calculation |\n| | select_one_from_file towns.csv | town | Town | |\n| | calculate | people | | pulldata('towns', 'people', 'name', ${town}) |\n"
	list := func(content string) fstest.MapFS { return fstest.MapFS{"f-media/towns.csv": {Data: []byte(content)}} }
	f, _ := xlsform.Parse("f.md", []byte(source))
	if problems := xlsform.Attach(f, list("name,label,people\nl,Lima,10\nq,Quito,2\n"), xlsform.MediaFolders("f.md")...); len(problems) > 0 {
		t.Fatal(problems)
	}
	stored, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if f, err = forms.Decode(stored); err != nil {
		t.Fatal(err)
	}
	plan, problems := fill.Compile(f)
	if plan == nil {
		t.Fatal(problems)
	}
	in := plan.New(fill.Env{})
	if err := in.Set("/town", "q"); err != nil || len(in.Choices("/town")) != 2 || in.Value("/people") != "2" {
		t.Errorf("%d choices, people %q, %v", len(in.Choices("/town")), in.Value("/people"), err)
	}

	f, _ = xlsform.Parse("f.md", []byte(source))
	problems = xlsform.Attach(f, fstest.MapFS{}, ".")
	if len(problems) != 1 || problems[0].Key != "file.absent" || problems[0].Place.Row != 2 || forms.Refused(problems) {
		t.Errorf("without the file: %v", problems)
	}
	if plan, problems := fill.Compile(f); plan == nil || len(plan.New(fill.Env{}).Choices("/town")) > 0 {
		t.Errorf("without the file the list is not empty, %v", problems)
	}

	f, _ = xlsform.Parse("f.md", []byte("| survey |\n| | type | name | label |\n| | select_one_from_file towns.xml | town | Town |\n"))
	xlsform.Attach(f, fstest.MapFS{"towns.xml": {Data: []byte("<root><item>")}}, ".")
	if plan, problems := fill.Compile(f); plan != nil || problems[0].Key != "file.unreadable" {
		t.Errorf("a damaged file: %v", problems)
	}
}

// TestSimplified: one note for each type, at the first question of it.
func TestSimplified(t *testing.T) {
	t.Parallel()
	f, _ := xlsform.Parse("f.md", []byte("| survey |\n| | type | name | label | appearance |\n| | text | t | T | multiline |\n| | geopoint | a | A | |\n| | geopoint | b | B | placement-map |\n| | barcode | c | C | |\n| | username | d | | |\n"))
	var got []string
	for _, p := range f.Simplified() {
		got = append(got, p.Place.String()+" "+p.Severity.String()+" "+p.Key)
	}
	want := []string{"f.md:survey:3:type note web.geopoint", "f.md:survey:4:appearance note web.appearance placement-map", "f.md:survey:5:type note web.barcode", "f.md:survey:6:type note web.username"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q; want %q", got, want)
	}
}

// TestSimplifiedMedia: one note for pictures and sounds in labels, one for those in choices.
func TestSimplifiedMedia(t *testing.T) {
	t.Parallel()
	f, problems := xlsform.Parse("f.md", []byte("| survey |\n| | type | name | label | image |\n| | select_one l | a | A | a.png |\n| | text | b | B | b.png |\n| choices |\n| | list_name | name | label | audio |\n| | l | x | X | |\n| | l | y | Y | y.mp3 |\n| | l | z | Z | z.mp3 |\n"))
	if f == nil {
		t.Fatal(problems)
	}
	var got []string
	for _, p := range f.Simplified() {
		got = append(got, p.Place.String()+" "+p.Key)
	}
	if want := []string{"f.md:survey:2 web.media", "f.md:choices:3 web.choice_media"}; !slices.Equal(got, want) {
		t.Errorf("got %q; want %q", got, want)
	}
}
