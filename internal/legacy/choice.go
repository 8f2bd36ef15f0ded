package legacy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// listFor is the choice list of a question; nil when its choices lie elsewhere.
func listFor(f *forms.Form, q *forms.Node) *forms.List {
	if q.File != "" || q.From != "" {
		return nil
	}
	if list := f.Lists[q.List]; list != nil {
		return list
	}
	return f.External[q.List]
}

// ownChoice reports that a text which looks like a missing answer is a choice.
func ownChoice(f *forms.Form, q *forms.Node, text string) bool {
	list := listFor(f, q)
	return list != nil && codeOf(list, text) != ""
}

// codeOf finds a choice by its code or by its label in any language.
func codeOf(list *forms.List, text string) string {
	for _, c := range list.Choices {
		if c.Name == text {
			return c.Name
		}
	}
	want, folded := loose(text), fold(text)
	for _, c := range list.Choices {
		for _, label := range c.Label {
			if loose(label) == want {
				return c.Name
			}
		}
	}
	found := ""
	for _, c := range list.Choices {
		same := loose(c.Name) == want || folded != "" && fold(c.Name) == folded
		for _, label := range c.Label {
			same = same || folded != "" && fold(label) == folded
		}
		if same {
			if found != "" {
				return "" // two choices differ in signs only
			}
			found = c.Name
		}
	}
	return found
}

var numberInFront = regexp.MustCompile(`^\s*\(?([\p{L}\p{N}]{1,3})[.):\s-]+\s*(\S.*)$`)

// findCode reads a text as a choice: by code or label, "2. Label", yes and no in three
// languages.
func findCode(list *forms.List, text string) string {
	if code := codeOf(list, text); code != "" {
		return code
	}
	if m := numberInFront.FindStringSubmatch(text); m != nil {
		if code := codeOf(list, m[2]); code != "" {
			return code
		}
	}
	s := strings.ToLower(strings.TrimSpace(text))
	var words []string
	switch {
	case ticked[s] && s != "o":
		words = []string{"yes", "si", "sí", "oui", "1", "true", "y", "s"}
	case unticked[s] && s != "" && s != "-" && s != "n/a":
		words = []string{"no", "non", "0", "false", "n"}
	}
	for _, word := range words {
		if code := codeOf(list, word); code != "" && len(list.Choices) <= 6 {
			return code
		}
	}
	return ""
}

func (p *Plan) readOne(q *forms.Node, text string, country study.Country) reading {
	list := listFor(p.Form, q)
	if list == nil {
		return reading{value: text}
	}
	if code := findCode(list, text); code != "" {
		return reading{value: code}
	}
	if r, ok := p.understood(q, list, text, country); ok {
		return r
	}
	if q.Or {
		return reading{value: "other", note: text}
	}
	return reading{value: text, problem: p.unknownChoice(list, text)}
}

// understood asks the rules for messy answers: names of countries, further words for a
// choice, one slip of a key, "all of them", a reason. Only what they do not doubt counts.
func (p *Plan) understood(q *forms.Node, list *forms.List, text string, country study.Country) (reading, bool) {
	r := normalize.Value(p.Form, q, country, text)
	if slices.Contains(r.Flags, normalize.Review) {
		return reading{}, false
	}
	switch r.Kind {
	case study.NoValue:
		return reading{reason: r.Reason, note: r.Note}, r.Reason != ""
	case study.CodeValue, study.CodesValue:
		for _, code := range strings.Fields(r.Text) {
			if !slices.ContainsFunc(list.Choices, func(c *forms.Choice) bool { return c.Name == code }) {
				return reading{}, false
			}
		}
		return reading{value: r.Text, note: r.Note}, r.Text != ""
	}
	return reading{}, false
}

// readSeveral reads several choices in one cell.
func (p *Plan) readSeveral(c *Column, q *forms.Node, text string, country study.Country) reading {
	list := listFor(p.Form, q)
	var codes []string
	for _, piece := range p.pieces(c, list, text) {
		code := c.Values[loose(piece)]
		if code == "" && list != nil {
			code = findCode(list, piece)
		}
		switch {
		case list == nil:
			code = piece
		case code == "":
			if r, ok := p.understood(q, list, text, country); ok {
				return r
			}
			if q.Or {
				code = "other"
				break
			}
			return reading{value: text, problem: p.unknownChoice(list, piece)}
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return reading{value: strings.Join(codes, " ")}
}

// pieces cuts a cell into choices: by the column's separator, else by the first one whose
// pieces are all known.
func (p *Plan) pieces(c *Column, list *forms.List, text string) []string {
	if c.Split != "" {
		return splitKnown(text, c.Split, c.Values)
	}
	if list == nil {
		return strings.Fields(text)
	}
	if codeOf(list, text) != "" {
		return []string{text}
	}
	for _, split := range []string{";", "|", "\n", ", ", ",", "/", " "} {
		pieces := joinKnown(splitChoices(text, split), split, func(s string) bool { return findCode(list, s) != "" })
		if len(pieces) > 1 && !slices.ContainsFunc(pieces, func(s string) bool { return findCode(list, s) == "" }) {
			return pieces
		}
	}
	for _, split := range []string{";", "|", "\n", ","} {
		if strings.Contains(text, split) {
			return splitChoices(text, split)
		}
	}
	return []string{text}
}

func (p *Plan) unknownChoice(list *forms.List, text string) *Problem {
	said := say("choice.unknown", "text", shorten(text, 60))
	if near := nearestChoice(list, text); near != "" {
		said = say("choice.unknown.near", "text", shorten(text, 60), "near", near)
	}
	said.Error = !p.Inferred
	return &said
}

// nearestChoice is the choice whose code or label is most like a text, "" when none is.
func nearestChoice(list *forms.List, text string) string {
	best, most := "", 0.55
	for i, c := range list.Choices {
		if i >= 500 {
			break
		}
		for _, label := range append([]string{c.Name}, labels(c.Label)...) {
			if s := likeness(fold(label), fold(text)); s > most {
				best, most = label, s
			}
		}
	}
	return best
}

func labels(t forms.Text) []string {
	texts := make([]string, 0, len(t))
	for _, s := range t {
		texts = append(texts, s)
	}
	slices.Sort(texts)
	return texts
}

// likeness compares two texts by the pairs of letters that they share, 0 to 1.
func likeness(a, b string) float64 {
	pairs := bigrams(a)
	other := bigrams(b)
	if len(pairs) == 0 || len(other) == 0 {
		return 0
	}
	both, all := 0, 0
	for pair, n := range pairs {
		both += min(n, other[pair])
		all += n
	}
	for _, n := range other {
		all += n
	}
	return 2 * float64(both) / float64(all)
}

func bigrams(s string) map[string]int {
	m := map[string]int{}
	r := []rune(s)
	for i := 0; i+1 < min(len(r), 300); i++ {
		m[string(r[i:i+2])]++
	}
	return m
}
