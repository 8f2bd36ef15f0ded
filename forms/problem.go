package forms

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms/message"
)

// String is "error", "warning" or "note".
func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Note:
		return "note"
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

// Saying is the problem with this text.
func (p Problem) Saying(text message.Text) Problem {
	p.Text, p.Message = text.English, text
	return p
}

// In gives the text in a language: "en", "es" or "fr", or a tag that begins with one of
// them. In any other language, and when it has no Message, it is English.
func (p Problem) In(lang string) string {
	if p.Message.English == "" {
		return p.Text
	}
	return p.Message.In(lang)
}

// String gives the problem on one line: "FILE:sheet:row:column: severity: text".
func (p Problem) String() string { return p.Line("en") }

// Line is String with the text in a language. Place and severity are for programs, and
// the same in all.
func (p Problem) Line(lang string) string {
	return p.Place.String() + ": " + p.Severity.String() + ": " + p.In(lang)
}

// Refused reports whether any of the problems is an Error.
func Refused(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}
