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

// lookAtUpload finds out what a file that was given on the web holds. A file that is at
// fault is a finding, not a failure.
func lookAtUpload(ctx context.Context, w *Worker, p study.Promise) error {
	u, file, err := w.uploaded(ctx, p)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	_, result, err := w.compared(ctx, u, file)
	if err != nil {
		return err
	}
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return w.keep(ctx, p, func(tx *db.Tx) error { return tx.UploadSeen(ctx, u.ID, string(text)) })
}

// storeUpload stores a file as a batch. What is stored when a worker dies is taken up
// again by the next try.
func storeUpload(ctx context.Context, w *Worker, p study.Promise) error {
	u, file, err := w.uploaded(ctx, p)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	m, result, err := w.compared(ctx, u, file)
	if err != nil {
		return err
	}
	if m != nil && (result.Rows.Error == 0 || u.TakeSound) {
		if err := m.Publish(ctx); err != nil {
			return err
		}
		m.Batch.ID = NewBatchID(m.Batch)
		result.Batch = string(m.Batch.ID)
		if err := m.StoreAll(ctx); err != nil {
			return err
		}
	}
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return w.keep(ctx, p, func(tx *db.Tx) error {
		if result.Batch == "" { // it changed under our hands, and has errors now
			return tx.UploadSeen(ctx, u.ID, string(text))
		}
		return tx.UploadStored(ctx, u.ID, string(text), study.BatchID(result.Batch))
	})
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

// compared reads a file and compares it with what the study holds. The import is nil for
// a file that is refused; the result then says why.
func (w *Worker) compared(ctx context.Context, u study.Upload, file *os.File) (*Import, *legacy.Result, error) {
	o := legacy.Options{Country: u.Country, Round: u.Round, Now: u.CreatedAt}
	if u.FormID != "" {
		err := w.config.Store.View(ctx, func(r *db.Reader) (err error) {
			version, err := r.NewestForm(ctx, u.FormID)
			if err == nil {
				o.Form, err = w.forms.form(ctx, r, u.FormID, version)
			}
			return err
		})
		if err != nil {
			return nil, nil, fmt.Errorf("read form of upload %s: %w", u.ID, err)
		}
	}
	read := ReadFiles(ctx, []string{u.File.Name}, []*os.File{file})
	m, result, err := NewImport(ctx, w.config.Store, u.File.Name, read, o)
	if refusal := (*legacy.Refusal)(nil); errors.As(err, &refusal) {
		return nil, legacy.Refused(u.File.Name, refusal), nil
	}
	if err != nil {
		return nil, nil, err
	}
	m.TakeSound = u.TakeSound
	m.Batch.By, m.Batch.Files = u.By, []study.BatchFile{u.File}
	options, err := json.Marshal(map[string]any{"country": u.Country, "round": u.Round, "take_sound": u.TakeSound, "inferred": o.Form == nil})
	if err != nil {
		return nil, nil, err
	}
	m.Batch.Options = string(options)
	if err := m.Compare(ctx, result); err != nil {
		return nil, nil, err
	}
	result.Close()
	return m, result, nil
}
