package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// comparison is the one report so far.
const comparison = "comparison"

// reportsListed is how many reports the page shows.
const reportsListed = 50

type reportsPage struct {
	layout
	Heading   string
	Countries string // how many of them have something to compare
	Rounds    []option
	Langs     []option
	Reports   []reportRow
}

type option struct {
	Value, Text string
	Chosen      bool
}

type reportRow struct {
	Href, Name, Lang, By, When string
	State, Tone                string
	FileHref, Size             string
}

// reports shows what can be built, and what was built.
func (s *server) reports(v *visit) error {
	page := reportsPage{layout: s.layout(v, v.words.T("report.title"))}
	page.Heading = page.Title
	page.Rounds = v.rounds(v.round())
	for _, code := range s.words.Languages() {
		page.Langs = append(page.Langs, option{code, v.words.T("language." + code), code == v.lang()})
	}
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		all, err := r.Reports(v.ctx(), reportsListed)
		if err != nil {
			return err
		}
		for _, t := range all {
			page.Reports = append(page.Reports, v.reportRow(t))
		}
		returns, err := r.Responses(v.ctx(), db.ResponseFilter{Kind: study.Questionnaire, Round: v.round()})
		if err != nil {
			return err
		}
		page.Countries = v.words.T("report.covers", "n", countSigned(returns), "m", len(v.study.Countries))
		return nil
	})
	if err != nil {
		return fmt.Errorf("list reports: %w", err)
	}
	return s.render(v, http.StatusOK, "unit/reports", page)
}

// countSigned counts the countries with at least one version that reports can use.
func countSigned(all []study.Response) int {
	countries := map[study.ISO3]bool{}
	for _, r := range all {
		if r.Version > 0 {
			countries[r.Country] = true
		}
	}
	return len(countries)
}

func (v *visit) rounds(chosen string) []option {
	var options []option
	for i := len(v.study.Rounds) - 1; i >= 0; i-- {
		r := v.study.Rounds[i]
		text := v.text(r.Title)
		if text == "" {
			text = r.ID
		}
		options = append(options, option{r.ID, text, r.ID == chosen})
	}
	return options
}

func reportHref(id study.ReportID) string { return "/unit/reports/" + string(id) }

func (v *visit) reportRow(t study.Report) reportRow {
	row := reportRow{Href: reportHref(t.ID), Name: v.reportName(t), Lang: v.words.T("language." + string(t.Lang)), By: t.ByName,
		When: v.when(t.CreatedAt), State: v.reportText(t), Tone: jobTone(t.State)}
	if t.State == study.Done {
		row.FileHref, row.Size = reportHref(t.ID)+"/file", sizeText(v.words, t.SizeBytes)
	}
	return row
}

func (v *visit) reportName(t study.Report) string {
	if key := "report.name." + t.Name; v.words.Has(key) {
		return v.words.T(key)
	}
	return t.Name
}

// jobTone is the color of a state; its words say the same.
func jobTone(state study.JobState) string {
	switch state {
	case study.Done:
		return toneDone
	case study.Failed:
		return toneBad
	case study.Cancelled:
		return toneNone
	}
	return toneWIP
}

// buildReport writes the wish for a workbook; the workers build it.
func (s *server) buildReport(v *visit) error {
	lang := v.PostForm("lang")
	if !contains(s.words.Languages(), lang) {
		lang = v.lang()
	}
	wish := study.Report{Name: comparison, Lang: study.Lang(lang), Round: v.chosenRound(v.PostForm("round")), By: v.person.ID}
	options, err := json.Marshal(struct{}{})
	if err != nil {
		return err
	}
	wish.Options = string(options)
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if wish, err = tx.PutReport(ctx, wish); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "report.requested", string(wish.ID), wish.Name+" "+string(wish.Lang))
	})
	if err != nil {
		return fmt.Errorf("ask for a report: %w", err)
	}
	s.poke()
	return v.see(reportHref(wish.ID) + "?did=requested")
}

// chosenRound is a round of the study, the newest when the text names none.
func (v *visit) chosenRound(id string) string {
	for _, r := range v.study.Rounds {
		if r.ID == id {
			return id
		}
	}
	return v.round()
}

type reportPage struct {
	layout
	Heading, BackHref, Self string
	Text, Tone              string
	Percent                 int
	Going, CanRetry         bool
	Facts                   []labelled
	FileHref, FileText      string
	Failure                 string
}

// report shows how far one report is. Without the page script a link loads the page
// again; with it, the same address answers in JSON.
func (s *server) report(v *visit) error {
	t, err := s.reportOf(v)
	if err != nil {
		return err
	}
	if v.wantsJSON() {
		v.JSON(http.StatusOK, s.apiReport(v, t))
		return nil
	}
	page := reportPage{layout: s.layout(v, v.words.T("report.page", "name", v.reportName(t), "lang", v.words.T("language."+string(t.Lang)))),
		BackHref: "/unit/reports", Self: reportHref(t.ID), Text: v.reportText(t), Tone: jobTone(t.State), Percent: t.Progress, Going: going(t)}
	page.Heading = page.Title
	page.Facts = []labelled{{v.words.T("report.asked_by"), t.ByName}, {v.words.T("report.asked_at"), v.when(t.CreatedAt)}}
	if t.Round != "" {
		page.Facts = append(page.Facts, labelled{v.words.T("report.round"), v.roundName(t.Round)})
	}
	if t.State == study.Done {
		page.FileHref, page.FileText = page.Self+"/file", v.words.T("report.download", "name", t.FileName, "size", sizeText(v.words, t.SizeBytes))
		page.Facts = append(page.Facts, labelled{v.words.T("report.built_at"), v.when(t.DoneAt)}, labelled{v.words.T("report.fingerprint"), t.SHA256})
	}
	if t.State == study.Failed {
		page.Failure = v.failureText(t.Failure)
	}
	return s.render(v, http.StatusOK, "unit/report", page)
}

func (v *visit) roundName(id string) string {
	for _, o := range v.rounds(id) {
		if o.Chosen {
			return o.Text
		}
	}
	return id
}

// failureText is the sentence of a message key, or the text itself.
func (v *visit) failureText(failure string) string {
	if v.words.Has(failure) {
		return v.words.T(failure)
	}
	return failure
}

func going(t study.Report) bool {
	return t.State == study.Waiting || t.State == study.Sent || t.State == study.Running
}

func (v *visit) reportText(t study.Report) string {
	switch t.State {
	case study.Running:
		return v.words.T("report.running", "percent", t.Progress)
	case study.Done:
		return v.words.T("report.done")
	case study.Failed:
		return v.words.T("report.failed")
	case study.Cancelled:
		return v.words.T("report.cancelled")
	}
	return v.words.T("report.waiting")
}

func (s *server) reportOf(v *visit) (study.Report, error) {
	var t study.Report
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		t, err = r.Report(v.ctx(), study.ReportID(v.Param("id")))
		return err
	})
	return t, err
}

// reportFile sends a workbook. Its name is the builder's: letters, digits and hyphens.
func (s *server) reportFile(v *visit) error {
	t, err := s.reportOf(v)
	if err != nil {
		return err
	}
	if t.State != study.Done {
		return v.see(reportHref(t.ID))
	}
	file, err := s.store.OpenFile(t.SHA256)
	if err != nil {
		return fmt.Errorf("open report %s: %w", t.ID, err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	v.Header("Content-Disposition", disposition(t.FileName))
	v.DataFromReader(http.StatusOK, t.SizeBytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file, nil)
	return nil
}

// cancelReport stops a report that is not done yet; one that has ended stays as it is.
func (s *server) cancelReport(v *visit) error {
	id := study.ReportID(v.Param("id"))
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Report(ctx, id); err != nil {
			return err
		}
		return tx.CancelReport(ctx, id)
	})
	if isKind(err, study.Conflict) {
		return v.see(reportHref(id))
	}
	if err != nil {
		return err
	}
	return v.see(reportHref(id) + "?did=cancelled")
}
