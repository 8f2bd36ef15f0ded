package xform

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
)

func readForm(t testing.TB, md string) *forms.Form {
	t.Helper()
	f, problems := xlsform.Parse("form.md", []byte(md))
	if f == nil {
		t.Fatalf("form refused: %v", problems)
	}
	return f
}

// xformOf writes a form and takes out white space between elements, so that tests can
// look for fragments.
func xformOf(t testing.TB, md string) string {
	t.Helper()
	var b bytes.Buffer
	problems, err := Write(&b, readForm(t, md), Options{})
	if err != nil || forms.Refused(problems) {
		t.Fatalf("not written: %v %v", problems, err)
	}
	wellFormed(t, b.Bytes())
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "")
}

func wellFormed(t testing.TB, doc []byte) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, doc)
		}
	}
}

// What an author writes, and what a client must find.
func TestWrite(t *testing.T) {
	t.Parallel()
	const head = "| survey | type | name | label | "
	for _, tt := range []struct {
		name string
		md   string
		want []string
	}{
		{"a question has a place, a type and a control",
			head + "required | constraint | constraint message |\n| | integer | age | How old? | yes | . < 120 | Too old |",
			[]string{
				`<instance><data id="form"><age/><meta><instanceID/></meta></data></instance>`,
				`<bind nodeset="/data/age" type="int" required="true()" constraint=". &lt; 120" jr:constraintMsg="Too old"/>`,
				`<input ref="/data/age"><label>How old?</label></input>`,
			}},
		{"a reference outside repeats is absolute",
			head + "relevant |\n| | integer | age | Age | |\n| | begin group | g | G | ${age} > 17 |\n| | text | job | Job | |\n| | end group | | | |",
			[]string{`<bind nodeset="/data/g" relevant=" /data/age  &gt; 17"/>`}},
		{"a reference to the same item is relative",
			head + "relevant |\n| | begin repeat | r | R | |\n| | integer | age | Age | |\n| | begin group | g | G | |\n| | text | job | Job | ${age} > 17 |\n| | end group | | | |\n| | end repeat | | | |",
			[]string{
				`<bind nodeset="/data/r/g/job" type="string" relevant=" ../../age  &gt; 17"/>`,
				`<r jr:template=""><age/><g><job/></g></r><r><age/><g><job/></g></r>`,
				`<group ref="/data/r"><label>R</label><repeat nodeset="/data/r">`,
			}},
		{"a reference out of the repeat, and to all items, is absolute",
			head + "calculation |\n| | text | who | Who | |\n| | begin repeat | r | R | |\n| | integer | n | N | |\n| | calculate | c | | concat(${who}, ${n}) |\n| | end repeat | | | |\n| | calculate | all | | sum(${n}) |",
			[]string{`calculate="concat( /data/who ,  ../n )"`, `calculate="sum( /data/r/n )"`}},
		{"indexed-repeat names questions and repeats absolutely, and indexes relatively",
			head + "calculation |\n| | begin repeat | r | R | |\n| | integer | n | N | |\n| | calculate | c | | indexed-repeat(${n}, ${r}, ${n} - 1) + ${n} |\n| | end repeat | | | |",
			[]string{`indexed-repeat( /data/r/n ,  /data/r ,  ../n  - 1) +  ../n "`}},
		{"in a predicate of another instance the way back begins with current()",
			head + "calculation |\n| | xml-external | towns | | |\n| | begin repeat | r | R | |\n| | integer | n | N | |\n| | calculate | c | | instance('towns')/root/item[id = ${n}]/label |\n| | end repeat | | | |",
			[]string{
				`<instance id="towns" src="jr://file/towns.xml"/>`,
				`calculate="instance('towns')/root/item[id =  current()/../n ]/label"`,
			}},
		{"choices are another instance, filtered where they are used",
			head + "choice_filter |\n| | text | c | C | |\n| | select_one town | t | T | country = ${c} |\n| choices | list_name | name | label | country |\n| | town | a | A | x |",
			[]string{
				`<instance id="town"><root><item><name>a</name><label>A</label><country>x</country></item></root></instance>`,
				`<itemset nodeset="instance('town')/root/item[country =  /data/c ]"><value ref="name"/><label ref="label"/></itemset>`,
			}},
		{"translations go into itext, gaps are dashes",
			"| survey | type | name | label::English (en) | label::Español (es) | hint::English (en) |\n| | text | a | A | Á | H |",
			[]string{
				`<translation lang="English (en)"><text id="/data/a:label"><value>A</value></text><text id="/data/a:hint"><value>H</value></text></translation>`,
				`<translation lang="Español (es)"><text id="/data/a:label"><value>Á</value></text><text id="/data/a:hint"><value>-</value></text></translation>`,
				`<label ref="jr:itext('/data/a:label')"/><hint ref="jr:itext('/data/a:hint')"/>`,
			}},
		{"answers in a text are outputs",
			head + "|\n| | text | who | Who | |\n| | note | n | Dear ${who}, a < b | |",
			[]string{`<label> Dear <output value=" /data/who "/>, a &lt; b </label>`}},
		{"a value is a default, an expression is an action, in each new item too",
			head + "default |\n| | begin repeat | r | R | |\n| | date | d | D | 2019-05-31 |\n| | date | e | E | today() |\n| | end repeat | | | |",
			[]string{
				`<d>2019-05-31</d><e/>`,
				`<setvalue ref="/data/r/e" event="odk-instance-first-load" value="today()"/>`,
				`<setvalue ref="/data/r/e" event="odk-new-repeat" value="today()"/></repeat>`,
			}},
		{"a trigger sets a value when its question changes",
			head + "trigger | calculation |\n| | integer | n | N | | |\n| | dateTime | at | | ${n} | now() |",
			[]string{`<label>N</label><setvalue ref="/data/at" event="xforms-value-changed" value="now()"/></input>`}},
		{"a number of items that is computed has a node of its own",
			head + "repeat_count |\n| | integer | n | N | |\n| | begin repeat | r | R | ${n} + 1 |\n| | text | t | T | |\n| | end repeat | | | |",
			[]string{
				`<bind nodeset="/data/r_count" type="string" readonly="true()" calculate=" /data/n  + 1"/>`,
				`<repeat nodeset="/data/r" jr:count=" /data/r_count ">`,
			}},
		{"names that are nothing in XML stay text",
			head + "|\n| | text | a | <script>&\"' | |",
			[]string{`<label>&lt;script&gt;&amp;"'</label>`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := xformOf(t, tt.md)
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("missing %s\nin %s", w, got)
				}
			}
		})
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	f := readForm(t, "| survey | type | name | label | calculation |\n| | xml-external | f | | |\n| | calculate | c | | pulldata('f', 'a', 'b', 'c') |")
	var b bytes.Buffer
	problems, err := Write(&b, f, Options{})
	if err != nil || b.Len() > 0 || len(problems) != 1 || problems[0].Key != "instance.conflict" || problems[0].Place.Row != 3 {
		t.Errorf("two files of one name: %v, %v, %d bytes written", problems, err, b.Len())
	}
	if problems, _ := Write(&b, f, Options{Root: "no name"}); !forms.Refused(problems) {
		t.Error("a root with a space was accepted")
	}
}

func TestIsDynamic(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value, kind string
		want        bool
	}{
		{"north-west", "text", false},
		{"2019-05-31", "text", false},
		{"12 - 4", "integer", true},
		{"-4", "integer", false},
		{"9 div 3", "integer", true},
		{"see https://example.org/a-b?c=d", "text", false},
		{"(perhaps)", "text", false},
		{"it's (fine", "text", false},
		{"uuid()", "text", true},
		{"${age}", "integer", true},
		{"a-1", "select_one", false},
		{"1-1", "select_one", false},
		{"12.5 -77.1 0 0", "geopoint", false},
		{"now()", "dateTime", true},
	} {
		if got := isDynamic(tt.value, tt.kind); got != tt.want {
			t.Errorf("isDynamic(%q, %q) = %v; want %v", tt.value, tt.kind, got, tt.want)
		}
	}
}

const household = `
| survey | type         | name   | label  |
|        | text         | head   | Head   |
|        | begin group  | g      | G      |
|        | begin repeat | person | Person |
|        | text         | name   | Name   |
|        | begin repeat | job    | Job    |
|        | text         | title  | Title  |
|        | end repeat   |        |        |
|        | end repeat   |        |        |
|        | end group    |        |        |
|        | note         | bye    | Bye    |
`

// What is written is what is read.
func TestSubmissionRoundTrip(t *testing.T) {
	t.Parallel()
	f := readForm(t, household)
	want := Submission{
		FormID: "form", Version: "3", InstanceID: "uuid:1", InstanceName: "Anna's",
		Answers: []Answer{
			{"/head", "Anna <&> \"co\"\n"},
			{"/g/person[1]/name", "Ben"},
			{"/g/person[1]/job[1]/title", "cook"},
			{"/g/person[1]/job[2]/title", "baker"},
			{"/g/person[2]", ""},
			{"/g/person[3]/name", "Cleo"},
		},
	}
	var b bytes.Buffer
	if err := WriteSubmission(&b, f, want, Options{}); err != nil {
		t.Fatal(err)
	}
	got, problems, err := ReadSubmission(bytes.NewReader(b.Bytes()), f)
	if err != nil || len(problems) > 0 {
		t.Fatalf("read back: %v %v\n%s", problems, err, b.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("round trip (-want +got):\n%s\n%s", diff, b.String())
	}
}

func TestReadSubmission(t *testing.T) {
	t.Parallel()
	f := readForm(t, household)
	const open = `<data id="form" xmlns:jr="http://openrosa.org/javarosa">`
	got, problems, err := ReadSubmission(strings.NewReader(open+`<g><person jr:template=""><name>no</name></person><person><name>yes</name></person></g><old><x>kept</x></old></data>`), f)
	if err != nil || len(got.Answers) != 1 || got.Answers[0] != (Answer{"/g/person[1]/name", "yes"}) {
		t.Errorf("answers %v, %v", got.Answers, err)
	}
	if len(problems) != 2 || problems[0].Name != "/old/x" || problems[0].Text != "kept" {
		t.Errorf("what the form does not have: %v", problems)
	}
	for name, doc := range map[string]string{
		"a document type":  `<!DOCTYPE data [<!ENTITY a "b">]>` + open + `</data>`,
		"another form":     `<data id="other"></data>`,
		"cut off":          open + `<head>`,
		"nothing":          ``,
		"too deep":         open + strings.Repeat("<g>", 100) + strings.Repeat("</g>", 100) + `</data>`,
		"too many":         open + strings.Repeat("<z/>", 200_000) + `</data>`,
		"too large":        open + `<head>` + strings.Repeat("x", 6<<20) + `</head></data>`,
		"an entity":        open + `<head>&a;</head></data>`,
		"many attributes":  open + `<head` + strings.Repeat(` a="1"`, 300) + `/></data>`,
		"two roots inside": open + `</data2>`,
	} {
		if _, _, err := ReadSubmission(strings.NewReader(doc), f); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func FuzzReadSubmission(f *testing.F) {
	form := readForm(f, household)
	f.Add([]byte(`<data id="form"><head>a</head><g><person><name>b</name></person></g></data>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		s, _, err := ReadSubmission(bytes.NewReader(doc), form)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteSubmission(&b, form, s, Options{}); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
	})
}

// FuzzWrite makes documents of forms that anybody may upload: they are well-formed.
func FuzzWrite(f *testing.F) {
	f.Add("| survey | type | name | label | calculation | default |\n| | text | a | ${a} instance('x')/y[z] | if(${a}, 'b' | 1 + 1 |")
	f.Fuzz(func(t *testing.T, md string) {
		form, _ := xlsform.Parse("f.md", []byte(md))
		if form == nil {
			return
		}
		var b bytes.Buffer
		problems, err := Write(&b, form, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !forms.Refused(problems) {
			wellFormed(t, b.Bytes())
		}
	})
}
