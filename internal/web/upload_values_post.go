package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// changeValues takes what a person says about texts.
func (s *server) changeValues(v *visit) error {
	u, f, p, m, err := s.beginChange(v, 2)
	if m == nil || err != nil {
		return err
	}
	changed, wrong := v.postedValues(m, f)
	if len(wrong) > 0 {
		return s.refuseValues(v, u, f, p, wrong)
	}
	if changed {
		if err := s.remap(v, u.ID, m); err != nil {
			return err
		}
	}
	if next, err := strconv.Atoi(v.PostForm("next")); err == nil && next > 0 {
		return v.see(p.Self + "?from=" + strconv.Itoa(next))
	}
	return v.see(uploadHref(u.ID))
}

// postedValues puts what was posted about texts into the mapping. Wrong has the fields
// whose meaning does not exist.
func (v *visit) postedValues(m *study.Mapping, f *found) (changed bool, wrong map[string]string) {
	wrong = map[string]string{}
	for i, c := range f.Preview.Columns {
		options := v.meanings(f, c)
		for n, t := range c.Texts {
			id := strconv.Itoa(i) + "." + strconv.Itoa(n)
			code, posted := v.GetPostForm("v." + id)
			code = strings.TrimSpace(code)
			if !posted || code == t.Code {
				continue
			}
			if !slices.ContainsFunc(options, func(o option) bool { return o.Value == code }) {
				wrong[id] = code
				continue
			}
			changed = true
			f.Preview.Columns[i].Texts[n].Code = code
			putColumn(m, c, func(e *study.ColumnMapping) { say(e, t.Text, code) })
		}
	}
	return changed, wrong
}

// say decides what a text means; "" takes the decision back.
func say(e *study.ColumnMapping, text, code string) {
	if e.Values == nil {
		e.Values = map[string]string{}
	}
	for old := range e.Values {
		if fold(old) == fold(text) {
			delete(e.Values, old)
		}
	}
	e.Values[text] = code
}

// refuseValues shows the page again with the meanings that do not exist.
func (s *server) refuseValues(v *visit, u study.Upload, f *found, p step, wrong map[string]string) error {
	page := v.values(u, f, p)
	page.Wrong = true
	for i := range page.Columns {
		for n := range page.Columns[i].Texts {
			t := &page.Columns[i].Texts[n]
			if typed, bad := wrong[t.ID]; bad {
				t.Value, t.Wrong = typed, v.words.T("import.no_such_meaning")
				page.Errors = append(page.Errors, link{Href: "#v-" + t.ID, Text: t.Text + ": " + t.Wrong})
			}
		}
	}
	return s.render(v, http.StatusBadRequest, "unit/upload_values", page)
}
