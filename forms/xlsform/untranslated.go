package xlsform

import "github.com/comparanda/comparanda/forms"

// gap is where labels of a sheet are missing in one language.
type gap struct {
	first forms.Place
	rows  int
}

// checkUntranslated warns, once for each language and sheet, of labels that are there in
// another language only. People read that other language instead.
func (r *reader) checkUntranslated() {
	survey, choices := map[string]*gap{}, map[string]*gap{}
	r.form.Walk(func(n *forms.Node) bool {
		r.gaps(survey, n.Label, n.Place)
		return true
	})
	for _, name := range r.form.ListOrder {
		for _, c := range r.form.Lists[name].Choices {
			r.gaps(choices, c.Label, c.Place)
		}
	}
	for _, found := range []map[string]*gap{survey, choices} {
		for _, l := range r.form.Languages {
			g := found[l.Name]
			if g == nil {
				continue
			}
			g.first.Column = "label::" + l.Name
			r.report(forms.Warning, "language.gap", g.first, l.Name, "the label is not translated into '%s', so people read another language (rows without it: %d): fill in the column", l.Name, g.rows)
		}
	}
}

// gaps counts a row for each language of its sheet that it has no label in. A language
// without a column for labels is told by checkTranslations.
func (r *reader) gaps(found map[string]*gap, label forms.Text, place forms.Place) {
	if label.Empty() {
		return
	}
	for _, l := range r.form.Languages {
		if label[l.Name] != "" || !r.hasLabels(place.Sheet, l.Name) || l.Name == r.form.DefaultLanguage && label[""] != "" {
			continue
		}
		if found[l.Name] == nil {
			found[l.Name] = &gap{first: place}
		}
		found[l.Name].rows++
	}
}

// hasLabels reports whether a sheet has a column of labels in a language.
func (r *reader) hasLabels(sheet, lang string) bool {
	for _, t := range r.tables {
		if t.sheet.Name != sheet {
			continue
		}
		for _, c := range t.columns {
			if c.name == "label" && c.lang == lang {
				return true
			}
		}
	}
	return false
}
