package diff

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// Text writes the report for the author of the form, in a language as message.Text has
// them: by section, each change with its rows in the old and the new file, what stood
// there and what stands there.
func (r *Report) Text(w io.Writer, lang string) error {
	p := &printer{lang: lang}
	for _, c := range r.Changes {
		p.width = max(p.width, utf8.RuneCountInString(p.say(c.Kind.word())))
	}
	if len(r.Changes) == 0 {
		p.line(p.say(message.New("No differences")) + ".")
	} else {
		p.line(p.say(message.New("Differences: %d", len(r.Changes))) + ".")
		p.line(wrapped(inOne(Open(), lang), 88))
	}
	heading := ""
	for _, c := range r.Changes {
		if h := p.say(c.heading); h != heading {
			heading = h
			p.line("\n" + heading)
		}
		p.change(c)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// inOne makes one text of sentences.
func inOne(sentences []message.Text, lang string) string {
	var b strings.Builder
	for i, s := range sentences {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.In(lang) + ".")
	}
	return b.String()
}

// printer writes a report in one language.
type printer struct {
	strings.Builder
	lang  string
	width int // of the kinds of change
}

func (p *printer) say(t message.Text) string { return t.In(p.lang) }

func (p *printer) line(text string) { p.WriteString(text + "\n") }

func (p *printer) change(c Change) {
	kind := p.say(c.Kind.word())
	subject := p.subject(c)
	if c.Guess {
		subject = append(subject, p.say(message.New("(a guess)")))
	}
	p.line("  " + kind + strings.Repeat(" ", p.width-utf8.RuneCountInString(kind)) + "  " + strings.Join(subject, " "))
	switch c.Kind {
	case Added, ChoiceAdded, LanguageAdded, LanguageRemoved, Removed, ChoiceRemoved:
	case LanguageRenamed:
		p.cell("-", p.unmarked(c.Old))
		p.cell("+", p.unmarked(c.New))
	default:
		p.cell("-", p.ours(c.was, c.Old))
		p.cell("+", p.ours(c.is, c.New))
	}
	if len(c.Inside) > 0 {
		p.below(p.say(message.New("questions in it: %s", strings.Join(c.Inside, " "))))
	}
	if c.Effect != "" {
		p.below(p.say(message.New("answers: %s", c.EffectText)))
	}
}

// ours is a text of ours, or else what stands in the form.
func (p *printer) ours(t message.Text, given string) string {
	if t.English != "" {
		return p.say(t)
	}
	return given
}

// subject names what has changed: the rows, the name, the words, the column.
func (p *printer) subject(c Change) []string {
	var parts []string
	if c.Place.Row > 0 || c.OldPlace.Row > 0 {
		parts = append(parts, p.say(message.New("row %s -> %s", row(c.OldPlace), row(c.Place)))+" ")
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
		parts = append(parts, p.say(message.New("“%s”", short(c.Label))))
	}
	switch c.Kind {
	case Added, Removed:
		parts = append(parts, "("+c.Old+c.New+")")
	case LanguageAdded, LanguageRemoved:
		parts = append(parts, p.unmarked(c.Old+c.New))
	case Renamed, Moved, Retyped, ChoiceRenamed, ChoiceMoved:
	default:
		if c.Column != "" {
			parts = append(parts, c.Column)
		}
	}
	return parts
}

func row(p forms.Place) message.Text {
	if p.Row == 0 {
		return message.New("none")
	}
	return message.Given(strconv.Itoa(p.Row))
}

// unmarked names the language of columns without one.
func (p *printer) unmarked(lang string) string {
	if lang == "" {
		return p.say(message.New("texts without a language"))
	}
	return lang
}

// below writes a line that belongs to the change above.
func (p *printer) below(text string) { p.line(strings.Repeat(" ", p.width+4) + text) }

// cell writes what stood or stands in a cell, every line of it.
func (p *printer) cell(mark, text string) {
	if text == "" {
		text = p.say(message.New("(nothing)"))
	}
	for line := range strings.SplitSeq(text, "\n") {
		p.below(fmt.Sprint(mark, " ", line))
		mark = " "
	}
}

// wrapped breaks a text into lines, at plain spaces only: French has others.
func wrapped(text string, width int) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Split(text, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case at == 0:
		case at+1+n > width:
			b.WriteByte('\n')
			at = 0
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
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
