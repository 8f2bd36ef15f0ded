package drive

import (
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

// written is a value in the form that clients give it for its type: places with decimals.
func written(n *forms.Node, text string) string {
	switch n.Type {
	case "geopoint", "geotrace", "geoshape":
		points := strings.Split(text, ";")
		for i, p := range points {
			points[i] = place(strings.TrimSpace(p))
		}
		return strings.TrimSpace(strings.Join(points, "; "))
	}
	return text
}

// place writes the numbers of a point with a decimal each.
func place(point string) string {
	numbers := strings.Fields(point)
	for i, s := range numbers {
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			numbers[i] = xpath.FormatNumber(x)
			if !strings.Contains(numbers[i], ".") {
				numbers[i] += ".0"
			}
		}
	}
	return strings.Join(numbers, " ")
}
