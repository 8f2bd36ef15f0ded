package legacy

import (
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
	t.pair(rows, first, label, answer)
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
