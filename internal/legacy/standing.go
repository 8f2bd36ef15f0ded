package legacy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comparanda/comparanda/internal/study"
)

// layOutPairs recognizes a sheet that is one response: labels in one column, answers in
// the next one with at most remarks beside them.
func layOutPairs(t *Table, rows []Row, head int) bool {
	label, answer, ok := labelColumns(rows)
	if !ok || lastColumn(rows) > 6 {
		return false
	}
	first := 0
	said := false
	for i := 0; i < len(rows) && i < max(head+1, 40) && !said; i++ {
		if questionWords[headWord(rows[i].Text(label))] && answerWords[headWord(rows[i].Text(answer))] {
			said, first = true, i+1
		}
	}
	beyond, wide := 0, 0 // answers further to the right make it a table
	for _, r := range rows[first:] {
		if n := len(r.Cells); n > 0 && r.Cells[n-1].Column > answer && !r.Cells[n-1].Spread {
			wide++
		}
		for _, c := range r.Cells {
			if c.Column > answer && !c.Spread && utf8.RuneCountInString(c.Text) <= 40 {
				beyond++
			}
		}
	}
	if !said && (beyond*4 > len(rows) || wide*2 > len(rows) || len(rows) < 4 || !asksQuestions(rows, label) || !mixedKinds(rows, answer) && !asksOpenly(rows, label)) {
		return false
	}
	t.Orientation, t.First = Pairs, answer
	if said {
		t.HeaderRows, t.Passed = 1, first-1
	}
	t.answers = []int{answer}
	t.Fields = standingFields(rows[first:], label)
	t.Country = countryAbove(rows)
	return len(t.Fields) > 0
}

// countryAbove reads "Country: | Costa Rica" in the rows around a questionnaire.
func countryAbove(rows []Row) study.ISO3 {
	for _, r := range rows {
		for i, c := range r.Cells {
			if !countryHeader.MatchString(fold(c.Text)) {
				continue
			}
			for _, next := range r.Cells[i+1:] {
				if iso3, ok := CountryOf(next.Text); ok {
					return iso3
				}
			}
		}
	}
	return ""
}

var (
	questionWords = set("pregunta", "preguntas", "question", "questions", "indicador", "indicator", "indicateur", "item", "ítem", "campo", "field", "variable", "concepto")
	answerWords   = set("respuesta", "respuestas", "answer", "answers", "response", "réponse", "réponses", "valor", "value", "valeur", "dato", "datos")
)

func headWord(s string) string {
	words := strings.Fields(strings.ToLower(strings.TrimSpace(s)))
	if len(words) == 0 || len(words) > 3 {
		return ""
	}
	return strings.TrimRight(words[0], ":.")
}

// labelColumns finds the column of labels, behind at most one of numbers ("1.2"), and
// the column of answers beside it.
func labelColumns(rows []Row) (label, answer int, ok bool) {
	for label = 1; label <= 2; label++ {
		filled, long := 0, 0
		for _, r := range rows {
			if s := strings.TrimSpace(r.Text(label)); s != "" {
				filled++
				if utf8.RuneCountInString(s) > 6 && shapeOf(s, Text) == plainText {
					long++
				}
			}
		}
		if filled*2 >= len(rows) && long*3 >= filled*2 {
			return label, label + 1, true
		}
	}
	return 0, 0, false
}

// asksQuestions reports that a column's texts are questions or labels: each only once,
// most of several words, ending in "?" or ":" or numbered.
func asksQuestions(rows []Row, column int) bool {
	texts := map[string]bool{}
	filled, asking := 0, 0
	for _, r := range rows {
		s := strings.TrimSpace(r.Text(column))
		if s == "" {
			continue
		}
		filled++
		texts[s] = true
		if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ":") || len(strings.Fields(s)) >= 4 || numbered(s) {
			asking++
		}
	}
	return len(texts)*20 >= filled*19 && asking*2 >= filled && filled >= 3
}

// numbered reports "1.2 Label", "a) Label" and "P3. Label".
func numbered(s string) bool {
	word, rest, ok := strings.Cut(s, " ")
	return ok && rest != "" && len(word) <= 7 && (unicode.IsDigit(rune(word[0])) || strings.HasSuffix(word, ")") || strings.HasSuffix(word, "."))
}

// mixedKinds reports that a column holds answers to different questions: figures and
// texts.
func mixedKinds(rows []Row, column int) bool {
	figures, texts := 0, 0
	for _, r := range rows {
		s := strings.TrimSpace(r.Text(column))
		switch {
		case s == "" || isMissing(s):
		case isWording(shapeOf(s, kindAt(r, column))):
			texts++
		default:
			figures++
		}
	}
	return texts > 0 && figures > 0
}

func isWording(k shape) bool { return k == plainText || k == webAddress || k == emailAddress }

// asksOpenly reports that labels end as questions do.
func asksOpenly(rows []Row, column int) bool {
	filled, open := 0, 0
	for _, r := range rows {
		s := strings.TrimSpace(r.Text(column))
		if s == "" {
			continue
		}
		filled++
		if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ":") {
			open++
		}
	}
	return open*3 >= filled && open > 0
}

// layOutColumns recognizes questions that go down, with a response in each column: the
// heads of columns are countries, or rows are of one kind each while columns mix kinds.
func layOutColumns(t *Table, rows []Row, head int) bool {
	label, answer, ok := labelColumns(rows)
	if !ok || len(rows) < head+3 || lastColumn(rows) > 400 || knownHeader(rows[head]) {
		return false
	}
	heads := columnHeads(rows[head], label)
	if len(heads) < 2 {
		return false
	}
	countries := 0
	for _, c := range heads {
		if _, ok := CountryOf(c.Text); ok {
			countries++
		}
	}
	asks := asksQuestions(rows[head+1:], label)
	switch {
	case countries*2 >= len(heads) && countries >= 2:
	case asks && shortHeads(heads) && evenRows(rows[head+1:], answer) > evenColumns(rows[head+1:], heads):
	default:
		return false
	}
	t.Orientation, t.HeaderRows, t.First, t.Passed = Columns, 1, heads[0].Column, head
	for _, c := range heads {
		t.answers = append(t.answers, c.Column)
	}
	t.Fields = standingFields(rows[head:], label)
	return len(t.Fields) > 0
}

// columnHeads are the cells of a row behind the labels.
func columnHeads(r Row, label int) []Cell {
	var heads []Cell
	for _, c := range r.Cells {
		if c.Column > label && strings.TrimSpace(c.Text) != "" {
			heads = append(heads, c)
		}
	}
	return heads
}

func shortHeads(heads []Cell) bool {
	texts := map[string]bool{}
	for _, c := range heads {
		if utf8.RuneCountInString(c.Text) > 40 || strings.Contains(c.Text, "?") {
			return false
		}
		texts[c.Text] = true
	}
	return len(texts) == len(heads)
}

// evenRows is the share of rows whose answers are all figures or all texts.
func evenRows(rows []Row, from int) float64 {
	even, counted := 0, 0
	for _, r := range rows {
		figures, texts := 0, 0
		for _, c := range r.Cells {
			if c.Column >= from {
				countKind(c, &figures, &texts)
			}
		}
		if figures+texts < 2 {
			continue
		}
		counted++
		if figures == 0 || texts == 0 {
			even++
		}
	}
	if counted == 0 {
		return 0
	}
	return float64(even) / float64(counted)
}

func evenColumns(rows []Row, heads []Cell) float64 {
	even := 0
	for _, h := range heads {
		figures, texts := 0, 0
		for _, r := range rows {
			for _, c := range r.Cells {
				if c.Column == h.Column {
					countKind(c, &figures, &texts)
				}
			}
		}
		if figures == 0 || texts == 0 {
			even++
		}
	}
	return float64(even) / float64(len(heads))
}

func countKind(c Cell, figures, texts *int) {
	s := strings.TrimSpace(c.Text)
	switch {
	case s == "" || isMissing(s):
	case shapeOf(s, c.Kind) == plainText:
		*texts++
	default:
		*figures++
	}
}

// standingFields makes a field of each row with a label. A row whose cells all show the
// label is a heading, and is left out.
func standingFields(rows []Row, label int) []*Field {
	var fields []*Field
	for _, r := range rows {
		text := tidyHeader(r.Text(label))
		if text == "" || ownTexts(r) < 2 && slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Spread }) {
			continue
		}
		f := &Field{Position: r.Number, Parts: []string{text}}
		if label == 2 && strings.TrimSpace(r.Text(1)) != "" {
			f.Parts = []string{tidyHeader(r.Text(1)), text}
		}
		f.join()
		if label == 2 {
			f.Header = strings.Join(f.Parts, " ")
		}
		fields = append(fields, f)
	}
	return fields
}
