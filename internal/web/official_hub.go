package web

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

type hubPage struct {
	layout
	Heading, State, Deadline string
	Missing, Reopened        string
	Loaded                   string // imported answers that nobody has confirmed, counted
	CanSign, Closed          bool
	Intro                    []template.HTML
	Progress                 string
	Answered, Applicable     int
	Sections                 []sectionRow
	CheckHref                string
	CheckTone, CheckStatus   string
	Versions                 []versionLink
	PrintHref, HistoryHref   string
	People                   string
}

type sectionRow struct {
	Href, Name, Lang    string
	Count, Status, Tone string
	Loaded              string
}

type versionLink struct{ Href, Receipt, Text, Meta string }

// hub is the start page of a return: what is missing, until when, and the way to
// every section.
func (s *server) hub(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	page := hubPage{
		layout:    s.layout(v, v.words.T("hub.title", "country", v.countryName(p.response.Country))),
		State:     v.words.T("state." + string(p.response.State)),
		CanSign:   v.person.Role == study.FocalPoint,
		Intro:     p.intro(),
		CheckHref: p.href("/check"), PrintHref: p.href("/check"), HistoryHref: p.href("/history"),
	}
	page.Heading = page.Title
	page.Deadline = v.deadline(p.response.Round)
	open, all := 0, 0
	for _, section := range p.sections() {
		row := p.sectionRow(section)
		page.Sections = append(page.Sections, row)
		page.Answered += section.Answered
		page.Applicable += section.Applicable
		all++
		if row.Tone != toneDone && row.Tone != toneNone {
			open++
		}
	}
	page.Progress = v.words.N("hub.progress", page.Answered, "m", v.words.Number(float64(page.Applicable)))
	page.Missing = v.words.T("hub.all_done")
	if page.Closed = p.readOnly; page.Closed {
		page.Missing = p.lockedText()
	} else if open > 0 {
		page.Missing = v.words.N("hub.missing", open, "m", strconv.Itoa(all))
	}
	page.CheckStatus, page.CheckTone = p.checkStatus()
	if n := len(p.waiting); n > 0 {
		page.Loaded = v.words.N("loaded.hub", n)
	}
	if err := s.hubExtras(v, p, &page); err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "official/hub", page)
}

// The tones of a tag; the words say the same (F17).
const (
	toneDone = "ok"
	toneWIP  = "wip"
	toneBad  = "bad"
	toneTodo = ""
	toneNone = "none"
)

func (p *paper) sectionRow(section fill.Section) sectionRow {
	row := sectionRow{Href: p.href("/sections" + p.sectionPath(section)), Name: p.sectionName(section)}
	row.Count = p.v.words.N("hub.section_count", section.Answered, "m", p.v.words.Number(float64(section.Applicable)))
	if isRepeat(section) {
		row.Count = p.v.words.N("repeat.count", len(p.in.Items(section.Path)))
	}
	row.Status, row.Tone = p.status(section)
	if n := p.waitingIn(p.sectionPath(section)); n > 0 {
		row.Loaded = p.v.words.N("loaded.count", n)
	}
	return row
}

// status says how far a section is: derived from its answers, plus the one human act
// of calling it completed.
func (p *paper) status(section fill.Section) (words, tone string) {
	w := p.v.words
	switch {
	case p.readOnly:
		return w.T("status.signed"), toneDone
	case len(section.Invalid) > 0 || p.hasConflict(section):
		return w.T("status.problem"), toneBad
	case p.done[p.sectionPath(section)]:
		return w.T("status.completed"), toneDone
	case section.Applicable == 0 && !isRepeat(section):
		return w.T("status.not_applicable"), toneNone
	case section.Answered == 0:
		return w.T("status.not_started"), toneTodo
	}
	return w.T("status.in_progress"), toneWIP
}

func (p *paper) hasConflict(section fill.Section) bool {
	for path := range p.proposals {
		if p.sectionOf(path) == p.sectionPath(section) {
			return true
		}
	}
	return false
}

func (p *paper) checkStatus() (words, tone string) {
	switch {
	case p.readOnly:
		return p.v.words.T("status.signed"), toneDone
	case len(p.blocks()) == 0:
		return p.v.words.T("status.ready"), toneWIP
	}
	return p.v.words.T("status.not_yet"), toneNone
}

// deadline says until when a round can be answered, in the reader's day.
func (v *visit) deadline(round string) string {
	for _, r := range v.study.Rounds {
		if r.ID != round || r.DeadlineAt.IsZero() {
			continue
		}
		if v.now.After(r.DeadlineAt) {
			return v.words.T("hub.overdue", "date", v.dateIn(r.DeadlineAt))
		}
		return v.words.T("hub.deadline", "date", v.dateIn(r.DeadlineAt))
	}
	return ""
}

// hubExtras adds what the store knows beside the answers: signed versions, why the
// return was opened again, and how many people have access.
func (s *server) hubExtras(v *visit, p *paper, page *hubPage) error {
	for _, sub := range p.versions {
		page.Versions = append(page.Versions, versionLink{Href: p.versionHref(sub.Version), Receipt: p.receiptHref(sub.Version),
			Text: v.words.T("hub.version", "n", sub.Version), Meta: reference(sub) + " · " + sub.SignedName + ", " + v.when(sub.At)})
	}
	var people []study.Person
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		if people, err = r.People(v.ctx(), p.response.Country); err != nil {
			return fmt.Errorf("read people: %w", err)
		}
		if p.response.State != study.Reopened {
			return nil
		}
		events, err := r.ResponseEvents(v.ctx(), p.response.ID)
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		page.Reopened = v.words.T("hub.reopened_plain")
		for _, e := range events {
			if e.To == study.Reopened && e.Reason != "" {
				page.Reopened = v.words.T("hub.reopened", "reason", e.Reason)
			}
		}
		return nil
	})
	count := 0
	for _, one := range people {
		if one.RevokedAt.IsZero() {
			count++
		}
	}
	page.People = v.words.T("hub.people_count", "n", count)
	return err
}
