package legacy

import (
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/internal/i18n"
)

// Says is a remark as the catalogs have it, so that it can be said in each language:
// "legacy." and Key is its text, with ".do" behind it its remedy. An empty Key is a
// remark in the words of another reader.
type Says struct {
	Key  string            `json:"key,omitempty"`
	Args map[string]string `json:"args,omitempty"`
}

// say makes a remark of a key and its arguments, in pairs of name and value. The code is
// the key's first two words: what follows tells apart remarks of one kind.
func say(key string, args ...any) Problem {
	words := strings.Split(key, ".")
	p := Problem{Code: strings.Join(words[:min(2, len(words))], "."), Says: Says{Key: key}}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Says.Args == nil {
			p.Says.Args = map[string]string{}
		}
		p.Says.Args[fmt.Sprint(args[i])] = fmt.Sprint(args[i+1])
	}
	p.Text, p.Remedy = p.Says.words(i18n.Fallback)
	return p
}

// words are the text and the remedy in a language.
func (s Says) words(lang string) (text, remedy string) {
	args := make([]any, 0, 2*len(s.Args))
	for name, value := range s.Args {
		args = append(args, name, value)
	}
	c := i18n.For(lang)
	return c.T("legacy."+s.Key, args...), c.T("legacy."+s.Key+".do", args...)
}

// In is the remark with its words in another language. Where the words are not ours and
// no catalog has them, they stay English.
func (p Problem) In(lang string) Problem {
	if lang == "" || lang == i18n.Fallback || p.Says.Key == "" || !i18n.For(lang).Has("legacy."+p.Says.Key) {
		return p
	}
	p.Text, p.Remedy = p.Says.words(lang)
	return p
}

// refuse makes a Refusal of a key and its arguments.
func refuse(key string, args ...any) error {
	p := say(key, args...)
	p.Error = true
	return &Refusal{p}
}

// inBook is how the catalogs call what the reader of workbooks finds: its words are
// English, and the catalogs of other languages say it in general.
func inBook(code string) Says {
	_, kind, _ := strings.Cut(code, ".")
	return Says{Key: "book." + kind}
}

// cutRemedy parts a remark of another reader, "what is wrong: what to do". A colon inside
// parentheses belongs to a cause that is only quoted.
func cutRemedy(s string) (text, remedy string) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 && strings.HasPrefix(s[i:], ": ") {
			return s[:i], s[i+2:]
		}
	}
	return s, ""
}
