package normalize

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Value reads a raw XLSForm instance string by the question's type. An empty string gives
// no value.
func Value(f *forms.Form, q *forms.Node, country study.Country, raw string) Result {
	return ValueIn(f, q, Options{Country: country}, raw)
}

// ValueIn is Value with all that is known beside the question. What is no value of the
// type is read as people write it: words, ranges, labels of choices, reasons.
func ValueIn(f *forms.Form, q *forms.Node, o Options, raw string) Result {
	rule, read := typeRule(f, q)
	if strings.TrimSpace(raw) == "" {
		return Result{Rule: rule}
	}
	s := clean(raw)
	if isNumber(q) {
		s = PlainNumber(s, q.Type != "integer", o.Country.DecimalMark)
	}
	r, ok := read(s)
	messy := !ok || kindOf(q) != "" && r.Kind == study.TextValue
	if messy || slices.Contains(r.Flags, Review) {
		if d, found := decided(DecisionKind(q), raw, o); found {
			return resultOf(q, d, read)
		}
	}
	if messy {
		if m, read := readMessy(f, q, o, raw); read {
			return m
		}
	}
	if !ok {
		r = text(raw, rule)
		r.Flags = []string{Review, Unparsed}
	}
	r.Rule = rule
	return r
}

// isNumber reports whether people type the answer as a number.
func isNumber(q *forms.Node) bool {
	switch q.Type {
	case "integer", "decimal", "range", "percentage":
		return true
	}
	return false
}

// reader reads one cleaned, not empty value; false: it is no value of the type.
type reader func(string) (Result, bool)

// typeRule gives the rule for a question's type. Types not named are read as text,
// which loses nothing.
func typeRule(f *forms.Form, q *forms.Node) (rule string, read reader) {
	switch q.Type {
	case "integer":
		return "integer/1", readInteger
	case "decimal", "range", "percentage":
		return "decimal/1", readDecimal
	case "date", "today":
		return "date/1", func(s string) (Result, bool) { return readDate(s, q.Appearance) }
	case "time":
		return "time/1", readTime
	case "dateTime", "start", "end":
		return "datetime/1", readDateTime
	case "select_one", "select_one_external", "select_one_from_file":
		return "choice/1", func(s string) (Result, bool) { return readChoice(f, q, s) }
	case "select_multiple", "select_multiple_from_file":
		return "choices/1", func(s string) (Result, bool) { return readChoices(f, q, s) }
	case "rank":
		return "rank/1", func(s string) (Result, bool) { return readRank(f, q, s) }
	case "geopoint", "start-geopoint":
		return "geopoint/1", readPoint
	case "geotrace", "geoshape", "background-geopoint":
		return "geo/1", readPoints
	case "image", "audio", "video", "file", "background-audio", "audit":
		return "file/1", readAs(study.FileValue)
	case "acknowledge":
		return "acknowledge/1", readAs(study.CodeValue)
	case "calculate":
		return "calculate/1", func(s string) (Result, bool) { return readCalculated(q, s) }
	}
	return "text/1", readAs(study.TextValue)
}

func readAs(kind study.ValueKind) reader {
	return func(s string) (Result, bool) { return Result{Kind: kind, Text: s}, true }
}

func text(raw, rule string) Result {
	s := clean(raw)
	if s == "" {
		return Result{Rule: rule}
	}
	return Result{Kind: study.TextValue, Text: s, Rule: rule}
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// isPrintable reports plain ASCII on one line: most cells, which clean only trims.
func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// clean brings a text to Unicode NFC with "\n" line ends, without outer space and
// without characters that cannot be seen (controls, byte order marks, zero widths).
func clean(raw string) string {
	if isPrintable(raw) {
		return strings.TrimSpace(raw)
	}
	raw = strings.ToValidUTF8(raw, "\uFFFD")
	raw = lineEnds.Replace(raw)
	raw = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == '\uFEFF', r == '\u200B', r == '\u2060':
			return -1
		}
		return r
	}, raw)
	return strings.TrimSpace(norm.NFC.String(raw))
}

// readInteger follows xs:integer. Text keeps every digit; Number is the nearest float,
// exact up to 2^53.
func readInteger(s string) (Result, bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return Result{}, false
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return Result{}, false
	}
	canonical := strings.TrimLeft(digits, "0")
	switch {
	case canonical == "":
		canonical = "0"
	case s[0] == '-':
		canonical = "-" + canonical
	}
	return Result{Kind: study.NumValue, Text: canonical, Number: &v, Qualifier: "exact"}, true
}

// readDecimal follows xs:decimal, and takes the exponent that calculations may write.
func readDecimal(s string) (Result, bool) {
	if strings.Trim(s, "+-0123456789.eE") != "" {
		return Result{}, false // no hexadecimal, no underscores, no "inf"
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) {
		return Result{}, false
	}
	if v == 0 {
		v = 0 // no negative zero
	}
	return Result{Kind: study.NumValue, Text: strconv.FormatFloat(v, 'f', -1, 64), Number: &v, Qualifier: "exact"}, true
}

// plainNumber is a number as one would write it, without leading zeros.
var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// readCalculated reads a calculation by its bind::type. Without one a number is a
// number only when it is written as one would write it: "007" stays text.
func readCalculated(q *forms.Node, s string) (Result, bool) {
	switch bind := q.Bind["type"]; bind {
	case "int", "integer":
		return readInteger(s)
	case "decimal":
		return readDecimal(s)
	case "date":
		return readDate(s, "")
	case "dateTime":
		return readDateTime(s)
	case "time":
		return readTime(s)
	case "string":
		return Result{Kind: study.TextValue, Text: s}, true
	}
	if plainNumber.MatchString(s) {
		return readDecimal(s)
	}
	return Result{Kind: study.TextValue, Text: s}, true
}
