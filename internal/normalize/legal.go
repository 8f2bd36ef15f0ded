package normalize

import (
	"regexp"
	"strings"
)

// legalKinds are tried in order, the longer names first.
var legalKinds = []struct {
	pattern *regexp.Regexp
	kind    string
	abbr    bool
}{
	{regexp.MustCompile(`^(?:decreto[- ]ley|decree[- ]law)\b`), "decreto_ley", false},
	{regexp.MustCompile(`^(?:decreto ejecutivo|executive decree|decreto presidencial|presidential decree)\b`), "decreto_ejecutivo", false},
	{regexp.MustCompile(`^(?:d\.? ?e\.?)(?: |$)`), "decreto_ejecutivo", true},
	{regexp.MustCompile(`^(?:decreto legislativo|legislative decree|decreto del congreso)\b`), "decreto_legislativo", false},
	{regexp.MustCompile(`^(?:d\.? ?l\.?)(?: |$)`), "decreto_legislativo", true},
	{regexp.MustCompile(`^(?:acuerdo gubernativo)\b`), "acuerdo_gubernativo", false},
	{regexp.MustCompile(`^(?:a\.? ?g\.?)(?: |$)`), "acuerdo_gubernativo", true},
	{regexp.MustCompile(`^(?:acuerdo ministerial)\b`), "acuerdo_ministerial", false},
	{regexp.MustCompile(`^(?:acuerdo ejecutivo)\b`), "acuerdo_ejecutivo", false},
	{regexp.MustCompile(`^(?:acuerdo|agreement)\b`), "acuerdo", false},
	{regexp.MustCompile(`^(?:resolucion|resolution|res)\b\.?`), "resolucion", false},
	{regexp.MustCompile(`^(?:reglamento|regulations?)\b`), "reglamento", false},
	{regexp.MustCompile(`^(?:ley general|ley organica|ley|law)\b`), "ley", false},
	{regexp.MustCompile(`^(?:circular|lineamientos?|oficio)\b`), "circular", false},
	{regexp.MustCompile(`^(?:statutory instrument|s\.?i\.?)(?: |$)`), "statutory_instrument", false},
	{regexp.MustCompile(`^(?:executive order|orden ejecutiva|e\.?o\.?)(?: |$)`), "executive_order", false},
	{regexp.MustCompile(`^(?:public law|pub\.? ?l\.?)(?: |$)`), "public_law", false},
	{regexp.MustCompile(`^(?:decreto|decree|decret|dto)\b\.?`), "decreto", false},
}

// decreeOf is what "decreto" alone means: in these countries the congress decrees laws,
// elsewhere the executive decrees.
var decreeOf = map[string]string{"GTM": "decreto_legislativo", "HND": "decreto_legislativo", "SLV": "decreto_legislativo",
	"CRI": "decreto_ejecutivo", "PAN": "decreto_ejecutivo", "DOM": "decreto", "MEX": "decreto", "NIC": "decreto"}

var (
	legalNumber = regexp.MustCompile(`^(?:(?:n|no|num|numero|nro|number|nr)\b ?\.? ?°? ?\.?|°|#| |:|\.|-|de migracion y extranjeria|de migracion|general|organica)*\s*(\d[\d.,]*(?:[-/][a-z0-9.]+)*|[a-z]{2,}(?:[-/][a-z0-9]+)*[-/]\d+(?:[-/][a-z0-9]+)*|\d+)`)
	// laterNumber stands behind the name of who decided; a bare figure there may be a day.
	laterNumber = regexp.MustCompile(`(?:(?:\b(?:n|no|num|numero|nro|number)\b ?\.? ?°? ?\.?|°|#) ?|\b)(\d[\d.]*[-/][a-z0-9]+(?:[-/][a-z0-9]+)*)`)
	barrier     = regexp.MustCompile(`(?:,? (?:de fecha|del?|of|dated|publicad[oa] (?:el|en)|du|fecha|from|adopted|emitid[oa] el|promulgad[oa] el)(?: (?:el|la|fecha|dia|ano))*|,|\() ?`)
	numberYear  = regexp.MustCompile(`[-/]((?:19|20)\d\d)(?:[-/]|$)|[-/](\d\d)$`)
	actSection  = regexp.MustCompile(`^(?:section|sections|sec\.?|s\.?|ss\.?|article|subsection) ?(\d+[\d.()a-z]*) (?:of |de )?(?:the )?(.+?)\.?$`)
	actThen     = regexp.MustCompile(`^(.+? act|[a-z]{3,6}),? (?:section|sec\.?|s\.?) ?(\d+[\d.()a-z]*)\.?$`)
	articleOf   = regexp.MustCompile(`^(?:articulos?|arts?\.?) ?(\d+[\d.()a-z]*)(?:°)? (?:de la |del |de )(.+)$`)
	onlyDate    = regexp.MustCompile(`^((?:19|20)\d\d)$`)
)

// readLegal reads the reference to a legal text: its kind, number and date.
func readLegal(raw string, c Context) Reading {
	s := strings.TrimSpace(raw)
	for _, m := range [][]string{actSection.FindStringSubmatch(s), swapped(actThen.FindStringSubmatch(s))} {
		if m != nil && c.Country != "MEX" {
			if name := actName(m[2]); name != "" {
				return Reading{Value: map[string]any{"kind": "act_section", "number": name + " s." + m[1], "date": nil}}
			}
		}
	}
	article := ""
	if m := articleOf.FindStringSubmatch(s); m != nil {
		article, s = m[1], m[2]
	}
	kind, rest, flags := legalKind(s, c)
	m := legalNumber.FindStringSubmatchIndex(rest)
	if m == nil {
		m = laterNumber.FindStringSubmatchIndex(rest)
	}
	if m == nil || numericDate.MatchString(rest[m[2]:m[3]]) {
		r := review(map[string]any{"kind": orNil(kind), "number": nil, "date": nil}, Unparsed)
		if m != nil { // a day alone: of its publication
			legalDate(&r, "", rest[m[2]:m[3]], c)
		}
		return r
	}
	number := strings.TrimRight(strings.ToUpper(rest[m[2]:m[3]]), ".,-/")
	r := Reading{Value: map[string]any{"number": number, "date": nil}, Flags: flags}
	if kind == "" {
		kind = map[bool]string{true: "ley", false: "decreto_ejecutivo"}[false]
		r.flag(flagKindAssumed)
		if c.Country != "CRI" || !strings.Contains(number, "-") || numberYear.MatchString(number) {
			r.flag(Review) // elsewhere nothing tells a law from a decree
		}
	}
	r.Value["kind"] = kind
	if article != "" {
		r.Value["article"] = article
	}
	legalDate(&r, number, rest[m[3]:], c)
	return r
}

func legalKind(s string, c Context) (kind, rest string, flags []string) {
	for _, k := range legalKinds {
		at := k.pattern.FindStringIndex(s)
		if at == nil {
			continue
		}
		kind, rest = k.kind, s[at[1]:]
		if k.abbr {
			flags = append(flags, flagAbbreviation)
		}
		if kind == "decreto" {
			if of := decreeOf[c.Country]; of != "" {
				kind = of
			}
		}
		return kind, rest, flags
	}
	return "", s, nil
}

// legalDate takes the day behind the number, or else the year that the number ends with.
func legalDate(r *Reading, number, rest string, c Context) {
	for _, at := range append(barrier.FindAllStringIndex(rest, 6), []int{0, 0}) {
		text := strings.Trim(rest[at[1]:], " .,;)")
		if cut := strings.IndexAny(text, ";("); cut > 0 {
			text = strings.TrimSpace(text[:cut])
		}
		if onlyDate.MatchString(text) {
			r.Value["year"] = number4(text)
			return
		}
		p, ok := moment(text, "", c)
		if ok && p.precision == "day" {
			r.Value["date"] = day(p.from)
			return
		}
		if ok && len(p.flags) > 0 {
			r.flag(p.flags...)
			return
		}
		if ok {
			r.Value["year"] = p.from.Year()
			return
		}
	}
	m := numberYear.FindStringSubmatch(number)
	if m == nil {
		return
	}
	year := number4(m[1])
	if m[2] != "" {
		year, _, _ = yearOf(m[2], "")
	}
	r.Value["year"] = year
}

func swapped(m []string) []string {
	if m == nil {
		return nil
	}
	return []string{m[0], m[2], m[1]}
}

// actName shortens the name of an act to its initials, as courts cite it; a name that
// is an abbreviation stays.
func actName(name string) string {
	ws := words(name)
	if len(ws) == 1 && len(name) <= 6 {
		return strings.ToUpper(name)
	}
	if len(ws) < 2 || !strings.Contains(name, "act") && !strings.Contains(name, "code") {
		return ""
	}
	var b strings.Builder
	for _, w := range ws {
		switch {
		case w == "and" || w == "of" || w == "the" || w == "on" || w == "for" || w == "to":
		case w[0] >= 'a' && w[0] <= 'z':
			b.WriteString(strings.ToUpper(w[:1]))
		}
	}
	return b.String()
}
