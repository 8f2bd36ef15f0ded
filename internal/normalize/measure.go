package normalize

import (
	"regexp"
	"slices"
	"strings"
)

// measure is a number with its qualifier, as a phrase tells it.
type measure struct {
	v, low, high float64
	qual         string
	flags        []string
	rest         string // words that are no part of the number
	quantities   []quantity
	fractional   bool
}

var (
	approxWords = []string{"unos", "unas", "unos pocos mas de", "cerca de", "cercano a", "aproximadamente", "aprox", "alrededor de", "en torno a", "mas o menos", "casi", "aproximado", "poco menos de",
		"about", "around", "approximately", "approx", "some", "nearly", "almost", "roughly", "circa", "ca", "close to", "estimated", "estimado", "estimada", "se estima", "se estiman", "estimadas", "estimados", "estimation",
		"environ", "autour de", "pres de", "presque", "quelque", "a peu pres", "approximativement", "more or less", "plus ou moins"}
	leastWords = []string{"mas de", "mas que", "al menos", "por lo menos", "como minimo", "minimo de", "minimo", "no menos de", "superior a", "superan", "supera", "mayor a", "mayor de", "arriba de", "a partir de", "por encima de", "sobre los", "mas",
		"more than", "over", "at least", "minimum of", "minimum", "no less than", "not less than", "no fewer than", "above", "upwards of", "in excess of", "greater than", "exceeds",
		"plus de", "plus d'", "au moins", "au minimum", "superieur a", "pas moins de"}
	mostWords = []string{"hasta", "menos de", "no mas de", "como maximo", "maximo de", "maximo", "a lo sumo", "inferior a", "menor a", "menor de", "por debajo de", "tope de", "no mayor a", "no superior a",
		"up to", "at most", "less than", "fewer than", "under", "below", "no more than", "not more than", "maximum of", "maximum", "not exceeding",
		"jusqu'a", "moins de", "moins d'", "au plus", "au maximum", "pas plus de", "inferieur a"}
	// These contain a phrase of the opposite meaning, so they are looked at first.
	notMore = []string{"no mas de", "no more than", "not more than", "pas plus de", "no mayor a", "no superior a", "poco menos de"}
	notLess = []string{"no menos de", "no less than", "not less than", "no fewer than", "pas moins de"}
)

// qualifierOf tells what words and signs beside a number say about it, "" for nothing.
// poco más de, slightly over: a bound as well.
func qualifierOf(s string) string {
	s = ofThe.ReplaceAllString(s, "$1 de")
	switch {
	case hasAny(s, "mas o menos", "more or less", "plus ou moins"):
		return approx
	case hasAny(s, "poco menos de"):
		return approx
	case hasAny(s, notLess...), strings.Contains(s, ">"), strings.Contains(s, "≥"):
		return atLeast
	case hasAny(s, notMore...), strings.Contains(s, "<"), strings.Contains(s, "≤"):
		return atMost
	case hasAny(s, mostWords...):
		return atMost
	case hasAny(s, leastWords...):
		return atLeast
	case hasAny(s, approxWords...), strings.Contains(s, "~"), strings.Contains(s, "≈"), strings.Contains(s, "±"), hasWord(s, "c."):
		return approx
	}
	return ""
}

// ofThe is a bound with an article behind it: "más del 90 %", "cerca del millar".
var ofThe = regexp.MustCompile(`\b(mas|menos|cerca|alrededor|arriba|encima|debajo|minimo|maximo|partir) del\b`)

// trailing tells what stands behind a number: "o más", "+", "or less", "aprox.".
func trailing(s string) string {
	s = strings.TrimSpace(s)
	for _, p := range []string{"o mas", "y mas", "or more", "and more", "ou plus", "et plus", "and over", "and above", "+", "en adelante"} {
		if rest, found := cutPhrase(s, []string{p}); found != "" && (rest == "" || !wordByte(rest[0]) || p != "+") {
			return atLeast
		}
	}
	if _, found := cutPhrase(s, []string{"o menos", "or less", "or fewer", "ou moins"}); found != "" {
		return atMost
	}
	if hasAny(s, "y tantos", "y tantas", "y pico", "odd", "et quelques", "aprox", "aproximadamente", "approximately", "approx", "environ", "mas o menos", "more or less", "circa", "estimado", "estimados", "estimadas", "estimate", "estimated", "est") {
		return approx
	}
	if hasAny(s, "como minimo", "al menos", "por lo menos", "at least", "minimum", "minimo", "au moins") {
		return atLeast
	}
	if hasAny(s, "como maximo", "a lo sumo", "at most", "maximum", "maximo", "au plus", "au maximum") {
		return atMost
	}
	return ""
}

// between lists what may stand between the ends of a range; those marked need words
// before the first end that open a range.
var between = map[string]bool{"a": false, "al": false, "-": false, "to": false, "hasta": false, "~": false, "a los": false, "y hasta": false, "until": false, "through": false, "and": true, "y": true, "et": true, "e": true, "o": false, "or": false, "ou": false, "u": false}

var openers = []string{"entre", "between", "de", "desde", "from", "du", "des", "del"}

// bareFraction is a fraction that has nothing before its mark: ".34".
var bareFraction = regexp.MustCompile(`(^|[ (~<>=])[.,](\d)`)

// measureOf reads a folded phrase with one number or one range; false when it holds
// none, or numbers that do not go together. unit lists words that may stand behind
// the first end of a range ("2 años a 3 años").
func measureOf(s, country string, decimals bool, unit func(string) bool) (measure, bool) {
	s = bareFraction.ReplaceAllString(s, "${1}0.$2")
	n := numberReader{tokens(s), country, decimals}
	found := n.all()
	m := measure{quantities: found}
	switch len(found) {
	case 1:
		return one(m, s, n, found[0]), true
	case 2:
		return two(m, s, n, unit)
	}
	return m, false
}

func one(m measure, s string, n numberReader, q quantity) measure {
	before, after := n.outside(s, q)
	m.v, m.qual = q.v, qualifierOf(before)
	if m.qual == "" {
		m.qual = trailing(after)
	}
	m.note(q)
	if m.qual == "" && q.about {
		m.qual = approx
	}
	m.settle()
	m.rest = strings.TrimSpace(before + " " + after)
	return m
}

func two(m measure, s string, n numberReader, unit func(string) bool) (measure, bool) {
	q, p := m.quantities[0], m.quantities[1]
	before, _ := n.outside(s, q)
	_, after := n.outside(s, p)
	mid := strings.TrimSpace(s[n.toks[q.next-1].end : n.toks[p.start].end-len(n.toks[p.start].text)])
	m.note(q)
	m.note(p)
	m.rest = strings.TrimSpace(before + " " + after)
	if mid == "±" || mid == "+/-" || mid == "+-" {
		m.low, m.high, m.qual = q.v-p.v, q.v+p.v, ranged
		m.flags = append(m.flags, flagRange)
		return m, true
	}
	limits := qualifierOf(before) == atLeast && qualifierOf(mid) == atMost
	if !limits {
		mid = dropUnits(mid, unit)
		needs, known := between[mid]
		opened := hasAny(before, "entre", "between")
		if !known || needs && !opened {
			return m, false
		}
		if mid == "o" || mid == "or" || mid == "ou" || mid == "u" {
			m.flags = append(m.flags, flagAlternative)
		}
	}
	m.low, m.high, m.qual = q.v, p.v, ranged
	if q.scale < p.scale && q.scale == 1 && q.v < 1000 && q.v*p.scale < p.v {
		m.low = q.v * p.scale // "forty to sixty thousand"
	}
	m.flags = append(m.flags, flagRange)
	return m, true
}

func dropUnits(mid string, unit func(string) bool) string {
	var kept []string
	for _, w := range strings.Fields(mid) {
		if _, joint := between[w]; joint || unit == nil || !unit(strings.Trim(w, "$.,%")) {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// outside gives the text before and behind a quantity.
func (n numberReader) outside(s string, q quantity) (before, after string) {
	first := n.toks[q.start]
	return strings.TrimSpace(s[:first.end-len(first.text)]), strings.TrimSpace(s[n.toks[q.next-1].end:])
}

func (m *measure) note(q quantity) {
	add := func(is bool, flag string) {
		if is && !slices.Contains(m.flags, flag) {
			m.flags = append(m.flags, flag)
		}
	}
	add(q.words, flagWords)
	add(q.assumed, flagSeparator)
	add(q.rounded, flagRounded)
	m.fractional = m.fractional || q.decimal
}

// settle gives the qualifier its flag.
func (m *measure) settle() {
	switch m.qual {
	case "":
		m.qual = exact
	case approx:
		m.flags = append(m.flags, flagApprox)
	case atLeast, atMost:
		m.flags = append(m.flags, flagBound)
	}
}

// put writes the measure into a reading's value under the name of its number.
func (m measure) put(value map[string]any, name string) {
	value["qual"] = m.qual
	if m.qual == ranged {
		value["low"], value["high"] = m.low, m.high
		return
	}
	value[name] = m.v
}

// residue is the words of a phrase that say neither qualifier nor opening of a range.
func residue(s string) string {
	s = ofThe.ReplaceAllString(s, "$1 de")
	for _, list := range [][]string{notMore, notLess, approxWords, leastWords, mostWords, openers, {"o mas", "y mas", "or more", "ou plus", "o menos", "or less", "y", "and", "un", "una", "los", "las", "the", "a", "of", "d"}} {
		for _, p := range list {
			for hasWord(s, p) {
				s = removeWord(s, p)
			}
		}
	}
	return strings.Trim(strings.Join(strings.Fields(s), " "), " .,;:-+~<>=≥≤≈±()/\"'")
}

func removeWord(s, phrase string) string {
	for from := 0; ; {
		i := strings.Index(s[from:], phrase)
		if i < 0 {
			return s
		}
		i += from
		end := i + len(phrase)
		if (i == 0 || !wordByte(s[i-1])) && (end == len(s) || !wordByte(s[end])) {
			return s[:i] + " " + s[end:]
		}
		from = i + 1
	}
}
