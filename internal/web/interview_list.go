package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

type interviewsPage struct {
	layout
	Heading, Total  string
	Heads           []string // labels of the first choices of the guide: kind of respondent, language
	Rows            []interviewRow
	NextHref        string
	Countries       []option
	Code, CodeError string
	CountryError    string
	Errors          []link
	CanRecord       bool
}

type interviewRow struct {
	Href, Code, Country string
	Facts               []string
	State, Tone, Last   string
}

// interviews lists the interviews and offers to record another.
func (s *server) interviews(v *visit) error {
	page, err := s.interviewsPage(v)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "unit/interviews", page)
}

func (s *server) interviewsPage(v *visit) (interviewsPage, error) {
	page := interviewsPage{layout: s.layout(v, v.words.T("interview.title")), Countries: v.countryOptions("")}
	page.Heading = page.Title
	guide := v.instrument(study.InterviewKind)
	page.CanRecord = guide != ""
	if guide == "" {
		return page, nil
	}
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		c, err := s.plan(v.ctx(), r, guide, 0)
		if err != nil {
			return err
		}
		facts := factsOf(c.form)
		for _, n := range facts {
			label, _ := n.Label.In(c.form, v.lang())
			page.Heads = append(page.Heads, shorten(plainText(label), 40))
		}
		all, err := r.Responses(v.ctx(), db.ResponseFilter{Kind: study.InterviewKind, FormID: guide})
		if err != nil {
			return err
		}
		page.Total = v.words.N("interview.count", len(all))
		page.Code = nextCode(all)
		from := v.from()
		for i := from; i < len(all) && i < from+returnsListed; i++ {
			row, err := s.interviewRow(v, r, c, facts, all[i])
			if err != nil {
				return err
			}
			page.Rows = append(page.Rows, row)
		}
		if from+returnsListed < len(all) {
			page.NextHref = v.nextPage(from + returnsListed)
		}
		return nil
	})
	if err != nil {
		return page, fmt.Errorf("list interviews: %w", err)
	}
	return page, nil
}

// factsOf are the questions that tell interviews apart in a list: the first required
// choices of the guide, the country apart.
func factsOf(f *forms.Form) []*forms.Node {
	var found []*forms.Node
	f.Walk(func(n *forms.Node) bool {
		if len(found) < 3 && n.Kind == forms.Question && n.Type == "select_one" && n.Required != "" && n.List != "country" {
			found = append(found, n)
		}
		return n.Kind != forms.Repeat
	})
	return found
}

func (s *server) interviewRow(v *visit, r *db.Reader, c *compiled, facts []*forms.Node, response study.Response) (interviewRow, error) {
	row := interviewRow{Href: interviewHref(response.ID), Code: response.Title, Country: v.countryName(response.Country),
		State: v.words.T("state." + string(response.State)), Tone: stateTone(response.State), Last: v.when(response.UpdatedAt)}
	if row.Code == "" {
		row.Code = response.InstanceID
	}
	drafts, err := r.DraftAnswers(v.ctx(), response.ID)
	if err != nil {
		return row, err
	}
	for _, n := range facts {
		value := ""
		for _, d := range drafts {
			if d.Path == n.Path && d.Value != "" {
				value = choiceName(c.form, n, v.lang(), d.Value)
			}
		}
		row.Facts = append(row.Facts, value)
	}
	return row, nil
}

// nextCode proposes a code after the last one: "INT-004".
func nextCode(all []study.Response) string {
	for n := len(all) + 1; ; n++ {
		code := fmt.Sprintf("INT-%03d", n)
		if !slices.ContainsFunc(all, func(r study.Response) bool { return strings.EqualFold(r.Title, code) }) {
			return code
		}
	}
}

func interviewHref(id study.ResponseID) string { return "/unit/interviews/" + string(id) }

// recordInterview begins an interview under a code; a name never serves as one.
func (s *server) recordInterview(v *visit) error {
	code, country := strings.TrimSpace(v.PostForm("code")), study.ISO3(v.PostForm("country"))
	wanted := study.Response{FormID: v.instrument(study.InterviewKind), Kind: study.InterviewKind, Country: country, Round: v.round(),
		Title: code, Example: v.person.Example}
	if wanted.FormID == "" {
		return errNoPage
	}
	page, err := s.interviewsPage(v)
	if err != nil {
		return err
	}
	if !isCode(code) {
		page.CodeError = v.words.T("interview.code_wrong")
		page.Errors = append(page.Errors, link{Href: "#code", Text: page.CodeError})
	}
	if !slices.ContainsFunc(page.Countries, func(o option) bool { return o.Value == string(country) }) {
		page.CountryError = v.words.T("interview.country_missing")
		page.Errors = append(page.Errors, link{Href: "#country", Text: page.CountryError})
	}
	if len(page.Errors) > 0 {
		page.Code, page.Wrong, page.Countries = code, true, v.countryOptions(country)
		return s.render(v, http.StatusBadRequest, "unit/interviews", page)
	}
	response, created, err := s.open(v, wanted)
	if err != nil {
		return fmt.Errorf("record an interview: %w", err)
	}
	if created {
		return v.see(interviewHref(response.ID) + "?did=added")
	}
	return v.see(interviewHref(response.ID))
}
