package xpath

import (
	"fmt"
	"math"
	"strings"

	"github.com/comparanda/comparanda/forms/message"
)

// badDate warns of a date written out that date() and date-time() cannot read: the
// result is no date, and compares with nothing.
func (t *call) badDate() []Problem {
	if t.name != "date" && t.name != "date-time" {
		return nil
	}
	k, ok := t.args[0].(*constant)
	if !ok || k.v.Type != StringType {
		return nil
	}
	s := strings.TrimSpace(k.v.String())
	if _, ok := ParseTime(s, nil); ok || s == "" || strings.Contains(s, ":") {
		return nil
	}
	if _, ok := parseDecimal(s); ok {
		return nil // days since 1970
	}
	return []Problem{{Pos: k.pos, Key: "date", Warning: true,
		Msg: message.New("'%s' is read as no date: write it as year-month-day, such as %s", k.v.String(), "'2026-01-31'")}}
}

// bareDate warns of 2024-01-31 without quotes, which is 2024 less 1 less 31.
func (t *operation) bareDate() []Problem {
	inner, ok := t.a.(*operation)
	if !ok || t.op != "-" || inner.op != "-" {
		return nil
	}
	year, pos, ok1 := wholeBetween(inner.a, 1900, 2100)
	month, _, ok2 := wholeBetween(inner.b, 1, 12)
	day, _, ok3 := wholeBetween(t.b, 1, 31)
	if !ok1 || !ok2 || !ok3 {
		return nil
	}
	return []Problem{{Pos: pos, Key: "date", Warning: true,
		Msg: message.New("a date without quotes is a subtraction: write %s", fmt.Sprintf("date('%04d-%02d-%02d')", year, month, day))}}
}

// wholeBetween is a whole number that is written out, and where.
func wholeBetween(t term, least, most float64) (n, pos int, ok bool) {
	k, ok := t.(*constant)
	if !ok || k.v.Type != NumberType || k.v.Num < least || k.v.Num > most || k.v.Num != math.Trunc(k.v.Num) {
		return 0, 0, false
	}
	return int(k.v.Num), k.pos, true
}
