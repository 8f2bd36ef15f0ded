package kit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// variantsColumn is the column of the choices sheet that a row of the sheet variants
// adds to.
const variantsColumn = "variants"

// institutions reads the register. Lists within a cell are separated by "|".
func (r *reader) institutions() {
	seen := map[string]bool{}
	for _, rec := range r.rows("institutions", false, "country", "id", "acronym", "names", "former", "nicknames", "generic", "actor") {
		f := rec.Fields
		in := study.Institution{ID: strings.TrimSpace(f["id"]), Country: study.ISO3(strings.TrimSpace(f["country"])), Acronym: strings.TrimSpace(f["acronym"]),
			Names: cellList(f["names"]), Former: cellList(f["former"]), Nicknames: cellList(f["nicknames"]), Generic: cellList(f["generic"]), Actor: strings.TrimSpace(f["actor"])}
		if in.ID == "" || seen[in.ID] {
			r.report(rec.Place, "id", "kit.duplicate", "the institution “%s” has no id or is there twice: give each row an id of its own, as in CRI.DGME", in.ID)
		}
		if in.Country != "" && !slices.ContainsFunc(r.kit.Study.Countries, func(c study.Country) bool { return c.ISO3 == in.Country }) {
			r.report(rec.Place, "country", "kit.country", "“%s” is not a country of this study: write a code of the sheet countries, or leave it empty for an international institution", in.Country)
		}
		seen[in.ID] = true
		r.kit.Study.Institutions = append(r.kit.Study.Institutions, in)
	}
}

// variants adds further words for choices to the forms: what people write when they
// mean a choice.
func (r *reader) variants() {
	for _, rec := range r.rows("variants", false, "list", "code", "variants") {
		list, code := strings.TrimSpace(rec.Fields["list"]), strings.TrimSpace(rec.Fields["code"])
		found := false
		for _, f := range r.kit.Forms {
			if c := choiceIn(f.Form, list, code); c != nil {
				if c.Extra == nil {
					c.Extra = map[string]string{}
				}
				c.Extra[variantsColumn] = strings.Trim(c.Extra[variantsColumn]+"|"+rec.Fields["variants"], "|")
				found = true
			}
		}
		if !found {
			r.report(rec.Place, "code", "kit.choice", "no form has the choice “%s” in a list “%s”: correct the row or delete it", code, list)
		}
	}
}

func choiceIn(f *forms.Form, list, code string) *forms.Choice {
	if f.Lists[list] == nil {
		return nil
	}
	for _, c := range f.Lists[list].Choices {
		if c.Name == code {
			return c
		}
	}
	return nil
}

func cellList(s string) []string {
	var all []string
	for _, part := range strings.Split(s, "|") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// checks reads the cross-field checks. Questions are paths, separated by spaces.
func (r *reader) checks() {
	for _, rec := range r.rows("checks", false, "id", "kind", "questions", "tolerance") {
		c := study.Check{ID: strings.TrimSpace(rec.Fields["id"]), Kind: study.CheckKind(strings.TrimSpace(rec.Fields["kind"])), Questions: strings.Fields(rec.Fields["questions"])}
		if c.ID == "" || slices.ContainsFunc(r.kit.Study.Checks, func(o study.Check) bool { return o.ID == c.ID }) {
			r.report(rec.Place, "id", "kit.duplicate", "the check “%s” has no id or is there twice: give each row an id of its own", c.ID)
		}
		if !slices.Contains(study.CheckKinds, c.Kind) {
			r.report(rec.Place, "kind", "kit.word", "“%s” is no kind of check: write one of %v", c.Kind, study.CheckKinds)
		}
		if t := strings.TrimSpace(rec.Fields["tolerance"]); t != "" {
			v, err := strconv.ParseFloat(t, 64)
			if err != nil || v < 0 {
				r.report(rec.Place, "tolerance", "kit.number", "“%s” is no tolerance: write a number with a point, or leave it empty", t)
			}
			c.Tolerance = v
		}
		if len(c.Questions) == 0 {
			r.report(rec.Place, "questions", "kit.path", "the check names no question: write their paths, as in /b/b_irr_low /b/b_irr_high")
		}
		for _, q := range c.Questions {
			if !slices.ContainsFunc(r.kit.Forms, func(f Form) bool { n := f.Find(q); return n != nil && n.Kind == forms.Question }) {
				r.report(rec.Place, "questions", "kit.path", "no form has the question “%s”: write its path, as in /b/b_irr_low", q)
			}
		}
		r.kit.Study.Checks = append(r.kit.Study.Checks, c)
	}
}
