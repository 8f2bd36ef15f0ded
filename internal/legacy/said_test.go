package legacy

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/internal/study"
)

// TestLayoutIsCorrected lays a sheet out as a person says, against what it looks like.
func TestLayoutIsCorrected(t *testing.T) {
	t.Parallel()
	const titled = "Survey,of,2016\nVillage,Houses,School\nA,12,yes\nB,7,no\n"
	const standing = "What,North,South\nHouses,12,7\nSchool,yes,no\n"
	const pairs = "Houses,12\nSchool,yes\nMarket,no\n"
	for _, tt := range []struct {
		name, data string
		said       study.SheetMapping
		want       string // orientation, header rows, headers, records
	}{
		{"header further down", titled, study.SheetMapping{HeaderRow: 2}, "rows 1 Village|Houses|School 2"},
		{"two header rows", titled, study.SheetMapping{HeaderRow: 1, HeaderRows: 2}, "rows 2 Survey | Village|of | Houses|2016 | School 2"},
		{"no header at all", "12,7\n13,8\n", study.SheetMapping{HeaderRow: -1}, "rows 0 | 2"},
		{"responses in columns", standing, study.SheetMapping{Orientation: Columns}, "columns 1 What|Houses|School 2"},
		{"responses in rows", standing, study.SheetMapping{Orientation: Rows}, "rows 1 What|North|South 2"},
		{"labels and answers", pairs, study.SheetMapping{Orientation: Pairs}, "pairs 0 Houses|School|Market 1"},
		{"labels and answers below a head", "Item,Value\n" + pairs, study.SheetMapping{Orientation: Pairs, HeaderRow: 1}, "pairs 1 Houses|School|Market 1"},
		{"no answers", titled, study.SheetMapping{Orientation: Other}, "other 0  0"},
		{"another sheet's word does not count", titled, study.SheetMapping{Sheet: "b", Orientation: Other}, "rows 1 Survey|of|2016 3"},
		{"a header below the last row", titled, study.SheetMapping{HeaderRow: 99}, "rows 1 B|7|no 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			look := &Look{Mapping: &Mapping{Version: 1, Sheets: []SheetMapping{tt.said}}}
			if err := readFramed("a.csv", []byte(tt.data), look); err != nil {
				t.Fatal(err)
			}
			table := look.Done().Tables[0]
			var headers []string
			for _, f := range table.Fields {
				headers = append(headers, f.Header)
			}
			got := string(table.Orientation) + " " + string('0'+rune(table.HeaderRows)) + " " + strings.Join(headers, "|") + " " + string('0'+rune(table.Records))
			if got != tt.want {
				t.Errorf("laid out as %q, want %q", got, tt.want)
			}
		})
	}
}

// TestPreviewShowsWhatToDecide looks at the rows, columns and texts of a file whose sheets
// are alike.
func TestPreviewShowsWhatToDecide(t *testing.T) {
	t.Parallel()
	data := zipped(t, "Panama.csv", "Ley,Personas,Correo electrónico\nclaro que sí,7,a@b.org\nSI,8,\n", "Belize.csv", "Ley,Personas,Correo electrónico\nSí,9,c@d.org\n")
	m := &Mapping{Version: 1, Columns: []ColumnMapping{{Header: "Ley", Question: "/m/m_law"}, {Header: "Personas", Question: "/p_n"}}}
	p, problems, err := Prepare("all.zip", inputOf("all.zip", data), Options{Form: parsedForm(t, countryForm), Mapping: m})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	v := p.Preview("es")
	if len(v.Columns) != 3 || len(v.Sheets) != 2 {
		t.Fatalf("%d columns in %d sheets: %+v", len(v.Columns), len(v.Sheets), v.Columns)
	}
	law := v.Columns[0]
	want := []ValueText{{Text: "Sí", Count: 2, Code: "yes"}, {Text: "claro que sí", Count: 1}}
	if law.Texts[0].Text == "claro que sí" {
		want = []ValueText{want[1], {Text: "SI", Count: 2, Code: "yes"}}
	}
	if diff := cmp.Diff(want, law.Texts); diff != "" || len(law.Places) != 2 {
		t.Errorf("texts of %+v (-want +got):\n%s", law.Places, diff)
	}
	if mail := v.Columns[2]; !mail.Personal || mail.Question != "" {
		t.Errorf("the address is not shown as personal data: %+v", mail)
	}
	if q := v.Questions[0]; q.Label != "¿Existe una ley de migración vigente?" || len(q.Choices) != 2 || q.Choices[0].Label != "Sí" {
		t.Errorf("question %+v", q)
	}
	sample := v.Sheets[0].Sample
	if len(sample) < 2 || !sample[0].Header || sample[1].Header || sample[0].Cells[0] != "Ley" {
		t.Errorf("sample %+v", sample)
	}
}

// TestMappingTellsColumnsApart gives two columns with one header, and one without, each
// its own question, through the file that is saved.
func TestMappingTellsColumnsApart(t *testing.T) {
	t.Parallel()
	const data = "Total,Total,\n1,2,3\n4,5,6\n"
	f := parsedForm(t, "| survey | | | |\n| | type | name | label |\n| | integer | a | A |\n| | integer | b | B |\n| | integer | c | C |\n")
	p, _, err := Prepare("a.csv", inputOf("a.csv", data), Options{Form: f})
	if err != nil {
		t.Fatal(err)
	}
	m := p.Mapping()
	for i, path := range []string{"/a", "/b", "/c"} {
		m.Columns[i].Question = path
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := study.ParseMapping(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	_, err2 := tryEach(t, data, Options{Form: f, Mapping: again}, func(r *Response) {
		for _, e := range r.Entries {
			got = append(got, e.Path+"="+e.Value)
		}
	})
	if want := "/a=1 /b=2 /c=3 /a=4 /b=5 /c=6"; err2 != nil || strings.Join(got, " ") != want {
		t.Errorf("answers %v, %v; want %s", got, err2, want)
	}
	again.Columns[1].Question = "/a"
	if _, problems, _ := Prepare("a.csv", inputOf("a.csv", data), Options{Form: f, Mapping: again}); len(problems) != 1 || problems[0].Code != "mapping.twice" || problems[0].Cell != "B" {
		t.Errorf("two columns for one question: %+v", problems)
	}
}

// tryEach reads the responses of a file by a plan.
func tryEach(t *testing.T, data string, o Options, see func(*Response)) (*Plan, error) {
	t.Helper()
	p, problems, err := Prepare("a.csv", inputOf("a.csv", data), o)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return p, p.Each(inputOf("a.csv", data), o, func(r *Response) error {
		see(r)
		return nil
	})
}

// TestPersonalDataIsKeptApart keeps a name and an address out of the answers, with the
// response and not in it, unless the mapping leaves them out or takes them in.
func TestPersonalDataIsKeptApart(t *testing.T) {
	t.Parallel()
	const data = "Ley,Correo electrónico,Nombre completo\nSí,a@b.org,Ana Paz\n"
	form := "| survey | | | |\n| | type | name | label |\n| | text | ley | Ley |\n| | text | nombre | Nombre de la ley |\n"
	for _, tt := range []struct {
		name    string
		form    bool
		columns []ColumnMapping
		want    string
	}{
		{"without a form", false, nil, `{"Correo electrónico":"a@b.org","Nombre completo":"Ana Paz"} 1`},
		{"with a form", true, nil, `{"Correo electrónico":"a@b.org","Nombre completo":"Ana Paz"} 1`},
		{"one left out", true, []ColumnMapping{{Header: "Correo electrónico"}}, `{"Nombre completo":"Ana Paz"} 1`},
		{"one taken in", true, []ColumnMapping{{Header: "Nombre completo", Question: "/nombre"}}, `{"Correo electrónico":"a@b.org"} 2`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Mapping: &Mapping{Version: 1, Columns: tt.columns}}
			if tt.form {
				o.Form = parsedForm(t, form)
			}
			got := ""
			if _, err := tryEach(t, data, o, func(r *Response) {
				text, err := json.Marshal(r.Personal)
				if err != nil {
					t.Fatal(err)
				}
				got = string(text) + " " + string('0'+rune(len(r.Entries)))
			}); err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("kept apart and answers %s, want %s", got, tt.want)
			}
		})
	}
}

func TestNearestCountry(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]study.ISO3{"Guatemla": "GTM", "Hondurras": "HND", "Rep. Dominicna": "DOM", "ES": "", "Marte": "", "Guinea Ecuatorialx": "GNQ", "": ""} {
		if got := nearestCountry(text); got != want {
			t.Errorf("nearestCountry(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestColumnAnswersInsideRepeat leads a column of responses to a question of a repeat.
func TestColumnAnswersInsideRepeat(t *testing.T) {
	t.Parallel()
	o := Options{Form: parsedForm(t, countryForm), Mapping: &Mapping{Version: 1, Columns: []ColumnMapping{{Header: "What", Question: "/programa/nombre"}, {Header: "Second", Question: "/programa/nombre", Item: "2"}}}}
	var got []string
	if _, err := tryEach(t, "What,Second\nSeeds,Water\n", o, func(r *Response) {
		for _, e := range r.Entries {
			got = append(got, e.Path+"="+e.Value)
		}
		got = append(got, r.Items[0].Key, r.Items[1].Key)
	}); err != nil {
		t.Fatal(err)
	}
	if want := "/programa[1]/nombre=Seeds /programa[2]/nombre=Water 1 2"; strings.Join(got, " ") != want {
		t.Errorf("answers %v, want %s", got, want)
	}
}

// TestDayOrderIsDecided asks for the order of dates that tell no day from a month, and
// reads them as decided.
func TestDayOrderIsDecided(t *testing.T) {
	t.Parallel()
	const data = "Fecha de inicio\n03/04/2012\n05/06/2011\n"
	f := parsedForm(t, countryForm)
	for _, tt := range []struct {
		first *bool
		want  string
	}{
		{nil, "2012-04-03 day first"},
		{new(bool), "2012-03-04 month first"},
	} {
		o := Options{Form: f, Mapping: &Mapping{Version: 1, Columns: []ColumnMapping{{Header: "Fecha de inicio", Question: "/p_start", DayFirst: tt.first}}}}
		got := ""
		p, err := tryEach(t, data, o, func(r *Response) {
			if got == "" {
				got = r.Entries[0].Value
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if shown := p.Preview("en").Columns[0].DayFirst; shown == nil || *shown != (tt.first == nil) {
			t.Errorf("the preview says day first: %v", shown)
		}
		for _, n := range NewResult("a.csv", p).Problems {
			_, order, _ := strings.Cut(n.Remedy, "with the ")
			order, _, _ = strings.Cut(order, ";")
			got += " " + order
		}
		if got != tt.want {
			t.Errorf("read as %q, want %q", got, tt.want)
		}
	}
}
