package report

import (
	"math"
	"strings"
)

// Heights in points. LibreOffice does not grow rows that have no height of their own,
// and Excel cuts rows beyond 409 points.
const (
	lineHeight = 13.5 // Arial 10 with its spacing
	padding    = 3.0
	maxHeight  = 409.0
)

// heightOf estimates the height of a row from its texts and the widths of their columns.
func heightOf(cells []cell, columns []column) float64 {
	lines := 1
	for i, c := range cells {
		if i < len(columns) && c.kind == textCell {
			lines = max(lines, linesIn(c.text, columns[i].width))
		}
	}
	return math.Min(maxHeight, float64(lines)*lineHeight+padding)
}

// linesIn estimates the lines of a wrapped text in a column of width characters.
// Proportional type is narrower than digits, but words break early.
func linesIn(text string, width float64) int {
	perLine := math.Max(1, width-1)
	total := 0
	for part := range strings.SplitSeq(text, "\n") {
		lines, used := 1, 0.0
		for word := range strings.SplitSeq(part, " ") {
			length := float64(len([]rune(word)))
			switch {
			case used > 0 && used+1+length <= perLine:
				used += 1 + length
			case length > perLine: // broken inside
				if used > 0 {
					lines++
				}
				lines += int(math.Ceil(length/perLine)) - 1
				used = math.Mod(length, perLine)
			default:
				if used > 0 {
					lines++
				}
				used = length
			}
		}
		total += lines
	}
	return total
}
