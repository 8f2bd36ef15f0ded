package xform

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is what a piece of an expression is, as far as rewriting needs to know.
type tokenKind uint8

const (
	otherToken   tokenKind = iota
	spaceToken             // white space
	stringToken            // a quoted string, or the rest after a quote that never closes
	numberToken            //
	nameToken              // a name: of an element, an axis, an operator
	callToken              // a name with "(" behind it; the "(" is the next token
	refToken               // ${name} or ${last-saved#name}
	mathToken              // + - * div mod between two values
	uriToken               // scheme://…
	openBracket            // [
	closeBracket           // ]
	openParen              // (
	closeParen             // )
)

type token struct {
	kind tokenKind
	text string
	pos  int
}

// lex cuts an expression into tokens that together are the expression again. Anything
// can be cut up: what is wrong with an expression is for forms/xpath to say.
func lex(s string) []token {
	var tokens []token
	for pos := 0; pos < len(s); {
		kind, size := nextToken(s[pos:], tokens)
		tokens = append(tokens, token{kind, s[pos : pos+size], pos})
		pos += size
	}
	return tokens
}

func nextToken(s string, before []token) (tokenKind, int) {
	c, size := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsSpace(c):
		return spaceToken, spanLen(s, unicode.IsSpace)
	case c == '\'' || c == '"':
		if end := strings.IndexRune(s[1:], c); end >= 0 {
			return stringToken, end + 2
		}
		return stringToken, len(s)
	case c == '$':
		if n := refLen(s); n > 0 {
			return refToken, n
		}
		return otherToken, 1
	case '0' <= c && c <= '9' || c == '.' && len(s) > 1 && '0' <= s[1] && s[1] <= '9':
		if n := dateLen(s); n > 0 {
			return numberToken, n
		}
		return numberToken, spanLen(s, func(r rune) bool { return '0' <= r && r <= '9' || r == '.' })
	case c == '+' || c == '-':
		return mathToken, 1
	case c == '*':
		if valueBefore(before) {
			return mathToken, 1
		}
		return otherToken, 1
	case isNameStart(c):
		return nameAt(s, before)
	}
	switch c {
	case '[':
		return openBracket, 1
	case ']':
		return closeBracket, 1
	case '(':
		return openParen, 1
	case ')':
		return closeParen, 1
	}
	return otherToken, size
}

var datePattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?`)

// dateLen is the length of the date that s begins with, 0 when there is none: its
// hyphens subtract nothing.
func dateLen(s string) int {
	if len(s) < 10 || s[4] != '-' {
		return 0
	}
	return len(datePattern.FindString(s))
}

func nameAt(s string, before []token) (tokenKind, int) {
	n := spanLen(s, func(r rune) bool {
		return isNameStart(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '-' || r == '.'
	})
	rest := s[n:]
	if strings.HasPrefix(rest, "://") {
		return uriToken, n + spanLen(rest, func(r rune) bool { return !unicode.IsSpace(r) })
	}
	if strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, "::") { // a prefixed name
		if c, _ := utf8.DecodeRuneInString(rest[1:]); isNameStart(c) {
			n += 1 + spanLen(rest[1:], func(r rune) bool { return isNameStart(r) || unicode.IsDigit(r) || r == '-' || r == '.' })
			rest = s[n:]
		}
	}
	name := s[:n]
	if (name == "div" || name == "mod") && valueBefore(before) {
		return mathToken, n
	}
	if strings.HasPrefix(strings.TrimLeft(rest, " \t\n"), "(") && !isOperator(name) {
		return callToken, n
	}
	return nameToken, n
}

func isOperator(name string) bool {
	return name == "and" || name == "or" || name == "div" || name == "mod"
}

// valueBefore reports whether what was read last can be the left side of an operator.
func valueBefore(tokens []token) bool {
	for i := len(tokens) - 1; i >= 0; i-- {
		switch t := tokens[i]; t.kind {
		case spaceToken:
			continue
		case stringToken, numberToken, refToken, closeBracket, closeParen, uriToken:
			return true
		case nameToken:
			return !isOperator(t.text)
		default:
			return t.text == "."
		}
	}
	return false
}

func isNameStart(r rune) bool { return unicode.IsLetter(r) || r == '_' }

func spanLen(s string, in func(rune) bool) int {
	if end := strings.IndexFunc(s, func(r rune) bool { return !in(r) }); end >= 0 {
		return end
	}
	return len(s)
}

// maxRefBytes is how far from "${" its "}" is looked for.
const maxRefBytes = 512

// refLen is the length of the reference that s begins with, 0 when it is none.
func refLen(s string) int {
	if !strings.HasPrefix(s, "${") {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), maxRefBytes)], '}')
	if end < 3 || strings.ContainsAny(s[2:end], " \t\n{") {
		return 0
	}
	return end + 1
}

// refName takes a reference apart.
func refName(text string) (name string, lastSaved bool) {
	return strings.CutPrefix(text[2:len(text)-1], "last-saved#")
}

// isDynamic reports whether a default is an expression rather than a value: it calls a
// function, refers to a question, or computes. Dates, places and codes may contain
// hyphens without being subtractions.
func isDynamic(value, questionType string) bool {
	hyphens := false
	switch questionType {
	case "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "select_one", "select_multiple", "rank",
		"select_one_external", "select_one_from_file", "select_multiple_from_file":
		hyphens = true
	}
	tokens := lex(value)
	for i, t := range tokens {
		switch t.kind {
		case refToken:
			return true
		case callToken:
			if closes(tokens[i+1:]) {
				return true
			}
		case openBracket:
			return true
		case mathToken:
			if !hyphens && valueBefore(tokens[:i]) && valueAfter(tokens[i+1:]) {
				return true
			}
		case otherToken:
			if t.text == "|" {
				return true
			}
		}
	}
	return false
}

// closes reports whether the "(" that tokens begin with has its ")".
func closes(tokens []token) bool {
	depth := 0
	for _, t := range tokens {
		switch t.kind {
		case openParen:
			depth++
		case closeParen:
			depth--
			if depth == 0 {
				return true
			}
		}
	}
	return false
}

func valueAfter(tokens []token) bool {
	for _, t := range tokens {
		if t.kind != spaceToken {
			return t.kind != closeBracket && t.kind != closeParen
		}
	}
	return false
}
