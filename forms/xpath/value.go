package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Type of a Value.
type Type uint8

// The four types of XPath 1.0.
const (
	StringType Type = iota
	NumberType
	BooleanType
	NodesType
)

// String names the type as authors know it.
func (t Type) String() string { return [...]string{"string", "number", "boolean", "nodes"}[t] }

// Value is the result of an expression.
type Value struct {
	Type  Type
	Str   string
	Num   float64
	Bool  bool
	Nodes []*Node
	date  bool // a text that stands for a point in time, or for one that cannot be
}

// Constructors of values.
func String(s string) Value   { return Value{Type: StringType, Str: s} }
func Number(n float64) Value  { return Value{Type: NumberType, Num: n} }
func Boolean(b bool) Value    { return Value{Type: BooleanType, Bool: b} }
func NodeSet(n []*Node) Value { return Value{Type: NodesType, Nodes: n} }

// String converts as the string() function does. Of several nodes it is the first.
func (v Value) String() string {
	switch v.Type {
	case NumberType:
		return FormatNumber(v.Num)
	case BooleanType:
		return strconv.FormatBool(v.Bool)
	case NodesType:
		if len(v.Nodes) == 0 {
			return ""
		}
		return v.Nodes[0].Value()
	}
	return v.Str
}

// Boolean converts as the boolean() function does.
func (v Value) Boolean() bool {
	switch v.Type {
	case NumberType:
		return v.Num != 0 && !math.IsNaN(v.Num)
	case BooleanType:
		return v.Bool
	case NodesType:
		return len(v.Nodes) > 0
	}
	return v.Str != "" && v.Str != invalidDate || v.Str == invalidDate && !v.date
}

// Number converts as the number() function of ODK does: a date or a time stamp is its
// days since 1970-01-01.
func (v Value) Number(zone *time.Location) float64 {
	switch v.Type {
	case NumberType:
		return v.Num
	case BooleanType:
		if v.Bool {
			return 1
		}
		return 0
	}
	return ParseNumber(v.String(), zone)
}

// FormatNumber writes a number as XPath does: no exponent, no ".0", NaN, Infinity.
func FormatNumber(n float64) string {
	switch {
	case math.IsNaN(n):
		return "NaN"
	case math.IsInf(n, 1):
		return "Infinity"
	case math.IsInf(n, -1):
		return "-Infinity"
	case n == 0:
		return "0"
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// ParseNumber reads a number, or the days of a date; NaN for anything else.
func ParseNumber(s string, zone *time.Location) float64 {
	s = strings.TrimSpace(s)
	if s == "" {
		return math.NaN()
	}
	if n, ok := parseDecimal(s); ok {
		return n
	}
	if len(s) >= 10 && s[4] == '-' && s[7] == '-' {
		if t, ok := ParseTime(s, zone); ok {
			return days(t)
		}
	}
	return math.NaN()
}

// parseDecimal reads what XPath calls a number, and exponents, as ODK's clients do.
func parseDecimal(s string) (float64, bool) {
	for i := range len(s) {
		if c := s[i]; !isDigit(c) && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false // not "Inf", "0x1", "1_000"
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// days since 1970-01-01T00:00Z, with a fraction.
func days(t time.Time) float64 {
	return float64(t.UnixMilli()) / 86_400_000
}
