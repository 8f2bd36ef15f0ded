package legacy

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

const countryForm = `
| survey | | | | |
| | type | name | label::Español (es) | label::English (en) |
| | begin group | m | Marco | Frame |
| | select_one yn | m_law | ¿Existe una ley de migración vigente? | Is there a migration law in force? |
| | integer | m_year | Año de la ley | Year of the law |
| | select_multiple who | m_who | ¿Quiénes participan? | Who takes part? |
| | end group | | | |
| | integer | p_n | Número de personas regularizadas | Number of persons regularized |
| | date | p_start | Fecha de inicio | Start date |
| | begin repeat | programa | Programas | Programmes |
| | text | nombre | Nombre | Name |
| | decimal | tasa | Tasa | Rate |
| | end repeat | | | |
| choices | | | | |
| | list_name | name | label::Español (es) | label::English (en) |
| | yn | yes | Sí | Yes |
| | yn | no | No | No |
| | who | gov | Gobierno | Government |
| | who | ngo | Sociedad civil | Civil society |
`

func parsedForm(t *testing.T, text string) *forms.Form {
	t.Helper()
	f, problems := xlsform.Parse("country.md", []byte(text))
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// inputOf reads one file held in memory.
func inputOf(name, data string) Input {
	return func(sink Sink) error {
		return readFramed(name, []byte(data), sink)
	}
}

func TestMatchFindsQuestions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ header, question, how string }{
		{"m_law", "/m/m_law", howName},
		{"m/m_year", "/m/m_year", howName},
		{"m-m_year", "/m/m_year", howName},
		{"1.2 Año de la ley", "/m/m_year", howLabel},
		{"YEAR OF THE LAW:", "/m/m_year", howLabel},
		{"Número de personas que fueron regularizadas", "/p_n", howSimilar},
		{"m_who/gov", "/m/m_who=gov", howName},
		{"¿Quiénes participan? [Sociedad civil]", "/m/m_who=ngo", howName},
		{"programa_2_nombre", "/programa/nombre#2", howName},
		{"Programa 3: Tasa", "/programa/tasa#3", howName},
		{"País", "", howMeta},
		{"Correo electrónico", "", howPersonal},
		{"Something else", "", howIgnored},
	} {
		t.Run(tt.header, func(t *testing.T) {
			t.Parallel()
			answer := "zeta"
			if tt.how == howMeta {
				answer = "Panamá"
			}
			data := "x1,x2,\"" + tt.header + "\"\na,b," + answer + "\na,b," + answer + "\n"
			p, _, err := Prepare("a.csv", inputOf("a.csv", data), Options{Form: parsedForm(t, countryForm)})
			if err != nil {
				t.Fatal(err)
			}
			c := p.Columns[2]
			got := c.Question
			if c.Choice != "" {
				got += "=" + c.Choice
			}
			if c.Item != "" {
				got += "#" + c.Item
			}
			if got != tt.question || c.How != tt.how {
				t.Errorf("%q answers %q (%s), want %q (%s)", tt.header, got, c.How, tt.question, tt.how)
			}
		})
	}
}

// TestMappingIsReplayed saves a mapping, edits it and uses it on the next wave's file.
func TestMappingIsReplayed(t *testing.T) {
	t.Parallel()
	f := parsedForm(t, countryForm)
	first := "País;Ley;Personas\nPanamá;claro que sí;57.569\n"
	p, _, err := Prepare("2016.csv", inputOf("2016.csv", first), Options{Form: f})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p.Mapping())
	if err != nil {
		t.Fatal(err)
	}
	m, err := study.ParseMapping(text)
	if err != nil {
		t.Fatal(err)
	}
	m.Columns[1].Question, m.Columns[1].Values = "/m/m_law", map[string]string{"Claro que sí": "yes", "secreto": "@CONF"}
	m.Columns[2].Question = "/p_n"
	next := "Personas;País;Ley\n12;Costa Rica;CLARO QUE SI\n;Belice;secreto\n7;Honduras;quizás\n"
	o := Options{Form: f, Mapping: m, Round: "2020"}
	result, plan, err := Try("2020.csv", inputOf("2020.csv", next), o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = plan.Each(inputOf("2020.csv", next), o, func(r *Response) error {
		line := string(r.Country) + " " + r.Round
		for _, e := range r.Entries {
			line += " " + e.Path + "=" + e.Value + string(e.Reason)
		}
		got = append(got, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"CRI 2020 /m/m_law=yes /p_n=12", "BLZ 2020 /m/m_law=CONF", "HND 2020 /m/m_law=quizás /p_n=7"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("responses (-want +got):\n%s", diff)
	}
	if result.Rows.Error != 1 || result.Rows.Create != 2 {
		t.Errorf("rows %+v", result.Rows)
	}
	place := ""
	for _, problem := range result.Problems {
		if problem.Code == "choice.unknown" {
			place = problem.Sheet + "!" + problem.Cell
		}
	}
	if place != "2020!C4" {
		t.Errorf("the unknown choice stands at %q, want 2020!C4; problems %+v", place, result.Problems)
	}
}

// TestFormJudges marks what the form would not have asked and refuses what its constraint
// refuses.
func TestFormJudges(t *testing.T) {
	t.Parallel()
	f := parsedForm(t, `
| survey | | | | | | |
| | type | name | label | relevant | constraint | constraint_message |
| | integer | age | Age | | . < 120 | nobody is that old |
| | text | school | School | ${age} < 18 | | |
`)
	o := Options{Form: f}
	data := "age,school\n12,North\n40,South\n130,\n"
	result, plan, err := Try("a.csv", inputOf("a.csv", data), o)
	if err != nil {
		t.Fatal(err)
	}
	var got []bool
	err = plan.Each(inputOf("a.csv", data), o, func(r *Response) error {
		for _, e := range r.Entries {
			if e.Path == "/school" {
				got = append(got, e.NotAsked)
			}
		}
		return nil
	})
	if err != nil || len(got) != 2 || got[0] || !got[1] {
		t.Errorf("not asked: %v, %v", got, err)
	}
	if n := len(result.Problems); n != 1 || result.Problems[0].Cell != "A4" || result.Problems[0].Code != "value.constraint" || !strings.Contains(result.Problems[0].Text, "nobody is that old") {
		t.Errorf("problems %+v", result.Problems)
	}
}

func TestParseMappingRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "[]", `{"version":2,"columns":[]}`, `{"version":1,"colums":[]}`,
		`{"version":1,"sheets":[{"orientation":"sideways"}],"columns":[]}`, `{"version":1,"sheets":[{"header_row":-2}],"columns":[]}`, `{"version":1,"columns":[{"header":"a","role":"boss"}]}`} {
		if _, err := study.ParseMapping([]byte(text)); err == nil {
			t.Errorf("ParseMapping(%s) took it", text)
		}
	}
}

// TestFormSheetsAreNoAnswers leaves the questionnaire out that lies beside the answers.
func TestFormSheetsAreNoAnswers(t *testing.T) {
	t.Parallel()
	look := &Look{}
	data := zipped(t, "survey.csv", "type,name,label\ntext,a,A\ninteger,b,B\n", "data.csv", "a,b\nx,1\ny,2\n", "words.csv", "variable,meaning\na,Area\nb,Births\n")
	if err := Read("all.zip", bytes.NewReader([]byte(data)), int64(len(data)), look); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, table := range look.Done().Tables {
		got = append(got, table.Name+" "+string(table.Orientation))
	}
	if want := "data rows survey other words other"; strings.Join(got, " ") != want {
		t.Errorf("tables %v, want %s", got, want)
	}
}
