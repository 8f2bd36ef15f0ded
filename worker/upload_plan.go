package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

// ImportOptions are what a batch was asked for, kept with it so that it can be taken up
// again.
type ImportOptions struct {
	Country     study.ISO3     `json:"country,omitempty"`
	Round       string         `json:"round,omitempty"`
	Mapping     *study.Mapping `json:"mapping,omitempty"`
	Inferred    bool           `json:"inferred,omitempty"`
	TakeSound   bool           `json:"take_sound,omitempty"`
	BlankClears bool           `json:"blank_clears,omitempty"`
}

// planned reads a file and plans its import. The import is nil for a file that is
// refused; what was found then says why.
func (w *Worker) planned(ctx context.Context, u study.Upload, file *os.File) (*Import, sight, error) {
	o := legacy.Options{Country: u.Country, Round: u.Round, Now: u.CreatedAt}
	var begun study.Batch
	err := w.config.Store.View(ctx, func(r *db.Reader) (err error) {
		if u.Batch != "" {
			begun, err = r.Import(ctx, u.Batch)
		}
		if err == nil && u.FormID != "" {
			o.Form, err = w.formFor(ctx, r, u, begun)
		}
		return err
	})
	if err == nil && u.Decided {
		o.Mapping, err = study.ParseMapping([]byte(u.Mapping))
	}
	if err != nil {
		return nil, sight{}, fmt.Errorf("read form and mapping of upload %s: %w", u.ID, err)
	}
	read := ReadFiles(ctx, []string{u.File.Name}, []*os.File{file})
	m, result, err := NewImport(ctx, w.config.Store, u.File.Name, read, o)
	if refusal := (*legacy.Refusal)(nil); errors.As(err, &refusal) {
		return nil, sight{Result: legacy.Refused(u.File.Name, refusal)}, nil
	}
	if err != nil {
		return nil, sight{}, err
	}
	m.TakeSound, m.BlankClears = u.TakeSound, u.BlankClears
	if begun.ID != "" {
		m.Batch = begun
		return m, sight{Result: result}, nil
	}
	m.Batch.By, m.Batch.Files = u.By, []study.BatchFile{u.File}
	options, err := json.Marshal(ImportOptions{u.Country, u.Round, o.Mapping, o.Form == nil, u.TakeSound, u.BlankClears})
	m.Batch.Options = string(options)
	return m, sight{Result: result}, err
}

// formFor is the version of a form that a batch began with, else the newest.
func (w *Worker) formFor(ctx context.Context, r *db.Reader, u study.Upload, begun study.Batch) (_ *forms.Form, err error) {
	version := begun.FormVersion
	if version == 0 {
		if version, err = r.NewestForm(ctx, u.FormID); err != nil {
			return nil, err
		}
	}
	return w.forms.form(ctx, r, u.FormID, version)
}
