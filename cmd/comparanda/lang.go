package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// authorLang is the language of what is said about a form to the person who writes it.
type authorLang string

// langFlag adds --lang to a command that reads forms for their authors.
func langFlag(c *call) *authorLang {
	lang := authorLang("en")
	c.flags.Var(&lang, "lang", "`language` of the messages: "+strings.Join(message.Languages(), ", "))
	return &lang
}

func (l *authorLang) String() string { return string(*l) }

// Set takes "es", and "es-MX" for it.
func (l *authorLang) Set(s string) error {
	base, _, _ := strings.Cut(strings.ToLower(s), "-")
	if !slices.Contains(message.Languages(), base) {
		return fmt.Errorf("there is no such language; give one of %s", strings.Join(message.Languages(), ", "))
	}
	*l = authorLang(base)
	return nil
}

func (l *authorLang) print(w io.Writer, problems []forms.Problem) {
	for _, p := range problems {
		fmt.Fprintln(w, p.Line(string(*l)))
	}
}

// inWords gives an error that is meant for authors in their language; others stay as
// they are.
func (l *authorLang) inWords(err error) error {
	var text message.Text
	if errors.As(err, &text) {
		return input(errors.New(text.In(string(*l))))
	}
	return err
}
