package normalize

import (
	"regexp"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

var (
	yesWords  = []string{"si", "s", "yes", "y", "yeah", "yep", "oui", "afirmativo", "affirmative", "correcto", "correct", "true", "verdadero", "vrai", "v", "efectivamente", "claro", "por supuesto", "asi es", "of course", "en efecto", "ciertamente", "totalmente", "completamente", "if", "de acuerdo", "existe", "existen", "si existe", "si existen", "sip", "cierto"}
	noWords   = []string{"no", "n", "nope", "non", "negativo", "negative", "false", "falso", "faux", "f", "incorrecto", "en absoluto", "nunca", "never", "jamais", "ninguno", "ninguna", "none", "de ninguna manera", "todavia no", "aun no", "not yet", "tampoco", "pas encore"}
	partWords = []string{"parcialmente", "parcial", "en parte", "partially", "partly", "partial", "partiellement", "partiel", "en partie", "a medias", "mas o menos", "in part", "algunos", "algunas", "some", "a veces", "sometimes", "en algunos casos", "in some cases", "solo en algunos casos", "solo en parte", "only partly", "depende", "it depends", "dans certains cas", "parfois", "limitado", "limitadamente", "to some extent", "de forma parcial", "de manera parcial", "incompleto"}
	marks     = map[string]string{"x": "yes", "✓": "yes", "✔": "yes", "☑": "yes", "☒": "yes", "√": "yes", "[x]": "yes", "(x)": "yes", "xx": "yes", "✗": "no", "✘": "no", "☐": "no", "[ ]": "no"}
	underWay  = []string{"en proceso", "en tramite", "en curso", "in process", "in progress", "under way", "underway", "en cours", "en discusion", "en elaboracion", "en desarrollo", "en construccion", "proximamente", "previsto", "prevista", "planned", "se esta", "under discussion", "en aprobacion", "pendiente de aprobacion", "being drafted", "en estudio", "en negociacion", "en implementacion"}
	exceptBut = []string{"pero", "excepto", "salvo", "menos", "but", "except", "unless", "mais", "sauf", "aunque", "although", "only", "solo", "solamente", "unicamente", "seulement", "siempre que", "if", "cuando", "con", "with"}
)

// readYesNo reads yes, no or partly, with or without words behind it.
func readYesNo(s string) Reading {
	trimmed := strings.Trim(s, " .!¡,;:*\"'")
	if trimmed == "" {
		r, ok := readMissing(s)
		if !ok {
			r = review(nullValue, Unparsed)
		}
		return r
	}
	if v, ok := marks[strings.Trim(s, " .")]; ok {
		return Reading{Value: map[string]any{"value": v}, Flags: []string{flagMark}}
	}
	if ticked, ok := boxes(s); ok {
		if ticked == "" {
			return review(nullValue, Contradiction)
		}
		r := readYesNo(ticked)
		r.flag(flagMark)
		return r
	}
	if trimmed == "1" || trimmed == "0" {
		return review(map[string]any{"value": map[string]string{"1": "yes", "0": "no"}[trimmed]}, flagMark)
	}
	if _, found := cutPhrase(trimmed, underWay); found != "" {
		return review(map[string]any{"value": "partial"}, flagPending)
	}
	if r, ok := readMissing(s); ok {
		return missingYesNo(r)
	}
	value, rest := leading(trimmed)
	if value == "" {
		if strings.HasPrefix(trimmed, "no se ") || strings.HasPrefix(trimmed, "no hay ") {
			value, rest = "no", trimmed
		} else if w, ok := nearest(trimmed, map[string]bool{"afirmativo": true, "negativo": true, "parcialmente": true, "partially": true, "partly": true, "parcial": true, "affirmative": true}); ok {
			value, _ = leading(w)
			return Reading{Value: map[string]any{"value": value}, Flags: []string{flagTypo}}
		} else {
			return review(nullValue, Unparsed)
		}
	}
	return qualified(value, strings.Trim(rest, " .,;:-!()"))
}

// box is one box of a printed form with the words on one side of it.
var box = regexp.MustCompile(`(☑|☒|✓|✔|✅|■|\[ ?[x✓✔] ?\]|\( ?[x✓✔] ?\))|(☐|□|❏|❑|\[ *_* *\]|\( *_* *\))`)

// boxes reads "☑ Sí ☐ No": the words of the one box that is ticked, "" when several or
// none are; false when the text is no row of boxes.
func boxes(s string) (ticked string, ok bool) {
	at := box.FindAllStringSubmatchIndex(s, -1)
	if len(at) < 2 {
		return "", false
	}
	before := strings.TrimSpace(s[:at[0][0]]) == "" // the boxes stand before their words
	found := 0
	for i, m := range at {
		from, to := m[1], len(s)
		switch {
		case before && i+1 < len(at):
			to = at[i+1][0]
		case !before:
			from, to = 0, m[0]
			if i > 0 {
				from = at[i-1][1]
			}
		}
		if m[2] >= 0 {
			ticked = strings.TrimSpace(s[from:to])
			found++
		}
	}
	if found != 1 {
		return "", true
	}
	return ticked, true
}

// negated is a verb that "no" belongs to: "no existe", "no se contempla".
var negated = regexp.MustCompile(`^(?:existe\w*|hay|tiene\w*|se|cuenta\w*|ha|han|es|esta\w*|hubo|permite\w*|contempla\w*|por el momento|hasta)\b`)

// qualified weighs the words behind yes or no.
func qualified(value, rest string) Reading {
	if rest == "" {
		return Reading{Value: map[string]any{"value": value}}
	}
	if value == "no" && negated.MatchString(rest) {
		r := Reading{Value: map[string]any{"value": value}}
		if strings.Contains(rest, " ") {
			r.Note = rest
			r.flag(flagNote)
		}
		return r
	}
	if next, more := leading(strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(rest, "/"), "y "), "o "), " /|")); next != "" && next != value && !hasAny(rest, exceptBut...) {
		switch {
		case next == "partial":
			return Reading{Value: map[string]any{"value": "partial"}}
		case value == "partial":
		case strings.Trim(more, " .,;:()") == "":
			return review(nullValue, Contradiction)
		}
	}
	r := Reading{Value: map[string]any{"value": value}, Note: rest}
	r.flag(flagQualified, flagNote)
	if _, found := cutPhrase(rest, underWay); found != "" {
		r.flag(flagPending, Review)
	}
	return r
}

// leading reads the word that an answer begins with.
func leading(s string) (value, rest string) {
	best := ""
	for _, c := range []struct {
		value string
		list  []string
	}{{"yes", yesWords}, {"no", noWords}, {"partial", partWords}} {
		after, found := cutPhrase(s, c.list)
		if len(found) > len(best) && (len(found) > 1 || after == "" || !wordByte(after[0])) {
			best, value, rest = found, c.value, after
		}
	}
	return value, rest
}

// missingYesNo gives the codes of the list that stand for no data and not applicable.
func missingYesNo(r Reading) Reading {
	switch r.Value["missing"] {
	case string(study.ND):
		r.Value = map[string]any{"value": "nd"}
	case string(study.NA):
		r.Value = map[string]any{"value": "na"}
	}
	return r
}
