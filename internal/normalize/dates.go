package normalize

import (
	"strings"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// readDate reads a whole or partial ISO date. A question that asks for a year or a
// month only (XLSForm appearance) stores a whole date; the part that nobody was asked
// for is left out again.
func readDate(s, appearance string) (Result, bool) {
	day, rest, timed := strings.Cut(s, "T") // some clients send "2019-05-31T00:00:00.000Z"
	if timed {
		if _, ok := readTime(rest); !ok || len(day) != len("2006-01-02") {
			return Result{}, false
		}
	}
	if !isDate(day) {
		return Result{}, false
	}
	for _, word := range strings.Fields(appearance) {
		switch word {
		case "year":
			day = day[:4]
		case "month-year":
			day = day[:min(len(day), 7)]
		}
	}
	return Result{Kind: study.DateValue, Text: day, Date: day, Qualifier: "exact"}, true
}

// isDate reports a day, month or year of the calendar in ISO form.
func isDate(s string) bool {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		_, err := time.Parse(layout, s)
		return err == nil
	}
	return false
}

// readTime reads "14:30", "14:30:00.000" and the same with a zone.
func readTime(s string) (Result, bool) {
	for _, layout := range []string{"15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00", "15:04:05Z07"} {
		if _, err := time.Parse(layout, s); err == nil {
			return Result{Kind: study.TimeValue, Text: s, Qualifier: "exact"}, true
		}
	}
	return Result{}, false
}

// readDateTime reads an ISO moment. Date is the day as written where it was written;
// Text keeps the moment with its zone.
func readDateTime(s string) (Result, bool) {
	day, clock, timed := strings.Cut(s, "T")
	if len(day) != len("2006-01-02") || !isDate(day) {
		return Result{}, false
	}
	if timed {
		if _, ok := readTime(clock); !ok {
			return Result{}, false
		}
	}
	return Result{Kind: study.DateValue, Text: s, Date: day, Qualifier: "exact"}, true
}
