package kit

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

// prefill reads the answers that returns begin with, one row for each answer.
func (r *reader) prefill() {
	at := map[string]int{}
	for _, rec := range r.rows("prefill", false, "form", "country", "path", "value", "reason", "note") {
		f, change, ok := r.answer(rec)
		country := r.country(rec)
		if !ok || country == "" {
			continue
		}
		key := f.ID + " " + string(country)
		i, found := at[key]
		if !found {
			i = len(r.kit.Prefill)
			at[key] = i
			r.kit.Prefill = append(r.kit.Prefill, Prefill{FormID: f.ID, Country: country})
		}
		p := &r.kit.Prefill[i]
		r.once(rec, p.Changes, change)
		p.Changes = append(p.Changes, change)
	}
}

// examples reads example returns and interviews; rows with one key belong together.
func (r *reader) examples() {
	at := map[string]int{}
	for _, sheet := range r.exampleSheets {
		for _, rec := range r.rowsOf(sheet, "key", "form", "country", "path", "value", "reason", "note") {
			f, change, ok := r.answer(rec)
			country := r.country(rec)
			if !ok || country == "" {
				continue
			}
			key := rec.Fields["key"]
			i, found := at[key]
			if !found {
				i = len(r.kit.Examples)
				at[key] = i
				r.kit.Examples = append(r.kit.Examples, Example{Key: key, FormID: f.ID, Kind: f.Kind, Country: country, Round: r.firstRound()})
			}
			e := &r.kit.Examples[i]
			if e.FormID != f.ID || e.Country != country {
				r.report(rec.Place, "key", "kit.key", "the rows of “%s” name two forms or countries: give each example a key of its own", key)
			}
			r.once(rec, e.Changes, change)
			e.Changes = append(e.Changes, change)
		}
	}
}

func (r *reader) firstRound() string {
	if len(r.kit.Study.Rounds) == 0 {
		return ""
	}
	return r.kit.Study.Rounds[0].ID
}

func (r *reader) country(rec xlsform.Record) study.ISO3 {
	code := study.ISO3(rec.Fields["country"])
	if slices.ContainsFunc(r.kit.Study.Countries, func(c study.Country) bool { return c.ISO3 == code }) {
		return code
	}
	r.report(rec.Place, "country", "kit.country", "the country “%s” is not on the countries sheet: correct it or add it there", code)
	return ""
}

// answer reads one row of path, value, reason and note.
func (r *reader) answer(rec xlsform.Record) (*Form, study.Change, bool) {
	f := r.byID[rec.Fields["form"]]
	if f == nil {
		r.report(rec.Place, "form", "kit.form", "the form “%s” is not one of this kit's: write the form_id of one", rec.Fields["form"])
		return nil, study.Change{}, false
	}
	path := rec.Fields["path"]
	node := f.Find(forms.QuestionPath(path))
	if _, err := forms.ParsePath(path); err != nil || node == nil || node.Kind != forms.Question {
		r.report(rec.Place, "path", "kit.path", "the form has no question at “%s”: write the path of one, with a key in brackets after each repeat", path)
		return nil, study.Change{}, false
	}
	change := study.Change{Path: path}
	if v := rec.Fields["value"]; v != "" {
		change.Value = &v
	}
	if code := study.ReasonCode(rec.Fields["reason"]); code != "" {
		if !r.offers(code) {
			r.report(rec.Place, "reason", "kit.reason", "the reason “%s” is not on the reasons sheet: correct it", code)
		}
		if change.Value != nil {
			r.report(rec.Place, "reason", "kit.reason", "this row has a value and a reason for having none: clear one of the two")
		}
		change.Reason = &code
	}
	if note := rec.Fields["note"]; note != "" {
		change.Note = &note
	}
	r.codes(rec, f, node)
	return f, change, true
}

// codes checks the codes of a choice answer against its list.
func (r *reader) codes(rec xlsform.Record, f *Form, node *forms.Node) {
	list := f.Lists[node.List]
	if list == nil || node.ChoiceFilter != "" {
		return
	}
	codes := strings.Fields(rec.Fields["value"])
	for _, code := range codes {
		at := slices.IndexFunc(list.Choices, func(c *forms.Choice) bool { return c.Name == code })
		switch {
		case at < 0:
			r.report(rec.Place, "value", "kit.choice", "“%s” is not a choice of the list “%s”: correct it", code, list.Name)
		case len(codes) > 1 && list.Choices[at].Extra["exclusive"] == "yes":
			r.report(rec.Place, "value", "kit.choice", "“%s” cannot stand beside other choices: keep it alone, or the others", code)
		}
	}
}

func (r *reader) offers(code study.ReasonCode) bool {
	return slices.ContainsFunc(r.kit.Study.Reasons, func(one study.Reason) bool { return one.Code == code })
}

func (r *reader) once(rec xlsform.Record, before []study.Change, change study.Change) {
	if slices.ContainsFunc(before, func(c study.Change) bool { return c.Path == change.Path }) {
		r.report(rec.Place, "path", "kit.duplicate", "“%s” is answered twice: delete one row", change.Path)
	}
}
