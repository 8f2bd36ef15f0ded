package report

import (
	"strconv"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// maxCell is what one Excel cell holds, in UTF-16 units. A longer text goes on in the
// next row.
const maxCell = 32_767

// textList collects answers that are too long for a comparison cell.
type textList struct {
	rows  [][]cell
	count int
}

type textEntry struct {
	id  string
	row int // on the sheet
}

func (b *builder) longText(in *instrument, r *Return, q *forms.Node, a *study.Answer, item, text string) textEntry {
	b.texts.count++
	entry := textEntry{id: strconv.Itoa(b.texts.count), row: headerRow + 1 + len(b.texts.rows)}
	for part, piece := range pieces(printable(text), maxCell) {
		b.texts.rows = append(b.texts.rows, []cell{
			intOf(b.texts.count), intOf(part + 1), strongOf(b.countryOf(r.Submission.Country)), textOf(string(r.Submission.Country)),
			dash(r.Title), textOf(in.numberOf(q)), textOf(b.label(in.form, q)), dash(item), textOf(piece), b.pageOf(r, a.Path),
		})
	}
	return entry
}

// pieces cuts a text into parts of at most units UTF-16 units once they are escaped.
func pieces(s string, units int) []string {
	var parts []string
	start, used := 0, 0
	for i, r := range s {
		size := 1
		switch {
		case r > 0xFFFF:
			size = 2
		case r == '_' && escapeLike.MatchString(s[i:]):
			size += escapedBytes
		}
		if used+size > units {
			parts = append(parts, s[start:i])
			start, used = i, 0
		}
		used += size
	}
	return append(parts, s[start:])
}

func (b *builder) textsSheet() *sheet {
	s := b.tableSheet(b.fixed.texts, "texts", "T_"+b.t("table.texts"))
	s.columns = []column{
		{header: b.t("col.text_id"), width: 7}, {header: b.t("col.part"), width: 7}, {header: b.t("col.country"), width: 18},
		{header: b.t("col.iso3"), width: 7}, {header: b.t("col.interview"), width: 12}, {header: b.t("col.number"), width: 7},
		{header: b.t("col.question"), width: 32}, {header: b.t("col.item"), width: 22}, {header: b.t("col.text"), width: 100},
		{header: b.t("col.url"), width: 30},
	}
	s.frozen, s.pagesWide = 1, 1
	s.rows = b.texts.rows
	return s
}
