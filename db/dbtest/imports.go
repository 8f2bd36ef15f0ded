package dbtest

import (
	"context"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// batchOf is a batch of the study that Begin makes.
func batchOf(id study.BatchID) study.Batch {
	return study.Batch{
		ID: id, Name: string(id) + ".csv", FormID: FormID, FormVersion: 1, Kind: study.Questionnaire, Options: "{}",
		Files: []study.BatchFile{{Name: "a.csv", SHA256: "aa", SizeBytes: 3}},
	}
}

func rowsOf(from, to int, text string) []study.BatchRow {
	var rows []study.BatchRow
	for i := from; i < to; i++ {
		rows = append(rows, study.BatchRow{
			Row: i, Place: fmt.Sprintf("S!A%d", i+2), InstanceID: fmt.Sprintf("import:%d", i), Country: "CRI", Round: Round,
			Submitter: "Ana", SubmittedAt: time.UnixMilli(1000).UTC(), Personal: `{"Name":"Ana"}`, Hash: text + fmt.Sprint(i), Snapshot: []byte(`"` + text + `"`),
		})
	}
	return rows
}

// putRows begins a batch and stores rows of it.
func putRows(w world, id study.BatchID, from, to int, text string) study.Batch {
	w.Helper()
	var b study.Batch
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		if b, err = tx.BeginImport(ctx, batchOf(id)); err != nil {
			return err
		}
		return tx.PutImportRows(ctx, b, rowsOf(from, to, text), to, study.BatchCounts{Create: to})
	})
	return b
}

// undo takes a whole layer off.
func undo(w world, id study.BatchID) (left []study.BatchLeft) {
	w.Helper()
	for more := true; more; {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
			some, again, err := tx.UndoImport(ctx, id)
			left, more = append(left, some...), again
			return err
		})
	}
	return left
}

func batch(w world, id study.BatchID) (b study.Batch) {
	w.Helper()
	View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
		b, err = r.Import(ctx, id)
		return err
	})
	return b
}

// submissionIDs are those of a batch's rows.
func submissionIDs(w world, id study.BatchID) (ids []study.SubmissionID) {
	w.Helper()
	View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
		ids, err = r.ImportedSubmissions(ctx, id, 0, 1<<30)
		return err
	})
	return ids
}

func exerciseImports(w world) {
	refused(w, w.s, study.NotFound, "import.unknown", func(ctx context.Context, tx *db.Tx) error {
		_, _, err := tx.UndoImport(ctx, "nobody")
		return err
	})
	putRows(w, "one", 0, 600, "first")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.FinishImport(ctx, "one") })
	if b := batch(w, "one"); b.State != study.BatchDone || b.Rows != 600 || b.Counts.Create != 600 || len(b.Files) != 1 || b.DoneAt.IsZero() {
		w.Errorf("batch %+v", b)
	}
	before := submissionIDs(w, "one")
	equal(w, "submissions", len(before), 600)
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		now, err := r.ImportedNow(ctx, FormID, []string{"import:3", "import:nobody", "import:1"})
		if err != nil || len(now) != 2 || now[0].InstanceID != "import:3" || now[0].Hash != "first3" {
			w.Errorf("now %+v, %v", now, err)
		}
		s, err := r.Submission(ctx, before[0])
		if err != nil || s.State != study.Legacy || s.Channel != study.Import || s.Version != 1 || s.InstanceID != "import:0" {
			w.Errorf("submission %+v, %v", s, err)
		}
		all, err := r.Imports(ctx)
		if err != nil || len(all) != 1 || all[0].Name != "one.csv" {
			w.Errorf("imports %+v, %v", all, err)
		}
		return nil
	})

	one := 1.0
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		var made []db.Tidied
		for _, id := range append(before[:60:60], "gone") {
			made = append(made, db.Tidied{ID: id, Answers: []study.Answer{
				{Path: "/a", Question: "/a", Raw: "1", Kind: study.NumValue, Text: "1", Number: &one, Rule: "r", Flags: []string{"REVIEW"}},
				{Path: "/e[x]/b", Question: "/e/b", Ordinal: 1, Item: "x", Reason: study.ND}, {Path: "/e[y]/b", Question: "/e/b", Ordinal: 2, Item: "y", Raw: "y"},
			}})
		}
		if err := tx.PutManyAnswers(ctx, FormID, made, "rules/1"); err != nil {
			return err
		}
		return tx.PutManyAnswers(ctx, FormID, made, "rules/1") // instead of what was there
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		answers, err := r.Answers(ctx, before[59])
		if err != nil || len(answers) != 3 || *answers[0].Number != 1 || answers[0].Flags[0] != "REVIEW" || answers[1].Reason != study.ND || answers[2].Raw != "y" {
			w.Errorf("answers %+v, %v", answers, err)
		}
		return nil
	})

	putRows(w, "two", 0, 1, "second") // a corrected file, on top
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		rows, left, err := r.Layer(ctx, "one")
		if err != nil || rows != 600 || len(left) != 1 || left[0].Version != 2 || left[0].Why != study.LeftLater {
			w.Errorf("taking it off would leave %+v of %d rows, %v", left, rows, err)
		}
		rows, left, err = r.Layer(ctx, "two")
		if err != nil || rows != 1 || len(left) != 1 || left[0].Version != 1 || left[0].Why != study.LeftEarlier {
			w.Errorf("taking the second off would leave %+v of %d rows, %v", left, rows, err)
		}
		personal, err := r.PersonalOf(ctx, "one", 5, 1)
		if err != nil || len(personal) != 1 || personal[0].Row != 5 || personal[0].Personal != `{"Name":"Ana"}` {
			w.Errorf("personal data %+v, %v", personal, err)
		}
		return nil
	})
	left := undo(w, "one")
	if len(left) != 1 || left[0].Version != 2 || left[0].Place != "S!A2" || left[0].Why != study.LeftLater {
		w.Errorf("left %+v", left)
	}
	if kept := batch(w, "one").Left; len(kept) != 1 || kept[0] != left[0] {
		w.Errorf("the batch remembers %+v", kept)
	}
	equal(w, "state", batch(w, "one").State, study.BatchUndone)
	if left := undo(w, "two"); len(left) != 0 {
		w.Errorf("left of the second %+v", left)
	}
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		all, err := r.Responses(ctx, db.ResponseFilter{FormID: FormID})
		if err != nil || len(all) != 0 {
			w.Errorf("%d responses stay, %v", len(all), err)
		}
		return nil
	})

	if b := putRows(w, "one", 0, 600, "first"); b.State != study.BatchRunning || b.Rows != 0 { // again, with the same ids
		w.Errorf("again: %+v", b)
	}
	if after := submissionIDs(w, "one"); len(after) != 600 || after[0] != before[0] || after[599] != before[599] {
		w.Errorf("ids differ: %v and %v", after[0], before[0])
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		b, err := tx.BeginImport(ctx, batchOf("one"))
		equal(w, "taken up again at", b.Rows, 600)
		if err != nil {
			return err
		}
		if _, err = tx.Import(ctx, "one"); err != nil {
			return err
		}
		_, err = tx.ImportedNow(ctx, FormID, nil)
		return err
	})
}
