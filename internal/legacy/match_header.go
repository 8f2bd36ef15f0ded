package legacy

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// ticked matches a column that stands for one choice of a question.
func (m *matcher) ticked(c *Column, e *entry, repeat string) bool {
	b, ok := branchOf(&e.Field)
	if !ok {
		return false
	}
	q := m.several(b.stem, repeat)
	if q == nil {
		return false
	}
	list := listFor(m.form, q)
	if list == nil {
		return false
	}
	code := codeOf(list, b.leaf)
	if code == "" {
		return false
	}
	c.Question, c.Choice, c.Leaf, c.How = q.Path, code, b.leaf, howName
	return true
}

// several finds a question with several choices by the stem of a header.
func (m *matcher) several(stem, repeat string) *forms.Node {
	name, label := nameAndLabel(&Field{Header: stem})
	for _, key := range []string{fold(name), fold(lastPart(stem))} {
		for _, q := range m.names[key] {
			if q.Type == "select_multiple" && fits(q, repeat, repeat != "") {
				return q
			}
		}
	}
	for _, q := range m.labels[bare(label)] {
		if q.Type == "select_multiple" && fits(q, repeat, repeat != "") {
			return q
		}
	}
	return nil
}

// numbered matches a column of one item of a repeat: program_2_name.
func (m *matcher) numbered(c *Column, e *entry) bool {
	p, ok := numberedOf(e.Header)
	if !ok || p.number == "" {
		return false
	}
	for _, candidates := range [][]*forms.Node{m.names[fold(p.leaf)], m.labels[bare(p.leaf)], m.names[fold(p.stem+"_"+p.leaf)]} {
		for _, q := range candidates {
			around := q.Repeats()
			if len(around) == 1 && (stemOf(around[0], p.stem) || len(candidates) == 1) {
				c.Question, c.Item, c.How = q.Path, p.number, howName
				return true
			}
		}
	}
	return false
}

// stemOf reports that a repeat is called like the stem of numbered headers.
func stemOf(repeat *forms.Node, stem string) bool {
	names := append([]string{repeat.Name}, labels(repeat.Label)...)
	return slices.ContainsFunc(names, func(name string) bool {
		a, b := fold(name), fold(stem)
		return a == b || strings.TrimSuffix(a, "s") == b || strings.TrimSuffix(a, "es") == b || strings.TrimSuffix(strings.TrimSuffix(b, "s"), "e") == strings.TrimSuffix(strings.TrimSuffix(a, "s"), "e")
	})
}

// similarEnough is how alike a header and a label must be, and by how much more than the
// next one.
const (
	similarEnough = 0.72
	similarMargin = 0.04
)

// similar offers a question for each header that nothing else matched.
func (m *matcher) similar(table int, entries []*entry, repeat string, item bool, taken map[string]bool) {
	for _, e := range entries {
		c := m.columnOf(table, e)
		if c == nil || c.Question != "" || c.Role != NoRole || len(bare(e.Header)) < 6 {
			continue
		}
		best, second, found := 0.0, 0.0, (*forms.Node)(nil)
		for _, key := range m.keys {
			s := likeness(key, bare(e.Header))
			for _, q := range m.labels[key] {
				if !fits(q, repeat, item) || taken[q.Path] || q == found && s <= best {
					continue
				}
				switch {
				case s > best:
					if q != found {
						second = best
					}
					best, found = s, q
				case s > second && q != found:
					second = s
				}
			}
		}
		if best >= similarEnough && best-second >= similarMargin {
			c.Question, c.How = found.Path, howSimilar
			taken[found.Path] = true
			m.complete(c, e)
		}
	}
}

func (m *matcher) columnOf(table int, e *entry) *Column {
	for _, c := range m.plan.Columns {
		if c.Table == table && c.Field == e.places[0].field {
			return c
		}
	}
	return nil
}

// complete adds what follows from the question and the column's texts.
func (m *matcher) complete(c *Column, e *entry) {
	c.DayFirst = guessDate(&e.Seen).dayFirst
	c.Personal = c.Role == PersonalRole || c.Role == SubmitterRole || isPersonal(e) || personalMeta(e)
	switch {
	case c.Question != "":
	case c.Role == PersonalRole, c.Personal && c.Role == NoRole:
		c.Role, c.How = PersonalRole, howPersonal
	case c.Role != NoRole:
		c.How = howMeta
	case e.Seen.Filled == 0:
		c.How = howEmpty
	}
}
