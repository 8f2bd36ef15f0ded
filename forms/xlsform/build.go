package xlsform

import (
	"path"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// reader builds one form from its sheets.
type reader struct {
	file     string
	form     *forms.Form
	sheets   map[string]Sheet // by canonical name
	problems []forms.Problem

	settings          forms.Place         // of the settings row
	tables            []*table            // survey, then choices
	named             map[string][]*entry // rows of the survey by name
	otherUntranslated bool                // or_other made a choice that nobody translated
}

// The sheets of a form. Sheets of ours belong to a study kit and are read elsewhere.
var (
	formSheets = []string{"survey", "choices", "settings", "external_choices", "entities", "osm"}
	ourSheets  = words("reasons study countries codebook tables prefill examples")
)

// formSheet says which sheets of a workbook are read for a form.
func formSheet(name string) bool {
	name = strings.ToLower(name)
	return name == "reasons" || contains(formSheets, name)
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// build makes a form of sheets. The form is nil when a problem is an Error.
func build(file string, sheets []Sheet, problems []forms.Problem) (*forms.Form, []forms.Problem) {
	stem := strings.TrimSuffix(file, path.Ext(file))
	r := &reader{
		file:     file,
		problems: problems,
		sheets:   make(map[string]Sheet),
		named:    make(map[string][]*entry),
		form: &forms.Form{
			Settings: make(map[string]string),
			Lists:    make(map[string]*forms.List),
		},
	}
	r.chooseSheets(sheets)
	r.readSettings(stem)
	r.readReasons()
	r.readChoices()
	r.readOSM()
	if r.readSurvey() {
		r.knowLists()
		r.readEntities()
		r.checkLanguages()
		r.checkUntranslated()
		r.checkNames()
		r.checkReferences()
		r.checkLists()
	}
	if forms.Refused(r.problems) {
		r.checkExpressions()
		return nil, sorted(r.problems)
	}
	r.form.Link()
	return r.form, sorted(r.problems)
}

// chooseSheets takes the sheets of a form by name, in whatever case.
func (r *reader) chooseSheets(sheets []Sheet) {
	for _, s := range sheets {
		name := strings.ToLower(s.Name)
		if !formSheet(name) {
			continue
		}
		if first, twice := r.sheets[name]; twice {
			r.report(forms.Error, "sheet.duplicate", s.place(0, ""), s.Name, "the sheets '%s' and '%s' have the same name: delete one", first.Name, s.Name)
			continue
		}
		r.sheets[name] = s
	}
	for _, s := range sheets {
		name := strings.ToLower(s.Name)
		if formSheet(name) || ourSheets[name] || strings.HasPrefix(name, "_") {
			continue
		}
		near := r.nearest(name, formSheets)
		if _, there := r.sheets[near]; near == "" || there {
			r.report(forms.Warning, "sheet.unknown", s.place(0, ""), s.Name, "the sheet “%s” is not part of the form and is passed over: put “_” before its name to silence this", s.Name)
			continue
		}
		r.report(forms.Warning, "sheet.misspelled", s.place(0, ""), s.Name, "the sheet “%s” is passed over: rename it to “%s” if it is meant to be that, or put “_” before its name", s.Name, near)
	}
}

// knowLists takes the warnings back that a folder's lists are no sheets of the form.
func (r *reader) knowLists() {
	for _, use := range r.form.FileUses() {
		r.problems = slices.DeleteFunc(r.problems, func(p forms.Problem) bool {
			return (p.Key == "sheet.unknown" || p.Key == "sheet.misspelled") && p.Name+".csv" == use.Name
		})
	}
}

// similar lists the sheets that could be meant by a sheet that is not there.
func (r *reader) similar(sheet string) string {
	var found []string
	for _, p := range r.problems {
		if p.Key == "sheet.misspelled" && r.nearest(strings.ToLower(p.Name), formSheets) == sheet {
			found = append(found, "'"+p.Name+"'")
		}
	}
	return strings.Join(found, ", ")
}

func (r *reader) readReasons() {
	s, ok := r.sheets["reasons"]
	if !ok {
		return
	}
	var rows []map[string]string
	for _, rec := range s.Records() {
		rows = append(rows, rec.Fields)
	}
	r.form.Extra = map[string][]map[string]string{"reasons": rows}
}

// yes reads the ways that people write a yes.
func yes(s string) bool {
	switch strings.ToLower(s) {
	case "yes", "true", "true()", "1", "y", "x":
		return true
	}
	return false
}
