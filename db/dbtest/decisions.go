package dbtest

import (
	"context"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

func exerciseDecisions(w world) {
	d := study.Decision{Kind: "one:yn", Country: "CRI", Lang: "es", Text: "mas bien", Code: "partly", By: w.focal.ID}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.PutDecision(ctx, d) })
	d.Code = "yes" // the same text again: the earlier decision ends
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.PutDecision(ctx, d) })
	var all []study.Decision
	View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
		if all, err = r.Decisions(ctx, false); err != nil {
			return err
		}
		ever, err := r.Decisions(ctx, true)
		equal(w, "decisions ever", len(ever), 2)
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
