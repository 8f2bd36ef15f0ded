package legacy

import "github.com/comparanda/comparanda/forms"

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
