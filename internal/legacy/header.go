package legacy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

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
	if len(below) < 2 {
		return false
	}
	if yearsRow(next) && next.Cells[0].Column > upper.Cells[0].Column && groupsColumns(upper, next) {
		return true
	}
	if !allText(next) {
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

// yearsRow reports a row of nothing but years: figures by year under a heading each.
func yearsRow(r Row) bool {
	return !slices.ContainsFunc(r.Cells, func(c Cell) bool {
		return !c.Spread && (!isYear(c.Text) || shapeOf(textOr(c.Text), c.Kind) != wholeNumber)
	})
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
