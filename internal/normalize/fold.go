package normalize

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sameSign brings signs that look alike to one: dashes to "-", quotes to "'".
var sameSign = strings.NewReplacer("–", "-", "—", "-", "‑", "-", "‐", "-", "−", "-", "’", "'", "‘", "'", "´", "'", "`", "'",
	"“", "\"", "”", "\"", "«", "\"", "»", "\"", "º", "°", "ª", "°", "\t", " ", "\u00a0", " ", "\u202f", " ", "\u2009", " ")

// fold brings a text to the form in which words are compared: lower case, no accents,
// one space between words.
func fold(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFD.String(sameSign.Replace(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// isPlain reports a text that fold would leave as it is: the common case of codes and digits.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c <= ' ' || c >= 'A' && c <= 'Z' || c == '`' {
			return false
		}
	}
	return true
}

// words gives the words of a folded text: runs of letters and digits.
func words(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// bare is the words of a text with one space between: what names are compared by.
func bare(s string) string { return strings.Join(words(fold(s)), " ") }

// hasWord reports a word or phrase that stands in the text with word borders around it.
func hasWord(folded, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(folded[from:], phrase)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(phrase)
		if (i == 0 || !wordByte(folded[i-1])) && (end == len(folded) || !wordByte(folded[end])) {
			return true
		}
		from = i + 1
	}
}

func wordByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80 }

func hasAny(folded string, phrases ...string) bool {
	for _, p := range phrases {
		if hasWord(folded, p) {
			return true
		}
	}
	return false
}

// cutPhrase takes one of the phrases, the longest first, from the beginning of a text.
func cutPhrase(s string, phrases []string) (rest, found string) {
	for _, p := range phrases {
		if len(p) > len(found) && strings.HasPrefix(s, p) && (len(s) == len(p) || !wordByte(p[len(p)-1]) || !wordByte(s[len(p)])) {
			found = p
		}
	}
	return strings.TrimLeft(s[len(found):], " "), found
}
