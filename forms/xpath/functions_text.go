package xpath

import (
	"math"
	"strings"
	"unicode/utf8"
)

var textFunctions = map[string]*function{
	"concat": fn(0, -1, StringType, func(a args) Value {
		var b strings.Builder
		for _, v := range a.spread(0) {
			s := a.c.str(v)
			a.c.text(s)
			b.WriteString(s)
		}
		return String(b.String())
	}),
	"join": fn(1, -1, StringType, func(a args) Value {
		sep := a.str(0)
		var parts []string
		for _, v := range a.spread(1) {
			parts = append(parts, v.String())
			a.c.text(v.String() + sep)
		}
		return String(strings.Join(parts, sep))
	}),
	"starts-with": fn(2, 2, BooleanType, func(a args) Value { return Boolean(strings.HasPrefix(a.str(0), a.str(1))) }),
	"ends-with":   fn(2, 2, BooleanType, func(a args) Value { return Boolean(strings.HasSuffix(a.str(0), a.str(1))) }),
	"contains":    fn(2, 2, BooleanType, func(a args) Value { return Boolean(strings.Contains(a.str(0), a.str(1))) }),
	"substring-before": fn(2, 2, StringType, func(a args) Value {
		before, _, ok := strings.Cut(a.str(0), a.str(1))
		if !ok {
			before = ""
		}
		return a.c.text(before)
	}),
	"substring-after": fn(2, 2, StringType, func(a args) Value {
		_, after, _ := strings.Cut(a.str(0), a.str(1))
		return a.c.text(after)
	}),
	"substring": fn(2, 3, StringType, func(a args) Value {
		from, to := roundHalfUp(a.num(1)), math.Inf(1)
		if a.len() == 3 {
			to = from + roundHalfUp(a.num(2))
		}
		var b strings.Builder
		i := 0.0
		for _, r := range a.str(0) {
			if i++; i >= from && i < to {
				b.WriteRune(r)
			}
		}
		return a.c.text(b.String())
	}),
	"substr": fn(2, 3, StringType, func(a args) Value {
		runes := []rune(a.str(0))
		at := func(n float64, otherwise int) int {
			if math.IsNaN(n) {
				return otherwise
			}
			if n < 0 {
				n += float64(len(runes))
			}
			return int(min(max(n, 0), float64(len(runes))))
		}
		from, to := at(a.num(1), 0), len(runes)
		if a.len() == 3 {
			to = at(a.num(2), len(runes))
		}
		if from >= to {
			return String("")
		}
		return a.c.text(string(runes[from:to]))
	}),
	"string-length": fn(0, 1, NumberType, func(a args) Value { return Number(float64(utf8.RuneCountInString(a.strOr(0)))) }),
	"normalize-space": fn(0, 1, StringType, func(a args) Value {
		return a.c.text(strings.Join(strings.FieldsFunc(a.strOr(0), func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " "))
	}),
	"translate": fn(3, 3, StringType, func(a args) Value {
		from, to := []rune(a.str(1)), []rune(a.str(2))
		change := map[rune]rune{}
		for i, r := range from {
			if _, ok := change[r]; ok {
				continue
			}
			change[r] = -1
			if i < len(to) {
				change[r] = to[i]
			}
		}
		return a.c.text(strings.Map(func(r rune) rune {
			if n, ok := change[r]; ok {
				return n
			}
			return r
		}, a.str(0)))
	}),
	"regex": fn(2, 2, BooleanType, func(a args) Value {
		re, err := compileRegex(a.str(1))
		if err != nil {
			a.fail("%v", err)
		}
		s := a.str(0)
		if len(s) > maxMatched {
			a.fail("the text is longer than %d bytes", maxMatched)
		}
		a.c.spend(1 + len(s)/16)
		return Boolean(re.MatchString(s))
	}),
	"pulldata": fn(4, 4, StringType, func(a args) Value {
		if a.c.Instance == nil {
			return String("")
		}
		root := a.c.Instance(a.str(0))
		want, key, value := a.str(1), a.str(2), a.str(3)
		if root == nil {
			return String("")
		}
		if len(root.Children) == 1 && root.Children[0].Name == "root" {
			root = root.Children[0]
		}
		for _, row := range root.Children {
			a.c.spend(len(row.Children) + 1)
			if childText(row, key) == value {
				return a.c.text(childText(row, want))
			}
		}
		return String("")
	}),
}

func childText(n *Node, name string) string {
	for _, c := range n.Children {
		if c.Name == name {
			return c.Value()
		}
	}
	return ""
}

// roundHalfUp is XPath's round(): halves go towards positive infinity.
func roundHalfUp(n float64) float64 {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return n
	}
	return math.Floor(n + 0.5)
}
