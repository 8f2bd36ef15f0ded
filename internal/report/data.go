package report

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// dataColumns are the columns of the long table: key of the header's words, and width.
var dataColumns = []struct {
	key   string
	width float64
}{
	{"study", 14}, {"round", 8}, {"iso3", 7}, {"country", 18}, {"instrument", 18}, {"interview", 12}, {"section", 24}, {"number", 8},
	{"variable", 24}, {"question", 44}, {"item_id", 10}, {"item", 24}, {"choice", 14}, {"value_code", 16}, {"value_label", 36},
	{"value_num", 14}, {"unit", 11}, {"date", 12}, {"precision", 10}, {"reason", 12}, {"qualifier", 10}, {"source", 30},
	{"note_id", 12}, {"publication", 14}, {"flags", 16}, {"state", 14}, {"version", 8}, {"signed_at", 12}, {"url", 40},
}

// dataPrint is how many rows of the long table print; it is for filtering, not for paper.
const dataPrint = 60

// dataSheet is the long table: one row per country, question, item and choice. A column
// that does not apply to a row is empty here, so that numbers and dates stay columns of
// numbers and dates; what is missing has its reason.
func (b *builder) dataSheet() *sheet {
	s := b.tableSheet(b.fixed.data, "data", "T_"+b.t("table.data"))
	s.frozen, s.printRows, s.pagesWide = 4, dataPrint, 2
	for i, c := range dataColumns {
		switch c.key {
		case "iso3", "interview", "variable", "item_id", "choice":
			s.keys = append(s.keys, i)
		}
		s.columns = append(s.columns, column{header: b.t("col." + c.key), width: c.width})
	}
	for _, part := range []struct {
		in      *instrument
		returns []Return
	}{{b.survey, b.returns}, {b.guide, b.talks}} {
		for i := range part.returns {
			if part.in == nil {
				continue
			}
			s.rows = append(s.rows, b.dataRows(part.in, &part.returns[i])...)
		}
	}
	return s
}

// dataRows are the rows of one return, in document order.
func (b *builder) dataRows(in *instrument, r *Return) [][]cell {
	var rows [][]cell
	names := map[string]string{} // of items, by path
	for i := range r.Answers {
		a := &r.Answers[i]
		q := in.form.Find(a.Question)
		sec := in.places[a.Question]
		if q != nil && sec == nil {
			continue // in a section that was not chosen, or not for comparing
		}
		item := ""
		if end := strings.LastIndexByte(a.Path, ']'); end >= 0 {
			path := a.Path[:end+1]
			if _, ok := names[path]; !ok {
				names[path] = b.itemName(in, r, path)
			}
			item = names[path]
		}
		codes := []string{""}
		if a.Kind == study.CodesValue && standingOf(a) == withValue {
			codes = strings.Fields(a.Text)
		}
		for _, code := range codes {
			rows = append(rows, b.dataRow(in, r, q, sec, a, item, code))
		}
	}
	return rows
}

func (b *builder) dataRow(in *instrument, r *Return, q *forms.Node, sec *section, a *study.Answer, item, choice string) []cell {
	sub := r.Submission
	number, label, unit, section := cell{}, textOf(a.Question), cell{}, cell{}
	if q != nil {
		number, label, unit = textOf(in.numberOf(q)), textOf(b.label(in.form, q)), orEmpty(b.extra(in.form, q, "unit"))
		section = textOf(sec.label)
	}
	v := b.dataValue(in, q, a, choice)
	return []cell{
		textOf(b.in.Study.ID), orEmpty(b.in.Round), textOf(string(sub.Country)), textOf(b.countryOf(sub.Country)), textOf(in.title),
		orEmpty(r.Title), section, number, textOf(strings.TrimPrefix(a.Question, "/")), label, orEmpty(a.Item), orEmpty(item),
		orEmpty(choice), orEmpty(v.code), v.label, v.number, unit, v.date, orEmpty(v.precision), orEmpty(v.reason),
		orEmpty(qualifier(b, a)), orEmpty(limited(a.Note)), orEmpty(b.notes.numbers[noteKey{r, a.Path}]),
		textOf(b.publication(a)), orEmpty(strings.Join(a.Flags, " ")), textOf(b.words.T("state." + string(r.state()))),
		intOf(sub.Version), moment(sub.At), b.pageOf(r, a.Path),
	}
}

// dataValue is a value in the columns of the long table.
type dataValue struct {
	code, precision, reason string
	label, number, date     cell
}

func (b *builder) dataValue(in *instrument, q *forms.Node, a *study.Answer, choice string) (v dataValue) {
	switch standingOf(a) {
	case notAsked:
		v.reason, v.label = "NOT_ASKED", faintOf(b.mark(a))
		return v
	case unanswered:
		v.reason, v.label = string(study.Blank), faintOf(b.mark(a))
		return v
	case withReason:
		v.reason, v.label = string(a.Reason), faintOf(b.mark(a))
		v.code = a.Text // a choice that means a missing answer keeps its code
		return v
	}
	switch a.Kind {
	case study.CodesValue:
		v.code, v.label = choice, textOf(choice)
		if q != nil {
			v.label = textOf(b.choiceLabel(in.form, q, choice))
		}
	case study.CodeValue:
		v.code, v.label = a.Text, textOf(a.Text)
		if q != nil {
			v.label = textOf(b.choiceLabel(in.form, q, a.Text))
		}
	case study.NumValue:
		v.number, v.label = b.bareCell(in, q, a), textOf(a.Text)
		if v.number.kind != numberCell {
			v.number = cell{}
		}
	case study.DateValue:
		v.label = textOf(a.Text)
		v.precision = b.precision(a.Date)
		if c, ok := dayOf(a.Date); ok {
			v.date = c
		} else {
			v.date = textOf(a.Date)
		}
	default:
		v.label = textOf(limited(a.Text))
	}
	return v
}

// limited keeps a text within one cell; the whole of a longer one is on the sheet of texts.
func limited(s string) string { return pieces(printable(s), maxCell)[0] }

func (b *builder) precision(date string) string {
	switch len(date) {
	case len("2006"):
		return b.t("precision.year")
	case len("2006-01"):
		return b.t("precision.month")
	}
	return b.t("precision.day")
}

// qualifier is for numbers and dates, and only where a value stands.
func qualifier(b *builder, a *study.Answer) string {
	if a.Qualifier == "" || standingOf(a) != withValue {
		return ""
	}
	return b.t("qualifier." + a.Qualifier)
}

// publication says what is known about publishing an answer: only that a confidential
// one must not be.
func (b *builder) publication(a *study.Answer) string {
	if a.Reason == study.CONF {
		return b.t("publication.confidential")
	}
	return b.t("publication.unstated")
}
