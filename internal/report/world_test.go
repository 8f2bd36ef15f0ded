package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

const questionnaire = `
| survey   |                     |           |                     |                        |                |           |                          |
|          | type                | name      | label::English (en) | label::Español (es)    | relevant       | normalize | unit::Español (es)       |
|          | note                | hello     | Welcome             | Bienvenida             |                |           |                          |
|          | begin group         | b         | B. Context [2021]   | B. Contexto [2021]     |                |           |                          |
|          | integer             | stock     | **Stock**           | **Población**          |                | count     | personas                 |
|          | decimal             | fee       | Fee                 | Costo                  |                |           |                          |
|          | integer             | since     | Since               | Desde                  |                | year      |                          |
|          | date                | start     | Start               | Inicio                 |                |           |                          |
|          | select_one yn       | policy    | A policy?           | ¿Hay política?         |                |           |                          |
|          | select_multiple who | actors    | Who takes part?     | ¿Quiénes participan?   |                |           |                          |
|          | text                | law       | Law behind ${policy} | Ley de ${policy}      | ${policy} = 'y' |          |                          |
|          | begin repeat        | d         | Treaties            | Tratados               |                |           |                          |
|          | text                | title     | Title               | Título                 |                |           |                          |
|          | begin repeat        | step      | Steps               | Pasos                  |                |           |                          |
|          | text                | what      | What                | Qué                    |                |           |                          |
|          | end repeat          |           |                     |                        |                |           |                          |
|          | date                | on        | On                  | Fecha                  |                |           |                          |
|          | end repeat          |           |                     |                        |                |           |                          |
|          | end group           |           |                     |                        |                |           |                          |
|          | begin group         | l         | L. Closing          | L. Cierre              |                |           |                          |
|          | text                | remark    | Remark              | Comentario             |                |           |                          |
|          | end group           |           |                     |                        |                |           |                          |
| choices  |                     |           |                     |                        |                |           |                          |
|          | list_name           | name      | label::English (en) | label::Español (es)    | reason         |           |                          |
|          | yn                  | y         | Yes                 | Sí                     |                |           |                          |
|          | yn                  | nd        | No data             | Sin dato               | ND             |           |                          |
|          | who                 | gov       | Government          | Gobierno               |                |           |                          |
|          | who                 | ngo       | Civil society       | Sociedad civil         |                |           |                          |
| settings |                     |           |                     |                        |                |           |                          |
|          | form_id             | version   | form_title          | default_language       |                |           |                          |
|          | land                | 1         | Land use            | Español (es)           |                |           |                          |
`

const guide = `
| survey   |               |         |                     |                     |
|          | type          | name    | label::English (en) | label::Español (es) |
|          | begin group   | i       | 1. The interview    | 1. La entrevista    |
|          | select_one k  | kind    | Kind of respondent  | Tipo de informante  |
|          | text          | said    | What was said       | Lo que se dijo      |
|          | end group     |         |                     |                     |
| choices  |               |         |                     |                     |
|          | list_name     | name    | label::English (en) | label::Español (es) |
|          | k             | union   | Union               | Sindicato           |
| settings |               |         |                     |                     |
|          | form_id       | version | form_title          | default_language    |
|          | talk          | 1       | Talk                | Español (es)        |
`

func form(t testing.TB, name, text string) *forms.Form {
	t.Helper()
	f, problems := xlsform.Parse(name+".md", []byte(text))
	if f == nil {
		t.Fatalf("%s: %v", name, problems)
	}
	return f
}

func both(en, es string) study.Text { return study.Text{"en": en, "es": es} }

func num(v float64) *float64 { return &v }

// signedAt is the newest fact of the world below.
var signedAt = time.Date(2021, time.March, 12, 17, 4, 5, 0, time.UTC)

// injections begin as formulas and commands do.
var injections = []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\n=1+1", "＝1+1", "=cmd|'/C calc'!A0", `=HYPERLINK("http://x","y")`, "_x0041_", "'=1"}

// world has three countries, of which one has not answered, two interviews, and every
// standing of an answer.
func world(t testing.TB) Input {
	t.Helper()
	long := strings.Repeat("Palabra tras palabra. ", 40)
	answers := []study.Answer{
		{Path: "/b/stock", Raw: "12765", Kind: study.NumValue, Text: "12765", Number: num(12765), Qualifier: "exact", Note: "=census 2020"},
		{Path: "/b/fee", Raw: "0.50", Kind: study.NumValue, Text: "0.5", Number: num(0.5), Qualifier: "exact"},
		{Path: "/b/since", Raw: "1999", Kind: study.NumValue, Text: "1999", Number: num(1999), Qualifier: "exact"},
		{Path: "/b/start", Raw: "2019-05-31", Kind: study.DateValue, Text: "2019-05-31", Date: "2019-05-31", Qualifier: "exact"},
		{Path: "/b/policy", Raw: "y", Kind: study.CodeValue, Text: "y"},
		{Path: "/b/actors", Raw: "gov ngo", Kind: study.CodesValue, Text: "gov ngo"},
		{Path: "/b/law", Raw: "=1+1", Kind: study.TextValue, Text: "=1+1"},
		{Path: "/b/d[a1]/title", Raw: "First", Kind: study.TextValue, Text: "First treaty"},
		{Path: "/b/d[a1]/step[s]/what", Raw: "Signed", Kind: study.TextValue, Text: "Signed"},
		{Path: "/b/d[a1]/on", Raw: "2001-04", Kind: study.DateValue, Text: "2001-04", Date: "2001-04", Qualifier: "exact"},
		{Path: "/b/d[a2]/title", Reason: study.CONF},
		{Path: "/b/d[a2]/on", Raw: "31 abril", Kind: study.TextValue, Text: "31 abril", Flags: []string{"REVIEW", "UNPARSED"}},
		{Path: "/l/remark", Raw: long, Kind: study.TextValue, Text: strings.TrimSpace(long)},
	}
	missing := []study.Answer{
		{Path: "/b/stock", Reason: study.ND, Note: "not counted"},
		{Path: "/b/fee", Reason: study.Ref},
		{Path: "/b/since"},
		{Path: "/b/start", Raw: "2019", Kind: study.DateValue, Text: "2019", Date: "2019", Qualifier: "exact"},
		{Path: "/b/policy", Raw: "nd", Kind: study.CodeValue, Text: "nd", Reason: study.ND},
		{Path: "/b/actors", Reason: study.NA},
		{Path: "/b/law", NotAsked: true, Raw: "was here"},
	}
	talk := func(said string) []study.Answer {
		return finish([]study.Answer{{Path: "/i/kind", Raw: "union", Kind: study.CodeValue, Text: "union"}, {Path: "/i/said", Raw: said, Kind: study.TextValue, Text: said}})
	}
	hash := strings.Repeat("0123456789abcdef", 4)
	return Input{
		Study: study.Study{
			ID: "land", Title: both("Land & water", "Tierra y agua"), Languages: []study.Lang{"es", "en"}, DefaultLanguage: "es",
			Countries: []study.Country{
				{ISO3: "ESP", Name: both("Spain", "España")}, {ISO3: "DEU", Name: both("Germany", "Alemania")}, {ISO3: "AUT", Name: both("Austria", "Austria")},
			},
			Rounds: []study.Round{{ID: "2021", Title: both("First round", "Primera ronda")}},
			Reasons: []study.Reason{
				{Code: study.NA, Mark: "N/A", Label: both("Does not apply", "No aplica")},
				{Code: study.ND, Mark: "N/D", Label: both("No data", "No hay registro")},
				{Code: study.CONF, Mark: "CONF", Label: both("Not public", "No es público")},
				{Code: study.Pending, Mark: "…", Label: both("Pending", "Pendiente")},
			},
			Codebook: []study.Code{{Code: "CTX.WHO", Family: "context", Label: both("Who", "Quiénes"), Rule: both("people", "personas")}},
		},
		Round: "2021", Form: form(t, "land", questionnaire), Guide: form(t, "talk", guide), BaseURL: "https://study.example/",
		Returns: []Return{
			{Submission: study.Submission{FormID: "land", ResponseID: "r-deu", Country: "DEU", Version: 1, State: study.Legacy, Hash: hash, At: signedAt.AddDate(0, -1, 0)}, Answers: finish(missing)},
			{Submission: study.Submission{FormID: "land", ResponseID: "r-esp", Country: "ESP", Version: 2, State: study.Signed, Hash: hash, At: signedAt}, State: study.Accepted, Answers: finish(answers)},
		},
		Interviews: []Return{
			{Submission: study.Submission{FormID: "talk", ResponseID: "i2", Country: "ESP", Version: 1, State: study.Recorded, Hash: hash, At: signedAt.AddDate(0, 0, -2)}, Title: "INT-002", Answers: talk(strings.Join(injections, " | "))},
			{Submission: study.Submission{FormID: "talk", ResponseID: "i1", Country: "ESP", Version: 1, State: study.Recorded, Hash: hash, At: signedAt.AddDate(0, 0, -3)}, Title: "INT-001", Answers: talk("Yes")},
		},
	}
}

// finish fills in what follows from an answer's path.
func finish(answers []study.Answer) []study.Answer {
	for i := range answers {
		answers[i].Ordinal, answers[i].Question = i, forms.QuestionPath(answers[i].Path)
		if open := strings.LastIndexByte(answers[i].Path, '['); open >= 0 {
			answers[i].Item, _, _ = strings.Cut(answers[i].Path[open+1:], "]")
		}
	}
	return answers
}

func build(t testing.TB, in Input, opt Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Comparison(t.Context(), &out, in, opt, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, file []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}
