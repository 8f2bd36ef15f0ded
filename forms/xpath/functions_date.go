package xpath

import (
	"math"
	"regexp"
	"strings"
	"time"
)

// ParseTime reads an ISO 8601 date or time stamp. One without an offset is in zone.
func ParseTime(s string, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{"2006-1-2", "2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999Z07", "2006-01-02T15:04Z07"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04", "2006-01-02 15:04:05.999"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// FormatTime writes a time stamp as ODK does: milliseconds and the offset.
func FormatTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000-07:00") }

func fromDays(d float64, zone *time.Location) time.Time {
	return time.UnixMilli(int64(math.Round(d * 86_400_000))).In(zone)
}

// dateOf reads argument i as a point in time: a number is days since 1970.
func (a args) dateOf(i int) (time.Time, bool) { return a.asDate(a.value(i)) }

func (a args) asDate(v Value) (time.Time, bool) {
	if v.Type == NumberType {
		if math.IsNaN(v.Num) || math.Abs(v.Num) > 5e6 {
			return time.Time{}, false
		}
		return fromDays(v.Num, a.c.zone()), true
	}
	s := v.String()
	if t, ok := ParseTime(s, a.c.zone()); ok {
		return t.In(a.c.zone()), true
	}
	if n, ok := parseDecimal(s); ok && math.Abs(n) < 5e6 {
		return fromDays(n, a.c.zone()), true
	}
	return time.Time{}, false
}

// invalidDate is what a text that is no date becomes; it counts as false.
const invalidDate = "Invalid Date"

func dated(s string) Value { return Value{Type: StringType, Str: s, date: true} }

// pointInTime reads the argument as a date or time stamp. Midnight of the zone is
// written as a date.
func pointInTime(a args) Value {
	v := a.value(0)
	if v.Type == BooleanType {
		return dated(invalidDate)
	}
	if v.Type != NumberType && strings.TrimSpace(v.String()) == "" {
		return String("")
	}
	t, ok := a.asDate(v)
	if !ok {
		return dated(invalidDate)
	}
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 {
		return dated(t.Format("2006-01-02"))
	}
	return dated(FormatTime(t))
}

var dateFunctions = map[string]*function{
	"today":     fn(0, 0, StringType, func(a args) Value { return dated(a.c.now().In(a.c.zone()).Format("2006-01-02")) }),
	"now":       fn(0, 0, StringType, func(a args) Value { return dated(FormatTime(a.c.now().In(a.c.zone()))) }),
	"date":      fn(1, 1, StringType, pointInTime),
	"date-time": fn(1, 1, StringType, pointInTime),
	"decimal-date-time": fn(1, 1, NumberType, func(a args) Value {
		t, ok := a.dateOf(0)
		if !ok {
			return Number(math.NaN())
		}
		return Number(days(t))
	}),
	"decimal-time": fn(1, 1, NumberType, func(a args) Value { return Number(decimalTime(a.str(0), a.c.zone(), a.c.now())) }),
	"format-date": fn(2, 2, StringType, func(a args) Value {
		t, ok := a.dateOf(0)
		if !ok {
			return String("")
		}
		return a.c.text(formatDate(t, a.str(1), a.c.Lang))
	}),
	"format-date-time": fn(2, 2, StringType, func(a args) Value {
		t, ok := a.dateOf(0)
		if !ok {
			return String("")
		}
		return a.c.text(formatDate(t, a.str(1), a.c.Lang))
	}),
}

var timeOfDay = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?(Z|[+-](?:0\d|1\d|2[0-3]):[0-5]\d)?$`)

// decimalTime is the part of the day in zone at which a time "hh:mm:ss.sss", with or
// without an offset, stands.
func decimalTime(s string, zone *time.Location, now time.Time) float64 {
	if !timeOfDay.MatchString(s) {
		return math.NaN()
	}
	t, ok := ParseTime(now.In(zone).Format("2006-01-02")+"T"+s, zone)
	if !ok {
		return math.NaN()
	}
	t = t.In(zone)
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	return float64(t.Sub(midnight).Milliseconds()) / 86_400_000
}
