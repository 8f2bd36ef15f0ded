package legacy

import (
	"regexp"
	"strings"
)

// guessSeveral recognizes several choices in one cell.
func guessSeveral(t *Tally, codes bool) (guess, bool) {
	if len(t.Distinct) < 3 {
		return guess{}, false
	}
	for _, split := range []string{";", "|", "\n", ", ", ","} {
		if g, ok := severalBy(t, split); ok {
			return g, true
		}
	}
	if codes {
		return severalCodes(t)
	}
	return guess{}, false
}

// severalBy tests one separator: enough cells hold it, and the parts come again and again
// while whole texts come less often.
func severalBy(t *Tally, split string) (guess, bool) {
	counts, texts := map[string]int{}, map[string]int{}
	var order []string
	cells, with, parts := 0, 0, 0
	whole := glued(t, split)
	for _, s := range t.Order {
		n := t.Distinct[s]
		pieces := joinKnown(splitChoices(s, split), split, func(s string) bool { return whole[s] })
		cells += n
		if len(pieces) > 1 {
			with += n
		}
		own := map[string]bool{}
		for _, p := range pieces {
			if len(p) > maxChoiceBytes || own[p] {
				return guess{}, false
			}
			own[p] = true
			if counts[p] == 0 {
				order = append(order, p)
			}
			counts[p] += n
			texts[p]++
			parts += n
		}
		if len(order) > 400 {
			return guess{}, false
		}
	}
	again, mixed := 0, 0
	for p, n := range counts {
		if n > 1 {
			again += n
		}
		if texts[p] > 1 {
			mixed++ // it comes with different companions, or alone: a choice of its own
		}
	}
	common := parts >= 3*len(counts) && again*20 >= parts*17 || again*10 >= parts*9 && len(counts) <= 20
	if with*10 < cells || with < 3 || !common || mixed*5 < 2*min(len(counts), 25) || len(order) > 5*maxChoices || len(order)*2 > len(t.Distinct)*3 && len(t.Distinct) < 30 && !t.Many && len(order) > 12 {
		return guess{}, false
	}
	return guess{kind: "select_multiple", split: split, choices: order}, true
}

// splitChoices cuts a cell at a separator, but not inside parentheses: "Web (chat, mail),
// phone" is two choices.
func splitChoices(s, split string) []string {
	var pieces []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth = max(depth-1, 0)
		}
		if depth == 0 && strings.HasPrefix(s[i:], split) && !(split == "," && between(s, i)) {
			pieces = appendPiece(pieces, s[from:i])
			i += len(split) - 1
			from = i + 1
		}
	}
	if depth > 0 { // the parenthesis is never closed
		return trimmedPieces(strings.Split(s, split))
	}
	return appendPiece(pieces, s[from:])
}

// splitKnown cuts a cell like splitChoices. Spaces part choices whose labels may hold
// spaces themselves, "Health care Schooling": there the longest known labels are taken,
// when nothing is left over.
func splitKnown(s, split string, known map[string]string) []string {
	if split != " " {
		return joinKnown(splitChoices(s, split), split, func(s string) bool { return known[loose(s)] != "" })
	}
	words := strings.Fields(s)
	var pieces []string
	for from := 0; from < len(words); {
		to := len(words)
		for to > from && known[loose(strings.Join(words[from:to], " "))] == "" {
			to--
		}
		if to == from {
			return words
		}
		pieces = append(pieces, strings.Join(words[from:to], " "))
		from = to
	}
	return pieces
}

// between reports a comma between two digits, which belongs to a number.
func between(s string, i int) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	return digit(i-1) && digit(i+1)
}

func trimmedPieces(parts []string) []string {
	var pieces []string
	for _, p := range parts {
		pieces = appendPiece(pieces, p)
	}
	return pieces
}

func appendPiece(pieces []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		pieces = append(pieces, s)
	}
	return pieces
}

var codeToken = regexp.MustCompile(`^[a-z0-9_.-]{1,60}$`)

// severalCodes recognizes codes with spaces between, as the ODK family writes them.
func severalCodes(t *Tally) (guess, bool) {
	counts := map[string]int{}
	var order []string
	with, cells, tokens := 0, 0, 0
	for _, s := range t.Order {
		n := t.Distinct[s]
		words := strings.Fields(s)
		cells += n
		if len(words) > 1 {
			with += n
		}
		own := map[string]bool{}
		for _, w := range words {
			if !codeToken.MatchString(w) || own[w] {
				return guess{}, false
			}
			own[w] = true
			if counts[w] == 0 {
				order = append(order, w)
			}
			counts[w] += n
			tokens += n
		}
	}
	if with*10 < cells || with < 2 || len(order) > maxChoices || tokens < 2*len(order) {
		return guess{}, false
	}
	return guess{kind: "select_multiple", split: " ", choices: order}, true
}
