package xpath

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/comparanda/comparanda/forms/message"
)

// SyntaxError is a fault in an expression's text.
type SyntaxError struct {
	Pos int // byte offset, from 0
	Msg message.Text
}

func syntaxError(pos int, format string, args ...any) *SyntaxError {
	return &SyntaxError{pos, message.New(format, args...)}
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("at character %d: %s", e.Pos+1, e.Msg.English)
}

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
			return token{}, 0, syntaxError(i, "the text that begins here has no closing quote")
		}
		return token{kind: tString, text: rest[1 : 1+end]}, end + 2, nil
	case strings.HasPrefix(rest, "${"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return token{}, 0, syntaxError(i, "${ has no closing }")
		}
		name := strings.TrimSpace(rest[2:end])
		if name == "" || strings.ContainsAny(name, "${ \t\n'\"") {
			return token{}, 0, syntaxError(i, "between ${ and } stands the name of a question")
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
	if hint, ok := foreignSymbol(rest); ok {
		return token{}, 0, &SyntaxError{i, hint}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if r == '‘' || r == '’' || r == '“' || r == '”' {
		return token{}, 0, syntaxError(i, "%q is a typographic quote; write ' or \"", r)
	}
	return token{}, 0, syntaxError(i, "%q means nothing in an expression", r)
}

// foreignSymbols are operators of other languages and of word processors, longer ones
// first, with what to write here.
var foreignSymbols = []struct {
	symbol string
	hint   message.Text
}{
	{"&&", message.New("&& means nothing in an expression; write and")},
	{"&", message.New("& means nothing in an expression; texts are joined by concat(a, b)")},
	{"!", message.New("! means nothing in an expression; write not(...)")},
	{"%", message.New("%% means nothing in an expression; write mod, or divide by 100")},
	{"^", message.New("^ means nothing in an expression; write pow(a, b)")},
	{"{", message.New("%s means nothing in an expression; write %s", "{name}", "${name}")},
	{"≤", message.New("write %s for %s", "<=", "≤")},
	{"≥", message.New("write %s for %s", ">=", "≥")},
	{"≠", message.New("write %s for %s", "!=", "≠")},
	{"×", message.New("write %s for %s", "*", "×")},
	{"÷", message.New("write %s for %s", "div", "÷")},
	{"–", message.New("– is a dash; write -")},
	{";", message.New("; means nothing in an expression; arguments are parted by commas")},
}

// foreignSymbol explains the operator that a text begins with.
func foreignSymbol(rest string) (hint message.Text, ok bool) {
	for _, f := range foreignSymbols {
		if strings.HasPrefix(rest, f.symbol) {
			return f.hint, true
		}
	}
	return hint, false
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
