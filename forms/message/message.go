// Package message holds what the readers of forms say to the people who write them, in
// English, Spanish and French.
//
// The program text has each sentence once, in English, as a format with what was found
// in the author's file. The catalog has the same format in the other languages. A text
// remembers its format and what stands in it, so the language is chosen when somebody
// reads it, in another process too.
package message

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Text is a sentence, or a part of one. It is an error too, so that readers can hand it
// up like any other. The zero Text says nothing.
type Text struct {
	English string
	Format  string `json:",omitempty"` // of English; "" for a text that is the same in all languages
	Args    []Text `json:",omitempty"` // what stands in Format, in its order
}

// New makes a text of an English format, as fmt.Sprintf does. The format is written out
// where New is called, because the catalog is looked up by it. An argument that is a
// Text is translated with the rest; any other stands as it is, and a string is cut off
// where nobody reads on.
func New(format string, args ...any) Text {
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = shorten(s)
		}
	}
	t := Text{English: fmt.Sprintf(format, args...), Format: format}
	if len(args) == 0 {
		return t
	}
	t.Args = make([]Text, len(args))
	verbs := verbsOf(format)
	for i, arg := range args {
		verb := "%v"
		if i < len(verbs) {
			verb = verbs[i]
		}
		t.Args[i] = argument(verb, arg)
	}
	return t
}

func argument(verb string, arg any) Text {
	switch arg := arg.(type) {
	case Text:
		return arg
	case error:
		return Of(arg)
	}
	return Given(fmt.Sprintf(verb, arg))
}

// maxArgument is the longest string that a text quotes, in bytes. A cell may hold a
// hundred thousand, and a form a thousand such cells.
const maxArgument = 400

func shorten(s string) string {
	if len(s) <= maxArgument {
		return s
	}
	end := maxArgument
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// Given is a text that stands as it is in every language: a name, a value.
func Given(s string) Text { return Text{English: s} }

// Of is the text that an error is or wraps; an error without one keeps its own words.
func Of(err error) Text {
	var t Text
	if errors.As(err, &t) {
		return t
	}
	return Given(err.Error())
}

// Error implements error, in English.
func (t Text) Error() string { return t.English }

// In gives the text in a language: "en", "es" or "fr", or a tag that begins with one
// of them. What the catalog does not have comes in English.
func (t Text) In(lang string) string {
	lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
	if t.Format == "" || lang == "en" {
		return t.English
	}
	format := catalog()[lang][t.Format]
	if format == "" {
		return t.English
	}
	args := make([]any, len(t.Args))
	for i, arg := range t.Args {
		args[i] = arg.In(lang)
	}
	return fmt.Sprintf(format, args...)
}

// verbsOf lists the verbs of a format in their order, without "%%".
func verbsOf(format string) []string {
	var verbs []string
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			return verbs
		}
		format = format[i:]
		end := 1 + strings.IndexFunc(format[1:], func(r rune) bool { return r == '%' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' })
		if end == 0 {
			return verbs
		}
		if format[end] != '%' {
			verbs = append(verbs, format[:end+1])
		}
		format = format[end+1:]
	}
}
