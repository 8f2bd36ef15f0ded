package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Number writes a number for reading: whole part in groups, up to six decimals.
// English groups by comma; the others by a narrow no-break space from five digits on
// (RAE: four digits stand unspaced).
func (c *Catalog) Number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	text := strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
	whole, decimals, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	mark, from := "\u202f", 5
	if c.lang == "en" {
		mark, from = ",", 4
	}
	if len(whole) >= from {
		whole = groups(whole, mark)
	}
	if decimals != "" {
		point := c.decimal
		if c.lang == "en" {
			point = "."
		}
		whole += point + decimals
	}
	if strings.HasPrefix(text, "-") {
		return "\u2212" + whole
	}
	return whole
}

func groups(digits, mark string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteRune(d)
	}
	return b.String()
}

var months = map[string][12]string{
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"es": {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	"fr": {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
}

// MonthName returns the name of a month in running text.
func (c *Catalog) MonthName(m time.Month) string {
	names, ok := months[c.lang]
	if !ok {
		names = months[Fallback]
	}
	return names[m-1]
}

// Date writes an ISO date, whole or partial ("2019", "2019-05", "2019-05-31"), with
// the month in words. What is no such date comes back as it is.
func (c *Catalog) Date(iso string) string {
	for _, p := range []struct{ layout, kind string }{{"2006-01-02", "day"}, {"2006-01", "month"}, {"2006", "year"}} {
		t, err := time.Parse(p.layout, iso)
		if err != nil {
			continue
		}
		month := c.MonthName(t.Month())
		switch {
		case p.kind == "year":
			return iso
		case p.kind == "month" && c.lang == "es":
			return fmt.Sprintf("%s de %d", month, t.Year())
		case p.kind == "month":
			return fmt.Sprintf("%s %d", month, t.Year())
		case c.lang == "es":
			return fmt.Sprintf("%d de %s de %d", t.Day(), month, t.Year())
		}
		return fmt.Sprintf("%d %s %d", t.Day(), month, t.Year())
	}
	return iso
}

// Time writes a moment in a zone: date in words, hour and minute, and the offset.
func (c *Catalog) Time(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone)
	return c.Date(t.Format("2006-01-02")) + ", " + t.Format("15:04") + " (" + offset(t) + ")"
}

// Clock writes hour and minute in a zone.
func (c *Catalog) Clock(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("15:04")
}

func offset(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "\u2212", -seconds
	}
	if m := seconds / 60 % 60; m != 0 {
		return fmt.Sprintf("UTC%s%d:%02d", sign, seconds/3600, m)
	}
	return fmt.Sprintf("UTC%s%d", sign, seconds/3600)
}

// Month reads a month as people type it: a number, a name or an abbreviation of at
// least three letters in English, Spanish or French, with or without accents.
func Month(text string) (time.Month, bool) {
	text = strings.TrimSuffix(Fold(text), ".")
	if n, err := strconv.Atoi(text); err == nil {
		return time.Month(n), n >= 1 && n <= 12
	}
	if text == "set" || text == "setiembre" { // usual in several countries
		return time.September, true
	}
	found := time.Month(0)
	for _, lang := range []string{"en", "es", "fr"} {
		for i, name := range months[lang] {
			if len(text) < 3 || !strings.HasPrefix(Fold(name), text) {
				continue
			}
			if found != 0 && found != time.Month(i+1) {
				return 0, false // "jui" is June or July
			}
			found = time.Month(i + 1)
		}
	}
	return found, found != 0
}

// Fold brings a text to the form in which it is searched and matched: lower case,
// without accents, single spaces.
func Fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
