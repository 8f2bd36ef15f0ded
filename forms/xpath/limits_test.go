package xpath

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestBudgets(t *testing.T) {
	t.Parallel()
	doc, err := ParseXML(strings.NewReader(survey))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := ParseXML(strings.NewReader("<d>" + strings.Repeat("<i>1</i>", 20_000) + "</d>"))
	if err != nil {
		t.Fatal(err)
	}
	long := &Node{Name: "d", Text: strings.Repeat("x", 100_000)}
	for _, tt := range []struct {
		name, src string
		at        *Node
		want      error
	}{
		{"nested counts", "count(//*[count(//*[count(//*[count(//*[count(//*[count(//*) > 0]) > 0]) > 0]) > 0]) > 0])", doc, ErrSteps},
		{"every node against every node", "count(//i[. = /d/i[2]])", wide, ErrSteps},
		{"the whole document again and again", "count(//i[contains(/d, .)])", wide, ErrSteps},
		{"all that follow all", "count(//i/following-sibling::i)", wide, ErrSteps},
		{"a text that doubles", "concat(., ., ., ., ., ., ., ., ., ., .)", long, ErrText},
	} {
		e, err := Parse(tt.src)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Eval(&Context{Node: tt.at}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestLongChainsAreEvaluated(t *testing.T) {
	t.Parallel()
	e, err := Parse("1" + strings.Repeat("+1", 50_000))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Eval(&Context{}); err != nil || v.Num != 50_001 {
		t.Errorf("a long sum = %v, %v; want 50001", v.Num, err)
	}
}

func TestPatternsFromAnswersDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	for i := range maxCached + 10 {
		if _, err := compileRegex("a" + strings.Repeat("b", i%200) + strings.Repeat("c", i/200)); err != nil {
			t.Fatal(err)
		}
	}
	regexCache.RLock()
	defer regexCache.RUnlock()
	if n := len(regexCache.compiled); n > maxCached {
		t.Errorf("%d patterns are kept, want at most %d", n, maxCached)
	}
}

// A list of choices is one tree for all who fill in the form.
func TestSharedTreesAreReadAtOnce(t *testing.T) {
	t.Parallel()
	list, err := ParseXML(strings.NewReader("<root><item><name>a</name></item><item><name>b</name></item></root>"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := Parse("instance('l')/item[name = 'b']/name = 'b' and /root/item")
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			c := &Context{Node: list.Children[0], Instance: func(string) *Node { return list.Children[0] }}
			for range 100 {
				if v, err := e.Eval(c); err != nil || !v.Boolean() {
					t.Errorf("Eval = %v, %v; want true", v.Bool, err)
				}
			}
		})
	}
	readers.Wait()
}

func TestXMLIsBounded(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"entities":     `<!DOCTYPE d [<!ENTITY a "aaaa">]><d>&a;</d>`,
		"external":     `<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>`,
		"deep nesting": strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100),
		"many parts":   "<d>" + strings.Repeat("<a/>", 150_000) + "</d>",
		"no element":   "text",
	} {
		if _, err := ParseXML(strings.NewReader(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
