package legacy

import (
	"slices"
	"strings"
	"testing"
)

// TestOddRows reads what stands around the answers of official tables.
func TestOddRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, data string
		rows, deep int
	}{
		{"marks and legends are notes",
			"País,Ley,Personas,Año\nPerú,Sí,10,1998\nBolivia (1),No,3,2001\nChile,Sí,7,2004\n(1) Cifras provisionales.,,,\n1/ Preliminar,,,\nN/D: no disponible,,,\n", 3, 1},
		{"a country without answers is a row", "País,Ley,Personas,Año\nPerú,Sí,10,1998\nBolivia,,,\nChile,Sí,7,2004\n", 3, 1},
		{"years below groups are headers", "Country,Persons,,,Budget,,\n,2013,2014,2015,2013,2014,2015\nKenya,1,2,3,10,20,30\nGhana,4,5,6,40,50,60\nUganda,7,8,9,70,80,90\n", 3, 2},
		{"another table is left out", "Country,Law,Year\nKenya,Yes,1998\nGhana,No,\nPeru,Yes,2001\n,,\nTable 2. Persons,,\nCountry,Men,Women\nKenya,10,20\nGhana,30,40\n", 3, 1},
		{"a header said again is passed over", "Country,Law,Year\nKenya,Yes,1998\nGhana,No,\nCountry,Law,Year\nPeru,Yes,2001\nTogo,No,1999\n", 4, 1},
		{"an answer called as its column is one", "Sector,Law,Year\nHealth,Yes,1998\nSector,No,2003\nWater,Yes,2001\n", 3, 1},
		{"a row of years below questions is an answer", "Country,Law,Reform\nKenya,1998,2001\nGhana,2003,2011\nPeru,1999,2002\n", 3, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var rows int
			p, err := tryEach(t, tt.data, Options{}, func(*Response) { rows++ })
			if err != nil {
				t.Fatal(err)
			}
			if deep := p.Found.Tables[0].HeaderRows; rows != tt.rows || deep != tt.deep {
				t.Errorf("%d rows below %d header rows; want %d below %d", rows, deep, tt.rows, tt.deep)
			}
		})
	}
}

func TestSplitKnown(t *testing.T) {
	t.Parallel()
	known := map[string]string{"health care": "a", "health": "b", "schooling": "c"}
	for text, want := range map[string][]string{
		"Health care Schooling": {"Health care", "Schooling"},
		"Schooling Health":      {"Schooling", "Health"},
		"legal aid Schooling":   {"legal", "aid", "Schooling"},
	} {
		if got := splitKnown(text, " ", known); !slices.Equal(got, want) {
			t.Errorf("splitKnown(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestChoicesWithCommas(t *testing.T) {
	t.Parallel()
	data := "Timestamp,Which?\n"
	for i, s := range []string{"Health, Schooling", "Legal aid, free", "Health, Legal aid, free", "Schooling", "Schooling, Legal aid, free", "Health", "Health, Schooling, Legal aid, free", "Health, Schooling"} {
		data += "2023-05-0" + string(rune('1'+i)) + " 10:00:00,\"" + s + "\"\n"
	}
	var last string
	p, err := tryEach(t, data, Options{}, func(r *Response) {
		if len(r.Entries) > 0 {
			last += r.Entries[0].Value + "; "
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "Health Schooling; legal_aid_free; Health legal_aid_free; Schooling; Schooling legal_aid_free; Health; Health Schooling legal_aid_free; Health Schooling; "
	if q := p.Form.Children[0]; q.Type != "select_multiple" || last != want {
		t.Errorf("%s with %q, want %q", q.Type, last, want)
	}
}

func TestCutRemedy(t *testing.T) {
	t.Parallel()
	text, remedy := cutRemedy("it is damaged (zip: not a zip): get it again")
	if text != "it is damaged (zip: not a zip)" || remedy != "get it again" {
		t.Errorf("cut into %q and %q", text, remedy)
	}
}

func TestCodeListsAreNoAnswers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"Código;Significado\n1;Sí\n2;No\n": true, "Variable,Value,Label\nv1,1,Yes\nv1,2,No\n": true, "Country,Value\nPeru,1\nChile,2\n": false} {
		p, err := tryEach(t, name, Options{}, func(*Response) {})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Found.Tables[0].listsCodes(); got != want {
			t.Errorf("%q lists codes: %v, want %v", name, got, want)
		}
	}
}

// TestNotesBelowQuestions: a number in parentheses may number a question that nobody
// answered, and "Notas:" may ask for remarks.
func TestNotesBelowQuestions(t *testing.T) {
	t.Parallel()
	data := "Pregunta,Perú,Chile\n¿Existe ley?,Sí,No\nAño,1998,2004\n(a) ¿Hay reglamento?,,\nNotas:,,\nNota: datos de 2014,,\nFuente: ministerios,,\n"
	p, err := tryEach(t, data, Options{}, func(*Response) {})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range p.Found.Tables[0].Fields {
		got = append(got, f.Header)
	}
	want := []string{"Pregunta", "¿Existe ley?", "Año", "(a) ¿Hay reglamento?", "Notas:"}
	if !slices.Equal(got, want) {
		t.Errorf("questions %q, want %q", got, want)
	}
}

func TestCountriesWithFootnotes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"Bolivia (1)": "BOL", "Chile 2/": "CHL", "Perú¹": "PER", "Panamá [a]": "PAN", "Kenya *": "KEN", "Marte (1)": "", "(1)": ""} {
		if got, _ := CountryOf(text); string(got) != want {
			t.Errorf("CountryOf(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSettingsSheetIsNoAnswers(t *testing.T) {
	t.Parallel()
	header := Row{Number: 1, Cells: []Cell{{Column: 1, Text: "form_id"}, {Column: 2, Text: "form_title"}}}
	if !(Sheet{Name: "settings"}).isFormSheet([]Row{header}) {
		t.Error("the settings of a questionnaire are taken for answers")
	}
}

// TestErrorsOfFormulas: LibreOffice marks a cell with an error beside its value type,
// and shows a text in it that nobody wrote.
func TestErrorsOfFormulas(t *testing.T) {
	t.Parallel()
	const row = `<table:table-row><table:table-cell><text:p>Kenya</text:p></table:table-cell><table:table-cell CELL><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>`
	const marked = `table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"`
	body := strings.ReplaceAll(row, "CELL", marked) + strings.ReplaceAll(row, "CELL", `office:value-type="string"`)
	data := zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", `<a><table:table table:name="T">`+body+`</table:table></a>`)
	var got noted
	if err := Read("a.ods", strings.NewReader(data), int64(len(data)), &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"T!B1 cell.error", "Kenya", "Kenya|#DIV/0!"}
	if !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", []string(got), want)
	}
}

// noted keeps remarks and rows in the order in which they come.
type noted []string

func (n *noted) Sheet(Sheet) error { return nil }

func (n *noted) Note(p Problem) error {
	*n = append(*n, p.Sheet+"!"+p.Cell+" "+p.Code)
	return nil
}

func (n *noted) Row(r Row) error {
	var texts []string
	for _, c := range r.Cells {
		texts = append(texts, c.Text)
	}
	*n = append(*n, strings.Join(texts, "|"))
	return nil
}
