package web

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// widget is the control that a question gets on the page.
type widget string

const (
	asNothing     widget = ""            // not shown: hidden questions, metadata
	asNote        widget = "note"        // text to read
	asCalculation widget = "calculation" // a value to read
	asText        widget = "text"        // one line
	asLongText    widget = "long"        // several lines
	asNumber      widget = "number"      // one line, read as a number
	asDate        widget = "date"        // day, month, year
	asRadios      widget = "radios"
	asSelect      widget = "select"
	asDatalist    widget = "datalist"
	asChecks      widget = "checks"
	asRank        widget = "rank" // a choice for each place
	asAcknowledge widget = "acknowledge"
	asFile        widget = "file"
)

// How many choices a list may have before it becomes another control (F76).
const (
	mostRadios  = 10
	mostOptions = 25
)

// widgetOf chooses the control. Types that a page has no better control for (times,
// places, barcodes) are typed as text and judged by the evaluator.
func widgetOf(n *forms.Node, choices int) widget {
	switch n.Type {
	case "note":
		return asNote
	case "calculate":
		if n.Label.Empty() {
			return asNothing
		}
		return asCalculation
	case "text", "string":
		if has(n.Appearance, "multiline") || n.Parameters["rows"] != "" {
			return asLongText
		}
		return asText
	case "integer", "int", "decimal", "range":
		return asNumber
	case "date":
		return asDate
	case "select_one", "select_one_from_file", "select_one_external":
		switch {
		case choices <= mostRadios:
			return asRadios
		case choices <= mostOptions:
			return asSelect
		}
		return asDatalist
	case "select_multiple", "select_multiple_from_file":
		return asChecks
	case "rank":
		return asRank
	case "acknowledge", "trigger":
		return asAcknowledge
	case "file", "image", "audio", "video":
		return asFile
	}
	if !isAsked(n) {
		return asNothing
	}
	return asText
}

func has(list, word string) bool {
	for _, one := range strings.Fields(list) {
		if one == word {
			return true
		}
	}
	return false
}

// allowsPartial reports whether a date may lack its day or its month.
func allowsPartial(n *forms.Node) bool {
	return n.Parameters["partial"] == "yes" || strings.Contains(n.Appearance, "month-year") || strings.Contains(n.Appearance, "year")
}
