package normalize

import (
	"math"
	"regexp"
	"strings"
)

const figures = `\d+(?:[.,']\d+)*(?: \d{3}\b)*(?:[.,]\d+)?(?: (?:mil|miles|thousand|mille|millones|million|millions))?`

var (
	yearFirst = regexp.MustCompile(`(?:^|[;,\n/|(] ?|\by |\band |\bet |\ben |\bin |\bano )((?:19|20)\d\d)\)? ?(?:[:=]|->|-|=>) ?(` + figures + `)`)
	yearLast  = regexp.MustCompile(`(` + figures + `) ?(?:personas |casos |persons |cases |solicitudes )?(?:\((?:en |in )?((?:19|20)\d\d)\)|(?:en|in|para|for) (?:el )?(?:ano )?((?:19|20)\d\d))`)
)

// yearThen is a year and its figure with nothing but space between. One alone may be a
// figure grouped by a space.
var yearThen = regexp.MustCompile(`(^|[;\n/|] ?)((?:19|20)\d\d) (\d+(?:[.,]\d{3})*)\b`)

// readSeries reads figures by year: "2014: 68,814; 2015: 288,466". One pair counts
// only when the year stands first, as a label; the other way round the year is a note.
func readSeries(s string, c Context) (Reading, bool) {
	if len(yearThen.FindAllString(s, 2)) == 2 {
		s = yearThen.ReplaceAllString(s, "$1$2: $3")
	}
	if len(s) < 6 || !strings.ContainsAny(s, ":=(->") && !hasAny(s, "en", "in", "para", "for") {
		return Reading{}, false
	}
	found := yearFirst.FindAllStringSubmatchIndex(s, -1)
	year, figure, least := 2, 4, 1
	if len(found) == 0 {
		found, year, figure, least = yearLast.FindAllStringSubmatchIndex(s, -1), 4, 2, 2
	}
	if len(found) < least || len(found) == 1 && (!strings.ContainsAny(s, ":=") || found[0][0] != 0) {
		return Reading{}, false
	}
	series := map[string]any{}
	r := Reading{Value: map[string]any{"series": series}, Flags: []string{flagSeries}}
	for _, at := range found {
		y := at[year : year+2]
		if y[0] < 0 {
			y = at[6:8]
		}
		name := s[y[0]:y[1]]
		m, ok := measureOf(strings.TrimRight(s[at[figure]:at[figure+1]], ".,' "), c.Country, false, nil)
		if _, twice := series[name]; !ok || twice || m.fractional || math.Mod(m.v, 1) != 0 {
			return review(nullValue, flagSeries, Unparsed), true
		}
		series[name] = m.v
		r.flag(m.flags...)
	}
	return r, true
}

// partFamilies are words that name the parts of one whole. Figures add up only when
// their labels are parts of the same family.
var partFamilies = [][][]string{
	{{"h", "hombres", "hombre", "masculino", "masc", "varones", "men", "male", "males", "man", "hommes", "homme", "ninos", "boys", "masculinos"},
		{"m", "f", "mujeres", "mujer", "femenino", "fem", "women", "female", "females", "woman", "femmes", "femme", "ninas", "girls", "femeninas"},
		{"otro", "otros", "other", "others", "x", "lgbti", "autres"}},
	{{"adultos", "adults", "adultes", "mayores", "adulto", "adultas"}, {"menores", "ninos", "ninas", "children", "minors", "nna", "enfants", "mineurs", "nino", "ninez", "child"}},
	{{"principal", "titulares", "titular", "principals", "principales", "applicants", "solicitantes", "principaux"}, {"dependants", "dependents", "dependientes", "dependiente", "familiares", "dependant", "dependent", "beneficiarios", "personnes"}},
	{{"aprobadas", "aprobados", "approved", "approuvees"}, {"rechazadas", "rechazados", "denegadas", "denegados", "refused", "rejected", "denied", "refusees"}, {"pendientes", "pending", "en tramite"}},
	{{"urbano", "urbana", "urban"}, {"rural", "rurales"}},
	{{"nacionales", "nationals"}, {"extranjeros", "extranjeras", "foreigners"}},
}

// readParts reads a whole with its parts: "34 (20 mujeres, 14 hombres)", "H: 120 / M: 95".
func readParts(s string, c Context) (Reading, bool) {
	n := numberReader{toks: tokens(s), country: c.Country}
	if len(n.toks) < 3 {
		return Reading{}, false
	}
	found := n.all()
	if len(found) < 2 {
		return Reading{}, false
	}
	if r, ok := addition(s, n, found); ok {
		return r, true
	}
	if open := strings.IndexAny(s, "(:"); open > 0 && len(found) >= 3 {
		if r, ok := wholeFirst(s, n, found, open); ok {
			return r, true
		}
	}
	labels, total := labelsOf(s, n, found)
	if !sameFamily(labels) {
		return Reading{}, false
	}
	parts, sum := partValues(found, total)
	r := Reading{Value: map[string]any{"value": sum, "qual": exact, "parts": parts}, Flags: []string{flagSum}}
	if total >= 0 {
		r = whole(found[total].v, parts, sum)
	}
	return noted(r, found), true
}

// wholeFirst reads a total before a bracket or colon and what it is made of inside.
func wholeFirst(s string, n numberReader, found []quantity, open int) (Reading, bool) {
	if n.toks[found[0].next-1].end > open || n.toks[found[1].start].end <= open || strings.Contains(s[open:], "%") {
		return Reading{}, false
	}
	var parts []float64
	sum := 0.0
	for _, q := range found[1:] {
		parts, sum = append(parts, q.v), sum+q.v
	}
	return noted(whole(found[0].v, parts, sum), found), true
}

// whole sets a total beside its parts. Parts that do not make the total are doubtful.
func whole(total float64, parts []float64, sum float64) Reading {
	r := Reading{Value: map[string]any{"value": total, "qual": exact, "parts": parts}}
	if total == sum {
		r.flag(flagPartsOK)
	} else {
		r.flag(Contradiction, Review)
	}
	return r
}

func noted(r Reading, found []quantity) Reading {
	var m measure
	for _, q := range found {
		m.note(q)
	}
	r.flag(m.flags...)
	if m.fractional {
		r.flag(flagNonInteger, Review)
	}
	return r
}

func partValues(found []quantity, total int) (parts []float64, sum float64) {
	for i, q := range found {
		if i != total {
			parts, sum = append(parts, q.v), sum+q.v
		}
	}
	return parts, sum
}

// labelsOf gives each quantity's words: those before it when the text begins with a
// word, else those behind it. total is the one labeled so, -1 without.
func labelsOf(s string, n numberReader, found []quantity) (labels [][]string, total int) {
	total = -1
	first := found[0].start > 0 && n.toks[0].kind == 'w'
	for i, q := range found {
		from, to := n.toks[q.next-1].end, len(s)
		if i+1 < len(found) {
			to = n.toks[found[i+1].start].end - len(n.toks[found[i+1].start].text)
		}
		if first {
			from, to = 0, n.toks[q.start].end-len(n.toks[q.start].text)
			if i > 0 {
				from = n.toks[found[i-1].next-1].end
			}
		}
		label := words(s[from:to])
		for _, w := range label {
			if w == "total" {
				total = i
			}
		}
		labels = append(labels, label)
	}
	if total >= 0 {
		labels = append(labels[:total:total], labels[total+1:]...)
	}
	return labels, total
}

// sameFamily reports at least two labels that are different parts of one family.
func sameFamily(labels [][]string) bool {
	if len(labels) < 2 {
		return false
	}
	for _, family := range partFamilies {
		used := map[int]bool{}
		for _, label := range labels {
			for part, names := range family {
				if shares(label, names) && !used[part] {
					used[part] = true
					break
				}
			}
		}
		if len(used) == len(labels) {
			return true
		}
	}
	return false
}

func shares(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// addition reads "120 + 95" and "120 + 95 = 215".
func addition(s string, n numberReader, found []quantity) (Reading, bool) {
	if !strings.Contains(s, "+") {
		return Reading{}, false
	}
	result := -1
	for i := 1; i < len(found); i++ {
		sign := n.toks[found[i].start-1].text
		switch {
		case sign == "=" && i == len(found)-1:
			result = i
		case sign != "+":
			return Reading{}, false
		}
	}
	parts, sum := partValues(found, result)
	if result >= 0 {
		return noted(whole(found[result].v, parts, sum), found), true
	}
	return noted(Reading{Value: map[string]any{"value": sum, "qual": exact, "parts": parts}, Flags: []string{flagSum}}, found), true
}
