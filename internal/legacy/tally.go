package legacy

import (
	"strings"
)

// Tally counts what one column holds. The number of different texts that it keeps is
// bounded; Many tells that there were more.
type Tally struct {
	Filled   int
	Distinct map[string]int // texts and how often, the first maxDistinct of them
	Order    []string       // of Distinct, by first appearance
	Many     bool
	Longest  int // bytes
	Kinds    [shapes]int
	Missing  int // "N/A", "-" and the like
}

const (
	maxDistinct   = 600
	maxKeptText   = 400 // bytes of a text that is kept to compare
	sampleCount   = 3
	maxSampleText = 80
)

// shape is what a text looks like.
type shape uint8

const (
	plainText shape = iota
	wholeNumber
	pointNumber // 3.5
	commaNumber // 3,5
	groupPoint  // 1.234, which may be either
	groupComma  // 1,234
	isoDate
	otherDate
	dateTime
	clockTime
	geoPoint
	emailAddress
	ipAddress
	webAddress
	truth // TRUE, FALSE
	shapes
)

func (t *Tally) add(c Cell) {
	s := strings.TrimSpace(c.Text)
	if s == "" {
		return
	}
	t.Filled++
	t.Longest = max(t.Longest, len(s))
	if isMissing(s) {
		t.Missing++
		return
	}
	t.Kinds[shapeOf(s, c.Kind)]++
	if len(s) > maxKeptText {
		s = s[:maxKeptText]
	}
	if t.Distinct == nil {
		t.Distinct = map[string]int{}
	}
	n, known := t.Distinct[s]
	switch {
	case known:
		t.Distinct[s] = n + 1
	case len(t.Distinct) < maxDistinct:
		s = strings.Clone(s) // not the whole record with it
		t.Distinct[s] = 1
		t.Order = append(t.Order, s)
	default:
		t.Many = true
	}
}

// Values is how many cells hold something that is not a mark for a missing answer.
func (t *Tally) Values() int { return t.Filled - t.Missing }

// Samples gives the first different texts, shortened.
func (t *Tally) Samples() []string {
	samples := []string{}
	for _, s := range t.Order[:min(len(t.Order), sampleCount)] {
		samples = append(samples, shorten(s, maxSampleText))
	}
	return samples
}

func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xc0 == 0x80 {
		most--
	}
	return s[:most] + "…"
}

// share of the values that have one of the shapes.
func (t *Tally) share(of ...shape) float64 {
	if t.Values() == 0 {
		return 0
	}
	n := 0
	for _, k := range of {
		n += t.Kinds[k]
	}
	return float64(n) / float64(t.Values())
}

var missingMarks = set("n/a", "na", "n.a.", "n/d", "nd", "n.d.", "s/d", "sd", "s.d.", "-", "--", "---", "—", "–", ".", "..", "...", "…",
	"null", "none given", "#n/a", "nan", "no data", "sin datos", "sin dato", "no disponible", "not available", "no aplica", "not applicable", "sans objet", "non disponible")

// isMissing reports a text that stands for a missing answer whatever was asked.
func isMissing(s string) bool {
	return len(s) <= 20 && missingMarks[strings.ToLower(s)]
}
