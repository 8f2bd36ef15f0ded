package dbtest

import (
	"context"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// uploadNow reads a file that was given, and checks whether it is among the open ones.
func uploadNow(w world, id study.UploadID) (u study.Upload) {
	w.Helper()
	View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
		if u, err = r.Upload(ctx, id); err != nil {
			return err
		}
		all, err := r.OpenUploads(ctx)
		equal(w, "open", len(all) > 0, u.State != study.UploadStored)
		return err
	})
	return u
}

func exerciseUploads(w world) {
	var u study.Upload
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		u, err = tx.PutUpload(ctx, study.Upload{File: study.BatchFile{Name: "a.csv", SHA256: "aa", SizeBytes: 3}, FormID: FormID, Country: "CRI", Round: Round, Lang: "es", BlankClears: true, By: w.focal.ID})
		return err
	})
	refused(w, w.s, study.NotFound, "upload.unknown", func(ctx context.Context, tx *db.Tx) error { return tx.AskUpload(ctx, "nobody", false) })
	if got := uploadNow(w, u.ID); got != u || got.State != study.UploadLooking || !got.BlankClears || got.Lang != "es" {
		w.Errorf("upload %+v, want %+v", got, u)
	}
	u.Result, u.Mapping, u.Failed = "{}", "m1", study.BatchFile{SHA256: "ff", SizeBytes: 9}
	see := func() { Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.UploadSeen(ctx, u) }) }
	see()
	if got := uploadNow(w, u.ID); got.State != study.UploadSeen || got.Mapping != "m1" || got.Decided || got.Failed != u.Failed {
		w.Errorf("seen %+v", got)
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.DecideUpload(ctx, u.ID, "m2") })
	see() // what was found before the decision counts no more
	if got := uploadNow(w, u.ID); got.State != study.UploadLooking || got.Mapping != "m2" || !got.Decided {
		w.Errorf("decided %+v", got)
	}
	u = uploadNow(w, u.ID)
	see()
	for range 2 { // asked twice, promised once
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.AskUpload(ctx, u.ID, true) })
	}
	if got := uploadNow(w, u.ID); got.State != study.UploadStoring || !got.TakeSound {
		w.Errorf("asked %+v", got)
	}
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		promises, err := r.Promises(ctx, study.Waiting, 10)
		equal(w, "promises", len(promises), 3)
		return err
	})
	refused(w, w.s, study.Conflict, "upload.busy", func(ctx context.Context, tx *db.Tx) error { return tx.DecideUpload(ctx, u.ID, "m3") })
	refused(w, w.s, study.Conflict, "upload.busy", func(ctx context.Context, tx *db.Tx) error { return tx.ForgetUpload(ctx, u.ID) })
	exerciseRest(w, u.ID)
}

// exerciseRest lets the storing of a file rest, go on, be cancelled and end.
func exerciseRest(w world, id study.UploadID) {
	going := func(u study.Upload) (yes bool) {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
			yes, err = tx.UploadGoing(ctx, u)
			return err
		})
		return yes
	}
	begun := uploadNow(w, id)
	begun.Read, begun.Batch = 500, "batch"
	equal(w, "going", going(begun), true)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.PauseUpload(ctx, id) })
	equal(w, "going while it rests", going(begun), false)
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		into, there, err := r.UploadInto(ctx, "batch")
		equal(w, "stored into the batch", there, into.ID == id)
		if err == nil {
			_, there, err = r.UploadInto(ctx, "another")
			equal(w, "stored into another", there, false)
		}
		return err
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.ContinueUpload(ctx, id) })
	equal(w, "older work goes on", going(begun), false)
	again := uploadNow(w, id)
	if again.State != study.UploadStoring || again.Read != 500 || again.Batch != "batch" {
		w.Errorf("taken up %+v", again)
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		cancelled, err := tx.CancelUpload(ctx, id)
		equal(w, "cancelled", cancelled, true)
		return err
	})
	equal(w, "going when it is cancelled", going(again), false)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.UploadOff(ctx, id) })
	if got := uploadNow(w, id); got.State != study.UploadSeen || got.Batch != "" || got.Read != 0 {
		w.Errorf("off %+v", got)
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		cancelled, err := tx.CancelUpload(ctx, id)
		equal(w, "cancelled with nothing to cancel", cancelled, false)
		if err != nil {
			return err
		}
		return tx.AskUpload(ctx, id, false)
	})
	last := uploadNow(w, id)
	last.Result = `{"done":1}`
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.UploadStored(ctx, last) })
	if got := uploadNow(w, id); got.State != study.UploadStored || got.Result != last.Result {
		w.Errorf("stored %+v", got)
	}
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		mine, err := r.DecidedUploads(ctx, FormID, "", 5)
		if err != nil || len(mine) != 1 {
			w.Errorf("decided uploads %+v, %v", mine, err)
		}
		others, err := r.DecidedUploads(ctx, FormID, id, 5)
		equal(w, "others", len(others), 0)
		return err
	})
	exerciseTakenOff(w, last)
	exerciseGivenUp(w, last)
}

// exerciseGivenUp gives the look at a file up, and looks again as if for the first time.
func exerciseGivenUp(w world, u study.Upload) {
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		if u, err = tx.PutUpload(ctx, study.Upload{File: u.File, Mapping: "m", Decided: true}); err != nil {
			return err
		}
		all, err := tx.Promises(ctx, study.Waiting, 100)
		for _, p := range all {
			if err == nil && p.Subject == string(u.ID) {
				err = tx.FailPromise(ctx, p.ID, p.Generation, "no room")
			}
		}
		return err
	})
	givenUp := func() (why string, given bool) {
		View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
			why, given, err = r.UploadGivenUp(ctx, u.ID)
			return err
		})
		return why, given
	}
	if why, given := givenUp(); !given || why != "no room" {
		w.Errorf("given up %t, %q", given, why)
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.ForgetUpload(ctx, u.ID) })
	if _, given := givenUp(); given {
		w.Errorf("looking again is given up")
	}
	if got := uploadNow(w, u.ID); got.Decided || got.Mapping != "" || got.State != study.UploadLooking {
		w.Errorf("forgotten %+v", got)
	}
}

// exerciseTakenOff takes a batch off into which a file is being stored: no row may come
// after that, and the file can be stored again.
func exerciseTakenOff(w world, u study.Upload) {
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		u, err = tx.PutUpload(ctx, study.Upload{File: u.File, FormID: FormID})
		if err != nil {
			return err
		}
		if err := tx.UploadSeen(ctx, u); err != nil {
			return err
		}
		return tx.AskUpload(ctx, u.ID, false)
	})
	u = uploadNow(w, u.ID)
	putRows(w, "three", 0, 2, "third")
	u.Batch, u.Read = "three", 2
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		yes, err := tx.UploadGoing(ctx, u)
		equal(w, "going", yes, true)
		return err
	})
	undo(w, "three")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		yes, err := tx.UploadGoing(ctx, u)
		equal(w, "going when the batch is off", yes, false)
		return err
	})
	if got := uploadNow(w, u.ID); got.State != study.UploadLooking || got.Batch != "" {
		w.Errorf("taken off %+v", got)
	}
}
