package legacy

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// shapeOf looks at one text.
func shapeOf(s string, kind Kind) shape {
	switch kind {
	case Bool:
		return truth
	case Date:
		switch {
		case strings.Contains(s, "T"):
			return dateTime
		case strings.Contains(s, ":"):
			return clockTime
		}
		return isoDate
	case Number:
		if strings.ContainsAny(s, ".eE") {
			return pointNumber
		}
		return wholeNumber
	}
	c := s[0]
	if c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == ',' {
		if k := numberShape(s); k != plainText {
			return k
		}
		return timeShape(s)
	}
	return wordShape(s)
}

// Groups of three may stand between spaces of any width, or apostrophes.
var (
	spacedGroups = regexp.MustCompile(`^\d{1,3}(?:[ \x{a0}\x{202f}\x{2009}'’]\d{3})+(?:[.,]\d+)?$`)
	groupSpace   = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "")
)

// isSpaced reports a number whose groups stand apart.
func isSpaced(s string) bool {
	return strings.ContainsAny(s, " '\u00a0\u202f\u2009’") && spacedGroups.MatchString(s)
}

// numberShape reads digits with at most one kind of grouping.
func numberShape(s string) shape {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" || len(digits) > 30 {
		return plainText
	}
	if isSpaced(digits) {
		digits = groupSpace.Replace(digits)
	}
	points, commas, others := 0, 0, 0
	for _, c := range []byte(digits) {
		switch {
		case c >= '0' && c <= '9':
		case c == '.':
			points++
		case c == ',':
			commas++
		default:
			others++
		}
	}
	last := digits[len(digits)-1]
	switch {
	case others > 0 || last == '.' || last == ',':
		return plainText
	case points+commas == 0:
		return wholeNumber
	case points == 1 && commas == 0:
		return markedShape(digits, ".", groupPoint, pointNumber)
	case commas == 1 && points == 0:
		return markedShape(digits, ",", groupComma, commaNumber)
	case points > 1 && commas == 0:
		return groupedShape(digits, ".", "", groupPoint)
	case commas > 1 && points == 0:
		return groupedShape(digits, ",", "", groupComma)
	case strings.LastIndexByte(digits, '.') > strings.LastIndexByte(digits, ','):
		return groupedShape(digits, ",", ".", pointNumber)
	default:
		return groupedShape(digits, ".", ",", commaNumber)
	}
}

func markedShape(digits, mark string, group, decimal shape) shape {
	whole, fraction, _ := strings.Cut(digits, mark)
	if len(fraction) == 3 && len(whole) >= 1 && len(whole) <= 3 && whole != "0" {
		return group
	}
	return decimal
}

// groupedShape checks that the groups have three digits.
func groupedShape(digits, group, mark string, k shape) shape {
	if mark != "" {
		whole, fraction, _ := strings.Cut(digits, mark)
		if strings.Contains(fraction, mark) || strings.Contains(fraction, group) {
			return plainText
		}
		digits = whole
	}
	for i, part := range strings.Split(digits, group) {
		if len(part) != 3 && (i > 0 || len(part) > 3 || part == "") {
			return plainText
		}
	}
	return k
}

// timeShape reads what begins with a digit and is no number.
func timeShape(s string) shape {
	if len(s) > 40 {
		return webOrText(s)
	}
	if strings.Count(s, ":") >= 1 || strings.ContainsAny(s, "/-.") {
		switch k, ok := dateShape(s); {
		case ok:
			return k
		case isGeo(s):
			return geoPoint
		case isIP(s):
			return ipAddress
		}
	}
	return webOrText(s)
}

func isGeo(s string) bool {
	parts := strings.Fields(strings.ReplaceAll(s, ",", " "))
	if len(parts) < 2 || len(parts) > 4 {
		return false
	}
	for i, p := range parts {
		v, err := strconv.ParseFloat(p, 64)
		if err != nil || i == 0 && (v < -90 || v > 90) || i == 1 && (v < -180 || v > 180) {
			return false
		}
	}
	return strings.Contains(parts[0], ".") && strings.Contains(parts[1], ".")
}

func isIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

func wordShape(s string) shape {
	switch strings.ToUpper(s) {
	case "TRUE", "FALSE":
		return truth
	}
	if len(s) <= 40 && unicode.IsLetter(rune(s[0])) && strings.ContainsAny(s, "0123456789") {
		if k, ok := dateShape(s); ok {
			return k
		}
	}
	return webOrText(s)
}

func webOrText(s string) shape {
	switch {
	case strings.HasPrefix(s, "http://"), strings.HasPrefix(s, "https://"):
		return webAddress
	case len(s) < 120 && strings.Count(s, "@") == 1 && !strings.ContainsAny(s, " \t\n"):
		_, host, _ := strings.Cut(s, "@")
		if i := strings.LastIndexByte(host, '.'); i > 0 && i < len(host)-1 {
			return emailAddress
		}
	}
	return plainText
}

// dateShape tells dates and times apart by their layouts.
func dateShape(s string) (shape, bool) {
	day, clock := splitMoment(s)
	if day == "" {
		_, ok := readClock(clock)
		return clockTime, ok
	}
	_, iso, ok := readDay(day)
	switch {
	case !ok:
		return plainText, false
	case clock != "":
		_, ok = readClock(clock)
		return dateTime, ok
	case iso:
		return isoDate, true
	}
	return otherDate, true
}

// splitMoment cuts a text into its day and its clock; either may be empty.
func splitMoment(s string) (day, clock string) {
	if i := strings.IndexByte(s, 'T'); i == len("2006-01-02") {
		return s[:i], s[i+1:]
	}
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s, ""
	}
	space := strings.LastIndexByte(s[:colon], ' ')
	if space < 0 {
		return "", s
	}
	return strings.TrimRight(s[:space], ", "), s[space+1:]
}

// readClock reads a time of day with or without seconds, half of the day and zone, and
// gives it as 15:04:05.
func readClock(s string) (string, bool) {
	s = strings.ToUpper(strings.NewReplacer("a. m.", "AM", "p. m.", "PM", "a.m.", "AM", "p.m.", "PM", "\u202f", " ", "\u00a0", " ").Replace(s))
	if i := strings.IndexAny(s, "Z"); i > 0 {
		s = s[:i]
	}
	if i := strings.LastIndexAny(s, "+-"); i > 4 {
		s = strings.TrimSpace(s[:i])
	}
	for _, zone := range []string{" UTC", " GMT", " CET", " CST", " EST", " EDT", " CDT", " PST", " PDT"} {
		s = strings.TrimSuffix(s, zone)
	}
	for _, layout := range []string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM", "3:04PM", "3:04:05PM"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format("15:04:05"), true
		}
	}
	return "", false
}
