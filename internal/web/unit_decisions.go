package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// putDecision remembers a decision, and its trace in the log.
func (s *server) putDecision(v *visit, d study.Decision) error {
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		id, err := tx.PutDecision(ctx, d)
		if err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "decision.made", strconv.FormatInt(id, 10), d.Kind)
	})
	if err == nil {
		s.poke()
	}
	return err
}

type decisionsPage struct {
	layout
	Heading, BackHref, Total string
	Ended                    bool // shows those that ended too
	OtherHref                string
	Rows                     []decisionRow
	NextHref                 string
}

type decisionRow struct {
	Text, Kind, Meaning, Scope, By, When, Used, Undone, Action string
}

// decisionsListed is how many decisions one page shows.
const decisionsListed = 100

// decisions lists what people decided, with where it is used.
func (s *server) decisions(v *visit) error {
	page := decisionsPage{layout: s.layout(v, v.words.T("decision.title")), BackHref: "/unit/doubts", Ended: v.Query("ended") == "1", OtherHref: "/unit/decisions?ended=1"}
	page.Heading = page.Title
	if page.Ended {
		page.OtherHref = "/unit/decisions"
	}
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		all, err := r.Decisions(v.ctx(), page.Ended)
		if err != nil {
			return err
		}
		uses, err := r.DecidedAnswers(v.ctx())
		if err != nil {
			return err
		}
		page.Total = v.words.N("decision.count", len(all))
		from := v.from()
		for i := len(all) - 1 - from; i >= 0 && i > len(all)-1-from-decisionsListed; i-- { // newest first
			page.Rows = append(page.Rows, v.decisionRow(all[i], uses[normalize.DecisionRule(all[i].ID)]))
		}
		if from+decisionsListed < len(all) {
			page.NextHref = v.nextPage(from + decisionsListed)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list decisions: %w", err)
	}
	return s.render(v, http.StatusOK, "unit/decisions", page)
}

func (v *visit) decisionRow(d study.Decision, use db.Use) decisionRow {
	row := decisionRow{Text: d.Text, Kind: d.Kind, Meaning: d.Code, Scope: v.scope(d), By: d.ByName, When: v.when(d.At), Used: v.words.N("decision.used", use.Answers)}
	if d.Kind == "institution" {
		row.Meaning = institutionName(v.study, d.Code)
	}
	for _, r := range v.study.Reasons {
		if r.Code == d.Reason && d.Reason != "" {
			row.Meaning = r.Mark + " " + v.text(r.Label)
		}
	}
	if d.By == "" {
		row.By = v.words.T("decision.at_prompt")
	}
	if !d.UndoneAt.IsZero() {
		row.Undone = v.when(d.UndoneAt)
		return row
	}
	row.Action = "/unit/decisions/" + strconv.FormatInt(d.ID, 10) + "/undo"
	return row
}

// undoDecision brings the doubt back that a decision had ended.
func (s *server) undoDecision(v *visit) error {
	id, err := strconv.ParseInt(v.Param("id"), 10, 64)
	if err != nil {
		return errNoPage
	}
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.UndoDecision(ctx, id); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "decision.undone", strconv.FormatInt(id, 10), "")
	})
	if err != nil {
		return err
	}
	s.poke()
	return v.see("/unit/decisions?did=undecided")
}
