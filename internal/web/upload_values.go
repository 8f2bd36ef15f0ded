package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

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
	From     int // of the columns on this page
	Next     int
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
	var open, understood []int // columns
	for i, c := range f.Preview.Columns {
		n := 0
		for _, t := range c.Texts {
			if t.Code == "" {
				n++
			}
		}
		page.Open += n
		switch {
		case n > 0:
			open = append(open, i)
		case len(c.Texts) > 0:
			understood = append(understood, i)
		}
	}
	order, most := append(open, understood...), textsAtOnce
	if only, err := strconv.Atoi(v.Query("column")); err == nil && slices.Contains(order, only) {
		order, most = []int{only}, textsOfColumn
	}
	page.From = fromOf(v, len(order))
	end := min(page.From+columnsAtOnce, len(order))
	if end < len(order) {
		page.Next = end
	}
	for _, i := range order[page.From:end] {
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
