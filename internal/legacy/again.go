package legacy

import (
	"regexp"
	"strings"
)

// tableTitle is the title of a further table: "Table 2. Persons".
var tableTitle = regexp.MustCompile(`^(?i:table|tabla|cuadro|tableau)\s+(?:n\.?[º°o]\s*)?[0-9IVXivx]+(?:[.:\s]|$)`)

// repeatsHeader reports a row that says the header once more, as sheets made for printing
// do on each page.
func (t *Table) repeatsHeader(r Row) bool {
	texts, i := 0, 0
	for _, c := range r.Cells {
		for i < len(t.Fields) && t.Fields[i].Position < c.Column {
			i++
		}
		if i == len(t.Fields) || t.Fields[i].Position != c.Column || len(t.Fields[i].Parts) == 0 || tidyHeader(c.Text) != t.Fields[i].Parts[0] {
			return false
		}
		if !c.Spread && strings.TrimSpace(c.Text) != "" {
			texts++
		}
	}
	return texts > 1
}

// beginsAnother reports the header of another table below this one: behind a gap or a
// title, its first column is called as here and the others are not.
func (t *Table) beginsAnother(r Row) bool {
	if t.last == 0 || r.Number <= t.last+1 || len(r.Cells) < 2 || len(t.Fields) < 2 || ownTexts(r) < len(r.Cells) {
		return false
	}
	first := t.Fields[0]
	if first.Position != r.Cells[0].Column || len(first.Parts) == 0 || first.Parts[0] == "" || fold(first.Parts[0]) != fold(r.Cells[0].Text) {
		return false
	}
	for _, c := range r.Cells[1:] {
		if !isYear(c.Text) && !allText(Row{Cells: []Cell{c}}) {
			return false
		}
	}
	return true
}
