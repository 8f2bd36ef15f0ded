package dbtest

import (
	"context"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

func exerciseDecisions(w world) {
	d := study.Decision{Kind: "one:yn", Country: "CRI", Lang: "es", Text: "mas bien", Code: "partly", By: w.focal.ID}
	decide := func() (id int64) {
		w.Helper()
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = tx.PutDecision(ctx, d)
			return err
		})
		return id
	}
	edition := func() (e string) {
		w.Helper()
		View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
			e, err = r.DecisionEdition(ctx)
			return err
		})
		return e
	}
	none := edition()
	first := decide()
	before := edition()
	d.Code = "yes" // the same text again: the earlier decision ends
	second := decide()
	equal(w, "the same decision twice", decide(), second)
	if first == second || before == none || before == edition() {
		w.Errorf("decisions %d and %d, editions %s and %s", first, second, before, edition())
	}
	var all []study.Decision
	View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
		if all, err = r.Decisions(ctx, false); err != nil {
			return err
		}
		ever, err := r.Decisions(ctx, true)
		equal(w, "decisions ever", len(ever), 2)
		if err != nil {
			return err
		}
		one, err := r.Decision(ctx, first)
		if err != nil || one.UndoneAt.IsZero() || one.ByName != w.focal.Name {
			w.Errorf("the first decision: %+v, %v", one, err)
		}
		_, err = r.Decision(ctx, 99)
		isProblem(w, err, study.NotFound, "decision.unknown")
		promises, err := r.Promises(ctx, study.Waiting, 10)
		equal(w, "promises", len(promises), 2)
		return err
	})
	if len(all) != 1 || all[0].Code != "yes" || all[0].Country != "CRI" || all[0].By != w.focal.ID || all[0].At.IsZero() {
		w.Fatalf("decisions that hold: %+v", all)
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.UndoDecision(ctx, all[0].ID) })
	refused(w, w.s, study.NotFound, "decision.unknown", func(ctx context.Context, tx *db.Tx) error {
		return tx.UndoDecision(ctx, all[0].ID)
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		left, err := r.Decisions(ctx, false)
		equal(w, "decisions left", len(left), 0)
		return err
	})
}
