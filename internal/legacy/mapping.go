package legacy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Mapping says what becomes of the columns of files of one kind. It is a JSON file that
// can be saved, edited and used again on the next wave: columns are found by their
// headers, wherever they stand.
type Mapping struct {
	Version int             `json:"version"` // 1
	Form    string          `json:"form,omitempty"`
	Country study.ISO3      `json:"country,omitempty"` // of all responses, when no column says it
	Round   string          `json:"round,omitempty"`
	Sheets  []SheetMapping  `json:"sheets,omitempty"`
	Columns []ColumnMapping `json:"columns"`
}

// SheetMapping is about one sheet, by its name.
type SheetMapping struct {
	Sheet   string     `json:"sheet"`
	Skip    bool       `json:"skip,omitempty"`
	Country study.ISO3 `json:"country,omitempty"`
}

// ColumnMapping is about the columns with one header, in one sheet or, when Sheet is "",
// in all. Values leads from texts to codes or plain values; "@ND" means a missing reason.
type ColumnMapping struct {
	Sheet    string            `json:"sheet,omitempty"`
	Header   string            `json:"header"`
	Question string            `json:"question,omitempty"` // path; "" when the column answers none
	Role     Role              `json:"role,omitempty"`
	Choice   string            `json:"choice,omitempty"` // code that a tick in the column means
	Item     string            `json:"item,omitempty"`   // number of the repeat's item
	Split    string            `json:"split,omitempty"`  // between several choices in one cell
	DayFirst *bool             `json:"day_first,omitempty"`
	Values   map[string]string `json:"values,omitempty"`
	How      string            `json:"how,omitempty"` // for the reader only: why it was suggested
}

// ParseMapping reads a mapping file.
func ParseMapping(data []byte) (*Mapping, error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	m := new(Mapping)
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("the mapping is no valid JSON of a mapping: %w", err)
	}
	if m.Version != 1 {
		return nil, fmt.Errorf("the mapping has version %d, want 1", m.Version)
	}
	return m, nil
}

// Mapping gives the plan as a mapping, to be saved and edited.
func (p *Plan) Mapping() *Mapping {
	m := &Mapping{Version: 1, Form: p.Form.ID, Columns: []ColumnMapping{}}
	seen := map[string]bool{}
	for _, c := range p.Columns {
		if c.Field.Header == "" {
			continue
		}
		out := ColumnMapping{Sheet: p.Found.Tables[c.Table].Name, Header: c.Field.Header, Question: c.Question, Role: c.Role, Choice: c.Choice, Item: c.Item, Split: c.Split, How: c.How}
		key := out.Sheet + "\x00" + loose(out.Header)
		if seen[key] {
			continue // of two columns with one header the first is meant
		}
		seen[key] = true
		if g := guessType(&c.Field.Seen, c.Field.Header, false); g.unclear {
			out.DayFirst = &c.DayFirst
		}
		m.Columns = append(m.Columns, out)
	}
	return m
}

// lookup finds what the mapping says about a column, and uses each entry once in a table
// so that doubled headers keep their own.
func (m *Mapping) lookup(sheet, header string) *ColumnMapping {
	if m == nil {
		return nil
	}
	want := loose(header)
	for _, own := range []string{sheet, ""} {
		i := slices.IndexFunc(m.Columns, func(c ColumnMapping) bool { return c.Sheet == own && loose(c.Header) == want })
		if i >= 0 {
			return &m.Columns[i]
		}
	}
	// The next wave's file has another name; its sheet is the only one of the mapping.
	i := slices.IndexFunc(m.Columns, func(c ColumnMapping) bool { return loose(c.Header) == want })
	if i >= 0 && !slices.ContainsFunc(m.Columns, func(c ColumnMapping) bool { return c.Sheet == sheet }) {
		return &m.Columns[i]
	}
	return nil
}

// skips leaves sheets out that the mapping does not want.
func (m *Mapping) skips(found *Found) {
	if m == nil {
		return
	}
	for _, s := range m.Sheets {
		for _, t := range found.Tables {
			if t.Name == s.Sheet && s.Skip {
				t.Orientation = Other
			}
		}
	}
}

// Apply changes a plan as the mapping says. What the mapping names and the form does not
// have is a problem.
func (p *Plan) Apply(m *Mapping) []Problem {
	if m == nil {
		return nil
	}
	var problems []Problem
	for _, s := range m.Sheets {
		for i, t := range p.Found.Tables {
			if t.Name == s.Sheet && s.Country != "" {
				p.Sources[i].Country = s.Country
			}
		}
	}
	used := map[*ColumnMapping]map[int]bool{}
	for _, c := range p.Columns {
		t := p.Found.Tables[c.Table]
		own := m.lookup(t.Name, c.Field.Header)
		if own == nil || used[own][c.Table] {
			continue
		}
		if used[own] == nil {
			used[own] = map[int]bool{}
		}
		used[own][c.Table] = true
		if fault := c.apply(own, p.Form); fault != "" {
			problems = append(problems, Problem{File: t.File, Sheet: t.Name, Cell: Letters(c.Field.Position), Code: "mapping.question", Text: fault, Remedy: "correct the mapping", Error: true})
		}
	}
	p.link()
	for _, c := range p.Columns {
		if c.Role == KeyRole && c.How == howMapping {
			p.Sources[c.Table].Key = c.Field.Position
		}
	}
	return problems
}

func (c *Column) apply(m *ColumnMapping, f *forms.Form) (fault string) {
	if m.Question != "" && f.Find(m.Question) == nil {
		return "the mapping names the question " + m.Question + ", which the form does not have"
	}
	if c.Question != m.Question || c.Role != m.Role || c.Choice != m.Choice || c.Item != m.Item {
		c.How = howMapping
	}
	c.Question, c.Role, c.Choice, c.Item = m.Question, m.Role, m.Choice, m.Item
	if m.Split != "" {
		c.Split = m.Split
	}
	if m.DayFirst != nil {
		c.DayFirst = *m.DayFirst
	}
	for text, code := range m.Values {
		if c.Values == nil {
			c.Values = map[string]string{}
		}
		c.Values[loose(text)] = code
	}
	return ""
}
