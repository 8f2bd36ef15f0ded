package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

type historyPage struct {
	layout
	Heading, Number, Question string
	BackHref, BackText        string
	Whole                     bool
	Rows                      []historyRow
	Events                    []eventRow
}

type historyRow struct {
	At                                       time.Time
	When, Who, What, Href, Old, New, Channel string
}

type eventRow struct{ When, What, Who, Reason string }

// history shows who gave which answer when, and through which door: of one question,
// or of the whole return.
func (s *server) history(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	path := strings.TrimSuffix(v.Param("path"), "/")
	page := historyPage{layout: s.layout(v, v.words.T("history.title")), Whole: path == ""}
	var revisions []study.Revision
	err = s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		if revisions, err = r.History(v.ctx(), p.response.ID, path); err != nil {
			return fmt.Errorf("read history: %w", err)
		}
		if path == "" {
			page.Events, err = s.events(v, r, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	if path != "" {
		node := p.form.Find(path)
		if node == nil {
			return errNoPage
		}
		page.Title, page.Number, page.Question = v.words.T("history.title_question"), p.numbers[node.Path], p.label(path)
	}
	page.Heading = page.Title
	page.BackHref, page.BackText = p.home()
	if path != "" && !p.readOnly {
		page.BackHref, page.BackText = p.pageHref(path), v.words.T("button.back")
	}
	page.Rows = p.historyRows(revisions)
	return s.render(v, http.StatusOK, "official/history", page)
}

// historyRows pairs every revision with the one before it, newest first.
func (p *paper) historyRows(revisions []study.Revision) []historyRow {
	last := map[string]string{}
	var rows []historyRow
	for _, r := range revisions {
		node := p.form.Find(r.Path)
		now := p.answerText(node, r.Value, r.Reason)
		if r.Note != "" {
			now += "\n" + p.v.words.T("answer.note") + " " + r.Note
		}
		old, ok := last[r.Path]
		if !ok {
			old = p.v.words.T("history.empty")
		}
		last[r.Path] = now
		row := historyRow{At: r.At, When: p.v.when(r.At), Who: r.ByName, Old: old, New: now, Channel: p.v.words.T("channel." + string(r.Channel)), What: r.Path}
		if node != nil {
			row.What, row.Href = strings.TrimSpace(p.numbers[node.Path]+" "+p.label(r.Path)), p.href("/history"+r.Path)
		}
		rows = append(rows, row)
	}
	slices.Reverse(rows) // of one moment, the later version first
	slices.SortStableFunc(rows, func(a, b historyRow) int { return b.At.Compare(a.At) })
	return rows
}

// events lists the steps in the life of a return, newest first.
func (s *server) events(v *visit, r *db.Reader, p *paper) ([]eventRow, error) {
	events, err := r.ResponseEvents(v.ctx(), p.response.ID)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	var rows []eventRow
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		rows = append(rows, eventRow{When: v.when(e.At), What: v.words.T("event." + string(e.To)), Who: e.ByName, Reason: e.Reason})
	}
	return rows, nil
}
