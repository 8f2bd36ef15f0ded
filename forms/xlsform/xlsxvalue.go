package xlsform

import (
	"errors"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
)

// dateKind tells how a number format shows a number.
type dateKind uint8

const (
	notDate dateKind = iota
	dateOnly
	timeOnly
	dateAndTime
)

// cellText gives a cell's value as text: numbers without a needless ".0", TRUE and
// FALSE, dates as 2019-05-31. It reports false for a cell that shows an error and for
// a formula without a stored result.
func (w *workbook) cellText(c rawCell, style string) (string, bool) {
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(c.value))
		if err != nil || i < 0 || i >= len(w.shared) {
			return "", c.value == ""
		}
		return w.shared[i], true
	case "inlineStr":
		return c.inline, true
	case "b":
		if c.value == "1" || strings.EqualFold(c.value, "true") {
			return "TRUE", true
		}
		return "FALSE", true
	case "e":
		return "", false
	case "str", "d":
		return unescapeCR(c.value), true
	}
	if c.value == "" {
		return c.inline, !c.formula
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(c.value), 64)
	if err != nil {
		return c.value, true
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.dates) && w.dates[i] != notDate {
		if text, ok := dateText(v, w.dates[i], w.date04); ok {
			return text, true
		}
	}
	return numberText(v), true
}

// numberText writes a number as its author would have typed it.
func numberText(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) || math.Abs(v) >= 1e21 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// dateText turns a serial day number into ISO 8601. Excel believes that 1900 was a
// leap year, so serials below 60 are one day off.
func dateText(v float64, kind dateKind, date04 bool) (string, bool) {
	const lastSerial = 2958466 // 9999-12-31, and a bit
	if v < 0 || v >= lastSerial {
		return "", false
	}
	days := math.Floor(v)
	seconds := int64(math.Round((v - days) * 86400))
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date04 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if days < 60 {
		epoch = epoch.AddDate(0, 0, 1)
	}
	at := epoch.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	clock := seconds != 0
	switch {
	case kind == timeOnly && days == 0:
		return at.Format("15:04:05"), true
	case kind == dateOnly || !clock:
		return at.Format("2006-01-02"), true
	default:
		return at.Format("2006-01-02T15:04:05"), true
	}
}

// readStyles finds out which cell styles show dates.
func (w *workbook) readStyles(dir string) error {
	part := path.Join(dir, "styles.xml")
	data, err := w.zip.part(part)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	custom := make(map[string]dateKind)
	inCells := false
	s := &xmlScanner{data: data}
	for {
		token, err := s.next()
		if err != nil {
			return damagedPart(part, err)
		}
		switch {
		case token == xmlEnd:
			return nil
		case token == xmlOpen && string(s.name) == "numFmt":
			id, _ := s.attr("numFmtId")
			code, _ := s.attr("formatCode")
			custom[id] = formatKind(code)
		case token == xmlOpen && string(s.name) == "cellXfs":
			inCells = !s.empty
		case token == xmlClose && string(s.name) == "cellXfs":
			inCells = false
		case token == xmlOpen && inCells && string(s.name) == "xf":
			id, _ := s.attr("numFmtId")
			kind, own := custom[id]
			if !own {
				kind = builtinKind(id)
			}
			w.dates = append(w.dates, kind)
		}
	}
}

// builtinKind knows the number formats that files do not spell out (ECMA-376 18.8.30).
func builtinKind(id string) dateKind {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return notDate
	case n >= 14 && n <= 17, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 58:
		return dateOnly
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47:
		return timeOnly
	case n == 22:
		return dateAndTime
	default:
		return notDate
	}
}

// formatKind reads a number format such as `dd/mm/yyyy` or `[$-409]h:mm AM/PM;@`.
// Quoted and escaped letters and colors in brackets do not count.
func formatKind(code string) dateKind {
	var date, clock bool
	code, _, _ = strings.Cut(code, ";")
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			if end := strings.IndexByte(code[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return notDate
			}
			if inside := strings.ToLower(code[i+1 : i+end]); inside != "" && strings.Trim(inside, "hms") == "" {
				clock = true // an elapsed time such as [h]:mm
			}
			i += end
		case 'y', 'Y', 'd', 'D':
			date = true
		case 'h', 'H', 's', 'S':
			clock = true
		case 'E', 'e', '#', '?':
			return notDate
		}
	}
	switch {
	case date && clock:
		return dateAndTime
	case date:
		return dateOnly
	case clock:
		return timeOnly
	default:
		return notDate
	}
}
