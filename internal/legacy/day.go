package legacy

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// day is a date whose first two numbers may change places.
type day struct {
	year, a, b int  // a and b as written: 03/04/2021 has a 3 and b 4
	iso        bool // year first, or the month in letters: nothing to decide
}

var monthNames = monthsOf(
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
	"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
	"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic",
	"janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc",
)

func monthsOf(names ...string) map[string]int {
	m := make(map[string]int, len(names))
	for i, name := range names {
		m[name] = i%12 + 1
	}
	return m
}

// readDay reads a whole date in figures, or with its month in letters. iso reports that
// the order of its parts is certain.
func readDay(s string) (d day, iso, ok bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/-. ,", r) })
	if len(parts) > 3 { // "5 de mayo de 2020", "Tue, 5 May 2020"
		kept := parts[:0:0]
		for _, p := range parts {
			if p != "de" && p != "del" && p != "of" {
				kept = append(kept, p)
			}
		}
		parts = kept
	}
	if len(parts) != 3 {
		return d, false, false
	}
	for i, p := range parts {
		if m := monthNames[strings.ToLower(strings.TrimSuffix(p, "."))]; m > 0 {
			return lettered(parts, i, m)
		}
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 || len(p) > 4 || len(p) == 3 {
			return d, false, false
		}
		n[i] = v
	}
	if len(parts[0]) == 4 {
		d = day{year: n[0], a: n[2], b: n[1], iso: true}
		return d, true, d.valid(true)
	}
	if len(parts[2]) == 2 && len(parts[0]) <= 2 {
		n[2] += century(n[2])
	} else if len(parts[2]) != 4 {
		return d, false, false
	}
	d = day{year: n[2], a: n[0], b: n[1]}
	if strings.Count(s, ".") == 2 && d.valid(true) {
		d.iso = true // nobody writes the month first with points
		return d, true, true
	}
	return d, false, d.valid(true) || d.valid(false)
}

func century(two int) int {
	if two < 70 {
		return 2000
	}
	return 1900
}

// lettered reads a date whose part at is a month in letters.
func lettered(parts []string, at, month int) (d day, iso, ok bool) {
	rest := append(append([]string{}, parts[:at]...), parts[at+1:]...)
	a, err1 := strconv.Atoi(strings.TrimRight(rest[0], "stndrhº°"))
	b, err2 := strconv.Atoi(strings.TrimRight(rest[1], "stndrhº°"))
	if err1 != nil || err2 != nil {
		return d, false, false
	}
	if len(rest[0]) == 4 {
		a, b = b, a
	} else if len(rest[1]) == 2 {
		b += century(b)
	}
	d = day{year: b, a: a, b: month, iso: true}
	return d, true, d.valid(true)
}

// valid reports a day of the calendar, with the day of the month first or second.
func (d day) valid(dayFirst bool) bool {
	dom, month := d.a, d.b
	if !dayFirst {
		dom, month = month, dom
	}
	t := time.Date(d.year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
	return month >= 1 && month <= 12 && dom >= 1 && d.year >= 1000 && d.year <= 9999 && t.Day() == dom
}

// text gives the date as ISO 8601.
func (d day) text(dayFirst bool) string {
	if d.iso || dayFirst {
		return fmt.Sprintf("%04d-%02d-%02d", d.year, d.b, d.a)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.a, d.b)
}
