package xpath

import (
	"errors"
	"math"
	"strings"
	"testing"
)

var seeds = []string{
	"${a} + 1", "//x[1]/../@y", "if(selected(., 'a'), 1, -2)", "format-date(now(), '%Y')", "a | b", "((((1))))", "substr('x', 1e308)",
	"jr:choice-name(., '${q}')", "instance('l')/root/item[name = current()/../n]/label", "regex(., '(a+)+$')", "x[last()][position() mod 2 = 1]",
	"indexed-repeat(//kid/age, //kid, position(..))", "area('0 0;0 1;1 1')", "1or 1", "following::*/preceding::node()", "a == b", "${last-saved#q}",
}

// Whatever is written, the parser answers with an expression or a place in the text.
func FuzzParse(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		s := (*SyntaxError)(nil)
		switch {
		case err == nil:
			e.Bind(names{"a": 1})
			e.Dependencies(&Node{Name: "q"}, func(string, bool) []*Node { return nil })
			for _, r := range e.References() {
				if !strings.HasPrefix(src[r.Pos:], "${") {
					t.Errorf("%q: the reference %q is not at %d", src, r.Name, r.Pos)
				}
			}
		case !errors.As(err, &s) || s.Pos < 0 || s.Pos > len(src):
			t.Errorf("%q: %v has no place in the text", src, err)
		}
	})
}

func FuzzEval(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, "a b")
	}
	f.Fuzz(func(t *testing.T, src, answer string) {
		e, err := Parse(src)
		if err != nil {
			return
		}
		doc, err := ParseXML(strings.NewReader(survey))
		if err != nil {
			t.Fatal(err)
		}
		kid := doc.Children[0].Children[4]
		kid.Append(&Node{Name: "answer", Text: answer})
		v, err := e.Eval(&Context{
			Node: kid, Steps: 10_000,
			Lookup:   func(int, *Node) []*Node { return kid.Set() },
			Instance: func(string) *Node { return doc.Children[0] },
		})
		if err == nil && v.Type == NumberType && math.IsNaN(v.Num) && v.String() != "NaN" {
			t.Errorf("%q: NaN is written %q", src, v.String())
		}
	})
}
