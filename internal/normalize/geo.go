package normalize

import (
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// readPoint reads "latitude longitude [altitude [accuracy]]", degrees and meters.
func readPoint(s string) (Result, bool) {
	point, ok := point(s)
	return Result{Kind: study.GeoValue, Text: point}, ok
}

// readPoints reads points separated by semicolons.
func readPoints(s string) (Result, bool) {
	var points []string
	for _, part := range strings.Split(strings.TrimRight(s, "; "), ";") {
		p, ok := point(part)
		if !ok {
			return Result{}, false
		}
		points = append(points, p)
	}
	return Result{Kind: study.GeoValue, Text: strings.Join(points, "; ")}, true
}

func point(s string) (string, bool) {
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 4 {
		return "", false
	}
	limits := []float64{90, 180, 1e6, 1e7}
	for i, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v >= -limits[i] && v <= limits[i]) {
			return "", false
		}
	}
	return strings.Join(parts, " "), true
}
