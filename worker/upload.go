package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

// errStopped says that somebody wants something else of the file by now.
var errStopped = errors.New("the import was paused, cancelled or changed")

// sight is what a worker writes down about a file.
type sight struct {
	*legacy.Result
	Says    []said          `json:"says,omitempty"` // of each problem, in its order
	Preview *legacy.Preview `json:"preview,omitempty"`
}

// said is what the page needs to say a problem in its language, and to put first what
// keeps a row from being taken.
type said struct {
	legacy.Says
	Error bool `json:"error,omitempty"`
}

// text is what is kept of it.
func (s sight) text() (string, error) {
	for _, p := range s.Problems {
		s.Says = append(s.Says, said{p.Says, p.Error})
	}
	text, err := json.Marshal(s)
	return string(text), err
}

// lookAtUpload finds out what a file that was given on the web holds. A file that is at
// fault is a finding, not a failure.
func lookAtUpload(ctx context.Context, w *Worker, p study.Promise) error {
	u, file, err := w.uploaded(ctx, p)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	if u.State != study.UploadLooking {
		return w.keep(ctx, p, nothing)
	}
	m, s, err := w.planned(ctx, u, file)
	if err != nil {
		return err
	}
	if m != nil {
		err = w.tryOut(ctx, &u, m, &s)
	}
	if errors.Is(err, errStopped) {
		return w.keep(ctx, p, nothing)
	}
	if err != nil {
		return err
	}
	if u.Result, err = s.text(); err != nil {
		return err
	}
	return w.keep(ctx, p, func(tx *db.Tx) error { return tx.UploadSeen(ctx, u) })
}

func nothing(*db.Tx) error { return nil }

// tryOut counts what storing the file would do, and writes the rows with errors into a
// workbook of their own.
func (w *Worker) tryOut(ctx context.Context, u *study.Upload, m *Import, s *sight) error {
	failed := legacy.NewFailed(m.Plan, string(u.Lang))
	m.Failed = failed.Add
	var noted time.Time
	m.Step = func(rows int) error {
		if time.Since(noted) < w.noteEvery {
			return nil
		}
		noted, u.Read = time.Now(), rows
		return w.config.Store.Update(ctx, func(tx *db.Tx) error { return going(ctx, tx, *u) })
	}
	if err := m.Compare(ctx, s.Result); err != nil {
		return err
	}
	s.Close()
	preview := m.Plan.Preview(string(u.Lang))
	s.Preview = &preview
	mapping, err := json.Marshal(m.Plan.Mapping())
	if err != nil {
		return err
	}
	u.Mapping, u.Failed = string(mapping), study.BatchFile{}
	if s.Rows.Error > 0 {
		u.Failed, err = w.failedRows(failed)
	}
	return err
}

// going notes how far the work on a file is; errStopped when nobody wants it any more.
func going(ctx context.Context, tx *db.Tx, u study.Upload) error {
	yes, err := tx.UploadGoing(ctx, u)
	if err == nil && !yes {
		return errStopped
	}
	return err
}

// failedRows stores the workbook of rows with errors.
func (w *Worker) failedRows(failed *legacy.Failed) (f study.BatchFile, err error) {
	temp, err := os.CreateTemp("", "failed-*.xlsx")
	if err != nil {
		return f, fmt.Errorf("make a temporary file: %w", err)
	}
	defer func() { err = errors.Join(err, temp.Close(), os.Remove(temp.Name())) }()
	if err := failed.Write(temp); err != nil {
		return f, fmt.Errorf("write rows with errors: %w", err)
	}
	if _, err := temp.Seek(0, 0); err != nil {
		return f, fmt.Errorf("read rows with errors back: %w", err)
	}
	f.SHA256, f.SizeBytes, err = w.config.Store.PutFile(temp, maxReport)
	return f, err
}

// uploaded opens the file of a job.
func (w *Worker) uploaded(ctx context.Context, p study.Promise) (u study.Upload, file *os.File, err error) {
	err = w.config.Store.View(ctx, func(r *db.Reader) (err error) {
		u, err = r.Upload(ctx, study.UploadID(p.Subject))
		return err
	})
	if err != nil {
		return u, nil, err
	}
	file, err = w.config.Store.OpenFile(u.File.SHA256)
	return u, file, err
}
