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
