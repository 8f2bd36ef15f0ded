package fill

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/comparanda/comparanda/forms"
)

// maxTextRunes is the longest answer: a cell of a workbook holds little more (F74).
const maxTextRunes = 30_000

// badType names what is wrong with a value of a question's type, "" when it fits.
func badType(n *forms.Node, value string) string {
	if utf8.RuneCountInString(value) > maxTextRunes {
		return "type.too_long"
	}
	switch n.Type {
	case "integer", "int":
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return "type.integer"
		}
	case "decimal", "range":
		if _, err := strconv.ParseFloat(value, 64); err != nil || strings.ContainsAny(value, "xXpPiInN_") {
			return "type.decimal"
		}
	case "date":
		if !isDate(value, yesNo(n.Parameters["partial"]) == "true()") {
			return "type.date"
		}
	case "time":
		if !parses(value, "15:04:05.999Z07:00", "15:04:05.999", "15:04Z07:00", "15:04") {
			return "type.time"
		}
	case "dateTime", "datetime":
		if !parses(value, "2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04:05.999", "2006-01-02T15:04") {
			return "type.datetime"
		}
	case "geopoint":
		if !isGeo(value, 1) {
			return "type.geopoint"
		}
	case "geotrace", "geoshape":
		if !isGeo(value, 1_000_000) {
			return "type." + n.Type
		}
	case "acknowledge", "trigger":
		if value != "OK" {
			return "type.acknowledge"
		}
	}
	return ""
}

func isDate(value string, partial bool) bool {
	if parses(value, "2006-01-02") {
		return true
	}
	return partial && parses(value, "2006-01", "2006")
}

func parses(value string, layouts ...string) bool {
	for _, layout := range layouts {
		if _, err := time.Parse(layout, value); err == nil {
			return true
		}
	}
	return false
}

func isGeo(value string, points int) bool {
	parts := strings.Split(strings.TrimSuffix(strings.TrimSpace(value), ";"), ";")
	if len(parts) > points {
		return false
	}
	for _, part := range parts {
		f := strings.Fields(part)
		if len(f) < 2 || len(f) > 4 {
			return false
		}
		for i, s := range f {
			x, err := strconv.ParseFloat(s, 64)
			if err != nil || i == 0 && (x < -90 || x > 90) || i == 1 && (x < -180 || x > 180) {
				return false
			}
		}
	}
	return true
}
