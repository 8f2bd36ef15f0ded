package legacy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

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
	t.stand(rows, head, label, heads)
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
// label is a heading, and is left out; so is a note that stands alone.
func standingFields(rows []Row, label int) []*Field {
	var fields []*Field
	for _, r := range rows {
		text := tidyHeader(r.Text(label))
		if text == "" || ownTexts(r) < 2 && slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Spread }) || ownTexts(r) < 2 && isNote(text) {
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
