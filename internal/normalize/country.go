package normalize

import (
	"regexp"
	"strings"
)

var noCountry = map[string]any{"iso3": nil}

// readCountry reads one country by name, code or nationality, or a group of countries.
func readCountry(s string, c Context) Reading {
	iso3, group, flags := countryOf(s)
	switch {
	case group != nil:
		r := Reading{Value: map[string]any{"group": group}, Flags: []string{flagGroup}}
		if bare(s) == "norteamerica" {
			r.flag(flagAlternative, Review) // the continent, or the United States in everyday speech
		}
		return r
	case iso3 == "":
		if len(flags) == 0 {
			flags = []string{Unparsed}
		}
		return review(noCountry, flags...)
	}
	r := Reading{Value: map[string]any{"iso3": iso3}, Flags: flags}
	if c.Member != nil && !c.Member(iso3) {
		r.flag(flagNotMember)
	}
	return r
}

// countryOf looks a name up; without an answer the flags tell why.
func countryOf(s string) (iso3 string, group []string, flags []string) {
	t := countryNames()
	name := bare(s)
	code := strings.ToUpper(strings.ReplaceAll(name, " ", ""))
	switch {
	case ambiguousCodes[code]:
		return "", nil, []string{flagCode}
	case t.groups[name] != nil:
		return "", t.groups[name], nil
	case shortForms[code] != "":
		return shortForms[code], nil, nil
	}
	for _, n := range nameForms(name) {
		if iso3 = t.names[n]; iso3 != "" {
			if strings.HasPrefix(n, "estados unidos mexicanos") || n == "dominica" {
				flags = append(flags, flagTrap)
			}
			return iso3, nil, flags
		}
	}
	if iso3 = countryCodes[code]; iso3 != "" && len(code) <= 3 {
		return iso3, nil, nil
	}
	if iso3 = national(name); iso3 != "" {
		return iso3, nil, []string{flagDemonym}
	}
	if main := withoutAddition(s); main != "" {
		return countryOf(main)
	}
	if near, ok := nearestCountry(name, t.names); ok {
		return near, nil, []string{flagTypo}
	}
	return "", nil, nil
}

// apposition is what stands behind a name and belongs to it: "Venezuela (República
// Bolivariana de)", "Honduras, C.A.".
var apposition = regexp.MustCompile(`^([^(,]+?) ?(?:\(((?:[a-z]+ )*(?:de|del|of|the|du|d'|la))\)|, ?(?:c\.? ?a\.?|centroamerica|america central|central america|mexico, d\.f\.))$`)

// withoutAddition is the name alone, or with what stood behind it before it where the
// name alone is several countries'; "" when nothing stands behind it.
func withoutAddition(s string) string {
	m := apposition.FindStringSubmatch(strings.Trim(s, " ."))
	if m == nil {
		return ""
	}
	if _, _, flags := countryOf(m[1]); m[2] != "" && len(flags) > 0 {
		return m[2] + " " + m[1]
	}
	return m[1]
}

// nameForms are a name, and the name without the article or the form of state before it.
func nameForms(name string) []string {
	forms := []string{name}
	for range 3 {
		rest, found := cutPhrase(name, []string{"republica de la", "republica de los", "republica de", "republica del", "rep de", "rep", "republic of the", "republic of", "republique de", "republique du", "republique d", "estado de", "state of", "reino de", "kingdom of", "la", "el", "los", "las", "the", "le", "les", "l"})
		if found == "" || rest == "" {
			break
		}
		forms, name = append(forms, rest), rest
	}
	return forms
}

// national finds the country of a nationality: "hondureños", "Salvadoran", "haitienne".
func national(name string) string {
	t := countryNames().demonyms
	for _, prefix := range []string{"nacionales de ", "personas ", "poblacion ", "ciudadanos ", "nacionalidad ", "migrantes ", "persons from ", "nationals of "} {
		if rest, found := strings.CutPrefix(name, prefix); found {
			if iso3 := countryNames().names[rest]; iso3 != "" {
				return iso3
			}
			name = rest
		}
	}
	for _, ending := range []string{"", "s", "es", "ne", "nes", "e"} {
		if w, found := strings.CutSuffix(name, ending); found && t[w] != "" {
			return t[w]
		}
	}
	for _, ending := range []string{"as", "a"} {
		w, found := strings.CutSuffix(name, ending)
		if found && t[w+"o"] != "" {
			return t[w+"o"]
		}
		if found && t[w] != "" {
			return t[w]
		}
	}
	return ""
}

// nearestCountry corrects one letter when all the names within reach are one country's.
func nearestCountry(name string, names map[string]string) (string, bool) {
	if len(name) < 5 {
		return "", false
	}
	best := ""
	for n, iso3 := range names {
		if len(n) >= 4 && oneEdit(name, n) {
			if best != "" && best != iso3 {
				return "", false
			}
			best = iso3
		}
	}
	return best, best != ""
}
