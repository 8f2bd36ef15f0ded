package legacy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// layOut decides how a sheet is laid out from its first rows, which may be all.
func layOut(s Sheet, rows []Row) *Table {
	t := &Table{Sheet: s, Orientation: Other}
	if len(rows) == 0 || s.isFormSheet(rows) {
		return t
	}
	head := headerAt(rows)
	if pairs := layOutPairs(t, rows, head); pairs {
		return t
	}
	if turned := layOutColumns(t, rows, head); turned {
		return t
	}
	layOutRows(t, rows, head)
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
func layOutRows(t *Table, rows []Row, head int) {
	deep := headerDepth(rows, head)
	if len(rows) == head+deep && head+deep == 1 && len(rows[0].Cells) == 1 {
		return // a sheet with one text
	}
	t.Orientation = Rows
	t.HeaderRows = deep
	t.First = rows[head+deep-1].Number + 1
	if head+deep < len(rows) {
		t.First = rows[head+deep].Number
	}
	if !isHeader(rows, head) {
		t.HeaderRows, t.First = 0, rows[head].Number
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

// headerDepth is how many rows the header has: 1, and more when the next rows name
// choices (SurveyMonkey), import codes (Qualtrics), units or labels.
func headerDepth(rows []Row, head int) int {
	deep := 1
	for head+deep < len(rows) && deep < 4 {
		next := rows[head+deep]
		below := rows[min(head+deep+1, len(rows)):min(head+deep+21, len(rows))]
		if !continuesHeader(rows[head], next, below) {
			break
		}
		deep++
	}
	return deep
}

func continuesHeader(upper, next Row, below []Row) bool {
	joined := next.Text(next.Cells[0].Column)
	if strings.HasPrefix(joined, `{"ImportId"`) {
		return true
	}
	if len(below) > 0 && strings.HasPrefix(below[0].Text(below[0].Cells[0].Column), `{"ImportId"`) {
		return true
	}
	if surveyMonkey(upper, next) {
		return true
	}
	if len(below) < 2 || !allText(next) {
		return false
	}
	if groupsColumns(upper, next) && !repeatsBelow(next, below) {
		return true
	}
	return unitsRow(next, below)
}

var responseWords = set("response", "open-ended response", "respuesta", "respuesta abierta", "réponse", "réponse ouverte", "other (please specify)", "otro (especifique)")

// surveyMonkey recognizes its second header row, which has "Response" below questions
// with one answer, and choices below the others.
func surveyMonkey(upper, next Row) bool {
	n := 0
	for _, c := range next.Cells {
		if responseWords[strings.ToLower(strings.TrimSpace(c.Text))] {
			n++
		}
	}
	return n > 0 && (next.Cells[0].Column > upper.Cells[0].Column || n*2 >= len(next.Cells))
}

// groupsColumns reports that the upper row heads groups of columns: merged over them, or
// written above the first one only, where the lower row goes on.
func groupsColumns(upper, next Row) bool {
	spread, bare := 0, 0
	for _, c := range upper.Cells {
		if c.Spread {
			spread++
		}
	}
	for _, c := range next.Cells {
		if !c.Spread && strings.TrimSpace(upper.Text(c.Column)) == "" {
			bare++
		}
	}
	return ownTexts(next) > 1 && (spread > 0 || bare*4 >= len(next.Cells) && bare >= 2)
}

// repeatsBelow reports that the texts of a row come again in their columns: then it is a
// row of answers.
func repeatsBelow(r Row, below []Row) bool {
	again, asked := 0, 0
	for _, c := range r.Cells {
		if c.Spread {
			continue
		}
		asked++
		if slices.ContainsFunc(below, func(b Row) bool { return b.Text(c.Column) == c.Text }) {
			again++
		}
	}
	return again*3 > asked
}

// unitsRow reports a row of text above columns of figures: units, or labels below codes.
func unitsRow(next Row, below []Row) bool {
	figures, texts := 0, 0
	for _, c := range next.Cells {
		n, filled := 0, 0
		for _, b := range below {
			s := strings.TrimSpace(b.Text(c.Column))
			if s == "" || isMissing(s) {
				continue
			}
			filled++
			if k := shapeOf(s, kindAt(b, c.Column)); k != plainText && k != truth {
				n++
			}
		}
		if filled > 0 && n*5 >= filled*4 {
			figures++
		} else if filled > 0 {
			texts++
		}
	}
	return figures > 0 && (figures >= 2 || texts == 0 || len(next.Cells) <= 3) && figures*5 >= len(next.Cells)*2 && !repeatsBelow(next, below)
}

func kindAt(r Row, column int) Kind {
	for _, c := range r.Cells {
		if c.Column == column {
			return c.Kind
		}
	}
	return Text
}

// fieldsOf makes a field of each column up to last, headed by the rows of the header.
// A group heading counts for the columns behind it that have none of their own.
func fieldsOf(header []Row, last int) []*Field {
	fields := make([]*Field, last)
	for i := range fields {
		fields[i] = &Field{Position: i + 1, Parts: make([]string, len(header))}
	}
	for depth, r := range header {
		for _, c := range r.Cells {
			fields[c.Column-1].Parts[depth] = tidyHeader(c.Text)
		}
	}
	for depth := 0; depth < len(header)-1; depth++ {
		carry(fields, depth)
	}
	for _, f := range fields {
		f.join()
	}
	return fields
}

// carry repeats a heading over the columns behind it that the next row names.
func carry(fields []*Field, depth int) {
	for i := 1; i < len(fields); i++ {
		if fields[i].Parts[depth] == "" && fields[i].Parts[depth+1] != "" && !responseWords[strings.ToLower(fields[i].Parts[depth+1])] ||
			fields[i].Parts[depth] == "" && strings.Contains(strings.ToLower(fields[i].Parts[depth+1]), "specif") ||
			fields[i].Parts[depth] == "" && strings.Contains(strings.ToLower(fields[i].Parts[depth+1]), "especif") {
			fields[i].Parts[depth] = fields[i-1].Parts[depth]
		}
	}
}

// join puts a header's parts together; units in parentheses stand by themselves too.
func (f *Field) join() {
	var parts []string
	for _, p := range f.Parts {
		if p == "" || slices.Contains(parts, p) || strings.HasPrefix(p, `{"ImportId"`) {
			continue
		}
		if len(parts) > 0 && responseWords[strings.ToLower(p)] && !strings.Contains(p, "(") {
			continue
		}
		parts = append(parts, p)
	}
	f.Header = strings.Join(parts, " | ")
	if n := len(parts); n > 1 && isUnit(parts[n-1]) {
		f.Unit = strings.Trim(parts[n-1], "()[] ")
		f.Header = strings.Join(parts[:n-1], " | ")
	}
}

var unitWords = set("%", "persons", "people", "personas", "personnes", "usd", "us$", "$", "eur", "€", "years", "años", "ans", "days", "días", "jours",
	"months", "meses", "mois", "km", "kg", "m", "ha", "number", "número", "nombre de personnes", "yyyy-mm-dd", "dd/mm/yyyy", "yes/no", "sí/no", "si/no", "oui/non", "text", "texto", "texte", "n", "no.", "n.º")

func isUnit(s string) bool {
	bare := strings.ToLower(strings.Trim(s, "()[] "))
	return unitWords[bare] || utf8.RuneCountInString(s) <= 24 && (strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") || strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]"))
}
