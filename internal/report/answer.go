package report

import (
	"slices"
	"strings"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// shortText is how much of a long answer stands in a comparison cell; the rest is on
// the sheet of texts.
const shortText = 300

// standing is what an answer counts as.
type standing uint8

const (
	noReturn   standing = iota // the country has no signed return
	notAsked                   // hidden by routing
	unanswered                 // asked, and left without value or reason
	withReason                 // no value, for a reason
	withValue
)

// standingOf tells what an answer counts as; a nil answer is one that was never sent.
func standingOf(a *study.Answer) standing {
	switch {
	case a == nil:
		return unanswered
	case a.NotAsked:
		return notAsked
	case a.Reason == study.Blank:
		return unanswered
	case a.Reason != "":
		return withReason
	case a.Kind == study.NoValue:
		return unanswered
	}
	return withValue
}

// mark is what stands where there is no value.
func (b *builder) mark(a *study.Answer) string {
	switch standingOf(a) {
	case notAsked:
		return b.t("not_asked")
	case withReason:
		return b.reasonMark(a.Reason)
	}
	return b.t("no_answer")
}

// standardMarks are printed for reasons that the study does not define.
var standardMarks = map[study.ReasonCode]string{
	study.NA: "N/A", study.ND: "N/D", study.CONF: "CONF", study.Pending: "…", study.Ref: "→",
}

func (b *builder) reasonMark(code study.ReasonCode) string {
	if code == study.Ref {
		return b.t("annex")
	}
	for _, r := range b.in.Study.Reasons {
		if r.Code == code && r.Mark != "" {
			return r.Mark
		}
	}
	if m := standardMarks[code]; m != "" {
		return m
	}
	return string(code)
}

// answerCell is one answer in a comparison: value or mark, with its note's number and
// the way to its page. Item is the name of the repeat item, "" outside repeats.
func (b *builder) answerCell(in *instrument, r *Return, q *forms.Node, a *study.Answer, item string) cell {
	c := b.bareCell(in, q, a)
	if a == nil {
		return c
	}
	c.url = b.answerURL(r, a.Path)
	note := b.note(in, r, q, a, item)
	if long := []rune(c.text); c.kind == textCell && len(long) > shortText {
		entry := b.longText(in, r, q, a, item, c.text)
		c.text = firstRunes(c.text, shortText) + "… (" + b.fixed.texts + " " + entry.id + ")"
		c.to, c.url = target{b.fixed.texts, entry.row}, ""
	}
	if note == "" {
		return c
	}
	if c.kind == textCell {
		c.text += " " + note
		return c
	}
	// The number stays a number: its note is part of the format.
	c.format += `" ` + note + `"`
	c.text += " " + note
	return c
}

// bareCell is the value or mark alone.
func (b *builder) bareCell(in *instrument, q *forms.Node, a *study.Answer) cell {
	if standingOf(a) != withValue {
		return faintOf(b.mark(a))
	}
	switch a.Kind {
	case study.NumValue:
		if a.Number != nil {
			return b.numberOf(q, a)
		}
	case study.DateValue:
		if c, ok := dayOf(a.Date); ok && a.Text == a.Date {
			return c
		}
		return textOf(strings.Replace(a.Text, "T", " ", 1))
	case study.CodeValue:
		return textOf(b.choiceLabel(in.form, q, a.Text))
	case study.CodesValue:
		var labels []string
		for _, code := range strings.Fields(a.Text) {
			labels = append(labels, b.choiceLabel(in.form, q, code))
		}
		return textOf(strings.Join(labels, "; "))
	}
	return textOf(a.Text)
}

// maxExact is the largest whole number that a cell holds exactly (Excel keeps 15 digits).
const maxExact = 1e15

// numberOf is a number with as many decimals as the answer has, grouped unless it is a
// year. What a cell cannot hold exactly is text.
func (b *builder) numberOf(q *forms.Node, a *study.Answer) cell {
	v := *a.Number
	if v >= maxExact || v <= -maxExact {
		return textOf(a.Text)
	}
	format := "#,##0"
	if q != nil && (q.Extra["normalize"] == "year" || q.Extra["unit"] == "year") {
		format = "0"
	}
	if _, decimals, ok := strings.Cut(a.Text, "."); ok {
		format += "." + strings.Repeat("0", min(len(decimals), 6))
	}
	return cell{kind: numberCell, number: v, format: format, text: a.Text}
}

// dayFormat is ISO 8601, the same in every language.
const dayFormat = "yyyy-mm-dd"

// dayOf is a whole day as a date cell. Excel's calendar is sound from March 1900;
// earlier days and partial dates are no date cells.
func dayOf(iso string) (cell, bool) {
	day, err := time.Parse("2006-01-02", iso)
	if err != nil || day.Year() <= 1900 || day.Year() > 9999 {
		return cell{}, false
	}
	start := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	return cell{kind: dateCell, number: float64(day.Unix()-start.Unix()) / 86400, format: dayFormat, text: iso}, true
}

// moment is a day of the program's own, in UTC.
func moment(t time.Time) cell {
	if c, ok := dayOf(t.UTC().Format("2006-01-02")); ok {
		return c
	}
	return textOf("–")
}

// doubtful reports that a person still has to decide what an answer means.
func doubtful(a *study.Answer) bool { return slices.Contains(a.Flags, "REVIEW") }
