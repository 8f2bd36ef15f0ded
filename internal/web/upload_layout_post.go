package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// correctLayout takes what a person says about the sheets.
func (s *server) correctLayout(v *visit) error {
	u, f, p, m, err := s.beginChange(v, 0)
	if m == nil || err != nil {
		return err
	}
	page := layoutPage{step: p, Revision: u.Revision}
	changed := false
	for i := range f.Sheets {
		view := v.sheetView(f, i)
		own, problem := v.correctSheet(m, f, i)
		if problem != "" {
			view.HeaderRow, view.HeaderRows = v.PostForm("h."+view.ID), v.PostForm("d."+view.ID)
			view.Wrong = v.words.T(problem, "row", study.MaxHeaderRow)
			page.Errors = append(page.Errors, link{Href: "#h-" + view.ID, Text: view.Name + ": " + view.Wrong})
		}
		page.Sheets, changed = append(page.Sheets, view), changed || own
	}
	switch {
	case len(page.Errors) > 0:
		page.Wrong = true
		return s.render(v, http.StatusBadRequest, "unit/upload_found", page)
	case !changed:
		return v.see(uploadHref(u.ID) + "/columns")
	}
	if err := s.remap(v, u.ID, m); err != nil {
		return err
	}
	return v.see(uploadHref(u.ID) + "/found?did=looked_again")
}

// correctSheet puts what was posted about one sheet into the mapping, as far as it
// differs from what was found. Columns of a sheet that is read another way are suggested
// anew.
func (v *visit) correctSheet(m *study.Mapping, f *found, i int) (changed bool, problem string) {
	t, id := f.Sheets[i], strconv.Itoa(i)
	if _, posted := v.GetPostForm("o." + id); !posted {
		return false, ""
	}
	name := t.Name
	if len(f.Sheets) == 1 {
		name = "" // the next wave's file has another name
	}
	said, _ := m.For(t.Name)
	said.Sheet = name
	before := said
	row, depth, ok := headerPosted(v.PostForm("h."+id), v.PostForm("d."+id))
	if !ok {
		return false, "import.header_wrong"
	}
	now := f.Preview.Sheets[i].HeaderRow
	if o := study.Orientation(v.PostForm("o." + id)); o != t.Orientation && orientationKnown(o) {
		said.Orientation = o
	}
	if row != now {
		said.HeaderRow, said.HeaderRows = row, 0
		if row == 0 {
			said.HeaderRow = -1
		}
	}
	if depth != max(1, t.HeaderRows) && row > 0 {
		said.HeaderRow, said.HeaderRows = row, depth
	}
	if country := study.ISO3(v.PostForm("k." + id)); country != t.Country && v.knowsCountry(country) {
		said.Country = country
	}
	if said == before {
		return false, ""
	}
	keep(m, said)
	layout := said
	layout.Country = before.Country
	if layout != before {
		m.Columns = slices.DeleteFunc(m.Columns, func(c study.ColumnMapping) bool { return c.Sheet == t.Name })
	}
	return true, ""
}

// keep puts what is said about a sheet in the place of what was said before.
func keep(m *study.Mapping, said study.SheetMapping) {
	m.Sheets = slices.DeleteFunc(slices.Clone(m.Sheets), func(s study.SheetMapping) bool { return s.Sheet == said.Sheet })
	m.Sheets = append(m.Sheets, said)
}

// headerPosted reads where a header begins, 0 for none, and how many rows it has.
func headerPosted(row, depth string) (at, rows int, ok bool) {
	if strings.TrimSpace(row) == "" {
		return 0, 1, true
	}
	at, err := strconv.Atoi(strings.TrimSpace(row))
	rows, err2 := strconv.Atoi(strings.TrimSpace(depth))
	return at, rows, err == nil && err2 == nil && at >= 0 && at <= study.MaxHeaderRow && rows >= 1 && rows <= 10
}

func orientationKnown(o study.Orientation) bool {
	return o == study.InRows || o == study.InColumns || o == study.InPairs || o == study.NoAnswers
}
