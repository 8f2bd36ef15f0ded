package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// sheetView is one sheet on the page "what we found".
type sheetView struct {
	ID, Name, Facts             string
	Orientations, Countries     []option
	HeaderRow, HeaderRows       string
	Heads                       []string // letters of the columns that are shown
	Rows                        []sampleView
	Wrong                       string // what is wrong with what was typed
	Empty, ManyColumns, Answers bool
}

type sampleView struct {
	Row    int
	Header bool
	Cells  []string
}

type layoutPage struct {
	step
	Revision int
	Sheets   []sheetView
}

// foundPage shows the sheets of a file and how they are read, to be corrected.
func (s *server) foundPage(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	p := s.step(v, u, f, 0)
	if done, err := s.unready(v, u, f, p); done {
		return err
	}
	page := layoutPage{step: p, Revision: u.Revision}
	for i := range f.Sheets {
		page.Sheets = append(page.Sheets, v.sheetView(f, i))
	}
	return s.render(v, http.StatusOK, "unit/upload_found", page)
}

// sheetView shows one sheet as it is read now.
func (v *visit) sheetView(f *found, i int) sheetView {
	t := f.Sheets[i]
	view := sheetView{ID: strconv.Itoa(i), Name: t.Name, Answers: t.Orientation != study.NoAnswers}
	for _, o := range []study.Orientation{study.InRows, study.InColumns, study.InPairs, study.NoAnswers} {
		view.Orientations = append(view.Orientations, option{string(o), v.words.T("import.orientation." + string(o)), o == t.Orientation})
	}
	view.Countries = v.countryOr(t.Country, "import.rows_say")
	facts := []string{v.words.N("import.row_count", t.Rows), v.words.N("import.column_count", t.Columns)}
	if t.Encoding != "" {
		facts = append(facts, v.words.T("import.encoding", "name", t.Encoding), v.words.T("import.delimiter", "mark", delimiterName(t.Delimiter)))
	}
	if t.DecimalMark != "" {
		facts = append(facts, v.words.T("import.decimal", "mark", t.DecimalMark))
	}
	if t.Repeat != "" {
		facts = append(facts, v.words.T("import.items_of", "path", t.Repeat))
	}
	if t.Passed > 0 {
		facts = append(facts, v.words.N("import.passed", t.Passed))
	}
	view.Facts = strings.Join(facts, " · ")
	view.HeaderRows = strconv.Itoa(max(1, t.HeaderRows))
	if i >= len(f.Preview.Sheets) {
		return view
	}
	if row := f.Preview.Sheets[i].HeaderRow; row > 0 {
		view.HeaderRow = strconv.Itoa(row)
	}
	view.sample(f, i)
	return view
}

// sample lays the first rows out as a table of even width.
func (view *sheetView) sample(f *found, i int) {
	wide := 0
	for _, r := range f.Preview.Sheets[i].Sample {
		wide = max(wide, len(r.Cells))
	}
	for n := range wide {
		view.Heads = append(view.Heads, string(rune('A'+n))) // at most 20 are shown
	}
	for _, r := range f.Preview.Sheets[i].Sample {
		view.Rows = append(view.Rows, sampleView{r.Row, r.Header, append(slices.Clone(r.Cells), make([]string, wide-len(r.Cells))...)})
	}
	view.ManyColumns = f.Sheets[i].Columns > wide
	view.Empty = len(view.Rows) == 0
}

func delimiterName(mark string) string {
	if mark == "\t" {
		return "Tab"
	}
	return mark
}

// countryOr are the countries of the study, behind the word for none; a country
// beyond them stands among them when it is the chosen one.
func (v *visit) countryOr(chosen study.ISO3, none string) []option {
	options := []option{{"", v.words.T(none), chosen == ""}}
	known := chosen == ""
	for _, c := range v.study.Countries {
		options = append(options, option{string(c.ISO3), v.countryName(c.ISO3), c.ISO3 == chosen})
		known = known || c.ISO3 == chosen
	}
	if !known {
		options = append(options, option{string(chosen), string(chosen), true})
	}
	return options
}

func (v *visit) knowsCountry(code study.ISO3) bool {
	return code == "" || slices.ContainsFunc(v.study.Countries, func(c study.Country) bool { return c.ISO3 == code })
}
