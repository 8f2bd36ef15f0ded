package web

import (
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/db"
)

// logListed is how many lines of the log the page shows.
const logListed = 500

type adminStudyPage struct {
	layout
	Heading     string
	Facts       []labelled
	Countries   []studyCountry
	Forms       []studyForm
	Declaration string
}

type studyCountry struct {
	Code, Name, Zone, Mark string
	InStudy                bool
}

type studyForm struct{ Name, Kind, Version, Hash, Source, When string }

// studyPage shows what the kit defined: languages, rounds, countries, forms.
func (s *server) studyPage(v *visit) error {
	page := adminStudyPage{layout: s.layout(v, v.words.T("admin.study")), Declaration: v.text(v.study.Declaration)}
	page.Heading = v.text(v.study.Title)
	if page.Heading == "" {
		page.Heading = page.Title
	}
	for _, r := range v.rounds("") {
		page.Facts = append(page.Facts, labelled{v.words.T("report.round") + " " + r.Text, v.deadline(r.Value)})
	}
	for _, r := range v.study.Reasons {
		page.Facts = append(page.Facts, labelled{r.Mark, v.text(r.Label)})
	}
	for _, c := range v.study.Countries {
		page.Countries = append(page.Countries, studyCountry{string(c.ISO3), v.countryName(c.ISO3), c.TimeZone, c.DecimalMark, c.InStudy})
	}
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		all, err := r.Forms(v.ctx())
		for _, f := range all {
			row := studyForm{Name: f.FormID, Version: v.words.Number(float64(f.Version)), Hash: f.Hash, Source: f.SourceName, When: v.when(f.CreatedAt)}
			for _, i := range v.study.Instruments {
				if i.FormID == f.FormID {
					row.Kind = v.words.T("admin.kind." + string(i.Kind))
					if title := v.text(i.Title); title != "" {
						row.Name = title
					}
				}
			}
			page.Forms = append(page.Forms, row)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list forms: %w", err)
	}
	return s.render(v, http.StatusOK, "admin/study", page)
}

type logPage struct {
	layout
	Heading string
	Rows    []logRow
}

type logRow struct{ When, Who, Action, Subject, Detail string }

// logPage shows who did what, newest first; answers and secrets are not in it.
func (s *server) logPage(v *visit) error {
	page := logPage{layout: s.layout(v, v.words.T("admin.log"))}
	page.Heading = page.Title
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		all, err := r.LogEntries(v.ctx(), logListed)
		for _, e := range all {
			page.Rows = append(page.Rows, logRow{v.when(e.At), e.ByName, e.Action, e.Subject, e.Detail})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	return s.render(v, http.StatusOK, "admin/log", page)
}
