package worker

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// manyRows is a file of n responses.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString("id,country,n\n")
	for i := range n {
		fmt.Fprintf(&b, "r%d,Costa Rica,%d\n", i, i)
	}
	return b.String()
}

// storedInPart looks at a file, asks to store it, and stores it up to a row, as a worker
// does that is told to stop there.
func (w *world) storedInPart(rows, upTo int) study.UploadID {
	w.t.Helper()
	stop := w.run(Config{Concurrency: 2})
	id := w.give("many.csv", manyRows(rows), "talks")
	w.idle()
	stop()
	w.ask(id, false)
	x, err := New(w.t.Context(), Config{Store: w.store, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		w.t.Fatal(err)
	}
	u, file, err := x.uploaded(w.t.Context(), study.Promise{Subject: string(id)})
	if err != nil {
		w.t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	m, s, err := x.planned(w.t.Context(), u, file)
	if err == nil {
		err = m.Compare(w.t.Context(), s.Result)
	}
	if err == nil {
		m.Batch.ID = NewBatchID(m.Batch)
		m.Going = func(tx *db.Tx, done int) error {
			if done > upTo {
				return errStopped
			}
			u.Read, u.Batch = done, m.Batch.ID
			return going(w.t.Context(), tx, u)
		}
		err = m.StoreAll(w.t.Context())
	}
	if !errors.Is(err, errStopped) {
		w.t.Fatalf("stored in part: %v, want to be stopped", err)
	}
	return id
}

// rowsIn counts the rows of a batch.
func (w *world) rowsIn(id study.BatchID) (n int) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(r *db.Reader) (err error) {
		n, _, err = r.Layer(w.t.Context(), id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// talks gives the study a form whose responses are told apart by their key.
func (w *world) talks() {
	w.change(func(tx *db.Tx) error {
		f, err := tx.Form(w.t.Context(), "banks", 0)
		if err != nil {
			return err
		}
		s, err := tx.Study(w.t.Context())
		if err != nil {
			return err
		}
		s.Instruments = append(s.Instruments, study.Instrument{FormID: "talks", Kind: study.InterviewKind})
		if err := tx.PutStudy(w.t.Context(), s); err != nil {
			return err
		}
		_, err = tx.PutForm(w.t.Context(), "talks", f.Content, nil, "talks.md")
		return err
	})
}

// TestStoringRestsAndGoesOn lets a file rest that is stored in part: nothing happens until
// somebody goes on, and then every row is stored once.
func TestStoringRestsAndGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.talks()
	id := w.storedInPart(1200, 500)
	w.change(func(tx *db.Tx) error { return tx.PauseUpload(t.Context(), id) })
	w.run(Config{Concurrency: 2})
	w.idle()
	u, _ := w.given(id)
	if u.State != study.UploadPaused || u.Read != 500 || w.rowsIn(u.Batch) != 500 {
		t.Fatalf("resting: %s at %d, %d rows", u.State, u.Read, w.rowsIn(u.Batch))
	}
	w.change(func(tx *db.Tx) error { return tx.ContinueUpload(t.Context(), id) })
	w.idle()
	u, found := w.given(id)
	if u.State != study.UploadStored || w.rowsIn(u.Batch) != 1200 || found.Rows.Create != 1200 || found.Batch != string(u.Batch) {
		t.Errorf("gone on: %s, %d rows, %+v", u.State, w.rowsIn(u.Batch), found.Rows)
	}
}

// TestCancelledStoringLeavesNothing takes off what was stored in part, and stores the file
// again.
func TestCancelledStoringLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.talks()
	id := w.storedInPart(1200, 1000)
	before, _ := w.given(id)
	w.change(func(tx *db.Tx) error {
		_, err := tx.CancelUpload(t.Context(), id)
		return err
	})
	if left, err := Undo(t.Context(), w.store, before.Batch); err != nil || len(left) != 0 {
		t.Fatalf("left %v, %v", left, err)
	}
	w.change(func(tx *db.Tx) error { return tx.UploadOff(t.Context(), id) })
	w.run(Config{Concurrency: 2})
	w.idle()
	u, found := w.given(id)
	if u.State != study.UploadSeen || w.rowsIn(before.Batch) != 0 || found.Rows.Create != 1200 {
		t.Errorf("cancelled: %s, %d rows, %+v", u.State, w.rowsIn(before.Batch), found.Rows)
	}
	w.ask(id, false)
	w.idle()
	if u, _ = w.given(id); u.State != study.UploadStored || w.rowsIn(u.Batch) != 1200 {
		t.Errorf("stored again: %s, %d rows", u.State, w.rowsIn(u.Batch))
	}
}

// TestDecidedMappingIsLookedAt gives a file a mapping that a person decided, and stores
// by it.
func TestDecidedMappingIsLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(Config{Concurrency: 2})
	id := w.give("old.csv", "Old answers,,\ncountry,how many,e-mail\nCosta Rica,twelve or so,a@b.org\n", "banks")
	w.idle()
	mapping := `{"version":1,"sheets":[{"header_row":2}],"columns":[{"header":"country","role":"country"},{"header":"how many","question":"/n","values":{"twelve or so":"12"}}]}`
	w.change(func(tx *db.Tx) error { return tx.DecideUpload(t.Context(), id, mapping) })
	w.idle()
	u, found := w.given(id)
	if u.State != study.UploadSeen || found.Rows.Create != 1 || found.Rows.Error != 0 || u.Failed.SizeBytes != 0 {
		t.Fatalf("seen: %s, %+v, %+v", u.State, found.Rows, found.Problems)
	}
	w.ask(id, false)
	w.idle()
	if u, found = w.given(id); u.State != study.UploadStored || found.Answers != 1 {
		t.Errorf("stored: %s, %+v", u.State, found)
	}
}
