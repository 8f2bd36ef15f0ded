package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

// storeUpload stores a file as a batch. What is stored when a worker dies, or when
// somebody lets it rest, is taken up again by the next try.
func storeUpload(ctx context.Context, w *Worker, p study.Promise) error {
	u, file, err := w.uploaded(ctx, p)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	if u.State != study.UploadStoring {
		return w.keep(ctx, p, nothing)
	}
	err = w.storeRows(ctx, &u, file)
	switch {
	case errors.Is(err, errStopped):
		return w.keep(ctx, p, nothing)
	case errors.Is(err, ErrFaulty): // it changed under our hands, and has errors now
		return w.keep(ctx, p, func(tx *db.Tx) error { return tx.UploadSeen(ctx, u) })
	case err != nil:
		return err
	}
	return w.keep(ctx, p, func(tx *db.Tx) error { return tx.UploadStored(ctx, u) })
}

// storeRows stores the rows of a file, from where they were left, and puts what came of
// them into u.
func (w *Worker) storeRows(ctx context.Context, u *study.Upload, file *os.File) error {
	m, s, err := w.planned(ctx, *u, file)
	if err != nil {
		return err
	}
	if m == nil {
		return w.faulty(u, s)
	}
	if u.Batch == "" {
		if err := w.tryOut(ctx, u, m, &s); err != nil {
			return err
		}
		if s.Rows.Error > 0 && !u.TakeSound {
			return w.faulty(u, s)
		}
		if err := m.Publish(ctx); err != nil {
			return err
		}
		m.Batch.ID = NewBatchID(m.Batch)
	}
	m.Going = func(tx *db.Tx, rows int) error {
		u.Read, u.Batch = rows, m.Batch.ID
		return going(ctx, tx, *u)
	}
	if err := m.StoreAll(ctx); err != nil {
		return err
	}
	u.Result, err = storedResult(u.Result, m)
	return err
}

// faulty keeps what was found in a file that cannot be stored.
func (w *Worker) faulty(u *study.Upload, s sight) (err error) {
	if u.Result, err = s.text(); err != nil {
		return err
	}
	return ErrFaulty
}

// storedResult is what was found in a file with the counts of what was stored.
func storedResult(found string, m *Import) (string, error) {
	all := map[string]any{}
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		return "", fmt.Errorf("read what was found: %w", err)
	}
	c := m.Batch.Counts
	if m.result != nil {
		c.Create, c.Change, c.Identical, c.Skip, c.Error = m.result.Rows.Create, m.result.Rows.Change, m.result.Rows.Identical, m.result.Rows.Skip, m.result.Rows.Error
		c.Answers = m.result.Answers
	}
	all["rows"] = legacy.Counts{Create: c.Create, Change: c.Change, Identical: c.Identical, Skip: c.Skip, Error: c.Error}
	all["answers"], all["batch"] = c.Answers, m.Batch.ID
	text, err := json.Marshal(all)
	return string(text), err
}
