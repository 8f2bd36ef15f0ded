package report

import (
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// noteList collects notes as the comparison sheets are made. A note is numbered within
// its question, "B.2 [1]", so that its number means the same when a table is sorted.
type noteList struct {
	rows    []noteRow
	counts  map[string]int     // by question number
	numbers map[noteKey]string // full numbers given so far
}

type noteKey struct {
	ret  *Return
	path string
}

type noteRow struct {
	id, question, item string
	ret                *Return
	answer             *study.Answer
}

// note gives the mark of an answer's note ("[1]") and keeps it for the sheet of notes;
// "" when there is nothing to say about the answer.
func (b *builder) note(in *instrument, r *Return, q *forms.Node, a *study.Answer, item string) string {
	if a.Note == "" && !doubtful(a) {
		return ""
	}
	if b.notes.counts == nil {
		b.notes.counts, b.notes.numbers = map[string]int{}, map[noteKey]string{}
	}
	number := in.prefix + in.numberOf(q)
	b.notes.counts[number]++
	mark := "[" + strconv.Itoa(b.notes.counts[number]) + "]"
	id := number + " " + mark
	b.notes.numbers[noteKey{r, a.Path}] = id
	b.notes.rows = append(b.notes.rows, noteRow{id: id, question: b.label(in.form, q), item: item, ret: r, answer: a})
	return mark
}

// numberOf is a question's number, or its name where it has none.
func (in *instrument) numberOf(q *forms.Node) string {
	if n := in.numbers[q.Path]; n != "" {
		return n
	}
	return q.Name
}

func (b *builder) notesSheet() *sheet {
	s := b.tableSheet(b.fixed.notes, "notes", "T_"+b.t("table.notes"))
	s.columns = []column{
		{header: b.t("col.note_id"), width: 12}, {header: b.t("col.country"), width: 20}, {header: b.t("col.iso3"), width: 7},
		{header: b.t("col.interview"), width: 12}, {header: b.t("col.question"), width: 44}, {header: b.t("col.item"), width: 24},
		{header: b.t("col.note"), width: 60}, {header: b.t("col.flags"), width: 18}, {header: b.t("col.version"), width: 9},
		{header: b.t("col.signed_at"), width: 12}, {header: b.t("col.url"), width: 40},
	}
	s.frozen, s.pagesWide = 1, 1
	for _, n := range b.notes.rows {
		sub := n.ret.Submission
		s.rows = append(s.rows, []cell{
			strongOf(n.id), textOf(b.countryOf(sub.Country)), textOf(string(sub.Country)), dash(n.ret.Title), textOf(n.question),
			dash(n.item), dash(n.answer.Note), dash(strings.Join(n.answer.Flags, " ")), intOf(sub.Version), moment(sub.At),
			b.pageOf(n.ret, n.answer.Path),
		})
	}
	return s
}

// dash is a text, or a dash where a table column does not apply to the row.
func dash(s string) cell {
	if s == "" {
		return faintOf("–")
	}
	return textOf(s)
}

// pageOf is an address that can be read and followed.
func (b *builder) pageOf(r *Return, path string) cell {
	u := b.answerURL(r, path)
	if u == "" {
		return faintOf("–")
	}
	return cell{kind: textCell, text: u, look: linked, url: u}
}
