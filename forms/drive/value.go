package drive

import (
	"math"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// textOf is a value of a step as text; several codes are joined by spaces.
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return xpath.FormatNumber(v)
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = textOf(part)
		}
		return strings.Join(parts, " ")
	}
	return ""
}

// written is a value as clients write it for its type: a whole number without zeros in
// front, a decimal with its point, a place with decimals. A text that is no number is no
// answer to a question for one.
func written(n *forms.Node, text string) string {
	switch n.Type {
	case "integer", "percentage":
		return whole(text)
	case "decimal":
		return decimal(text)
	case "range":
		if strings.Contains(n.Parameters["start"]+n.Parameters["end"]+n.Parameters["step"], ".") {
			return decimal(text)
		}
		return whole(text)
	case "geopoint", "geotrace", "geoshape":
		points := strings.Split(text, ";")
		for i, p := range points {
			points[i] = place(strings.TrimSpace(p))
		}
		return strings.TrimSpace(strings.Join(points, "; "))
	}
	return text
}

func whole(text string) string {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return xpath.FormatNumber(math.Trunc(x))
}

func decimal(text string) string {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	if text = xpath.FormatNumber(x); !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// place writes the numbers of a point with a decimal each.
func place(point string) string {
	numbers := strings.Fields(point)
	for i, s := range numbers {
		if d := decimal(s); d != "" {
			numbers[i] = d
		}
	}
	return strings.Join(numbers, " ")
}
