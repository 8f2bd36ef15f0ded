package forms

import (
	"slices"
	"strconv"
	"strings"
)

// String says whether a problem stops the form: "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// String gives the place as FILE:sheet:row:column, leaving out what is not known at
// the end.
func (p Place) String() string {
	parts := []string{p.File, p.Sheet, "", p.Column}
	if p.Row > 0 {
		parts[2] = strconv.Itoa(p.Row)
	}
	return strings.TrimRight(strings.Join(parts, ":"), ":")
}

// String gives the problem on one line: "FILE:sheet:row:column: severity: text".
func (p Problem) String() string {
	return p.Place.String() + ": " + p.Severity.String() + ": " + p.Text
}

// Refused reports whether any of the problems is an Error.
func Refused(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}
