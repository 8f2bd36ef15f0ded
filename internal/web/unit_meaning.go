package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// escapedPath is an answer path as part of an address.
func escapedPath(path string) string {
	u := url.URL{Path: path}
	return u.EscapedPath()
}

// meaning is a decided value in words: labels of choices, names of institutions, grouped
// numbers, dates with the month in words, or the reason.
func (d *doubt) meaning(v *visit, code string, reason study.ReasonCode) string {
	if reason != "" {
		for _, r := range v.study.Reasons {
			if r.Code == reason {
				return r.Mark + " " + v.text(r.Label)
			}
		}
		return string(reason)
	}
	kind, _, _ := strings.Cut(normalize.DecisionKind(d.node), ":")
	switch kind {
	case "one", "multi":
		var names []string
		for _, one := range strings.Fields(code) {
			names = append(names, plainText(choiceName(d.form, d.node, v.lang(), one)))
		}
		return strings.Join(names, "; ")
	case "institution":
		return institutionName(v.study, code)
	case "country":
		return v.countryName(study.ISO3(code))
	case "yesno":
		return v.words.T("doubt.yesno." + code)
	case "date":
		return v.words.Date(code)
	}
	if n, err := strconv.ParseFloat(code, 64); err == nil {
		return v.words.Number(n)
	}
	return code
}

// institutionName is how the register calls an institution.
func institutionName(s study.Study, id string) string {
	for _, i := range s.Institutions {
		if i.ID == id && len(i.Names) > 0 {
			return strings.TrimSpace(i.Names[0] + " (" + i.Acronym + ")")
		}
	}
	return id
}

// pick is the control for a meaning of one's own: choices, or a field.
type pick struct {
	Several bool // several choices may be ticked
	Field   bool
	Hint    string
	Choices []option
}

// pick lists what the question can hold.
func (d *doubt) pick(v *visit, chosen []string) pick {
	kind, _, _ := strings.Cut(normalize.DecisionKind(d.node), ":")
	p := pick{Several: kind == "multi"}
	add := func(code string) {
		p.Choices = append(p.Choices, option{code, d.meaning(v, code, ""), contains(chosen, code)})
	}
	switch kind {
	case "one", "multi":
		for _, code := range codesOf(d.form, d.node) {
			add(code)
		}
	case "yesno":
		for _, code := range normalize.YesNo {
			add(code)
		}
	case "institution":
		for _, i := range v.study.Institutions {
			if i.Country == "" || i.Country == d.Country {
				add(i.ID)
			}
		}
	}
	if p.Field = len(p.Choices) == 0; p.Field {
		p.Several, p.Hint = false, v.words.T("doubt.hint.text")
		if key := "doubt.hint." + kind; v.words.Has(key) {
			p.Hint = v.words.T(key)
		}
	}
	return p
}

func codesOf(f *forms.Form, n *forms.Node) []string {
	var codes []string
	if list := f.Lists[n.List]; list != nil {
		for _, c := range list.Choices {
			codes = append(codes, c.Name)
		}
	}
	return codes
}
