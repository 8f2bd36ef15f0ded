package legacy

import (
	"slices"
	"strconv"

	"github.com/comparanda/comparanda/internal/study"
)

// Mapping says what becomes of the columns of files of one kind.
type (
	Mapping       = study.Mapping
	SheetMapping  = study.SheetMapping
	ColumnMapping = study.ColumnMapping
)

// Mapping gives the plan as a mapping, to be saved, edited and used again. Texts of
// choices that nobody has decided stand in it with an empty code.
func (p *Plan) Mapping() *Mapping {
	m := &Mapping{Version: 1, Form: p.Form.ID, Sheets: p.said, Columns: []ColumnMapping{}}
	for i, c := range p.Columns {
		out := ColumnMapping{Sheet: p.Found.Tables[c.Table].Name, Header: c.Field.Header, Question: c.Question, Role: c.Role, Choice: c.Choice, Item: c.Item, Split: c.Split, How: c.How}
		if p.twice(i) {
			out.At = p.at(c)
		}
		out.Values = p.openValues(c)
		if g := guessType(&c.Field.Seen, c.Field.Header, false); g.unclear {
			out.DayFirst = &c.DayFirst
		}
		m.Columns = append(m.Columns, out)
	}
	return m
}

// at names a column by its place in its sheet.
func (p *Plan) at(c *Column) string {
	if p.Found.Tables[c.Table].Orientation != Rows {
		return strconv.Itoa(c.Field.Position)
	}
	return Letters(c.Field.Position)
}

// twice reports that a column's header does not tell it apart in its table: it is empty,
// or a column before it has the same.
func (p *Plan) twice(i int) bool {
	c := p.Columns[i]
	if c.Field.Header == "" {
		return true
	}
	want := loose(c.Field.Header)
	for j := i - 1; j >= 0 && p.Columns[j].Table == c.Table; j-- {
		if loose(p.Columns[j].Field.Header) == want {
			return true
		}
	}
	return false
}

// openValues are the texts that a mapping decided, and those of a choice question that
// are still to be decided.
func (p *Plan) openValues(c *Column) map[string]string {
	values := map[string]string{}
	for text, code := range c.said {
		values[text] = code
	}
	if q := p.Form.Find(c.Question); q != nil && c.Question != "" && c.Choice == "" {
		for _, t := range p.textsOf(c, q) {
			if t.Code == "" && c.Values[loose(t.Text)] == "" {
				values[t.Text] = ""
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	return values
}

// lookup finds what the mapping says about a column.
func lookup(m *Mapping, sheet, header, at string) *ColumnMapping {
	if m == nil {
		return nil
	}
	want := loose(header)
	fits := func(c *ColumnMapping) bool {
		return loose(c.Header) == want && (c.At == "" && header != "" || c.At == at)
	}
	for _, placed := range []bool{true, false} { // the entry for this very place comes first
		for _, own := range []string{sheet, ""} {
			i := slices.IndexFunc(m.Columns, func(c ColumnMapping) bool { return c.Sheet == own && fits(&c) && (c.At != "") == placed })
			if i >= 0 {
				return &m.Columns[i]
			}
		}
	}
	// The next wave's file has another name; its sheet is the only one of the mapping.
	i := slices.IndexFunc(m.Columns, func(c ColumnMapping) bool { return fits(&c) })
	if i >= 0 && !slices.ContainsFunc(m.Columns, func(c ColumnMapping) bool { return c.Sheet == sheet }) {
		return &m.Columns[i]
	}
	return nil
}

// skips leaves sheets out that the mapping does not want.
func skips(m *Mapping, found *Found) {
	for _, t := range found.Tables {
		if s, said := m.For(t.Name); said && s.Skip {
			t.Orientation = Other
		}
	}
}
