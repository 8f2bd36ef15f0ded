package dbtest

import (
	"context"
	"errors"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// exerciseDoubts lists what waits for a person, and counts what a decision gave its value.
func exerciseDoubts(w world) {
	putRows(w, "one", 0, 3, "old")
	ids := submissionIDs(w, "one")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		var made []db.Tidied
		for _, id := range ids {
			made = append(made, db.Tidied{ID: id, Answers: []study.Answer{
				{Path: "/a", Question: "/a", Raw: "unos", Kind: study.TextValue, Text: "unos", Rule: "count/2", Flags: []string{"UNPARSED", "REVIEW"}},
				{Path: "/b", Question: "/b", Ordinal: 1, Raw: "b", Kind: study.CodeValue, Text: "b", Rule: "decision:12"},
				{Path: "/c", Question: "/c", Ordinal: 2, Raw: "c", Rule: "text/1", Flags: []string{`P: "REVIEW"`}},
			}})
		}
		return tx.PutManyAnswers(ctx, FormID, made, "rules")
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		n, err := r.CountDoubts(ctx, db.DoubtFilter{Country: "CRI", Round: Round, FormID: FormID})
		equal(w, "doubtful", n, 3)
		if err != nil {
			return err
		}
		all, err := r.Doubts(ctx, db.DoubtFilter{}, 2, 1)
		if err != nil || len(all) != 2 || all[0].SubmissionID != ids[1] || all[0].Country != "CRI" || all[0].Path != "/a" || all[0].State != study.Legacy || all[0].FormVersion != 1 {
			w.Errorf("doubts %+v, %v", all, err)
		}
		one, err := r.AnswerAt(ctx, ids[2], "/b")
		if err != nil || one.Raw != "b" || one.Response == "" {
			w.Errorf("answer %+v, %v", one, err)
		}
		_, err = r.AnswerAt(ctx, ids[2], "/z")
		isProblem(w, err, study.NotFound, "answer.unknown")
		uses, err := r.DecidedAnswers(ctx)
		if err != nil || len(uses) != 1 || uses["decision:12"] != (db.Use{Answers: 3, Submissions: 3}) {
			w.Errorf("uses %+v, %v", uses, err)
		}
		texts, err := r.TextsTo(ctx, db.Question{FormID: FormID, Path: "/a"}, "CRI", 0, func(raw string) bool { return raw == "unos" })
		if err != nil || len(texts) != 1 || texts[0] != "unos" {
			w.Errorf("texts %q, %v", texts, err)
		}
		var seen []study.SubmissionID
		var last int64
		enough := errors.New("enough")
		walk := func(after int64) error {
			return r.EachAnswerTo(ctx, db.Question{FormID: FormID, Path: "/a"}, "CRI", texts, after, func(d db.Doubt, seq int64) error {
				seen, last = append(seen, d.SubmissionID), seq
				if len(seen) == 2 {
					return enough
				}
				return nil
			})
		}
		if err := walk(0); !errors.Is(err, enough) {
			w.Errorf("the walk ended with %v", err)
		}
		if err := walk(last); err != nil || len(seen) != 3 || seen[2] != ids[2] {
			w.Errorf("walked over %v, %v", seen, err)
		}
		return nil
	})
	signedInstead(w)
}

// signedInstead signs a return of the same country: the old answers count no more.
func signedInstead(w world) {
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		s, _, err := tx.CreateResponse(ctx, study.Response{FormID: FormID, Kind: study.Questionnaire, Country: "CRI", Round: Round})
		if err != nil {
			return err
		}
		_, _, err = tx.Submit(ctx, study.Submission{ResponseID: s.ID, State: study.Signed, Hash: "h", SignedBy: w.focal.ID, Channel: study.Web, Snapshot: []byte("{}")}, "")
		return err
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		n, err := r.CountDoubts(ctx, db.DoubtFilter{})
		equal(w, "doubtful old answers beside a signed return", n, 0)
		return err
	})
}
