package legacy

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/comparanda/comparanda/internal/study"
)

// layOut decides how a sheet is laid out from its first rows, which may be all, and from
// what a person said about it.
func layOut(s Sheet, rows []Row, said study.SheetMapping) *Table {
	t := &Table{Sheet: s, Orientation: Other, said: said.Orientation != ""}
	if len(rows) == 0 {
		return t
	}
	if t.said {
		layOutAs(t, rows, said)
		return t
	}
	if s.isFormSheet(rows) {
		return t
	}
	head := headerSaid(rows, said)
	if pairs := layOutPairs(t, rows, head); pairs {
		return t
	}
	if turned := layOutColumns(t, rows, head); turned {
		return t
	}
	layOutRows(t, rows, head, said)
	return t
}

// isFormSheet recognizes the sheets of a questionnaire, which lie beside the answers in
// some workbooks, by their headers.
func (s Sheet) isFormSheet(rows []Row) bool {
	names := map[string]bool{}
	for _, c := range rows[0].Cells {
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(c.Text)), "::")
		names[name] = true
	}
	if names["form_id"] && names["form_title"] {
		return true
	}
	return names["name"] && (names["type"] && names["label"] || (names["list_name"] || names["list name"]) && names["label"])
}

// headerAt is the index of the row with the names of columns: the first one that is
// neither a title nor a note above the table.
func headerAt(rows []Row) int {
	wide := typicalWidth(rows)
	for i := 0; i < len(rows) && i < 25; i++ {
		if knownHeader(rows[i]) {
			return i
		}
		if own := ownTexts(rows[i]); own >= 2 && (own*4 >= wide || wide <= 3) && !aboveTable(rows, i, wide) {
			return i
		}
	}
	return 0
}

// typicalWidth is how many cells most rows have, counted over the longer half of them.
func typicalWidth(rows []Row) int {
	widths := make([]int, 0, len(rows))
	for _, r := range rows {
		widths = append(widths, len(r.Cells))
	}
	slices.Sort(widths)
	return widths[len(widths)*3/4]
}

// ownTexts counts the different texts of a row that stand in cells of their own.
func ownTexts(r Row) int {
	texts := map[string]bool{}
	for _, c := range r.Cells {
		if !c.Spread && strings.TrimSpace(c.Text) != "" {
			texts[c.Text] = true
		}
	}
	return len(texts)
}

// knownHeader reports a row with names that survey programs give to their own columns.
func knownHeader(r Row) bool {
	n := 0
	for _, c := range r.Cells {
		if c.Kind == Text && metaRole(c.Text) != "" {
			n++
		}
	}
	return n >= 2 && n*3 >= len(r.Cells) || n >= 3
}

// aboveTable reports a row of remarks such as "Date: | 2019": much narrower than what
// follows, and followed by a row that looks more like a header.
func aboveTable(rows []Row, i, wide int) bool {
	if len(rows[i].Cells)*2 > wide {
		return false
	}
	for j := i + 1; j < len(rows) && j <= i+10; j++ {
		if len(rows[j].Cells)*4 >= wide*3 && allText(rows[j]) && ownTexts(rows[j])*10 >= len(rows[j].Cells)*9 && len(rows[j].Cells) >= 3 {
			return !sparseOver(rows[i], rows[j])
		}
	}
	return false
}

// sparseOver reports that a row heads groups of the columns of the next one: SurveyMonkey
// writes a question above its first choice only.
func sparseOver(upper, lower Row) bool {
	long := 0
	for _, c := range upper.Cells {
		if utf8.RuneCountInString(c.Text) > 12 || c.Spread {
			long++
		}
	}
	return len(upper.Cells) >= 2 && long*2 >= len(upper.Cells) && lower.Cells[0].Column >= upper.Cells[0].Column
}

func allText(r Row) bool {
	for _, c := range r.Cells {
		if c.Kind != Text {
			return false
		}
		switch shapeOf(textOr(c.Text), Text) {
		case plainText, webAddress, emailAddress:
		default:
			return false
		}
	}
	return true
}

func textOr(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "x"
	}
	return s
}

// layOutRows takes each row below the header as a response.
func layOutRows(t *Table, rows []Row, head int, said study.SheetMapping) {
	deep := headerDepth(rows, head)
	if said.HeaderRows > 0 {
		deep = min(said.HeaderRows, len(rows)-head)
	}
	if !t.said && len(rows) == head+deep && head+deep == 1 && len(rows[0].Cells) == 1 {
		return // a sheet with one text
	}
	t.Orientation = Rows
	t.HeaderRows = deep
	t.headerRow = rows[head].Number
	t.First = rows[head+deep-1].Number + 1
	if head+deep < len(rows) {
		t.First = rows[head+deep].Number
	}
	if said.HeaderRow < 0 {
		head = 0
	}
	if said.HeaderRow < 0 || said.HeaderRow == 0 && said.HeaderRows == 0 && !isHeader(rows, head) {
		t.HeaderRows, t.headerRow, t.First = 0, 0, rows[head].Number
	}
	t.Fields = fieldsOf(rows[head:head+t.HeaderRows], lastColumn(rows))
	t.Multi = mergedDown(rows[head+t.HeaderRows:])
}

// isHeader doubts a first row that looks just like the rows below it: numbers in columns
// of numbers, or a text that its column repeats.
func isHeader(rows []Row, head int) bool {
	if knownHeader(rows[head]) {
		return true
	}
	figures := 0
	for _, c := range rows[head].Cells {
		if k := shapeOf(textOr(c.Text), c.Kind); k != plainText && !isYear(c.Text) {
			figures++
		}
	}
	return figures*2 <= len(rows[head].Cells)
}

func isYear(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
}

func lastColumn(rows []Row) int {
	last := 0
	for _, r := range rows {
		if n := len(r.Cells); n > 0 {
			last = max(last, r.Cells[n-1].Column)
		}
	}
	return last
}

// mergedDown reports cells merged over several rows: those rows are one response.
func mergedDown(rows []Row) bool {
	for _, r := range rows {
		if len(r.Cells) > 0 && r.Cells[0].Spread && r.Cells[0].Column <= 2 {
			above := false
			for _, c := range r.Cells[1:] {
				above = above || !c.Spread
			}
			if above {
				return true
			}
		}
	}
	return false
}
