package xlsform

import (
	"strconv"

	"github.com/comparanda/comparanda/forms"
)

// readEntities reads the declarations of entities: things that the answers create or
// update on the server.
func (r *reader) readEntities() {
	s, ok := r.sheets["entities"]
	if !ok {
		return
	}
	t := r.newTable(s, &entityColumns, nil, true)
	for _, c := range t.columns {
		if !c.known {
			r.report(forms.Error, "header.unknown", s.place(s.Rows[0].Number, c.header), c.header, "the sheet 'entities' takes no column '%s': correct its name or delete it", c.header)
		}
	}
	for _, rec := range t.records() {
		row := make(map[string]string)
		for name, text := range rec.values {
			for _, v := range text {
				row[name] = v
			}
		}
		row["row"] = strconv.Itoa(rec.number)
		r.form.Entities = append(r.form.Entities, row)
	}
}
