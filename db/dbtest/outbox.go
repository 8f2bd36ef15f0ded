package dbtest

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// promise writes a job into the outbox and returns its row.
func promise(w world, subject string) (p study.Promise) {
	w.Helper()
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.Promise(ctx, study.NormalizeSubmission{ID: study.SubmissionID(subject)}); err != nil {
			return err
		}
		all, err := tx.Promises(ctx, study.Waiting, 1)
		p = all[0]
		return err
	})
	return p
}

func exerciseOutbox(w world) {
	var pokes atomic.Int32
	w.s.OnPromise(func() { pokes.Add(1) })
	p := promise(w, "s1")
	equal(w, "job", p.Job, "submission:normalize")
	equal(w, "subject", p.Subject, "s1")
	begin := func(generation int) (begun study.Promise, mine bool) {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
			begun, mine, err = tx.BeginPromise(ctx, p.ID, generation)
			return err
		})
		return begun, mine
	}
	_, mine := begin(2)
	equal(w, "an unknown generation", mine, false)
	equal(w, "pokes", pokes.Load(), 1) // the poke follows the answer, and precedes the next change
	begun, mine := begin(1)
	equal(w, "begun", mine, true)
	equal(w, "attempts", begun.Attempts, 1)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		noted, err := tx.NoteFailure(ctx, p.ID, 1, "it broke")
		equal(w, "failure noted", noted.Failure, "it broke")
		if err != nil {
			return err
		}
		return tx.FailPromise(ctx, p.ID, 1, "given up")
	})
	_, mine = begin(1)
	equal(w, "a failed promise is not begun", mine, false)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.RetryPromise(ctx, p.ID) })
	refused(w, w.s, study.Conflict, "promise.not_failed", func(ctx context.Context, tx *db.Tx) error { return tx.RetryPromise(ctx, p.ID) })
	_, mine = begin(1)
	equal(w, "the old generation", mine, false)
	_, mine = begin(2)
	equal(w, "the new generation", mine, true)
	for _, want := range []bool{true, false} {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
			first, err := tx.Done(ctx, p.ID)
			equal(w, "done first", first, want)
			return err
		})
	}
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		got, err := r.PromiseByID(ctx, p.ID)
		equal(w, "state", got.State, study.Done)
		_, missing := r.PromiseByID(ctx, "nothing")
		isProblem(w, missing, study.NotFound, "promise.unknown")
		counts, countErr := r.CountPromises(ctx)
		equal(w, "done promises", counts[study.Done], 1)
		return errors.Join(err, countErr)
	})
}

func exerciseRelay(w world) {
	a, b := promise(w, "a"), promise(w, "b")
	work := func(inFlight int) (got db.RelayWork) {
		View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
			got, err = r.RelayWork(ctx, r.Now(), inFlight, 12*time.Second)
			return err
		})
		return got
	}
	both := []study.PromiseID{a.ID, b.ID}
	change := func(f func(context.Context, *db.Tx) error) { Update(w, w.s, f) }
	got := work(1)
	if len(got.Waiting) != 1 || got.Waiting[0].ID != a.ID || !got.Any {
		w.Errorf("oldest first, no more than there is room for: %+v", got)
	}
	change(func(ctx context.Context, tx *db.Tx) error { return tx.MarkSent(ctx, both) })
	got = work(10)
	equal(w, "nothing waits, nothing is silent", len(got.Waiting)+len(got.Silent), 0)
	w.clock.Add(12 * time.Second)
	equal(w, "silent", len(work(10).Silent), 2)
	change(func(ctx context.Context, tx *db.Tx) error { return tx.MarkSeen(ctx, both[:1]) })
	equal(w, "silent, as the queue has the other", len(work(10).Silent), 1)
	change(func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(tx.SendAgain(ctx, both[:1], false), tx.SendAgain(ctx, both[1:], true))
	})
	got = work(10)
	equal(w, "sent again", len(got.Waiting), 2)
	equal(w, "under the same name", got.Waiting[0].Generation, 1)
	equal(w, "under a new name", got.Waiting[1].Generation, 2)
	change(func(ctx context.Context, tx *db.Tx) error { return tx.MarkSent(ctx, both) })
	change(func(ctx context.Context, tx *db.Tx) error { return tx.ResendAll(ctx) })
	equal(w, "all sent again", len(work(10).Waiting), 2)
	change(func(ctx context.Context, tx *db.Tx) error {
		for _, id := range both {
			if _, err := tx.Done(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
	equal(w, "anything left", work(10).Any, false)
	exerciseLease(w)
}

func exerciseLease(w world) {
	hold := func(owner string) (held bool) {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
			held, err = tx.HoldLease(ctx, "relay", owner, 5*time.Second)
			return err
		})
		return held
	}
	equal(w, "a free lease", hold("one"), true)
	equal(w, "somebody else's lease", hold("two"), false)
	w.clock.Add(4 * time.Second)
	equal(w, "kept", hold("one"), true)
	w.clock.Add(4 * time.Second)
	equal(w, "still somebody else's", hold("two"), false)
	w.clock.Add(2 * time.Second)
	equal(w, "a lease that ran out", hold("two"), true)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(tx.ReleaseLease(ctx, "relay", "one"), tx.ReleaseLease(ctx, "relay", "two"))
	})
	equal(w, "a lease given up", hold("one"), true)
}

func exerciseReports(w world) {
	ask := func() (t study.Report, p study.Promise) {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
			if t, err = tx.PutReport(ctx, study.Report{Name: "comparison", Lang: "es", Round: Round, By: w.focal.ID}); err != nil {
				return err
			}
			all, err := tx.Promises(ctx, "", 1)
			p = all[0]
			return err
		})
		return t, p
	}
	read := func(id study.ReportID) (t study.Report) {
		View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
			t, err = r.Report(ctx, id)
			return err
		})
		return t
	}
	progress := func(id study.ReportID, percent int) (going bool) {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
			going, err = tx.ReportProgress(ctx, id, percent)
			return err
		})
		return going
	}
	t, p := ask()
	equal(w, "promised", p.Subject, string(t.ID))
	equal(w, "going", progress(t.ID, 40), true)
	equal(w, "progress", read(t.ID).Progress, 40)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.FailPromise(ctx, p.ID, 1, "report.broken") })
	equal(w, "fails with its promise", read(t.ID).Failure, "report.broken")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.RetryPromise(ctx, p.ID) })
	equal(w, "waits again with its promise", read(t.ID).State, study.Waiting)
	file := putFile(w, "a workbook")
	refused(w, w.s, study.NotFound, "file.unknown", func(ctx context.Context, tx *db.Tx) error {
		return tx.FinishReport(ctx, t.ID, "x.xlsx", "", 1)
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return tx.FinishReport(ctx, t.ID, "comparison.xlsx", file.SHA256, file.SizeBytes)
	})
	got := read(t.ID)
	equal(w, "finished", got.State, study.Done)
	equal(w, "its file", got.SHA256, file.SHA256)
	equal(w, "asked for by", got.ByName, w.focal.Name)
	refused(w, w.s, study.Conflict, "report.ended", func(ctx context.Context, tx *db.Tx) error { return tx.CancelReport(ctx, t.ID) })
	second, p2 := ask()
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.CancelReport(ctx, second.ID) })
	equal(w, "going on after a cancel", progress(second.ID, 50), false)
	third, _ := ask()
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.FailReport(ctx, third.ID, "report.broken") })
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		cancelled, err := r.PromiseByID(ctx, p2.ID)
		equal(w, "the promise of a cancelled report", cancelled.State, study.Cancelled)
		all, listErr := r.Reports(ctx, 2)
		equal(w, "newest reports", len(all), 2)
		_, missing := r.Report(ctx, "nothing")
		isProblem(w, missing, study.NotFound, "report.unknown")
		return errors.Join(err, listErr)
	})
}

// exerciseExamples fills every table with an example and takes it all out again, but
// not what is real.
func exerciseExamples(w world) {
	real := Return(w, w.s, "CRI").ID
	save(w, real, w.focal, Value("/a", 0, "real"))
	shared := putFile(w, "a file of both")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.PutAttachment(ctx, real, shared)
		return err
	})
	var actor study.Person
	var id study.ResponseID
	only := putFile(w, "a file of the example")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		actor, err = tx.CreatePerson(ctx, study.Person{Name: "Focal point of Panama", Role: study.FocalPoint, Country: "PAN", Example: true})
		if err != nil {
			return err
		}
		r, _, err := tx.CreateResponse(ctx, study.Response{FormID: FormID, Kind: study.Questionnaire, Country: "PAN", Round: Round, Example: true})
		id = r.ID
		if err != nil {
			return err
		}
		_, itemErr := tx.AddItem(ctx, id, "/e", "k", "")
		_, fileErr := tx.PutAttachment(ctx, id, only)
		_, sharedErr := tx.PutAttachment(ctx, id, shared)
		_, reportErr := tx.PutReport(ctx, study.Report{Name: "comparison"})
		return errors.Join(itemErr, fileErr, sharedErr, reportErr,
			tx.MarkSection(ctx, id, "a", true, actor.ID), tx.CreateSession(ctx, actor.ID, hashOf("s")), tx.CreateToken(ctx, actor.ID, hashOf("t"), ""),
			tx.CreateLink(ctx, actor.ID, hashOf("l"), "sign-in", tx.Now()), tx.KeepPost(ctx, actor.ID, "k", []byte("x")),
			tx.Log(ctx, actor.ID, "signed", string(id), ""))
	})
	save(w, id, actor, Value("/a", 0, "example"))
	save(w, id, actor, Value("/a", 0, "stale"))
	u, _ := sign(w, id, "h", "")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return tx.PutAnswers(ctx, u.ID, []study.Answer{{Path: "/a", Question: "/a"}}, "rules/1")
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.RemoveExamples(ctx) })
	Update(w, w.s, func(context.Context, *db.Tx) error { return nil }) // files go after the answer, and before the next change
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		people, err1 := r.People(ctx, "")
		responses, err2 := r.Responses(ctx, db.ResponseFilter{})
		reports, err3 := r.Reports(ctx, 10)
		promises, err4 := r.Promises(ctx, "", 10)
		entries, err5 := r.LogEntries(ctx, 10)
		equal(w, "people", len(people), 1)
		equal(w, "responses", len(responses), 1)
		equal(w, "reports, promises, log", len(reports)+len(promises)+len(entries), 0)
		answers, err6 := r.DraftAnswers(ctx, real)
		equal(w, "a real answer", answers[0].Value, "real")
		return errors.Join(err1, err2, err3, err4, err5, err6)
	})
	if _, err := w.s.OpenFile(only.SHA256); err == nil {
		w.Error("the example's file is still there")
	}
	f, err := w.s.OpenFile(shared.SHA256)
	if err != nil {
		w.Fatal("a file that a real return names went with the example: ", err)
	}
	if err := f.Close(); err != nil {
		w.Error(err)
	}
}
