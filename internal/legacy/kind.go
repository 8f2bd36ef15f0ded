package legacy

import (
	"regexp"
	"strings"
)

// guess is the type that a column's texts suggest.
type guess struct {
	kind     string   // XLSForm type
	split    string   // separator of several choices in one cell: ", " "; " " " "\n" "|"
	choices  []string // texts of the choices, in order of appearance
	dayFirst bool     // 03/04/2021 is 3 April
	unclear  bool     // nothing in the column decides between 3 April and March 4
	mark     string   // decimal mark of its numbers
}

// Thresholds of what counts as a choice.
const (
	maxChoices      = 60
	maxChoiceBytes  = 150
	timesEachChoice = 2    // that a text comes again, on the average; less often in a short table
	mostly          = 0.98 // of the values have the type; the rest is for a person
)

// guessType decides what question a column answers.
func guessType(t *Tally, header string, codes bool) guess {
	v := t.Values()
	switch {
	case v == 0:
		return guess{kind: "text"}
	case t.share(truth) == 1, yesNo(t):
		return guess{kind: "select_one", choices: t.Order}
	case t.share(dateTime, isoDate, otherDate) >= mostly:
		return guessDate(t)
	case t.share(clockTime) >= mostly:
		return guess{kind: "time"}
	case t.share(geoPoint) >= mostly:
		return guess{kind: "geopoint"}
	}
	if g, ok := guessNumber(t, header); ok {
		return g
	}
	if g, ok := guessSeveral(t, codes); ok {
		return g
	}
	if d := len(t.Distinct); !t.Many && d <= maxChoices && t.Longest <= maxChoiceBytes &&
		(d*timesEachChoice <= v || d*3 <= v*2 && v < 20 && t.Longest <= 40) && v >= 4 && !personalHeader(header) && t.share(emailAddress, webAddress, ipAddress) < 0.5 {
		return guess{kind: "select_one", choices: t.Order}
	}
	return guess{kind: "text"}
}

func yesNo(t *Tally) bool {
	if t.Many || len(t.Distinct) > 3 || len(t.Distinct) == 0 {
		return false
	}
	yes, no := 0, 0
	for s := range t.Distinct {
		switch fold(s) {
		case "yes", "si", "oui", "y", "s", "x":
			yes++
		case "no", "non", "n":
			no++
		default:
			return false
		}
	}
	return yes > 0 && (no > 0 || t.Distinct["x"] == 0 && t.Distinct["X"] == 0)
}

func guessDate(t *Tally) guess {
	g := guess{kind: "date", dayFirst: true}
	if t.Kinds[dateTime] > 0 {
		g.kind = "dateTime"
	}
	first, second, slashes := 0, 0, 0
	for s := range t.Distinct {
		part, _ := splitMoment(s)
		d, iso, ok := readDay(part)
		if !ok || iso {
			continue
		}
		slashes++
		if !d.valid(false) {
			first++
		}
		if !d.valid(true) {
			second++
		}
	}
	g.dayFirst = second <= first
	g.unclear = slashes > 0 && first == 0 && second == 0 || first > 0 && second > 0
	return g
}

var leadingZero = regexp.MustCompile(`^0\d+$`)

// guessNumber tells whole numbers from decimal ones. Codes with leading zeros and very
// long numbers stay text: a number would lose them.
func guessNumber(t *Tally, header string) (guess, bool) {
	numbers := t.share(wholeNumber, pointNumber, commaNumber, groupPoint, groupComma)
	if numbers < mostly || personalHeader(header) {
		return guess{}, false
	}
	for s := range t.Distinct {
		if leadingZero.MatchString(s) || len(s) > 18 && t.Kinds[wholeNumber] > 0 || strings.HasPrefix(s, "+") {
			return guess{}, false
		}
	}
	g := guess{kind: "integer"}
	if !t.Many && t.Kinds[commaNumber] == 0 && wholeFractions(t) {
		return g, true
	}
	switch {
	case t.Kinds[commaNumber] > t.Kinds[pointNumber]:
		g.kind, g.mark = "decimal", ","
	case t.Kinds[pointNumber] > 0:
		g.kind, g.mark = "decimal", "."
	}
	return g, true
}

// wholeFractions reports that every fraction is ".0", as some programs write whole numbers
// of a column with gaps.
func wholeFractions(t *Tally) bool {
	for s := range t.Distinct {
		if _, fraction, marked := strings.Cut(s, "."); marked && (strings.Trim(fraction, "0") != "" || len(fraction) > 2) {
			return false
		}
	}
	return true
}

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
	for _, s := range t.Order {
		n := t.Distinct[s]
		pieces := splitChoices(s, split)
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

// merge takes another column of the same question in.
func (t *Tally) merge(o *Tally) {
	t.Filled += o.Filled
	t.Missing += o.Missing
	t.Longest = max(t.Longest, o.Longest)
	t.Many = t.Many || o.Many
	for k := range t.Kinds {
		t.Kinds[k] += o.Kinds[k]
	}
	if t.Distinct == nil {
		t.Distinct = map[string]int{}
	}
	for _, s := range o.Order {
		n, known := t.Distinct[s]
		if !known && len(t.Distinct) >= maxDistinct {
			t.Many = true
			continue
		}
		if !known {
			t.Order = append(t.Order, s)
		}
		t.Distinct[s] = n + o.Distinct[s]
	}
}
