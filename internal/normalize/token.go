package normalize

import (
	"unicode"
	"unicode/utf8"
)

// token is a word, a number in digits, or one sign of a folded text.
type token struct {
	kind byte // 'n' digits with their marks, 'w' word, 's' sign
	text string
	end  int // offset behind the token
}

// tokens cuts a folded text. Groups of three digits behind a space belong to the
// number before: "94 866". Digits with letters glued to them that are no scale are a
// word: "1oo".
func tokens(s string) []token {
	var all []token
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		start := i
		switch {
		case r == ' ':
			i++
			continue
		case r >= '0' && r <= '9':
			i = literalEnd(s, i)
			if tail := wordEnd(s, i); tail > i && !gluable(s[i:tail]) {
				i = tail
				all = append(all, token{'w', s[start:i], i})
				continue
			}
			all = append(all, token{'n', s[start:i], i})
		case unicode.IsLetter(r):
			i = wordEnd(s, i)
			all = append(all, token{'w', s[start:i], i})
		default:
			i += size
			all = append(all, token{'s', s[start:i], i})
		}
	}
	return all
}

// gluable reports words that people write straight behind digits: scales and units.
func gluable(w string) bool {
	if scales[w] > 0 || spanUnits[w].size > 0 {
		return true
	}
	switch w {
	case "m", "f", "h", "usd", "personas", "persons":
		return true
	}
	return false
}

func wordEnd(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !(r >= '0' && r <= '9') {
			break
		}
		i += size
	}
	return i
}

func digitsEnd(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// literalEnd finds the end of a number in digits that begins at i.
func literalEnd(s string, i int) int {
	start := i
	i = digitsEnd(s, i)
	first := i - start
	for i+1 < len(s) {
		next := digitsEnd(s, i+1)
		switch {
		case next == i+1:
			return i
		case s[i] == '.' || s[i] == ',' || s[i] == '\'':
		case s[i] == ' ' && first <= 3 && next-i-1 == 3:
		default:
			return i
		}
		i = next
	}
	return i
}
