package web

import (
	"regexp"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// read is a stored answer as the evaluator takes it: a number typed with grouping or a
// decimal comma as a plain number, when it can be read in one way only. What cannot is
// left as it is, and the evaluator refuses it. The store keeps what was typed (F63).
func (p *paper) read(d study.DraftAnswer) string {
	n := p.form.Find(d.Path)
	if n == nil || widgetOf(n, 0) != asNumber {
		return d.Value
	}
	return plainNumber(d.Value, n.Type == "decimal", p.v.country(p.response.Country).DecimalMark)
}

var (
	groupSpace = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "", "\u2212", "-")
	digitsOnly = regexp.MustCompile(`^-?\d+$`)
	withMark   = regexp.MustCompile(`^-?\d+[.,]\d+$`)
	grouped    = regexp.MustCompile(`^-?\d{1,3}(?:[.,]\d{3})+$`)
)

// plainNumber reads a number as people write it (F61): spaces and apostrophes group;
// of two kinds of mark the last is the decimal one; a repeated mark groups by three;
// one mark before three digits groups in a whole number and is the country's decimal
// mark, or else a group, in a decimal one. Anything else comes back untouched.
func plainNumber(typed string, decimal bool, countryMark string) string {
	s := groupSpace.Replace(strings.TrimSpace(typed))
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case digitsOnly.MatchString(s):
		return s
	case dots > 0 && commas > 0:
		group, mark := ",", "."
		if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
			group, mark = ".", ","
		}
		whole, fraction, _ := strings.Cut(s, mark)
		if strings.Contains(fraction, mark) || !grouped.MatchString(whole) || strings.Contains(whole, mark) || !digitsOnly.MatchString(fraction) {
			return typed
		}
		return strings.ReplaceAll(whole, group, "") + "." + fraction
	case dots+commas > 1:
		if !grouped.MatchString(s) {
			return typed
		}
		return strings.NewReplacer(".", "", ",", "").Replace(s)
	case !withMark.MatchString(s):
		return typed
	}
	mark := "."
	if commas == 1 {
		mark = ","
	}
	whole, fraction, _ := strings.Cut(s, mark)
	if len(fraction) == 3 && grouped.MatchString(s) && strings.TrimLeft(whole, "-") != "0" && (!decimal || mark != orMark(countryMark)) {
		return whole + fraction
	}
	return whole + "." + fraction
}

// orMark is the country's decimal mark, a point when the study does not say.
func orMark(mark string) string {
	if mark == "," {
		return ","
	}
	return "."
}

// codeOf turns the label that somebody typed or picked from a list of suggestions into
// its code; a code, and what the list does not have, come back as they are.
func codeOf(f *forms.Form, n *forms.Node, typed string) string {
	list := f.Lists[n.List]
	if list == nil || !strings.HasPrefix(n.Type, "select_one") {
		return typed
	}
	for _, c := range list.Choices {
		if c.Name == typed {
			return typed
		}
	}
	wanted := fold(typed)
	for _, c := range list.Choices {
		for _, label := range c.Label {
			if wanted != "" && fold(plainText(label)) == wanted {
				return c.Name
			}
		}
	}
	return typed
}
