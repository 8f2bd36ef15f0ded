package legacy

import (
	"regexp"
	"slices"
	"strings"
)

// records gives the rows with answers; responses in columns are turned into rows, whose
// cells stand at the row numbers of their questions.
func (t *Table) records(rows []Row) []Row {
	switch t.Orientation {
	case Columns, Pairs:
		return t.turn(rows)
	case Other:
		return nil
	}
	i, _ := slices.BinarySearchFunc(rows, t.First, func(r Row, first int) int { return r.Number - first })
	return rows[i:]
}

// turn makes one row of each column of answers.
func (t *Table) turn(rows []Row) []Row {
	turned := make([]Row, len(t.answers))
	for i, column := range t.answers {
		turned[i].Number = column
		for _, f := range t.Fields {
			j, ok := slices.BinarySearchFunc(rows, f.Position, func(r Row, at int) int { return r.Number - at })
			if !ok {
				continue
			}
			for _, c := range rows[j].Cells {
				if c.Column == column {
					c.Column = f.Position
					if t.Orientation == Pairs {
						c.Note = remarks(rows[j], column)
					}
					turned[i].Cells = append(turned[i].Cells, c)
				}
			}
		}
	}
	return turned
}

// remarks are what stands in a row behind its answer.
func remarks(r Row, answer int) string {
	var texts []string
	for _, c := range r.Cells {
		if s := strings.TrimSpace(c.Text); c.Column > answer && !c.Spread && s != "" {
			texts = append(texts, s)
		}
	}
	return strings.Join(texts, "; ")
}

// count takes the cells of one record into the tallies of their fields.
func (t *Table) count(r Row) {
	if t.Orientation == Other || r.blank() || t.passes(r) {
		return
	}
	if t.Orientation == Rows {
		t.last = r.Number
	}
	t.Records++
	i := 0
	for _, c := range r.Cells {
		for i < len(t.Fields) && t.Fields[i].Position < c.Column {
			i++
		}
		if i == len(t.Fields) {
			t.fieldless(c)
			break
		}
		f := t.Fields[i]
		if f.Position != c.Column {
			continue
		}
		f.Seen.add(c)
		f.Vertical = f.Vertical || c.Spread
	}
}

// fieldless makes a field of a column that has values but no header.
func (t *Table) fieldless(c Cell) {
	if strings.TrimSpace(c.Text) == "" || t.Orientation != Rows {
		return
	}
	f := &Field{Position: c.Column}
	t.Fields = append(t.Fields, f)
	f.Seen.add(c)
}

// passes reports a row below the header that is no response: a source, a note, a
// total, the header once more, or what belongs to another table below.
func (t *Table) passes(r Row) bool {
	if t.Orientation != Rows || len(r.Cells) == 0 {
		return false
	}
	if t.Another > 0 && r.Number >= t.Another || t.repeatsHeader(r) {
		return true
	}
	if t.beginsAnother(r) {
		t.Another = r.Number
		return true
	}
	if len(t.Fields) < 3 {
		return false
	}
	first, same := "", true
	for _, c := range r.Cells {
		s := strings.TrimSpace(c.Text)
		if first == "" {
			first = s
		}
		if s != "" && s != first {
			same = false
			break
		}
	}
	words := strings.Fields(first)
	if len(words) == 0 || !same && len(words) > 2 {
		return false
	}
	word := strings.ToLower(strings.TrimRight(words[0], ":.*"))
	if same {
		return noteWords[word] || tableTitle.MatchString(first) || r.Cells[0].Column == 1 && noteMark.MatchString(first) || strings.HasPrefix(first, "*") || len(t.Fields) > 3 && len(words) > 5
	}
	return totalWords[word]
}

// isNote reports a text that speaks of the table: "Source: ministries". A label such as
// "Notes:" has nothing behind its colon.
func isNote(s string) bool {
	word, rest, _ := strings.Cut(s, ":")
	return noteWords[strings.ToLower(strings.TrimSpace(word))] && strings.TrimSpace(rest) != ""
}

var (
	noteWords = set("fuente", "fuentes", "source", "sources", "nota", "notas", "note", "notes", "remarque", "remarques", "aclaración", "elaboración", "elaborado", "prepared")
	// A mark that cells above refer to, "(1) Provisional", or a legend, "N/D: not known".
	noteMark   = regexp.MustCompile(`^(?:[(\[](?:\d{1,2}|[a-z])[)\]]|(?:\d{1,2}|[a-z])/|[¹²³†‡])\s*\p{L}|^(?i:n\.?/?d\.?|n\.?/?a\.?|s\.?/?d\.?|\.{2,3}|[-–—])\s*[:=]\s`)
	totalWords = set("total", "totales", "totals", "subtotal", "totaux")
)

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
