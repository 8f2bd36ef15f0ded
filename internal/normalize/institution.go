package normalize

import (
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

var noInstitution = map[string]any{"id": nil}

// readInstitution finds an institution in the register. Acronyms are shared between
// countries, so without a country only a name that one country has decides.
func readInstitution(s string, c Context) Reading {
	for _, form := range institutionForms(s) {
		inst, flags, found := institutionOf(form, c)
		if found {
			return Reading{Value: map[string]any{"id": inst.ID}, Flags: flags}
		}
		if len(flags) > 0 {
			return review(noInstitution, flags...)
		}
	}
	return review(noInstitution, Unparsed)
}

// institutionForms are a name as given, then without a bracket, then the bracket alone:
// "Instituto Nacional de Migración (INM)".
func institutionForms(s string) []string {
	forms := []string{s}
	if open := strings.IndexByte(s, '('); open > 0 {
		inner := strings.Trim(s[open:], "() ")
		forms = append(forms, strings.TrimSpace(s[:open]))
		for _, prefix := range []string{"hoy ", "ahora ", "actualmente ", "actual ", "now ", "today ", "antes ", "formerly ", "ex ", "antigua ", "antiguo "} {
			inner = strings.TrimPrefix(inner, prefix)
		}
		forms = append(forms, inner)
	}
	for _, dash := range []string{" - ", ", ", " / "} {
		if a, b, found := strings.Cut(s, dash); found {
			forms = append(forms, a, b)
		}
	}
	return forms
}

// institutionOf looks one name up. Not found with flags: the name is known and still
// does not decide.
func institutionOf(s string, c Context) (study.Institution, []string, bool) {
	name := bare(s)
	for _, article := range []string{"la ", "el ", "the ", "le ", "los ", "las "} {
		name = strings.TrimPrefix(name, article)
	}
	if name == "" {
		return study.Institution{}, nil, false
	}
	var hits []study.Institution
	how := ""
	countries := map[string]bool{}
	for _, inst := range c.Institutions {
		kind := matches(inst, name)
		if kind == "" {
			continue
		}
		countries[string(inst.Country)] = true
		if c.Country == "" || inst.Country == "" || string(inst.Country) == c.Country {
			hits, how = append(hits, inst), kind
		}
	}
	switch {
	case len(hits) > 1 || len(hits) == 1 && c.Country == "" && how == "generic":
		return study.Institution{}, []string{flagAmbiguous}, false
	case len(hits) == 0:
		return nearInstitution(name, c)
	}
	var flags []string
	switch {
	case how == "former":
		flags = []string{flagSuccessor}
	case how == "generic":
		flags = []string{flagGeneric}
	case how == "nickname":
		flags = []string{flagNickname}
	case how == "acronym" && len(countries) > 1:
		flags = []string{flagByCountry}
	}
	return hits[0], flags, true
}

// matches tells by which of its names an institution is meant, "" by none.
func matches(inst study.Institution, name string) string {
	if bare(inst.Acronym) == name || strings.ReplaceAll(name, " ", "") == bare(inst.Acronym) && len(name) <= 2*len(inst.Acronym) {
		return "acronym"
	}
	for _, kind := range []struct {
		how   string
		names []string
	}{{"name", inst.Names}, {"former", inst.Former}, {"nickname", inst.Nicknames}, {"generic", inst.Generic}} {
		for _, n := range kind.names {
			if bare(n) == name {
				return kind.how
			}
		}
	}
	return ""
}

// nearInstitution corrects one letter of a long name in the answering country.
func nearInstitution(name string, c Context) (study.Institution, []string, bool) {
	var hit study.Institution
	hits := 0
	if len(name) < 8 || c.Country == "" {
		return hit, nil, false
	}
	for _, inst := range c.Institutions {
		if string(inst.Country) != c.Country {
			continue
		}
		for _, n := range append(append([]string{}, inst.Names...), inst.Generic...) {
			if oneEdit(bare(n), name) {
				if hits == 0 || hit.ID != inst.ID {
					hits++
				}
				hit = inst
			}
		}
	}
	if hits != 1 {
		return hit, nil, false
	}
	return hit, []string{flagTypo}, true
}
