package diff

import (
	"fmt"
	"io"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// words are the kinds of change in the text for authors.
var words = map[Kind]string{
	Added: "added", Removed: "removed", Renamed: "renamed", Moved: "moved", Retyped: "type", Reworded: "reworded", Ruled: "rule",
	ChoiceAdded: "added", ChoiceRemoved: "removed", ChoiceRenamed: "renamed", ChoiceReworded: "reworded", ChoiceRuled: "changed",
	ChoiceMoved: "moved", ListAdded: "new list", ListRemoved: "list gone", Setting: "changed",
	LanguageAdded: "added", LanguageRemoved: "removed", LanguageRenamed: "renamed", SheetChanged: "changed", FileChanged: "changed",
}

// Text writes the report for the author of the form: by section, each change with its
// rows in the old and the new file, what stood there and what stands there.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	if len(r.Changes) == 0 {
		b.WriteString("No differences.\n")
	} else {
		fmt.Fprintf(&b, "%s.\n%s\n", plural(len(r.Changes), "difference"), wrapped(Open, 88))
	}
	heading := ""
	for _, c := range r.Changes {
		if c.heading != heading {
			heading = c.heading
			fmt.Fprintf(&b, "\n%s\n", heading)
		}
		c.write(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c Change) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %-9s %s", words[c.Kind], strings.Join(c.subject(), " "))
	if c.Guess {
		b.WriteString(" (a guess)")
	}
	b.WriteByte('\n')
	switch c.Kind {
	case Added, ChoiceAdded, LanguageAdded, LanguageRemoved, Removed, ChoiceRemoved:
	case LanguageRenamed:
		writeText(b, "-", unmarked(c.Old))
		writeText(b, "+", unmarked(c.New))
	default:
		writeText(b, "-", c.Old)
		writeText(b, "+", c.New)
	}
	if len(c.Inside) > 0 {
		fmt.Fprintf(b, "            with %s: %s\n", plural(len(c.Inside), "question"), strings.Join(c.Inside, " "))
	}
	if c.EffectText != "" {
		fmt.Fprintf(b, "            answers: %s\n", c.EffectText)
	}
}

// subject names what has changed: the rows, the name, the words, the column.
func (c Change) subject() []string {
	var parts []string
	if c.Place.Row > 0 || c.OldPlace.Row > 0 {
		parts = append(parts, "row "+row(c.OldPlace)+" -> "+row(c.Place)+" ")
	}
	switch {
	case c.Choice != "":
		parts = append(parts, c.Choice)
	case c.Path != "":
		parts = append(parts, c.Path)
	case c.OldPath != "":
		parts = append(parts, c.OldPath)
	}
	if c.Label != "" {
		parts = append(parts, "“"+short(c.Label)+"”")
	}
	switch c.Kind {
	case Added, Removed:
		parts = append(parts, "("+c.Old+c.New+")")
	case LanguageAdded, LanguageRemoved:
		parts = append(parts, unmarked(c.Old+c.New))
	case Renamed, Moved, Retyped, ChoiceRenamed, ChoiceMoved:
	default:
		if c.Column != "" {
			parts = append(parts, c.Column)
		}
	}
	return parts
}

func row(p forms.Place) string {
	if p.Row == 0 {
		return "none"
	}
	return fmt.Sprint(p.Row)
}

// unmarked names the language of columns without one.
func unmarked(lang string) string {
	if lang == "" {
		return "texts without a language"
	}
	return lang
}

// writeText writes what stood or stands in a cell, every line of it.
func writeText(b *strings.Builder, mark, text string) {
	if text == "" {
		text = "(nothing)"
	}
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintf(b, "            %s %s\n", mark, line)
		mark = " "
	}
}

// wrapped breaks a text into lines.
func wrapped(text string, width int) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(text) {
		switch {
		case at == 0:
		case at+1+len(word) > width:
			b.WriteByte('\n')
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	return b.String()
}

func short(label string) string {
	const most = 60
	if r := []rune(label); len(r) > most {
		return string(r[:most]) + "…"
	}
	return label
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
