package xlsform

import (
	"maps"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// idleSettings are of the reference, for answers by SMS and for older tools; nothing here
// reads them.
var idleSettings = words("add_none_option sheet_id sms_allow_media sms_date_format sms_datetime_format sms_keyword sms_response sms_separator tag")

// readSettings reads the first row of the settings sheet. Without one the form is
// called after its file.
func (r *reader) readSettings(stem string) {
	f := r.form
	f.ID, f.Title = stem, stem
	s, ok := r.sheets["settings"]
	if !ok {
		return
	}
	t := r.newTable(s, &settingColumns, nil, false)
	records := t.records()
	if len(records) == 0 {
		return
	}
	rec := records[0]
	r.settings = rec.place("")
	for _, v := range rec.values {
		f.Settings[v.column] = v.text
	}
	for _, name := range slices.Sorted(maps.Keys(f.Settings)) {
		if idleSettings[name] {
			r.report(forms.Warning, "setting.unused", rec.place(name), name, "the setting '%s' does nothing here: clear the cell", name)
		}
	}
	if len(records) > 1 {
		r.report(forms.Warning, "settings.rows", records[1].place(""), "", "only the first row of settings counts: delete the others")
	}
	set := func(to *string, setting string) {
		if v := f.Settings[setting]; v != "" {
			*to = v
		}
	}
	set(&f.ID, "form_id")
	f.Title = f.ID
	set(&f.Title, "form_title")
	set(&f.Version, "version")
	if name := f.Settings["name"]; name != "" && !forms.ValidName(name) {
		r.report(forms.Error, "name.bad", rec.place("name"), name,
			"'%s' cannot be the name of a form: begin with a letter, and use letters, digits, “_”, “-” and “.” only", name)
	}
	if style := f.Settings["style"]; style != "" && strings.TrimSpace(style) == "" {
		delete(f.Settings, "style")
	}
}
