package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// Of one column so many texts are shown at first; the rest on a page of its own. Longer
// lists of choices are typed with suggestions instead of being chosen from.
const (
	textsAtOnce   = 25
	chosenFrom    = 60
	textsOfColumn = 600
)

type valuesPage struct {
	step
	Revision int
	Columns  []valueColumn
	Open     int // texts that nobody has decided
}

// valueColumn is a column whose texts mean choices or countries.
type valueColumn struct {
	ID, Header, Question string
	Texts                []valueView
	Options              []option
	Typed                bool // options are suggestions for a typed code
	MoreHref, More       string
}

// valueView is one text and what it means.
type valueView struct {
	ID, Text, Count, Value, Mark, Wrong string
	Open                                bool
}

// valuesPage shows the texts of choices and countries, and what each means.
func (s *server) valuesPage(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	p := s.step(v, u, f, 2)
	if done, err := s.unready(v, u, f, p); done {
		return err
	}
	return s.render(v, http.StatusOK, "unit/upload_values", v.values(u, f, p))
}

func (v *visit) values(u study.Upload, f *found, p step) valuesPage {
	page := valuesPage{step: p, Revision: u.Revision}
	only, err := strconv.Atoi(v.Query("column"))
	for i, c := range f.Preview.Columns {
		for _, t := range c.Texts {
			if t.Code == "" {
				page.Open++
			}
		}
		if len(c.Texts) == 0 || err == nil && only != i {
			continue
		}
		most := textsAtOnce
		if err == nil {
			most = textsOfColumn
		}
		page.Columns = append(page.Columns, v.valueColumn(f, i, most, p.Self))
	}
	return page
}

// valueColumn shows the texts of one column: undecided ones first, then the frequent.
func (v *visit) valueColumn(f *found, i, most int, self string) valueColumn {
	c := f.Preview.Columns[i]
	id := strconv.Itoa(i)
	view := valueColumn{ID: id, Header: headerOf(c), Options: v.meanings(f, c)}
	view.Question = v.words.T("import.role.country")
	if q := f.question(c.Question); q != nil && c.Role != study.CountryRole {
		view.Question = plainText(q.Label)
	}
	view.Typed = len(view.Options) > chosenFrom
	order := make([]int, len(c.Texts))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := c.Texts[a], c.Texts[b]
		if (x.Code == "") != (y.Code == "") {
			if x.Code == "" {
				return -1
			}
			return 1
		}
		return y.Count - x.Count
	})
	for _, n := range order[:min(most, len(order))] {
		view.Texts = append(view.Texts, v.valueView(c.Texts[n], id+"."+strconv.Itoa(n)))
	}
	if rest := len(order) - len(view.Texts); rest > 0 || c.Many {
		view.More = v.words.N("import.more_texts", rest)
		if rest == 0 {
			view.More = v.words.T("import.many_texts")
		} else {
			view.MoreHref = self + "?column=" + id
		}
	}
	return view
}

func (v *visit) valueView(t foundText, id string) valueView {
	view := valueView{ID: id, Text: t.Text, Count: v.words.Number(float64(t.Count)), Value: t.Code, Open: t.Code == ""}
	switch {
	case t.Said:
		view.Mark = v.words.T("import.decided")
	case t.Code == "" && t.Near != "":
		view.Value, view.Mark = t.Near, v.words.T("import.suggested")
	case t.Code == "":
		view.Mark = v.words.T("import.undecided")
	}
	return view
}

// meanings are what a text of a column can mean.
func (v *visit) meanings(f *found, c foundColumn) []option {
	options := []option{{Value: "", Text: v.words.T("import.undecided")}}
	q := f.question(c.Question)
	switch {
	case c.Role == study.CountryRole:
		options = append(options, v.countryOr("", "import.undecided")[1:]...)
		for _, t := range c.Texts { // countries outside of the study are known too
			code := cmp.Or(t.Code, t.Near)
			if !v.knowsCountry(study.ISO3(code)) && !slices.ContainsFunc(options, func(o option) bool { return o.Value == code }) {
				options = append(options, option{Value: code, Text: code})
			}
		}
		return options
	case q != nil:
		for _, choice := range q.Choices {
			options = append(options, option{Value: choice.Code, Text: shortened(plainText(choice.Label), 60) + " (" + choice.Code + ")"})
		}
	}
	for _, r := range v.study.Reasons {
		options = append(options, option{Value: "@" + string(r.Code), Text: r.Mark + " " + v.text(r.Label)})
	}
	return options
}

// changeValues takes what a person says about texts.
func (s *server) changeValues(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	p := s.step(v, u, f, 2)
	if done, err := s.unready(v, u, f, p); done {
		return err
	}
	if v.PostForm("revision") != strconv.Itoa(u.Revision) {
		return v.see(p.Self + "?did=looked_again") // somebody else decided meanwhile
	}
	m, err := study.ParseMapping([]byte(u.Mapping))
	if err != nil {
		return fmt.Errorf("read mapping of upload %s: %w", u.ID, err)
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
