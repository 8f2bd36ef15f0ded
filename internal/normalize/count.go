package normalize

import (
	"math"
	"regexp"
	"strings"
)

var none = map[string]bool{"ninguno": true, "ninguna": true, "ningun": true, "none": true, "nil": true, "nadie": true, "nobody": true, "aucun": true, "aucune": true, "nulo": true,
	"no hay": true, "no hubo": true, "ninguna persona": true, "ningun caso": true, "no one": true, "neant": true, "no cases": true, "sin casos": true, "cero casos": true, "personne": true, "nada": true}

var nullValue = map[string]any{"value": nil}

// readCount reads a whole number of persons, cases or things.
func readCount(s string, c Context) Reading {
	if none[strings.Trim(s, " .!")] {
		return Reading{Value: map[string]any{"value": 0.0, "qual": exact}, Flags: []string{flagWords, flagZero}}
	}
	if r, ok := readSeries(s, c); ok {
		return r
	}
	if r, ok := readParts(s, c); ok {
		return r
	}
	if strings.ContainsAny(s, "%$€") {
		return review(nullValue, Unparsed)
	}
	if negative(s) {
		return review(nullValue, flagNegative)
	}
	s, women := millions(s)
	body, note := cutNote(s)
	m, ok := measureOf(body, c.Country, false, countUnit)
	var fixed bool
	if !ok || m.qual == exact && residueHasNumberTypo(m.rest) {
		if mended, was := mendNumbers(body); was {
			body, fixed = mended, true
			m, ok = measureOf(body, c.Country, false, countUnit)
		}
	}
	r := countOf(m, ok)
	if fixed && !r.Doubtful() {
		r.flag(flagTypo)
	}
	if women {
		r.flag(flagAlternative, Review)
	}
	if m.qual == exact && estimate.MatchString(note) && !r.Doubtful() {
		r.Value["qual"] = approx
		r.flag(flagApprox)
	} else if note != "" && !r.Doubtful() {
		r.Note = note
		r.flag(flagText)
		if len(tokens(note)) > 1 {
			r.flag(flagNote)
		}
	}
	return r
}

// estimate is a note that takes the exactness from a figure: "1,200 (estimado)".
var estimate = regexp.MustCompile(`^(?:(?:cifra|dato|valor|numero|figure|chiffre)s? )?(?:est|estim\w*|aprox\w*|approx\w*|circa|environ|rounded|redondead\w+)\.?$`)

// millions writes "2.5M" and "3 MM" out. A whole number with one M may also count women.
func millions(s string) (written string, doubtful bool) {
	written = millionMark.ReplaceAllString(s, "$1 millones")
	return written, written != s && !strings.ContainsAny(s, ".,") && !strings.Contains(s, "mm")
}

var millionMark = regexp.MustCompile(`^([^a-z]*\d)(?:m| ?mm)\b`)

func countOf(m measure, ok bool) Reading {
	switch {
	case !ok, strings.ContainsFunc(m.rest, isDigit):
		return review(nullValue, Unparsed)
	case m.fractional:
		return review(nullValue, flagNonInteger)
	case m.qual == ranged && m.low > m.high:
		return review(nullValue, flagRange, flagOutOfRange)
	case m.qual == ranged && math.Mod(m.low, 1) != 0:
		return review(nullValue, flagNonInteger)
	case m.qual == ranged && yearLike(m.low) && yearLike(m.high) && m.rest == "":
		return review(nullValue, flagRange, flagDateUnclear) // "2019-2020" tells years
	}
	r := Reading{Value: map[string]any{}, Flags: m.flags}
	m.put(r.Value, "value")
	rest := residue(m.rest)
	if rest == "" {
		return r
	}
	r.flag(flagText)
	r.Note = rest
	if hasAny(rest, "no", "not", "sin", "excepto", "salvo", "except", "sauf", "menos", "minus", "decreto", "ley", "articulo", "article", "law", "decree") || len(words(rest)) > 12 {
		r.flag(Review)
	}
	return r
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func yearLike(v float64) bool { return v >= 1950 && v <= 2049 }

func negative(s string) bool {
	return len(s) > 1 && s[0] == '-' && s[1] >= '0' && s[1] <= '9' || strings.HasPrefix(s, "menos ") && !strings.HasPrefix(s, "menos de ") && !strings.HasPrefix(s, "menos del ") && !strings.HasPrefix(s, "menos que ") || strings.HasPrefix(s, "minus ") ||
		len(s) > 2 && s[0] == '(' && s[1] >= '0' && s[1] <= '9' && strings.Trim(s[1:], "0123456789.,") == ")"
}

// countUnit reports words that stand behind a count and change nothing.
func countUnit(w string) bool {
	return strings.IndexFunc(w, isDigit) < 0 && len(w) > 2
}

// cutNote takes a bracket or a clause that comes after the number: "1,200 (dato
// preliminar)", "5,300; cifra de 2019".
func cutNote(s string) (body, note string) {
	if open := strings.IndexByte(s, '('); open > 0 {
		if end := strings.IndexByte(s[open:], ')'); end > 0 {
			note = s[open+1 : open+end]
			return strings.TrimSpace(s[:open] + " " + s[open+end+1:]), note
		}
	}
	if i := strings.IndexAny(s, ";\n"); i > 0 && strings.ContainsFunc(s[:i], isDigit) && !looseNumber.MatchString(s[i:]) {
		return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:])
	}
	if body, date := cutDate(s); date != "" {
		return body, date
	}
	return cutYear(s)
}

// cutDate takes the day or month that a figure is of: "1,200 al 31/12/2020".
func cutDate(s string) (body, date string) {
	for _, at := range asOf.FindAllStringIndex(s, -1) {
		p, ok := moment(strings.Trim(s[at[1]:], " .)"), "", Context{})
		if ok && (p.precision == "day" || p.precision == "month") && strings.ContainsFunc(s[:at[0]], isDigit) {
			return strings.TrimSpace(s[:at[0]]), s[at[1]:]
		}
	}
	return s, ""
}

var asOf = regexp.MustCompile(`,? (?:al|a|as of|as at|en|in|au|until|hasta(?: el)?|to|del?|a fecha(?: de)?|con corte al?|corte al?|a fines de)(?: el| la)? `)

var (
	looseNumber = regexp.MustCompile(`\d`)
	inYear      = regexp.MustCompile(`(?:^(?:en|in|al|a|para|for|during|durante)(?: el)?(?: ano)? ((?:19|20)\d\d)[,:]? )|(?:,? (?:en|in|al|a fines de|durante|during|for|as of|en el ano|para|para el ano|del ano|del) ((?:19|20)\d\d)\.?$)`)
)

// cutYear takes the year that a figure is from: "1,200 en 2019".
func cutYear(s string) (body, year string) {
	m := inYear.FindStringSubmatchIndex(s)
	if m == nil {
		return s, ""
	}
	body = strings.TrimSpace(s[:m[0]] + s[m[1]:])
	if !strings.ContainsFunc(body, isDigit) {
		return s, ""
	}
	for _, g := range []int{2, 4} {
		if m[g] >= 0 {
			year = s[m[g]:m[g+1]]
		}
	}
	return body, year
}
