package report

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/comparanda/comparanda/forms"
)

var (
	reference = regexp.MustCompile(`\$\{[^}]*\}`)
	markup    = regexp.MustCompile(`</?[A-Za-z][^>]*>|\*\*|__|(?m)^#{1,6} `)
)

// label is a node's label in the workbook's language as one line: without markup, with
// an ellipsis where the screen shows another answer. A node without label has its name.
func (b *builder) label(f *forms.Form, n *forms.Node) string {
	if s := b.oneLine(f, n.Label); s != "" {
		return s
	}
	return n.Name
}

func (b *builder) oneLine(f *forms.Form, t forms.Text) string {
	s, _ := t.In(f, b.lang)
	return flat(s)
}

func flat(s string) string {
	return strings.Join(strings.Fields(markup.ReplaceAllString(reference.ReplaceAllString(s, "…"), "")), " ")
}

// extra is one of our own columns in the workbook's language: "unit::Español (es)",
// or "unit" when it is the same in all.
func (b *builder) extra(f *forms.Form, n *forms.Node, column string) string {
	if s := n.Extra[column+"::"+f.Lang(b.lang)]; s != "" {
		return flat(s)
	}
	return flat(n.Extra[column])
}

// choiceLabel is the label of a code, or the code itself where the list does not know it.
func (b *builder) choiceLabel(f *forms.Form, q *forms.Node, code string) string {
	for _, lists := range []map[string]*forms.List{f.Lists, f.External} {
		list := lists[q.List]
		if list == nil {
			continue
		}
		for _, c := range list.Choices {
			if c.Name == code {
				if s := b.oneLine(f, c.Label); s != "" {
					return s
				}
				return code
			}
		}
	}
	if code == "other" && q.Or {
		return b.t("other")
	}
	return b.institution(code)
}

// institution is the register's name for one of its ids, which a person decided on; any
// other code comes back as it is.
func (b *builder) institution(code string) string {
	for _, i := range b.in.Study.Institutions {
		if i.ID == code && len(i.Names) > 0 {
			return i.Names[0]
		}
	}
	return code
}

// printable replaces what XML and Excel cannot hold. Tabs and line ends stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == 0xFFFE, r == 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// escapeLike is what Excel reads as one character by its number (ECMA-376, ST_Xstring).
var escapeLike = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// escapedBytes is how much longer an escaped underscore is.
const escapedBytes = len("x005F_")

// escaped keeps a typed "_x0041_" from being read as "A".
func escaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '_' && escapeLike.MatchString(s[i:]) {
			b.WriteString("x005F_")
		}
	}
	return b.String()
}

// firstRunes is the beginning of a text, cut at a word where that loses little.
func firstRunes(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	cut := string(runes[:n])
	if i := strings.LastIndexAny(cut, " \n"); i > len(cut)*4/5 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " \n,;:")
}
