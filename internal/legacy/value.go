package legacy

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// reading is one cell as an answer.
type reading struct {
	value   string
	reason  study.ReasonCode
	note    string
	problem *Problem
}

var reasons = map[string]study.ReasonCode{
	"n/a": study.NA, "na": study.NA, "n.a.": study.NA, "#n/a": study.NA, "no aplica": study.NA, "not applicable": study.NA, "sans objet": study.NA,
	"n/d": study.ND, "nd": study.ND, "n.d.": study.ND, "s/d": study.ND, "sd": study.ND, "s.d.": study.ND, "no data": study.ND,
	"sin datos": study.ND, "sin dato": study.ND, "no disponible": study.ND, "not available": study.ND, "non disponible": study.ND,
}

// read turns a cell into what the form's instance holds: a code, a plain number, an ISO
// date, or the text as it stands. What it cannot decide stays as it was typed, for
// normalization, and is a problem when that cannot read it either.
func (p *Plan) read(c *Column, q *forms.Node, cell Cell, country study.Country) reading {
	text := strings.TrimSpace(cell.Text)
	if code := c.Values[loose(text)]; code != "" && (!strings.HasPrefix(q.Type, "select_multiple") || code[0] == '@') {
		if reason, ok := strings.CutPrefix(code, "@"); ok {
			return reading{reason: study.ReasonCode(reason)}
		}
		return reading{value: code}
	}
	if isMissing(text) && !ownChoice(p.Form, q, text) && q.Type != "text" {
		reason, said := reasons[strings.ToLower(text)]
		if !said {
			return reading{} // a dash or the word of a program for nothing
		}
		return reading{reason: reason}
	}
	switch {
	case strings.HasPrefix(q.Type, "select_multiple"), q.Type == "rank":
		return p.readSeveral(c, q, text, country)
	case strings.HasPrefix(q.Type, "select_one"):
		return p.readOne(q, text, country)
	}
	value, sure := plainValue(c, q, cell, text)
	if sure {
		return reading{value: value}
	}
	return p.judge(q, country, value, text)
}

// plainValue writes numbers and dates as the form's instance does; sure tells that there
// was nothing to judge.
func plainValue(c *Column, q *forms.Node, cell Cell, text string) (value string, sure bool) {
	switch q.Type {
	case "integer", "decimal", "range", "percentage":
		return plainNumber(c, q, cell, text)
	case "date", "today":
		if iso, ok := isoMoment(text, c.DayFirst); ok {
			day, _, _ := strings.Cut(iso, "T")
			return day, true
		}
	case "dateTime", "start", "end":
		if strings.Contains(text, "T") && len(text) > 16 {
			return text, false
		}
		if iso, ok := isoMoment(text, c.DayFirst); ok {
			return iso, true
		}
	case "time":
		if clock, ok := readClock(text); ok {
			return clock, true
		}
	case "geopoint", "geotrace", "geoshape":
		if isGeo(text) {
			return strings.Join(strings.Fields(strings.ReplaceAll(text, ",", " ")), " "), true
		}
	case "text", "note", "calculate", "image", "file", "audio", "video", "barcode":
		return text, true
	}
	return text, false
}

// plainNumber writes a number with a point. A cell that is a number in its file needs no
// reading; a text is read by the decimal mark that its column shows.
func plainNumber(c *Column, q *forms.Node, cell Cell, text string) (string, bool) {
	if whole, fraction, ok := strings.Cut(text, "."); ok && q.Type == "integer" && fraction != "" && len(fraction) <= 2 && strings.Trim(fraction, "0") == "" {
		text = whole
	}
	if isSpaced(text) {
		text = groupSpace.Replace(text)
	}
	k := shapeOf(textOr(text), cell.Kind)
	switch {
	case k == wholeNumber && len(text) <= 15:
		return strings.TrimPrefix(text, "+"), true
	case cell.Kind == Number:
		return unmistakable(text), q.Type != "integer"
	}
	mark := c.mark()
	if mark == "" || q.Type == "integer" && (k == groupPoint || k == groupComma) {
		return text, false
	}
	plain := normalize.PlainNumber(text, true, mark)
	if k == groupComma && mark == "," {
		plain = strings.Replace(text, ",", ".", 1)
	}
	return unmistakable(plain), shapeOf(plain, Text) == pointNumber
}

// mark is the decimal mark that a column's numbers show.
func (c *Column) mark() string {
	k := &c.Field.Seen.Kinds
	switch {
	case k[commaNumber] > k[pointNumber]:
		return ","
	case k[pointNumber] > 0:
		return "."
	}
	return ""
}

// unmistakable writes a fraction of three digits with a fourth, so that nobody takes its
// point for one that groups thousands.
func unmistakable(number string) string {
	if _, fraction, ok := strings.Cut(number, "."); ok && len(fraction) == 3 {
		return number + "0"
	}
	return number
}

// isoMoment writes a date, or a date and time, as ISO 8601 without a zone.
func isoMoment(text string, dayFirst bool) (string, bool) {
	part, clock := splitMoment(text)
	d, iso, ok := readDay(part)
	if !ok {
		return "", false
	}
	if !iso && !d.valid(dayFirst) {
		dayFirst = !dayFirst // only one reading is a day of the calendar
	}
	if clock == "" {
		return d.text(dayFirst), true
	}
	at, ok := readClock(clock)
	return d.text(dayFirst) + "T" + at, ok
}

// judge lets normalization say whether it can read a text.
func (p *Plan) judge(q *forms.Node, country study.Country, value, text string) reading {
	result := normalize.Value(p.Form, q, country, value)
	if !slices.Contains(result.Flags, normalize.Unparsed) {
		return reading{value: value}
	}
	key := "value." + q.Type
	if !i18n.For(i18n.Fallback).Has("legacy." + key) {
		key = "value.other"
	}
	said := say(key, "text", shorten(text, 60), "type", q.Type)
	said.Code, said.Error = "value."+q.Type, !p.Inferred
	return reading{value: value, problem: &said}
}
