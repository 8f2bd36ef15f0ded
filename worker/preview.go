package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/report"
	"github.com/comparanda/comparanda/internal/study"
)

// Move is an answer that another edition of the rules would read differently.
type Move struct {
	Submission study.SubmissionID
	Country    study.ISO3
	FormID     string
	Old, New   study.Answer // one of them has no path when the answer appears or goes
}

// Preview compares the stored answers with what the rules make of the same raw answers
// now, and reports each answer that would move. It changes nothing.
func Preview(ctx context.Context, store *db.Store, report func(Move) error) error {
	all, err := submissions(ctx, store)
	if err != nil {
		return err
	}
	var cache formCache
	for _, s := range all {
		made, _, err := tidy(ctx, store, &cache, []study.SubmissionID{s.ID})
		if err != nil {
			return err
		}
		var stored []study.Answer
		err = store.View(ctx, func(r *db.Reader) (err error) {
			stored, err = r.Answers(ctx, s.ID)
			return err
		})
		if err != nil {
			return err
		}
		for _, m := range moves(stored, made[0].Answers) {
			m.Submission, m.Country, m.FormID = s.ID, s.Country, s.FormID
			if err := report(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// moves pairs answers by path, in the order of the fresh ones, and keeps those that differ.
func moves(stored, fresh []study.Answer) []Move {
	old := map[string]study.Answer{}
	for _, a := range stored {
		old[a.Path] = a
	}
	var all []Move
	for _, a := range fresh {
		was, found := old[a.Path]
		delete(old, a.Path)
		if !found || !sameValue(was, a) {
			all = append(all, Move{Old: was, New: a})
		}
	}
	for _, a := range stored {
		if _, left := old[a.Path]; left {
			all = append(all, Move{Old: a})
		}
	}
	return all
}

// sameValue compares what reports show of an answer; which rule decided is not among it.
func sameValue(a, b study.Answer) bool {
	number := a.Number == nil && b.Number == nil || a.Number != nil && b.Number != nil && *a.Number == *b.Number
	return number && a.Kind == b.Kind && a.Text == b.Text && a.Date == b.Date && a.Reason == b.Reason && a.Qualifier == b.Qualifier && slices.Equal(a.Flags, b.Flags)
}

// CellMove is a cell of a report that another edition of the rules would fill otherwise.
type CellMove struct {
	Report, Round string
	report.Moved
}

// PreviewReports compares each round's comparison with what the rules would make of the
// same raw answers now, and reports each cell that would move. It changes nothing. It
// holds two comparisons of one round at a time, and none of a round in which no answer
// moves.
func PreviewReports(ctx context.Context, store *db.Store, lang study.Lang, each func(CellMove) error) error {
	var definition study.Study
	err := store.View(ctx, func(r *db.Reader) (err error) {
		definition, err = r.Study(ctx)
		return err
	})
	if err != nil {
		return err
	}
	var cache formCache
	for _, round := range definition.Rounds {
		var old report.Input
		err := store.View(ctx, func(r *db.Reader) (err error) {
			old, err = ComparisonInput(ctx, r, round.ID)
			return err
		})
		if p := (*study.Problem)(nil); errors.As(err, &p) && p.Kind == study.Invalid {
			continue // the study has nothing to compare
		}
		if err != nil {
			return fmt.Errorf("read the comparison of %s: %w", round.ID, err)
		}
		fresh, moved, err := reread(ctx, store, &cache, old)
		if err != nil {
			return err
		}
		if !moved {
			continue
		}
		err = report.Diff(ctx, old, fresh, report.Options{Lang: lang}, func(m report.Moved) error {
			return each(CellMove{Report: "comparison", Round: round.ID, Moved: m})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reread makes the answers of a comparison again from the raw ones. Those that stay the
// same are shared, so that only what moves takes room twice.
func reread(ctx context.Context, store *db.Store, cache *formCache, in report.Input) (fresh report.Input, moved bool, err error) {
	fresh = in
	for _, list := range []*[]report.Return{&fresh.Returns, &fresh.Interviews} {
		*list = slices.Clone(*list)
		for i := range *list {
			one := &(*list)[i]
			made, _, err := tidy(ctx, store, cache, []study.SubmissionID{one.Submission.ID})
			if err != nil {
				return in, false, err
			}
			if len(moves(one.Answers, made[0].Answers)) > 0 {
				one.Answers, moved = made[0].Answers, true
			}
		}
	}
	return fresh, moved, nil
}
