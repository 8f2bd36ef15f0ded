package normalize

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

// spanUnit is a unit of time in months, or in days where no month is a whole number of them.
type spanUnit struct {
	size float64
	days bool
}

var spanUnits = func() map[string]spanUnit {
	all := map[string]spanUnit{}
	for unit, list := range map[spanUnit]string{
		{12, false}:  "ano anos year years yr yrs an ans annee annees a",
		{1, false}:   "mes meses month months mo mos mois",
		{6, false}:   "semestre semestres semester semesters",
		{3, false}:   "trimestre trimestres quarter quarters",
		{2, false}:   "bimestre bimestres",
		{120, false}: "decada decadas decade decades",
		{24, false}:  "bienio bienios",
		{1, true}:    "dia dias day days jour jours d",
		{7, true}:    "semana semanas week weeks semaine semaines",
		{15, true}:   "quincena quincenas",
		{14, true}:   "fortnight fortnights",
	} {
		for _, w := range strings.Fields(list) {
			if w != "a" && w != "d" {
				all[w] = unit
			}
		}
	}
	return all
}()

var (
	permanent   = []string{"indefinida", "indefinido", "permanente", "permanent", "indefinite", "indefinitely", "sin limite", "sin vencimiento", "no vence", "for life", "de por vida", "vitalicia", "vitalicio", "perpetua", "unlimited", "illimite", "illimitee", "indetermine", "indeterminee", "indeterminado", "tiempo indefinido", "sin plazo", "no expira", "does not expire", "no expiry", "ilimitada", "ilimitado", "permanence", "definitiva"}
	renewable   = regexp.MustCompile(`\b(?:prorrog\w+|renov\w+|renew\w*|extend\w+|extens\w+|prolong\w+|ampliab\w+)`)
	notRenewed  = regexp.MustCompile(`\b(?:no|not|non|sin|without|sans|non-)[ -]?(?:es |son |is |be |puede ser |se puede |posibilidad de |derecho a )*(?:prorrog\w+|renov\w+|renew\w*|extend\w+|extens\w+|prolong\w+|ampliab\w+)|\bimprorrogab\w+`)
	businessDay = regexp.MustCompile(`\b(?:habiles|laborables|business|working|ouvrables|ouvres)\b`)
	samePeriod  = regexp.MustCompile(`\b(?:igual|mismo|same|equal|meme|similar)\b`)
)

// readSpan reads a duration in months, or days where it is told in days or weeks; 999
// months is without end. What follows the word for renewal tells by how much.
func readSpan(s string, c Context) Reading {
	main, tail := s, ""
	r := Reading{Value: map[string]any{}}
	if at := renewable.FindStringIndex(s); at != nil {
		no := notRenewed.FindStringIndex(s)
		r.Value["renewable"] = no == nil
		if no != nil {
			at = no
		}
		main, tail = s[:at[0]], s[at[1]:]
	}
	main = strings.TrimRight(main, " ,.;:(-")
	if _, ok := r.Value["renewable"]; !ok || !startsNumber(main) {
		if hasAny(s, permanent...) && !strings.ContainsFunc(main, isDigit) {
			return Reading{Value: map[string]any{"months": 999.0}, Flags: []string{flagPermanent}}
		}
	}
	if r, ok := alternatives(main, c); ok {
		return r
	}
	sp, ok := spanOf(main, c)
	if !ok {
		if mended, was := mendSpan(main); was {
			sp, ok = spanOf(mended, c)
			sp.flags = append(sp.flags, flagTypo)
		}
	}
	if !ok {
		return review(map[string]any{"months": nil}, Unparsed)
	}
	sp.put(&r)
	if r.Value["renewable"] == true {
		if more, ok := spanOf(tail, c); ok && !more.days && more.qual != ranged {
			r.Value["renew_months"] = more.v
		} else if samePeriod.MatchString(tail) && !sp.days && sp.qual != ranged {
			r.Value["renew_months"] = sp.v
		}
	}
	return r
}

func startsNumber(s string) bool {
	found := (numberReader{toks: tokens(s)}).all()
	return len(found) > 0
}

// span is a duration in months or days.
type span struct {
	measure
	days, business bool
}

func (sp span) put(r *Reading) {
	name := "months"
	if sp.days {
		name = "days"
	}
	if sp.qual == ranged {
		r.Value["low"], r.Value["high"], r.Value["qual"], r.Value["unit"] = sp.low, sp.high, ranged, name
	} else {
		r.Value[name] = sp.v
		if sp.qual != exact {
			r.Value["qual"] = sp.qual
		}
	}
	if sp.business {
		r.Value["business"] = true
	}
	r.flag(sp.flags...)
	if sp.qual == ranged && sp.low > sp.high {
		r.flag(flagOutOfRange, Review)
	}
	if rest := residue(dropUnits(sp.rest, func(w string) bool { return spanUnits[w].size > 0 || businessDay.MatchString(w) })); rest != "" {
		r.Note = rest
	}
}

// halfMore is "año y medio" without its one, as it is left after the half was written out.
var halfMore = regexp.MustCompile(`^((?:ano|year|an) 6 (?:meses|months|mois)|mes 15 dias)`)

// spanOf reads one duration or one range of them: "2 años y 6 meses", "6 a 12 meses".
func spanOf(s string, c Context) (span, bool) {
	s = strings.NewReplacer("ano y medio", "ano 6 meses", "anos y medio", "anos 6 meses", "year and a half", "year 6 months", "years and a half", "years 6 months", "an et demi", "an 6 mois", "ans et demi", "ans 6 mois",
		"mes y medio", "mes 15 dias", "medio ano", "6 meses", "half a year", "6 months", "un semestre", "6 meses", "medio mes", "15 dias", "half year", "6 months").Replace(s)
	s = halfMore.ReplaceAllString(s, "1 $1")
	n := numberReader{tokens(s), c.Country, true}
	found := n.all()
	var units []spanUnit
	for i, q := range found {
		u, _ := n.unitBehind(q, i+1 < len(found) && found[i+1].start < len(n.toks), found, i)
		units = append(units, u)
	}
	switch {
	case len(found) == 0:
		for _, t := range n.toks { // "anual" is in the words of payment; "un año" has its number
			if u := spanUnits[t.text]; u.size > 0 && !u.days {
				return span{measure: measure{v: u.size, qual: exact}}, true
			}
		}
		return span{}, false
	case slices.Contains(units, spanUnit{}):
		return span{}, false
	}
	return combine(s, c, found, units)
}

// combine adds parts of falling unit, and takes two of one unit for a range.
func combine(s string, c Context, found []quantity, units []spanUnit) (span, bool) {
	sp := span{days: units[len(units)-1].days && units[0].days, business: businessDay.MatchString(s)}
	if len(found) == 2 && units[0].size == units[1].size && units[0].days == units[1].days {
		m, ok := measureOf(s, c.Country, true, func(w string) bool { return spanUnits[w].size > 0 })
		m.low, m.high = m.low*units[0].size, m.high*units[0].size
		sp.measure = m
		return sp, ok && m.qual == ranged
	}
	if m, ok := measureOf(s, c.Country, true, func(w string) bool { return spanUnits[w].size > 0 }); ok && m.qual == ranged && units[0].days == units[1].days {
		m.low, m.high = found[0].v*units[0].size, found[1].v*units[1].size // "6 meses a 1 año"
		sp.measure = m
		return sp, true
	}
	total := 0.0
	for i, q := range found {
		if i > 0 && units[i].size >= units[i-1].size && units[i].days == units[i-1].days {
			return sp, false
		}
		size := units[i].size
		if units[i].days && !sp.days {
			size /= 30
		}
		total += q.v * size
	}
	n := numberReader{toks: tokens(s)}
	before, _ := n.outside(s, found[0])
	_, after := n.outside(s, found[len(found)-1])
	sp.v, sp.rest = math.Round(total*100)/100, before+" "+after
	sp.qual = qualifierOf(before)
	if sp.qual == "" {
		sp.qual = trailing(strings.TrimSpace(after))
	}
	for _, q := range found {
		sp.note(q)
	}
	sp.settle()
	return sp, true
}

// unitBehind finds the unit of a quantity; of a range the unit may stand only at its end.
func (n numberReader) unitBehind(q quantity, _ bool, found []quantity, i int) (spanUnit, int) {
	for j := q.next; j < len(n.toks) && j < q.next+4; j++ {
		if i+1 < len(found) && j >= found[i+1].start {
			return n.unitBehind(found[i+1], false, found, i+1)
		}
		if u := spanUnits[n.toks[j].text]; u.size > 0 {
			return u, j
		}
	}
	return spanUnit{}, 0
}

func mendSpan(s string) (string, bool) {
	changed := false
	for _, w := range words(s) {
		if spanUnits[w].size > 0 || numberWord[w] {
			continue
		}
		if known, ok := nearest(w, spanUnits); ok {
			s, changed = strings.Replace(s, w, known, 1), true
		}
	}
	mended, was := mendNumbers(s)
	return mended, changed || was
}

// alternatives reads "1 o 4 años", "one or two years": terms to choose from, no range.
func alternatives(s string, c Context) (Reading, bool) {
	for _, or := range []string{" o ", " or ", " ou ", " u "} {
		a, b, found := strings.Cut(s, or)
		if !found {
			continue
		}
		second, ok := spanOf(b, c)
		if !ok || second.qual != exact {
			return Reading{}, false
		}
		first, ok := spanOf(a, c)
		if !ok {
			first, ok = spanOf(a+" "+lastUnit(b), c)
		}
		if !ok || first.qual != exact {
			return Reading{}, false
		}
		var one, two Reading
		one.Value, two.Value = map[string]any{}, map[string]any{}
		first.put(&one)
		second.put(&two)
		return Reading{Value: map[string]any{"items": []map[string]any{one.Value, two.Value}}, Flags: []string{flagAlternative}}, true
	}
	return Reading{}, false
}

func lastUnit(s string) string {
	for _, w := range words(s) {
		if spanUnits[w].size > 0 {
			return w
		}
	}
	return ""
}
