package legacy

import (
	"regexp"
	"strings"
)

// A header such as "Which of these? [Radio]" has a stem, that of the question, and a leaf,
// that of the choice or row. Survey programs write them in a few ways.
var (
	codedSub   = regexp.MustCompile(`^([A-Za-z]\w{0,40})\s*\[([^\[\]]{1,60})\]\s*[.:]\s*(.*)$`) // LimeSurvey: q3[SQ001]. Text [Radio]
	subAtEnd   = regexp.MustCompile(`^(.{1,500}?)\s*\[([^\[\]]{0,300})\]\s*$`)                  // LimeSurvey, Google grids
	slashed    = regexp.MustCompile(`^(.*[^/\s])/([^/]{1,200})$`)                               // KoboToolbox: group/q/choice
	selected   = regexp.MustCompile(`^(.{1,500}?) - (?:Selected Choice - )?([^-]{1,200})$`)     // Qualtrics
	itemIndex  = regexp.MustCompile(`^(.*?)\[(\d{1,3})\][/_.: -]*(.+)$`)                        // repeat[1]/name
	itemNumber = regexp.MustCompile(`^(.*?[\p{L})])[_ .-]{1,3}(\d{1,2})[_ .:–-]{1,3}(\D.*)$`)   // program_1_name, Program 1: name
	itemHash   = regexp.MustCompile(`^(.*?[\p{L}])\s*#\s?(\d{1,2})[_ .:–-]{0,3}(\D.*)$`)        // Program #1 name
)

// branch is a header cut into the question's part and the choice's.
type branch struct{ stem, leaf string }

// branchOf cuts a field's header; ok is false when it has one part only.
func branchOf(f *Field) (b branch, ok bool) {
	if len(f.Parts) > 1 && f.Parts[0] != "" {
		leaf := f.Parts[1]
		if leaf != "" && leaf != f.Parts[0] && !responseWords[strings.ToLower(leaf)] && !isUnit(leaf) && !isImportRow(f) {
			return branch{f.Parts[0], leaf}, true
		}
		if isImportRow(f) { // Qualtrics: the text of the question stands below its code
			if m := selected.FindStringSubmatch(leaf); m != nil {
				return branch{m[1], strings.TrimSpace(m[2])}, true
			}
		}
	}
	h := f.Header
	if m := codedSub.FindStringSubmatch(h); m != nil {
		leaf := m[2]
		text := m[3]
		if n := subAtEnd.FindStringSubmatch(text); n != nil && n[2] != "" {
			text, leaf = n[1], n[2]
		}
		if text == "" {
			return branch{m[1], leaf}, true
		}
		return branch{m[1] + ". " + text, leaf}, true
	}
	if m := subAtEnd.FindStringSubmatch(h); m != nil && m[2] != "" {
		return branch{m[1], strings.TrimSpace(m[2])}, true
	}
	if m := slashed.FindStringSubmatch(h); m != nil && !strings.Contains(m[1], "http") {
		return branch{m[1], strings.TrimSpace(m[2])}, true
	}
	return branch{}, false
}

func isImportRow(f *Field) bool {
	return len(f.Parts) > 2 && strings.HasPrefix(f.Parts[2], `{"ImportId"`)
}

// numberedPart is a header of an item: program_2_name has stem "program", number 2 and
// leaf "name".
type numberedPart struct {
	stem, leaf, number string
}

func numberedOf(header string) (numberedPart, bool) {
	for _, pattern := range []*regexp.Regexp{itemIndex, itemHash, itemNumber} {
		if m := pattern.FindStringSubmatch(header); m != nil && m[1] != "" {
			return numberedPart{stem: m[1], number: strings.TrimLeft(m[2], "0"), leaf: strings.TrimSpace(m[3])}, true
		}
	}
	return numberedPart{}, false
}

// numberedFields finds the fields of repeats written side by side: a stem counts with at
// least two numbers, most of whose leaves come under two of them.
func numberedFields(fields []*Field) map[*Field]numberedPart {
	parts := map[*Field]numberedPart{}
	under := map[branch]map[string]bool{} // stem and leaf → numbers
	for _, f := range fields {
		if p, ok := numberedOf(f.Header); ok && metaRole(f.Header) == NoRole {
			parts[f] = p
			b := branch{fold(p.stem), fold(p.leaf)}
			if under[b] == nil {
				under[b] = map[string]bool{}
			}
			under[b][p.number] = true
		}
	}
	again, all := map[string]int{}, map[string]int{}
	for b, numbers := range under {
		all[b.stem]++
		if len(numbers) > 1 {
			again[b.stem]++
		}
	}
	for f, p := range parts {
		if stem := fold(p.stem); again[stem] == 0 || again[stem]*5 < all[stem]*3 {
			delete(parts, f)
		}
	}
	return parts
}

// The texts that mean that a choice was ticked, or was not.
var (
	ticked   = set("1", "true", "yes", "y", "sí", "si", "s", "x", "✓", "✔", "☑", "oui", "o", "checked", "selected", "verdadero", "vrai", "quoted", "seleccionado", "marcado", "1.0", "sim")
	unticked = set("0", "false", "no", "n", "non", "", "unchecked", "not selected", "falso", "faux", "not quoted", "no seleccionado", "no marcado", "0.0", "não", "n/a", "-", "não selecionado")
)

// isTicked reads a cell of a column that stands for one choice; ok is false for a text
// that is neither a tick nor the choice itself.
func isTicked(text, leaf string) (tick, ok bool) {
	s := strings.ToLower(strings.TrimSpace(text))
	switch {
	case unticked[s]:
		return false, true
	case ticked[s], fold(s) == fold(leaf):
		return true, true
	}
	return false, false
}

// tickColumns reports that all fields stand for choices of one question.
func tickColumns(fields []*Field, leaves []string) bool {
	any := false
	own := true // each column holds one text only, whatever it says
	for i, f := range fields {
		t := &f.Seen
		if t.Many {
			return false
		}
		own = own && len(t.Distinct) <= 1 && t.Longest <= 200 && t.share(plainText) == 1
		for s := range t.Distinct {
			tick, ok := isTicked(s, leaves[i])
			any = any || tick
			if !ok && !own {
				return false
			}
		}
	}
	if own && ownTextsApart(fields) {
		return true
	}
	for i, f := range fields {
		for s := range f.Seen.Distinct {
			if _, ok := isTicked(s, leaves[i]); !ok {
				return false
			}
		}
	}
	return any
}

// onlyTicks reports that a column ticks a choice or leaves it, and says nothing else.
func onlyTicks(t *Tally, leaf string) bool {
	for s := range t.Distinct {
		if _, ok := isTicked(s, leaf); !ok {
			return false
		}
	}
	return !t.Many
}

// ownTextsApart reports that columns with one text each have different ones: the texts
// are the choices.
func ownTextsApart(fields []*Field) bool {
	seen := map[string]bool{}
	for _, f := range fields {
		for s := range f.Seen.Distinct {
			if seen[s] {
				return false
			}
			seen[s] = true
		}
	}
	return len(seen) >= 2
}
