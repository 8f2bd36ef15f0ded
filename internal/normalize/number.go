package normalize

import (
	"regexp"
	"strings"
)

var (
	groupSpace = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "", "\u2212", "-")
	spaced     = regexp.MustCompile(`^[-\x{2212}]?\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}'’]\d{3})+(?:[.,]\d+)?$`)
	digitsOnly = regexp.MustCompile(`^-?\d+$`)
	withMark   = regexp.MustCompile(`^-?\d+[.,]\d+$`)
	grouped    = regexp.MustCompile(`^-?\d{1,3}(?:[.,]\d{3})+$`)
)

// PlainNumber reads a number as people write it (F61): spaces and apostrophes group;
// of two kinds of mark the last is the decimal one; a repeated mark groups by three;
// one mark before three digits groups in a whole number; in a decimal one a point is
// the decimal mark, as programs write it, and a comma only where the country uses it
// so. Anything else comes back untouched.
func PlainNumber(typed string, decimal bool, countryMark string) string {
	s := strings.TrimSpace(typed)
	if spaced.MatchString(s) || !strings.ContainsAny(s, " \u00a0\u202f\u2009'’") {
		s = groupSpace.Replace(s)
	}
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case digitsOnly.MatchString(s):
		return s
	case dots > 0 && commas > 0:
		group, mark := ",", "."
		if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
			group, mark = ".", ","
		}
		whole, fraction, _ := strings.Cut(s, mark)
		if strings.Contains(fraction, mark) || !grouped.MatchString(whole) || strings.Contains(whole, mark) || !digitsOnly.MatchString(fraction) {
			return typed
		}
		return strings.ReplaceAll(whole, group, "") + "." + fraction
	case dots+commas > 1:
		if !grouped.MatchString(s) {
			return typed
		}
		return strings.NewReplacer(".", "", ",", "").Replace(s)
	case !withMark.MatchString(s):
		return typed
	}
	mark := "."
	if commas == 1 {
		mark = ","
	}
	whole, fraction, _ := strings.Cut(s, mark)
	if len(fraction) == 3 && grouped.MatchString(s) && strings.TrimLeft(whole, "-") != "0" && (!decimal || mark == "," && countryMark != ",") {
		return whole + fraction
	}
	return whole + "." + fraction
}
