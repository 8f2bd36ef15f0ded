package xpath

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError is a fault in an expression's text.
type SyntaxError struct {
	Pos int // byte offset, from 0
	Msg string
}

// Error implements error.
func (e *SyntaxError) Error() string { return fmt.Sprintf("at character %d: %s", e.Pos+1, e.Msg) }

type tokenKind uint8

const (
	tEnd tokenKind = iota
	tNumber
	tString
	tName // possibly with one colon
	tRef  // ${name}
	tSymbol
)

type token struct {
	kind tokenKind
	text string
	pos  int
}

// endsValue reports whether only an operator can follow the token.
func endsValue(t token) bool {
	return t.kind == tNumber || t.kind == tString || t.kind == tSymbol && (t.text == ")" || t.text == "]")
}

// gluedOperator finds the operator in "or1", which is no operator by the letter.
func gluedOperator(name string) string {
	for _, op := range []string{"or", "and", "div", "mod"} {
		if rest, ok := strings.CutPrefix(name, op); ok && rest != "" && (isDigit(rest[0]) || rest[0] == '-') {
			return op
		}
	}
	return ""
}

// lex splits an expression into tokens.
func lex(src string) ([]token, error) {
	var tokens []token
	i := 0
	for {
		for i < len(src) {
			r, size := utf8.DecodeRuneInString(src[i:])
			if !unicode.IsSpace(r) {
				break
			}
			i += size
		}
		if i >= len(src) {
			return append(tokens, token{kind: tEnd, pos: len(src)}), nil
		}
		t, size, err := lexOne(src, i)
		if err != nil {
			return nil, err
		}
		t.pos = i
		if t.kind == tName && len(tokens) > 0 && endsValue(tokens[len(tokens)-1]) {
			if op := gluedOperator(t.text); op != "" { // "1or1", as other engines read it
				t.text, size = op, len(op)
			}
		}
		tokens = append(tokens, t)
		i += size
	}
}

func lexOne(src string, i int) (token, int, error) {
	rest := src[i:]
	c := rest[0]
	switch {
	case c == '"' || c == '\'':
		end := strings.IndexByte(rest[1:], c)
		if end < 0 {
			return token{}, 0, &SyntaxError{i, "the text that begins here has no closing quote"}
		}
		return token{kind: tString, text: rest[1 : 1+end]}, end + 2, nil
	case strings.HasPrefix(rest, "${"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return token{}, 0, &SyntaxError{i, "${ has no closing }"}
		}
		name := strings.TrimSpace(rest[2:end])
		if name == "" || strings.ContainsAny(name, "${ \t\n'\"") {
			return token{}, 0, &SyntaxError{i, "between ${ and } stands the name of a question"}
		}
		return token{kind: tRef, text: name}, end + 1, nil
	case isDigit(c) || c == '.' && len(rest) > 1 && isDigit(rest[1]):
		n := lexNumber(rest)
		return token{kind: tNumber, text: rest[:n]}, n, nil
	case strings.HasPrefix(rest, "//"), strings.HasPrefix(rest, ".."), strings.HasPrefix(rest, "::"),
		strings.HasPrefix(rest, "<="), strings.HasPrefix(rest, ">="), strings.HasPrefix(rest, "!="):
		return token{kind: tSymbol, text: rest[:2]}, 2, nil
	case strings.IndexByte("()[]@,./|+-*=<>$", c) >= 0:
		return token{kind: tSymbol, text: rest[:1]}, 1, nil
	}
	if n := lexName(rest); n > 0 {
		return token{kind: tName, text: rest[:n]}, n, nil
	}
	if hint := foreignSymbol(rest); hint != "" {
		return token{}, 0, &SyntaxError{i, hint}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if r == '‘' || r == '’' || r == '“' || r == '”' {
		return token{}, 0, &SyntaxError{i, fmt.Sprintf("%q is a typographic quote; write ' or \"", r)}
	}
	return token{}, 0, &SyntaxError{i, fmt.Sprintf("%q means nothing in an expression", r)}
}

// foreignSymbol explains an operator of another language.
func foreignSymbol(rest string) string {
	for _, f := range []struct{ symbol, hint string }{
		{"&&", "&& means nothing in an expression; write and"}, {"&", "& means nothing in an expression; texts are joined by concat(a, b)"},
		{"!", "! means nothing in an expression; write not(...)"}, {"%", "% means nothing in an expression; write mod, or divide by 100"},
		{"^", "^ means nothing in an expression; write pow(a, b)"}, {"≤", "write <= for ≤"}, {"≥", "write >= for ≥"}, {"≠", "write != for ≠"},
		{"×", "write * for ×"}, {"÷", "write div for ÷"}, {"–", "– is a dash; write -"}, {";", "; means nothing in an expression; arguments are parted by commas"},
	} {
		if strings.HasPrefix(rest, f.symbol) {
			return f.hint
		}
	}
	return ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func lexNumber(s string) int {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i < len(s) && s[i] == '.' {
		i++
		for i < len(s) && isDigit(s[i]) {
			i++
		}
	}
	return i
}

// lexName measures a name with at most one colon: "jr:choice-name". A hyphen and a dot
// belong to it.
func lexName(s string) int {
	n := lexPart(s)
	if n == 0 || n+1 >= len(s) || s[n] != ':' || s[n+1] == ':' {
		return n
	}
	if s[n+1] == '*' {
		return n + 2
	}
	if m := lexPart(s[n+1:]); m > 0 {
		return n + 1 + m
	}
	return n
}

func lexPart(s string) int {
	for i, r := range s {
		start := r == '_' || unicode.IsLetter(r)
		if !start && (i == 0 || r != '-' && r != '.' && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '·') {
			return i
		}
	}
	return len(s)
}
