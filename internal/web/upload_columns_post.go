package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// postedColumns puts what was posted about columns into the mapping. Wrong has the
// message of each column, by its number, that cannot be so.
func (v *visit) postedColumns(m *study.Mapping, f *found) (changed bool, wrong map[int]string) {
	wrong = map[int]string{}
	for i := range f.Preview.Columns {
		id := strconv.Itoa(i)
		value, posted := v.GetPostForm("c." + id)
		if !posted {
			continue
		}
		c := f.Preview.Columns[i]
		next, ok := f.become(c, value)
		if !ok {
			wrong[i] = v.words.T("import.not_a_question")
			continue
		}
		if next.Question == c.Question && next.Question != "" {
			if choice, asked := v.GetPostForm("x." + id); asked {
				next.Choice = choice
			}
			if item, asked := v.GetPostForm("i." + id); asked {
				next.Item = strings.TrimSpace(item)
			}
		}
		if _, err := strconv.Atoi(next.Item); next.Item != "" && err != nil {
			wrong[i] = v.words.T("import.item_wrong")
			continue
		}
		day, asked := v.GetPostForm("y." + id)
		turned := asked && c.DayFirst != nil && *c.DayFirst != (day == "day")
		if next.Question == c.Question && next.Role == c.Role && next.Choice == c.Choice && next.Item == c.Item && !turned {
			continue
		}
		changed = true
		f.Preview.Columns[i] = next
		putColumn(m, c, func(e *study.ColumnMapping) {
			if e.Question != next.Question {
				e.Values, e.Split = nil, ""
			}
			e.Question, e.Role, e.Choice, e.Item = next.Question, next.Role, next.Choice, next.Item
			if first := day == "day"; turned {
				e.DayFirst = &first
			}
		})
	}
	if changed {
		v.doubled(f, wrong)
	}
	return changed, wrong
}

// become is a column as a person wants it; false when there is no such question or role.
func (f *found) become(c foundColumn, value string) (foundColumn, bool) {
	next := c
	role, isRole := strings.CutPrefix(value, asRole)
	switch {
	case value == valueOf(c):
		return c, true
	case value == leaveOut:
		next.Question, next.Role, next.Choice, next.Item = "", "", "", ""
		return next, true
	case isRole:
		next.Role, next.Choice, next.Item = study.ColumnRole(role), "", ""
		if !f.Form.Inferred || next.Role != study.CountryRole && next.Role != study.RoundRole {
			next.Question = "" // a form made of the columns keeps country and round as questions too
		}
		return next, slices.Contains(columnRoles, next.Role)
	case f.question(value) == nil:
		return c, false
	}
	next.Role = ""
	if next.Question != value {
		next.Question, next.Choice, next.Item = value, "", ""
	}
	return next, true
}

// doubled finds questions that two columns of one sheet would answer.
func (v *visit) doubled(f *found, wrong map[int]string) {
	first := map[string]int{}
	for i, c := range f.Preview.Columns {
		if c.Question == "" {
			continue
		}
		for _, place := range c.Places {
			key := place.Sheet + "\x00" + c.Question + "\x00" + c.Item + "\x00" + c.Choice
			before, twice := first[key]
			first[key] = i
			if twice && before != i {
				wrong[i] = v.words.T("import.twice", "other", headerOf(f.Preview.Columns[before]))
			}
		}
	}
}

// refuseColumns shows the page again with what cannot be so.
func (s *server) refuseColumns(v *visit, u study.Upload, f *found, p step, wrong map[int]string) error {
	page, err := s.columns(v, u, f, p)
	if err != nil {
		return err
	}
	page.Wrong = true
	shown := map[string]bool{}
	for i := range page.Columns {
		c := &page.Columns[i]
		n, _ := strconv.Atoi(c.ID) // it was made of a number
		shown[c.ID] = true
		if typed, posted := v.GetPostForm("i." + c.ID); posted {
			c.Item = typed
		}
		if c.Wrong = wrong[n]; c.Wrong != "" {
			page.Errors = append(page.Errors, link{Href: "#c-" + c.ID, Text: c.Header + ": " + c.Wrong})
		}
	}
	for n, text := range wrong {
		if !shown[strconv.Itoa(n)] {
			page.Errors = append(page.Errors, link{Href: "#columns", Text: headerOf(f.Preview.Columns[n]) + ": " + text})
		}
	}
	return s.render(v, http.StatusBadRequest, "unit/upload_columns", page)
}

// changeColumns takes what a person wants to become of the columns.
func (s *server) changeColumns(v *visit) error {
	u, f, p, m, err := s.beginChange(v, 1)
	if m == nil || err != nil {
		return err
	}
	changed, wrong := v.postedColumns(m, f)
	if len(wrong) > 0 {
		return s.refuseColumns(v, u, f, p, wrong)
	}
	if changed {
		if err := s.remap(v, u.ID, m); err != nil {
			return err
		}
	}
	if next, err := strconv.Atoi(v.PostForm("next")); err == nil && next > 0 {
		return v.see(p.Self + "?from=" + strconv.Itoa(next))
	}
	return v.see(uploadHref(u.ID) + "/values")
}
