package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// columnsAtOnce is how many columns one page shows.
const columnsAtOnce = 40

// What a column's field can say beside a question's path.
const (
	leaveOut  = "-"
	asRole    = "role:"
	keepApart = asRole + string(study.PersonalRole)
)

// columnRoles are what a column can be for when it is no question.
var columnRoles = []study.ColumnRole{study.CountryRole, study.RoundRole, study.KeyRole, study.SubmittedRole, study.SubmitterRole, study.PersonalRole, study.MetaRole}

type columnsPage struct {
	step
	Revision         int
	Decided          bool       // a person had a say already
	Who              []labelled // whose answers these are
	Columns          []columnView
	Roles, Questions []option
	From, Next       int    // of the columns on this page
	Shown            string // which columns of how many
	PreviousHref     string
	Earlier          []earlierView
}

// columnView is one column, or those of several sheets that are alike.
type columnView struct {
	ID, Header, Places, How string
	Samples                 []string
	Personal                bool
	Value                   string   // of the field
	Extra                   *option  // what it is now, when no other option says it
	Choices                 []option // for a question with several choices: which one it ticks
	AsksItem                bool     // it answers a question inside a repeat
	Item                    string
	Days                    []option // for dates that do not tell their day from their month
	Wrong                   string
}

// columnsPage shows what becomes of each column, to be changed.
func (s *server) columnsPage(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	p := s.step(v, u, f, 1)
	if done, err := s.unready(v, u, f, p); done {
		return err
	}
	page, err := s.columns(v, u, f, p)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "unit/upload_columns", page)
}

// columns lays out one page of columns.
func (s *server) columns(v *visit, u study.Upload, f *found, p step) (columnsPage, error) {
	page := columnsPage{step: p, Revision: u.Revision, Decided: u.Decided, Who: v.whose(u, f), Questions: v.questionOptions(f)}
	for _, r := range columnRoles {
		page.Roles = append(page.Roles, option{Value: asRole + string(r), Text: v.words.T("import.role." + string(r))})
	}
	order := inOrder(f)
	page.From = fromOf(v, len(order))
	end := min(page.From+columnsAtOnce, len(order))
	for _, i := range order[page.From:end] {
		page.Columns = append(page.Columns, v.columnView(f, i))
	}
	if end < len(order) {
		page.Next = end
	}
	if page.From > 0 {
		page.PreviousHref = p.Self + "?from=" + strconv.Itoa(max(0, page.From-columnsAtOnce))
	}
	page.Shown = v.words.T("import.columns_of", "from", page.From+1, "to", end, "n", len(order))
	var err error
	if !u.Decided && page.From == 0 {
		page.Earlier, err = s.earlier(v, u, f)
	}
	return page, err
}

// fromOf is where the page begins.
func fromOf(v *visit, n int) int {
	from, err := strconv.Atoi(v.Query("from"))
	if err != nil || from < 0 || from >= n {
		return 0
	}
	return from
}

// inOrder gives the columns with those first that say whose answers these are, then those
// with personal data, then the others as they stand. Empty ones come last.
func inOrder(f *found) []int {
	order := make([]int, len(f.Preview.Columns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank(f.Preview.Columns[a]) - rank(f.Preview.Columns[b]) })
	return order
}

func rank(c foundColumn) int {
	switch {
	case c.Role == study.CountryRole, c.Role == study.RoundRole, c.Role == study.KeyRole:
		return 0
	case c.Role == study.SubmittedRole, c.Role == study.SubmitterRole:
		return 1
	case c.Personal:
		return 2
	case c.Filled == 0:
		return 4
	}
	return 3
}

// whose says where country, round and respondent of the answers come from.
func (v *visit) whose(u study.Upload, f *found) []labelled {
	all := []labelled{
		{v.words.T("import.role.country"), string(u.Country)}, {v.words.T("import.role.round"), u.Round}, {v.words.T("import.role.key"), ""},
	}
	if u.Country != "" {
		all[0].Value = v.countryName(u.Country)
	}
	bySheet := slices.ContainsFunc(f.Sheets, func(s sheetFound) bool { return s.Country != "" && s.Orientation != study.NoAnswers })
	if bySheet {
		all[0].Value = v.words.T("import.by_sheet")
	}
	for i, role := range []study.ColumnRole{study.CountryRole, study.RoundRole, study.KeyRole} {
		for _, c := range f.Preview.Columns {
			if c.Role == role {
				all[i].Value = v.words.T("import.by_column", "name", headerOf(c), "place", c.Places[0].Column)
				break
			}
		}
		if all[i].Value == "" {
			all[i].Value = v.words.T("import.nothing_says." + string(role))
		}
	}
	return all
}

func headerOf(c foundColumn) string {
	if c.Header == "" {
		return "(" + c.Places[0].Column + ")"
	}
	return c.Header
}

// questionOptions are the questions of the form that a column can answer.
func (v *visit) questionOptions(f *found) []option {
	options := make([]option, 0, len(f.Preview.Questions))
	for _, q := range f.Preview.Questions {
		options = append(options, option{Value: q.Path, Text: shortened(plainText(q.Label), 70) + " · " + strings.TrimPrefix(q.Path, "/")})
	}
	return options
}

// shortened cuts a text that would be too wide to choose from.
func shortened(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// columnView shows one column as it is planned now.
func (v *visit) columnView(f *found, i int) columnView {
	c := f.Preview.Columns[i]
	view := columnView{ID: strconv.Itoa(i), Header: headerOf(c), Samples: c.Samples, Personal: c.Personal, Item: c.Item, How: v.words.T("import.how." + c.How)}
	view.Places = c.Places[0].Sheet + " " + c.Places[0].Column
	if len(c.Places) > 1 {
		view.Places = v.words.T("import.in_sheets", "n", len(c.Places), "place", view.Places)
	}
	view.Value = valueOf(c)
	if c.Role == study.ParentRole || c.Role == study.TableRole {
		view.Extra = &option{Value: view.Value, Text: v.words.T("import.role." + string(c.Role))}
	}
	if c.DayFirst != nil {
		view.Days = []option{{"day", v.words.T("import.day_first"), *c.DayFirst}, {"month", v.words.T("import.month_first"), !*c.DayFirst}}
	}
	q := f.question(c.Question)
	if q == nil || strings.HasPrefix(view.Value, asRole) {
		return view
	}
	view.AsksItem = q.Repeat != "" && (c.Item != "" || !f.isItem(c))
	if q.Type == "select_multiple" {
		for _, choice := range q.Choices {
			view.Choices = append(view.Choices, option{choice.Code, shortened(plainText(choice.Label), 50), choice.Code == c.Choice})
		}
	}
	return view
}

// valueOf is what a column's field says about it.
func valueOf(c foundColumn) string {
	switch {
	case c.Role != study.NoRole:
		return asRole + string(c.Role)
	case c.Question != "":
		return c.Question
	}
	return leaveOut
}

// isItem reports that the rows of a column's sheet are items of a repeat.
func (f *found) isItem(c foundColumn) bool {
	return slices.ContainsFunc(f.Sheets, func(s sheetFound) bool { return s.Name == c.Places[0].Sheet && s.Repeat != "" })
}
