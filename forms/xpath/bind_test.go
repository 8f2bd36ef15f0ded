package xpath

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestSyntaxErrorsNameTheirPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		src string
		pos int
		msg string // part of it
	}{
		{"1 +", 3, "ends where a value"},
		{"(1", 2, "closing )"},
		{"a[1", 3, "closing ]"},
		{"'open", 0, "closing quote"},
		{"${", 0, "closing }"},
		{"${a b}", 0, "name of a question"},
		{"if(1,2", 6, "comma or a closing )"},
		{"$x", 0, "${name}"},
		{"a ~ b", 2, "means nothing"},
		{"", 0, "ends where a value"},
		{"1 2", 2, "operator"},
		{"foo::x", 0, "no axis"},
		{"namespace::x", 0, "not supported"},
		{"a == b", 3, "one ="},
		{"a <> b", 3, "!="},
		{"a && b", 2, "write and"},
		{"a || b", 3, "write or"},
		{"!a", 0, "not("},
		{"a = “x”", 4, "typographic"},
		{"if(a; b; c)", 4, "commas"},
		{"a AND b", 2, "write and"},
		{"a ou b", 2, "write or"},
		{"a = 1,5", 5, "1.5"},
		{"not a", 4, "not(…)"},
		{"a ${b}", 2, "${b}"},
		{"{a} = 1", 0, "write ${name}"},
		{"jr:choice-name(., '${a')", 19, "closing }"},
		{strings.Repeat("(", 2000), 200, "too deep"},
		{strings.Repeat("-", maxSource+1), maxSource, "too long"},
	} {
		_, err := Parse(tt.src)
		s := (*SyntaxError)(nil)
		if !errors.As(err, &s) || s.Pos != tt.pos || !strings.Contains(s.Msg.English, tt.msg) {
			t.Errorf("Parse(%.20q) = %v, want a fault at %d with %q", tt.src, err, tt.pos, tt.msg)
		}
	}
}

// names resolves the references of a form with the questions age and kids.
type names map[string]int

func (n names) Reference(name string, _ bool) (int, error) {
	if id, ok := n[name]; ok {
		return id, nil
	}
	return 0, fmt.Errorf("there is no question %s", name)
}

func TestBindFindsFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		src, key string
		pos      int
	}{
		{"${age} > 3", "", 0},
		{"${agee} > 3", "reference", 0},
		{"jr:choice-name(1, '${agee}')", "reference", 19},
		{"1 + fo(2)", "function", 4},
		{"if(true(), 1)", "arity", 0},
		{"1 + pi(2)", "arity", 4},
		{"indexed-repeat(${age}, ${age}, 1, ${age})", "arity", 0},
		{"count(3)", "type", 0},
		{"sum(${age} + 1)", "type", 0},
		{"${age} | 1", "type", 7},
		{"'x'/y", "type", 3},
		{"regex(., '(?=a)')", "regex", 9},
		{"regex(., '(a)\\1')", "regex", 9},
		{"regex(., 'a{1001}')", "regex", 9},
		{"regex(., '(a')", "regex", 9},
		{"regex(., '" + strings.Repeat("a", maxPattern+1) + "')", "regex", 9},
	} {
		e, err := Parse(tt.src)
		if err != nil {
			t.Fatal(err)
		}
		bound, problems := e.Bind(names{"age": 1})
		switch {
		case tt.key == "" && (bound == nil || len(problems) > 0):
			t.Errorf("%s: %v, want no fault", tt.src, problems)
		case tt.key != "" && (bound != nil || len(problems) != 1 || problems[0].Key != tt.key || problems[0].Pos != tt.pos):
			t.Errorf("%.60s: %v, want one fault %s at %d", tt.src, problems, tt.key, tt.pos)
		}
	}
}

func TestAllFaultsAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	e, err := Parse("${x} + fo(${y}) + if(1, 2)")
	if err != nil {
		t.Fatal(err)
	}
	if _, problems := e.Bind(names{}); len(problems) != 4 {
		t.Errorf("%v, want four faults", problems)
	}
}

func TestPatternsThatOthersReadDifferentlyAreWarnedAbout(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]int{"[A-Z]{2}[0-9]+": 0, "[[:alpha:]]": 1, "(?i)abc": 1, "[a-z&&[^b]]": 1, "a&&b": 0, "(?:a|b)": 0} {
		e, err := Parse("regex(., '" + pattern + "')")
		if err != nil {
			t.Fatal(err)
		}
		bound, problems := e.Bind(names{})
		if bound == nil || len(problems) != want || want > 0 && !problems[0].Warning {
			t.Errorf("%s: %v, want %d warnings", pattern, problems, want)
		}
	}
}

func TestUnknownFunctionsAreExplained(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Selected": "selected", "select": "selected", "count_selected": "count-selected", "string-lenght": "string-length",
		"isblank": "''", "AND": "between two conditions", "frobnicate": "there is no function frobnicate()",
	} {
		if p := unknownFunction(&call{name: name}); !strings.Contains(p.Msg.English, want) {
			t.Errorf("%s(): %q, want %q in it", name, p.Msg, want)
		}
	}
}
