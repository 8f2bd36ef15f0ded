package worker

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/confine"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

// TableReader is how the binary's main registers legacy.Worker with internal/confine.
const TableReader = "table"

// ReadFiles reads files of answers, each in a child with limits that grow with its size.
func ReadFiles(ctx context.Context, names []string, files []*os.File) legacy.Input {
	return func(sink legacy.Sink) error {
		for i, f := range files {
			info, err := f.Stat()
			if err != nil {
				return err
			}
			seconds := 10 + info.Size()>>20
			// Of wall time only what rows cost the store is used up: the child waits for it.
			limits := confine.Limits{CPU: time.Duration(seconds) * time.Second, Wall: 12 * time.Hour, RSSBytes: 384 << 20}
			err = legacy.ReadVia(func(consume func(io.Reader) error) error {
				_, err := confine.Stream(ctx, TableReader, names[i], f, limits, consume)
				return err
			}, sink)
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// NewImport plans an import into a study: the form's version and kind are those of the
// study when it has the form.
func NewImport(ctx context.Context, store *db.Store, name string, read legacy.Input, o legacy.Options) (*Import, *legacy.Result, error) {
	p, problems, err := legacy.Prepare(name, read, o)
	if err != nil {
		return nil, nil, err
	}
	result := legacy.NewResult(name, p)
	for _, problem := range problems {
		result.Add(problem)
	}
	m := &Import{Store: store, Name: name, Plan: p, Options: o, Read: read, Batch: study.Batch{Name: name, FormID: p.Form.ID, Kind: study.InterviewKind}}
	err = store.View(ctx, func(r *db.Reader) error {
		definition, err := r.Study(ctx)
		if err != nil {
			return err
		}
		for _, instrument := range definition.Instruments {
			if instrument.FormID == p.Form.ID {
				m.Batch.Kind = instrument.Kind
			}
		}
		m.Batch.FormVersion, err = r.NewestForm(ctx, p.Form.ID)
		if isGone(err) {
			return nil // it is published with the first batch
		}
		return err
	})
	return m, result, err
}

func isGone(err error) bool {
	problem := (*study.Problem)(nil)
	return errors.As(err, &problem) && problem.Kind == study.NotFound
}

// Publish gives the study a form that it does not have yet, as an instrument of its own.
func (i *Import) Publish(ctx context.Context) error {
	content, err := i.Plan.Form.Encode()
	if err != nil {
		return err
	}
	return i.Store.Update(ctx, func(tx *db.Tx) error {
		definition, err := tx.Study(ctx)
		if err != nil {
			return err
		}
		there := false
		for _, one := range definition.Instruments {
			there = there || one.FormID == i.Plan.Form.ID
		}
		if there && !i.Plan.Inferred {
			return nil
		}
		if i.Batch.FormVersion, err = tx.PutForm(ctx, i.Plan.Form.ID, content, nil, i.Name); err != nil || there {
			return err
		}
		title := study.Text{definition.DefaultLanguage: i.Plan.Form.Title}
		definition.Instruments = append(definition.Instruments, study.Instrument{FormID: i.Plan.Form.ID, Kind: i.Batch.Kind, Title: title})
		return tx.PutStudy(ctx, definition)
	})
}
