package normalize

import (
	"strconv"
	"strings"
)

// commaDecimal are the countries whose decimal mark is the comma (CLDR; Costa Rica
// groups with a space, its press with a point).
var commaDecimal = map[string]bool{"CRI": true, "COL": true, "VEN": true, "ECU": true, "BOL": true, "PRY": true, "URY": true, "ARG": true,
	"CHL": true, "BRA": true, "ESP": true, "FRA": true, "HTI": true, "DEU": true, "ITA": true, "PRT": true, "CUB": false}

var noGroups = strings.NewReplacer(" ", "", "'", "")

// literal is a number in digits, read.
type literal struct {
	v       float64
	decimal bool // digits stood behind a decimal mark, and not only zeros
	assumed bool // a single mark was taken to group that is not the country's own
	marked  bool // written with a decimal mark
}

// readLiteral reads digits with their marks. Of two kinds of mark the last is decimal;
// a repeated mark groups; one mark before exactly three digits groups unless decimals
// are expected (a percent, or a scale follows: "3,500 millones" is not a count in full).
func readLiteral(s, country string, decimals bool) (literal, bool) {
	s = noGroups.Replace(s)
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	if dots+commas == 0 {
		v, err := strconv.ParseFloat(s, 64)
		return literal{v: v}, err == nil && len(s) < 16
	}
	last := strings.LastIndexAny(s, ".,")
	mark, whole, fraction := s[last:last+1], s[:last], s[last+1:]
	group := map[string]string{".": ",", ",": "."}[mark]
	l := literal{marked: true}
	switch {
	case dots > 0 && commas > 0:
		if strings.Count(s, mark) > 1 || !groupedBy(whole, group) {
			return l, false
		}
		whole = strings.ReplaceAll(whole, group, "")
	case dots+commas > 1:
		if !groupedBy(s, mark) {
			return l, false
		}
		whole, fraction, l.marked = strings.ReplaceAll(s, mark, ""), "", false
	case len(fraction) == 3 && len(whole) <= 3 && whole[0] != '0' && !decimals:
		own := "."
		if !commaDecimal[country] {
			own = ","
		}
		l.assumed, l.marked = country != "" && mark != own, false
		whole, fraction = whole+fraction, ""
	}
	v, err := strconv.ParseFloat(whole+"."+fraction+"0", 64)
	l.v, l.decimal = v, strings.Trim(fraction, "0") != ""
	return l, err == nil && len(whole) < 16
}

// groupedBy reports digits in groups of three, the first of one to three.
func groupedBy(s, mark string) bool {
	parts := strings.Split(s, mark)
	for i, p := range parts {
		if len(p) != 3 && (i > 0 || len(p) == 0 || len(p) > 3) {
			return false
		}
	}
	return true
}
