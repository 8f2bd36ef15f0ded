package legacy

import (
	"slices"
	"strconv"

	"github.com/comparanda/comparanda/forms"
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

// Apply changes a plan as the mapping says. What the mapping names and the form does not
// have is a problem.
func (p *Plan) Apply(m *Mapping) []Problem {
	if m == nil {
		return nil
	}
	p.said = m.Sheets
	var problems []Problem
	for i, t := range p.Found.Tables {
		if s, said := m.For(t.Name); said && s.Country != "" {
			p.Sources[i].Country = s.Country
		}
	}
	used := map[*ColumnMapping]map[int]bool{}
	for _, c := range p.Columns {
		t := p.Found.Tables[c.Table]
		own := lookup(m, t.Name, c.Field.Header, p.at(c))
		if own == nil || used[own][c.Table] {
			continue // of two columns with one header the first is meant
		}
		if used[own] == nil {
			used[own] = map[int]bool{}
		}
		used[own][c.Table] = true
		if !c.apply(own, p.Form) {
			problems = append(problems, p.faultAt(c, "mapping.question", "path", own.Question))
		}
		p.placeItem(c)
	}
	p.link()
	p.rekey()
	return append(problems, p.doubled()...)
}

// placeItem lets a column of responses that answers a question of a repeat answer it in
// the repeat's first item, when the mapping names no other.
func (p *Plan) placeItem(c *Column) {
	if c.Question == "" || c.Item != "" || p.Sources[c.Table].Repeat != "" {
		return
	}
	if q := p.Form.Find(c.Question); q != nil && len(q.Repeats()) > 0 {
		c.Item = "1"
	}
}

// rekey takes the column that tells responses apart from the mapping.
func (p *Plan) rekey() {
	for _, c := range p.Columns {
		s := &p.Sources[c.Table]
		switch {
		case c.Role == KeyRole && c.How == howMapping:
			s.Key = c.Field.Position
		case c.Role != KeyRole && s.Key == c.Field.Position:
			s.Key = 0
		}
	}
}

// doubled finds questions that a mapping gives to two columns of one table: one of the
// answers would be lost. Several choices may stand in columns of their own, and items of
// a repeat beside each other.
func (p *Plan) doubled() []Problem {
	var problems []Problem
	for _, columns := range p.byTable {
		first := map[string]*Column{}
		for _, c := range columns {
			key := c.Question + "#" + c.Item + "=" + c.Choice
			before := first[key]
			first[key] = c
			if c.Question == "" || before == nil || c.How != howMapping && before.How != howMapping {
				continue
			}
			problems = append(problems, p.faultAt(c, "mapping.twice", "other", p.at(before), "path", c.Question))
		}
	}
	return problems
}

// faultAt is a fault of a whole column.
func (p *Plan) faultAt(c *Column, key string, args ...any) Problem {
	said, t := fault(key, args...), p.Found.Tables[c.Table]
	said.File, said.Sheet, said.Cell = t.File, t.Name, p.at(c)
	return said
}

// apply changes a column as the mapping says; false when the form does not have the
// question.
func (c *Column) apply(m *ColumnMapping, f *forms.Form) bool {
	if m.Question != "" && f.Find(m.Question) == nil {
		return false
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
		if code == "" {
			continue
		}
		if c.Values == nil {
			c.Values = map[string]string{}
		}
		if c.said == nil {
			c.said = map[string]string{}
		}
		c.Values[loose(text)], c.said[text] = code, code
	}
	return true
}
