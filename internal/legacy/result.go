package legacy

import (
	"strconv"

	"github.com/comparanda/comparanda/forms"
)

// Result is what an import says about a file, before or after storing anything.
type Result struct {
	File     string         `json:"file"`
	Sheets   []SheetResult  `json:"sheets"`
	Columns  []ColumnResult `json:"columns"`
	Form     *FormResult    `json:"form"`
	Rows     Counts         `json:"rows"`
	Answers  int            `json:"answers"`
	Problems []Problem      `json:"problems"`
	Batch    string         `json:"batch,omitempty"`

	left map[string]int // problems beyond those listed, by column and code
}

// SheetResult is one table. Rows counts its responses (items, in the table of a repeat)
// and Columns its questions' columns, whichever way they stand.
type SheetResult struct {
	Name        string      `json:"name"`
	Orientation Orientation `json:"orientation"`
	HeaderRows  int         `json:"header_rows"`
	Rows        int         `json:"rows"`
	Columns     int         `json:"columns"`
	File        string      `json:"file,omitempty"`
	Format      string      `json:"format"`
	Hidden      bool        `json:"hidden,omitempty"`
	Encoding    string      `json:"encoding,omitempty"`
	Delimiter   string      `json:"delimiter,omitempty"`
	DecimalMark string      `json:"decimal_mark,omitempty"`
	Country     string      `json:"country,omitempty"`
	Repeat      string      `json:"repeat,omitempty"` // question path of the repeat that its rows are items of
	Passed      int         `json:"passed,omitempty"` // rows that are titles, notes or totals
}

// ColumnResult is what becomes of one column; Column is its letter, a row number when
// responses are columns.
type ColumnResult struct {
	Sheet    string   `json:"sheet"`
	Column   string   `json:"column"`
	Header   string   `json:"header"`
	Question string   `json:"question"`
	How      string   `json:"how"`
	Samples  []string `json:"samples"`
	Role     Role     `json:"role,omitempty"`
	Type     string   `json:"type,omitempty"`
	Choice   string   `json:"choice,omitempty"`
	Personal bool     `json:"personal,omitempty"`
}

// FormResult is the form that the answers belong to.
type FormResult struct {
	ID        string           `json:"id"`
	Title     string           `json:"title"`
	Inferred  bool             `json:"inferred"`
	Questions []QuestionResult `json:"questions"`
}

// QuestionResult is one question of the form.
type QuestionResult struct {
	Path    string   `json:"path"`
	Type    string   `json:"type"`
	Label   string   `json:"label"`
	Choices []string `json:"choices,omitempty"` // codes
}

// Counts of responses by what would become of them.
type Counts struct {
	Create    int `json:"create"`
	Change    int `json:"change"`
	Identical int `json:"identical"`
	Skip      int `json:"skip"`
	Error     int `json:"error"`
}

// Limits of what a result lists; the rest is counted.
const (
	maxProblems     = 2000
	maxSameProblems = 10 // of one column and kind
)

// NewResult describes a plan. Rows are counted as responses pass.
func NewResult(file string, p *Plan) *Result {
	r := &Result{File: file, Problems: []Problem{}, Sheets: []SheetResult{}, Columns: []ColumnResult{}, left: map[string]int{}}
	for i, t := range p.Found.Tables {
		r.Sheets = append(r.Sheets, sheetResult(t, &p.Sources[i], file))
	}
	for _, c := range p.Columns {
		r.Columns = append(r.Columns, columnResult(p, c))
	}
	r.Form = formResult(p)
	for _, n := range p.Found.Notes {
		r.Add(n)
	}
	r.notePlan(p)
	return r
}

func sheetResult(t *Table, s *Source, file string) SheetResult {
	out := SheetResult{
		Name: t.Name, Orientation: t.Orientation, HeaderRows: t.HeaderRows, Rows: t.Records, Format: t.Format, Hidden: t.Hidden,
		Encoding: t.Encoding, Delimiter: t.Delimiter, DecimalMark: t.decimalMark(), Country: string(s.Country), Passed: t.Passed,
	}
	if s.Parent >= 0 {
		out.Repeat = s.Repeat
	}
	if t.File != file {
		out.File = t.File
	}
	for _, f := range t.Fields {
		if f.Header != "" || f.Seen.Filled > 0 {
			out.Columns++
		}
	}
	return out
}

// decimalMark is the mark that most of a table's numbers show.
func (t *Table) decimalMark() string {
	points, commas := 0, 0
	for _, f := range t.Fields {
		points += f.Seen.Kinds[pointNumber]
		commas += f.Seen.Kinds[commaNumber]
	}
	switch {
	case commas > points:
		return ","
	case points > 0:
		return "."
	}
	return ""
}

func columnResult(p *Plan, c *Column) ColumnResult {
	t := p.Found.Tables[c.Table]
	out := ColumnResult{
		Sheet: t.Name, Header: c.Field.Header, Question: c.Question, How: c.How, Samples: c.Field.Seen.Samples(),
		Role: c.Role, Choice: c.Choice, Personal: c.Personal,
	}
	out.Column = Letters(c.Field.Position)
	if t.Orientation != Rows {
		out.Column = strconv.Itoa(c.Field.Position)
	}
	if q := p.Form.Find(c.Question); q != nil && c.Question != "" {
		out.Type = q.Type
	}
	return out
}

func formResult(p *Plan) *FormResult {
	f := &FormResult{ID: p.Form.ID, Title: p.Form.Title, Inferred: p.Inferred, Questions: []QuestionResult{}}
	p.Form.Walk(func(n *forms.Node) bool {
		if n.Kind != forms.Question || n.Type == "note" {
			return true
		}
		q := QuestionResult{Path: n.Path, Type: n.Type}
		q.Label, _ = n.Label.In(p.Form, p.Form.DefaultLanguage)
		if list := listFor(p.Form, n); list != nil {
			for _, c := range list.Choices {
				q.Choices = append(q.Choices, c.Name)
			}
		}
		f.Questions = append(f.Questions, q)
		return true
	})
	return f
}
