package xlsform

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
)

func (r *reader) readChoices() {
	if s, ok := r.sheets["choices"]; ok {
		r.form.Lists, r.form.ListOrder = r.readLists(s, true)
	}
	if s, ok := r.sheets["external_choices"]; ok {
		r.form.External, _ = r.readLists(s, false)
	}
}

// readLists reads a sheet of choices. Those that clients look up in a file beside the
// form (external_choices) may repeat a name under another parent.
func (r *reader) readLists(s Sheet, unique bool) (map[string]*forms.List, []string) {
	lists := make(map[string]*forms.List)
	var order []string
	t := r.newTable(s, &choiceColumns, ourChoiceColumns, true)
	r.checkChoiceHeader(t)
	if unique {
		r.tables = append(r.tables, t)
	}
	if yes(r.form.Settings["allow_choice_duplicates"]) {
		unique = false
	}
	rows := make(map[string]map[string]int) // list → name → first row
	for _, rec := range t.records() {
		list := rec.take("list_name")
		if list == "" {
			if rec.peek("name") != "" || len(rec.values) > 0 {
				r.report(forms.Warning, "choice.list", rec.place("list_name"), rec.peek("name"), "the row names no list and is passed over: fill in its list_name or delete the row")
			}
			continue
		}
		c := r.readChoice(rec, list)
		if lists[list] == nil {
			lists[list] = &forms.List{Name: list}
			order = append(order, list)
			rows[list] = make(map[string]int)
		}
		if c.Name == "" {
			continue // reported by readChoice
		}
		if first, twice := rows[list][c.Name]; twice && unique {
			r.report(forms.Error, "choice.duplicate", rec.place("name"), c.Name,
				"the list '%s' has the name '%s' already in row %d: give this choice a name of its own, or say allow_choice_duplicates = yes in settings", list, c.Name, first)
		} else if !twice {
			rows[list][c.Name] = rec.number
		}
		lists[list].Choices = append(lists[list].Choices, c)
	}
	return lists, order
}

func (r *reader) checkChoiceHeader(t *table) {
	place := t.sheet.place(0, "")
	if len(t.sheet.Rows) > 0 {
		place.Row = t.sheet.Rows[0].Number
	}
	if !t.has("list_name") {
		r.report(forms.Error, "header.missing", place, "list_name", "the sheet has no column 'list_name': add it, with the name of the list in every row")
	}
	if !t.has("name") {
		r.report(forms.Error, "header.missing", place, "name", "the sheet has no column 'name': add it, with the code that is stored when the choice is taken")
	}
	for _, c := range t.columns {
		if !c.known && strings.ContainsAny(c.header, " \t\n") {
			r.report(forms.Warning, "header.space", t.sheet.place(place.Row, c.header), c.header,
				"the column “%s” has a space in its name, so that no expression can use it: write “%s”", c.header, snake(c.header))
		}
	}
}

func (r *reader) readChoice(rec *record, list string) *forms.Choice {
	c := &forms.Choice{
		Name:  rec.take("name"),
		Label: rec.takeText("label"),
		Place: rec.place(""),
	}
	c.Media = rec.media()
	if c.Name == "" {
		r.report(forms.Error, "choice.name.missing", rec.place("name"), "",
			"the choice in list '%s' has no 'name': write the code that is stored when it is taken", list)
	}
	if c.Label.Empty() && len(c.Media) == 0 && rec.table.sheet.Name != "" && !strings.EqualFold(rec.table.sheet.Name, "external_choices") {
		r.report(forms.Warning, "choice.label.missing", rec.place("label"), c.Name, "the choice '%s' has no label: write what people shall read", c.Name)
	}
	for _, v := range rec.values {
		if c.Extra == nil {
			c.Extra = make(map[string]string)
		}
		name := v.column
		if v.lang != "" {
			name = rec.table.header(name, v.lang)
		}
		c.Extra[name] = v.text
	}
	return c
}

// media takes the media columns out of a record; nil when there are none.
func (rec *record) media() map[string]forms.Text {
	var media map[string]forms.Text
	for _, kind := range []string{"image", "big-image", "audio", "video"} {
		if text := rec.takeText(kind); !text.Empty() {
			if media == nil {
				media = make(map[string]forms.Text)
			}
			media[kind] = text
		}
	}
	return media
}

// readOSM reads the tags of osm questions; their list stands in "list_name".
func (r *reader) readOSM() {
	s, ok := r.sheets["osm"]
	if !ok {
		return
	}
	r.form.OSM = make(map[string]*forms.List)
	t := r.newTable(s, &choiceColumns, nil, true)
	for _, rec := range t.records() {
		list := rec.take("list_name")
		c := r.readChoice(rec, list)
		if r.form.OSM[list] == nil {
			r.form.OSM[list] = &forms.List{Name: list}
		}
		r.form.OSM[list].Choices = append(r.form.OSM[list].Choices, c)
	}
}

// cleanSpaces makes one space of several, unless the settings forbid it: they come from
// copying, and an answer would never equal a choice that has two.
func (r *reader) cleanSpaces(rec *record) {
	if v := r.form.Settings["clean_text_values"]; v != "" && !yes(v) {
		return
	}
	rec.clean(func(string) bool { return true }, func(s string) string {
		for strings.Contains(s, "  ") {
			s = strings.ReplaceAll(s, "  ", " ")
		}
		return s
	})
}
