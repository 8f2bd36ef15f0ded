package normalize

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	percentSign = strings.NewReplacer("%", " ", "por ciento", " ", "porciento", " ", "por cien", " ", "per cent", " ", "percent", " ", "pour cent", " ", "pct", " ", "puntos porcentuales", " ")
	outOf       = regexp.MustCompile(`^(.*?)(?: de cada | out of(?: every)? | in every | in | sur | de los | de | of |/)(?:cada )?(.+?)$`)
	fractions   = map[string]float64{"la mitad": 50, "mitad": 50, "half": 50, "one half": 50, "la moitie": 50, "moitie": 50, "un cuarto": 25, "una cuarta parte": 25, "la cuarta parte": 25, "a quarter": 25, "one quarter": 25, "un quart": 25,
		"tres cuartos": 75, "tres cuartas partes": 75, "three quarters": 75, "trois quarts": 75, "un quinto": 20, "una quinta parte": 20, "la quinta parte": 20, "one fifth": 20, "a fifth": 20, "un tercio": 33.33, "una tercera parte": 33.33, "la tercera parte": 33.33, "a third": 33.33, "one third": 33.33, "un tiers": 33.33,
		"dos tercios": 66.67, "dos terceras partes": 66.67, "two thirds": 66.67, "deux tiers": 66.67, "todos": 100, "todas": 100, "all": 100, "la totalidad": 100, "tous": 100, "toutes": 100, "un decimo": 10, "one tenth": 10, "una decima parte": 10, "la decima parte": 10}
)

// readPercent reads a share in percent. A number below one without the sign may be a
// fraction of one: nobody but the writer knows.
func readPercent(s string, c Context) Reading {
	if none[strings.Trim(s, " .")] {
		return Reading{Value: map[string]any{"value": 0.0}, Flags: []string{flagWords, flagZero}}
	}
	s = ofThe.ReplaceAllString(s, "$1 de")
	core, qual := s, ""
	for _, list := range [][]string{approxWords, leastWords, mostWords} {
		if rest, found := cutPhrase(core, list); found != "" {
			core, qual = rest, qualifierOf(found)
			break
		}
	}
	if v, ok := fractions[strings.TrimRight(core, " .")]; ok {
		return shareOf(v, qual, flagWords)
	}
	signed := percentSign.Replace(s) != s
	if !signed {
		if r, ok := ratio(core, qual, c); ok {
			return r
		}
	}
	if negative(s) {
		return review(nullValue, flagNegative, flagOutOfRange)
	}
	body := strings.Join(strings.Fields(percentSign.Replace(s)), " ")
	if open := strings.IndexByte(body, '('); open > 0 {
		body = strings.TrimSpace(body[:open])
	}
	m, ok := measureOf(body, c.Country, true, nil)
	if !ok {
		if mended, was := mendNumbers(body); was {
			if m, ok = measureOf(mended, c.Country, true, nil); ok {
				m.flags = append(m.flags, flagTypo)
			}
		}
	}
	if !ok || strings.ContainsFunc(m.rest, isDigit) {
		return review(nullValue, Unparsed)
	}
	return percentOf(m, signed, body)
}

func percentOf(m measure, signed bool, body string) Reading {
	r := Reading{Value: map[string]any{}, Flags: m.flags}
	top := m.v
	if m.qual == ranged {
		top = m.high
		r.Value["low"], r.Value["high"], r.Value["qual"] = m.low, m.high, ranged
		if m.low > m.high {
			return review(nullValue, flagRange, flagOutOfRange)
		}
	} else {
		r.Value["value"] = m.v
		if m.qual != exact {
			r.Value["qual"] = m.qual
		}
	}
	switch {
	case top > 100:
		return review(nullValue, flagOutOfRange)
	case !signed && top > 0 && (top < 1 || top == 1 && strings.ContainsAny(body, ".,")):
		r.flag(flagFraction, Review)
	}
	if rest := residue(m.rest); rest != "" {
		r.flag(flagText)
		r.Note = rest
	}
	return r
}

// ratio reads "1 de cada 4", "three out of ten", "1/4".
func ratio(s, qual string, c Context) (Reading, bool) {
	at := outOf.FindStringSubmatch(s)
	if at == nil {
		return Reading{}, false
	}
	part, ok1 := measureOf(at[1], c.Country, false, nil)
	all, ok2 := measureOf(at[2], c.Country, false, nil)
	if !ok1 || !ok2 || len(part.quantities)*len(all.quantities) != 1 || all.v == 0 || part.v > all.v || all.quantities[0].start != 0 {
		return Reading{}, false
	}
	v := part.v / all.v * 100
	flags := []string{}
	if part.quantities[0].words {
		flags = append(flags, flagWords)
	}
	if rounded := math.Round(v*100) / 100; rounded != v {
		v = rounded
		flags = append(flags, flagRounded)
	}
	return shareOf(v, qual, flags...), true
}

func shareOf(v float64, qual string, flags ...string) Reading {
	r := Reading{Value: map[string]any{"value": v}, Flags: flags}
	if qual != "" {
		r.Value["qual"] = qual
		r.flag(map[string]string{approx: flagApprox, atLeast: flagBound, atMost: flagBound}[qual])
	}
	return r
}

// format writes a number as one would write it: no exponent, no trailing zeros.
func format(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
