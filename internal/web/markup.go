package web

import (
	"html"
	"html/template"
	"net/url"
	"regexp"
	"strings"
)

var (
	markLink   = regexp.MustCompile(`\[([^\[\]\n]+)\]\(([^()\s]+)\)`)
	markBold   = regexp.MustCompile(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`)
	markItalic = regexp.MustCompile(`\*([^*\s][^*\n]*)\*|(^|[\s(])_([^_\s][^_\n]*)_($|[\s).,;:?!])`)
)

// markup renders the small Markdown that questionnaire texts may hold: bold, italic
// and links to http(s) and mail addresses. Everything else is text (F54, S1).
func markup(text string) template.HTML {
	var b strings.Builder
	for {
		at := markLink.FindStringSubmatchIndex(text)
		if at == nil {
			b.WriteString(emphasis(text))
			return template.HTML(strings.ReplaceAll(b.String(), "\n", "<br>"))
		}
		b.WriteString(emphasis(text[:at[0]]))
		label, address := text[at[2]:at[3]], text[at[4]:at[5]]
		if safeLink(address) {
			b.WriteString(`<a href="` + html.EscapeString(address) + `" rel="noopener noreferrer">` + emphasis(label) + `</a>`)
		} else {
			b.WriteString(html.EscapeString(text[at[0]:at[1]]))
		}
		text = text[at[1]:]
	}
}

// emphasis escapes a text and then marks bold and italic in it: the marks are not
// touched by escaping, and what they enclose is escaped already.
func emphasis(text string) string {
	text = html.EscapeString(text)
	text = markBold.ReplaceAllString(text, "<strong>$1$2</strong>")
	return markItalic.ReplaceAllStringFunc(text, func(m string) string {
		g := markItalic.FindStringSubmatch(m)
		return g[2] + "<em>" + g[1] + g[3] + "</em>" + g[4]
	})
}

func safeLink(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "mailto")
}

// plainText is a questionnaire text without its marks, for titles and messages.
func plainText(text string) string {
	text = markLink.ReplaceAllString(text, "$1")
	text = markBold.ReplaceAllString(text, "$1$2")
	return markItalic.ReplaceAllString(text, "$2$1$3$4")
}
