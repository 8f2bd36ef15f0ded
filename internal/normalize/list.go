package normalize

import (
	"regexp"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// Choice is one choice that a messy answer may mean.
type Choice struct {
	Code     string
	Labels   []string
	Variants []string // further words for it, from the kit or from decisions
	Reason   study.ReasonCode
}

// A name of a choice is at most longestChoice bytes; an answer that names more than
// mostParts is a text.
const (
	longestChoice = 120
	mostParts     = 60
)

var (
	bullet     = regexp.MustCompile(`(?m)^\s*(?:[-•·*▪◦‣–—]|\d{1,2}[.)]|[a-z][.)])\s+`)
	inline     = regexp.MustCompile(`[ ;,]+(\d{1,2}[.)] )`)
	shareOfOne = regexp.MustCompile(`^(.*?)[ :(=-]*(\d+(?:[.,]\d+)?) ?%\)?$`)
	everything = []string{"todos", "todas", "todo", "all", "tous", "toutes", "todos los anteriores", "todas las anteriores", "all of the above", "todo lo anterior", "all the above", "tous les precedents", "cualquiera", "any", "todas las opciones", "all of them"}
)

// readList reads one or several choices: by code, label, variant, institution, country.
func readList(kind, list, raw, s string, c Context) Reading {
	if len(s) > longest {
		return review(map[string]any{"codes": nil}, Unparsed)
	}
	// "Ninguno" is a choice where the list has it; else a missing answer is one.
	if r, ok := readMissing(s); ok && list != "country" {
		if code, _, _ := choiceOf(s, list, c); code == "" {
			return r
		}
	} else if ok && s == "" {
		return r
	}
	if trimmed := strings.Trim(s, " .!"); slices.Contains(everything, trimmed) || strings.HasPrefix(trimmed, "todas las ") || strings.HasPrefix(trimmed, "todos los ") {
		if code, _, _ := choiceOf(trimmed, list, c); code == "" {
			return all(list, c)
		}
	}
	if kind == "one" {
		return oneChoice(s, list, c)
	}
	return severalChoices(raw, s, list, c)
}

func oneChoice(s, list string, c Context) Reading {
	code, flags, _ := choiceOf(s, list, c)
	if code == "" {
		return review(map[string]any{"code": nil}, append(flags, Unparsed)...)
	}
	return Reading{Value: map[string]any{"code": code}, Flags: flags}
}

// all gives every choice that is a positive answer.
func all(list string, c Context) Reading {
	var codes []string
	for _, ch := range c.Choices {
		if ch.Code == "any" {
			return Reading{Value: map[string]any{"codes": []string{"any"}}, Flags: []string{flagAll}}
		}
		if ch.Reason == "" && ch.Code != "none" && ch.Code != "other" {
			codes = append(codes, ch.Code)
		}
	}
	if codes == nil || list == "country" {
		return review(map[string]any{"codes": nil}, flagAll)
	}
	return Reading{Value: map[string]any{"codes": codes}, Flags: []string{flagAll}}
}

func severalChoices(raw, s, list string, c Context) Reading {
	var r Reading
	if code := exactChoice(bare(s), c.Choices); code != "" { // labels may hold commas
		return Reading{Value: map[string]any{"codes": []string{code}}}
	}
	parts, bullets, mixed := split(raw, list, c)
	if len(parts) > mostParts {
		return review(map[string]any{"codes": nil}, Unparsed)
	}
	var codes []string
	var shares []float64
	var unknown []string
	for _, part := range parts {
		if m := shareOfOne.FindStringSubmatch(part); m != nil {
			if l, ok := readLiteral(m[2], c.Country, true); ok && l.v <= 100 {
				part = m[1]
				shares = append(shares, l.v)
			}
		}
		code, flags, group := choiceOf(strings.Trim(part, " .:()"), list, c)
		found := group
		if code != "" {
			found = []string{code}
		}
		if found == nil {
			unknown = append(unknown, part)
			continue
		}
		r.flag(flags...)
		for _, code := range found {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	r.Value = map[string]any{"codes": codes}
	r.settleList(codes, shares, unknown, c)
	if bullets {
		r.flag(flagBullets)
	}
	if mixed {
		r.flag(flagSeparators)
	}
	return r
}

// settleList flags what is left over and what contradicts.
func (r *Reading) settleList(codes []string, shares []float64, unknown []string, c Context) {
	if codes == nil {
		r.Value["codes"] = nil
	}
	if len(unknown) > 0 {
		r.Note = strings.Join(unknown, "; ")
		r.flag(Unparsed, Review)
	}
	if len(shares) > 0 {
		r.flag(flagShares)
		if len(shares) == len(codes) {
			r.Value["shares"] = shares
		} else {
			r.flag(Review)
		}
	}
	for _, ch := range c.Choices {
		if len(codes) > 1 && slices.Contains(codes, ch.Code) && (ch.Code == "none" || ch.Reason != "") {
			r.flag(Contradiction, Review)
		}
	}
}

// split cuts an answer at its separators. "y" and "and" separate only where the whole
// is no choice by itself; the comma of a label is tried as part of it.
func split(raw, list string, c Context) (parts []string, bullets, mixed bool) {
	text := sameSign.Replace(clean(raw))
	if bullet.MatchString(strings.ToLower(text)) {
		bullets = true
		text = inline.ReplaceAllString(text, "\n$1")
		text = bullet.ReplaceAllString(strings.ToLower(text), "\n")
	}
	kinds := 0
	for _, sep := range []string{";", ",", "/", "\n", "|"} {
		if strings.Contains(strings.TrimSpace(text), sep) {
			kinds++
		}
	}
	for _, piece := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";\n|•·", r) }) {
		for _, p := range byComma(fold(piece), list, c) {
			if p = strings.TrimSpace(strings.Trim(p, " .-")); p != "" {
				parts = append(parts, p)
			}
		}
	}
	return parts, bullets, kinds > 1 && !bullets
}

// byComma cuts at commas and slashes, and at words that join, but keeps together what
// is one choice.
func byComma(s, list string, c Context) []string {
	if exactChoice(bare(s), c.Choices) != "" {
		return []string{s}
	}
	for _, sep := range []string{", y ", ", and ", ", et ", ", ", ",", " / ", "/", " y ", " e ", " and ", " et ", " & ", " + ", " mas ", " asi como ", " o ", " or "} {
		for from := 0; ; {
			i := strings.Index(s[from:], sep)
			if i < 0 {
				break
			}
			i += from
			left, right := s[:i], s[i+len(sep):]
			if sep == "," && i > 0 && i+1 < len(s) && isDigit(rune(s[i-1])) && isDigit(rune(s[i+1])) {
				from = i + 1
				continue
			}
			parts := append(byComma(left, list, c), byComma(right, list, c)...)
			if sep[0] == ' ' && len(s) <= longestChoice && !eachKnown(parts, list, c) && eachKnown([]string{s}, list, c) {
				return []string{s} // "temor y desconfianza" is one obstacle
			}
			return parts
		}
	}
	return []string{s}
}

func eachKnown(parts []string, list string, c Context) bool {
	for _, p := range parts {
		if m := shareOfOne.FindStringSubmatch(p); m != nil {
			p = m[1]
		}
		if code, _, group := choiceOf(p, list, c); code == "" && group == nil {
			return false
		}
	}
	return true
}

// choiceOf finds the choice that one piece of text means.
func choiceOf(s, list string, c Context) (code string, flags []string, group []string) {
	s = strings.Trim(s, " .:;()\"'")
	name := bare(s)
	if name == "" {
		return "", nil, nil
	}
	if list == "country" || list == "nationality" {
		for _, article := range []string{"los ", "las ", "de "} {
			s = strings.TrimPrefix(s, article)
		}
		iso3, members, flags := countryOf(s)
		if members != nil {
			return "", []string{flagGroup}, members
		}
		return iso3, flags, nil
	}
	if code := exactChoice(name, c.Choices); code != "" {
		return code, nil, nil
	}
	if inst, _, found := institutionOf(s, c); found && inst.Actor != "" && hasChoice(c.Choices, inst.Actor) {
		return inst.Actor, []string{flagVia}, nil
	}
	if code := stemChoice(name, c.Choices); code != "" {
		return code, nil, nil
	}
	if code := nearChoice(name, c.Choices); code != "" {
		return code, []string{flagTypo}, nil
	}
	return "", nil, nil
}

func hasChoice(choices []Choice, code string) bool {
	return slices.ContainsFunc(choices, func(ch Choice) bool { return ch.Code == code })
}

func exactChoice(name string, choices []Choice) string {
	for _, ch := range choices {
		if bare(ch.Code) == name {
			return ch.Code
		}
	}
	for _, ch := range choices {
		for _, l := range append(append([]string{}, ch.Labels...), ch.Variants...) {
			if bare(l) == name {
				return ch.Code
			}
		}
	}
	return ""
}

// stemChoice compares by word stems: all stems of a name of the choice must stand in
// the text ("Costos muy altos"), or all of the text in one choice's label alone.
func stemChoice(name string, choices []Choice) string {
	text := stems(name)
	best, size, tied := "", 0, false
	for _, ch := range choices {
		for _, l := range append(append([]string{}, ch.Labels...), ch.Variants...) {
			for _, alt := range strings.FieldsFunc(fold(l), func(r rune) bool { return r == '/' }) {
				want := stems(alt)
				if len(want) == 0 || !within(want, text) {
					continue
				}
				switch {
				case len(want) > size:
					best, size, tied = ch.Code, len(want), false
				case len(want) == size && best != ch.Code:
					tied = true
				}
			}
		}
	}
	if tied {
		return ""
	}
	if best != "" {
		return best
	}
	return partOfLabel(text, choices)
}

func partOfLabel(text []string, choices []Choice) string {
	if len(text) == 0 {
		return ""
	}
	hit := ""
	for _, ch := range choices {
		for _, l := range append(append([]string{}, ch.Labels...), ch.Variants...) {
			if within(text, stems(fold(l))) && hit != ch.Code {
				if hit != "" {
					return ""
				}
				hit = ch.Code
			}
		}
	}
	return hit
}

func within(want, text []string) bool {
	for _, w := range want {
		if !slices.Contains(text, w) {
			return false
		}
	}
	return true
}

var stopWords = map[string]bool{"de": true, "la": true, "el": true, "los": true, "las": true, "del": true, "a": true, "al": true, "en": true, "y": true, "o": true, "the": true, "of": true, "and": true, "or": true, "to": true, "in": true, "for": true, "muy": true, "un": true, "una": true, "por": true, "con": true, "para": true, "le": true, "les": true, "des": true, "du": true, "et": true, "su": true, "sus": true, "their": true, "very": true, "an": true, "que": true, "e": true, "d": true, "l": true}

// stems cuts words to their beginning, so that number, gender and tense do not matter.
func stems(folded string) []string {
	var out []string
	for _, w := range words(folded) {
		if stopWords[w] {
			continue
		}
		for _, ending := range []string{"aciones", "acion", "ciones", "cion", "mente", "es", "os", "as", "s", "o", "a", "e"} {
			if len(w)-len(ending) >= 4 && strings.HasSuffix(w, ending) {
				w = w[:len(w)-len(ending)]
				break
			}
		}
		out = append(out, w)
	}
	return out
}

func nearChoice(name string, choices []Choice) string {
	if len(name) < 5 {
		return ""
	}
	hit := ""
	for _, ch := range choices {
		for _, l := range append(append([]string{}, ch.Labels...), ch.Variants...) {
			if oneEdit(bare(l), name) && hit != ch.Code {
				if hit != "" {
					return ""
				}
				hit = ch.Code
			}
		}
	}
	return hit
}
