package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/worker"
)

// maxImportFile bounds one file that is kept with its batch.
const maxImportFile = 4 << 30

// importOptions are what a batch was asked for, kept with it so that it can be taken up
// again.
type importOptions struct {
	Country     study.ISO3      `json:"country,omitempty"`
	Round       string          `json:"round,omitempty"`
	Mapping     *legacy.Mapping `json:"mapping,omitempty"`
	Inferred    bool            `json:"inferred,omitempty"`
	TakeSound   bool            `json:"take_sound,omitempty"`
	BlankClears bool            `json:"blank_clears,omitempty"`
}

// compared is a dry run against the study's own answers; false when there is no study.
func (i *importCall) compared(files *tables, o legacy.Options) (done, bool) {
	if _, err := os.Stat(filepath.Join(*i.data, "comparanda.db")); err != nil {
		return done{}, false
	}
	var d done
	err := withStore(i.ctx, *i.data, func(store *db.Store) error {
		m, result, err := i.begin(files, o, store)
		if err != nil {
			d.err = err
			return nil
		}
		d.result, d.plan = result, m.Plan
		d.err = m.Compare(i.ctx, result)
		result.Close()
		return nil
	})
	return d, err == nil // a folder that cannot be opened is no reason not to look at a file
}

// begin plans an import into a store: the form's version and kind are those of the study
// when it has the form.
func (i *importCall) begin(files *tables, o legacy.Options, store *db.Store) (*worker.Import, *legacy.Result, error) {
	p, problems, err := legacy.Prepare(files.title(), files.input(i.ctx), o)
	if err != nil {
		return nil, nil, err
	}
	result := legacy.NewResult(files.title(), p)
	for _, problem := range problems {
		result.Add(problem)
	}
	m := &worker.Import{
		Store: store, Name: files.title(), Plan: p, Options: o, Read: files.input(i.ctx), TakeSound: *i.sound, BlankClears: *i.blank,
		Batch: study.Batch{Name: files.title(), FormID: p.Form.ID, Kind: study.InterviewKind},
	}
	err = store.View(i.ctx, func(r *db.Reader) error {
		definition, err := r.Study(i.ctx)
		if err != nil {
			return err
		}
		for _, instrument := range definition.Instruments {
			if instrument.FormID == p.Form.ID {
				m.Batch.Kind = instrument.Kind
			}
		}
		m.Batch.FormVersion, err = r.NewestForm(i.ctx, p.Form.ID)
		if isUnknown(err) {
			return nil // it is published with the first batch
		}
		return err
	})
	if isNone(err) && *i.dry {
		err = nil // nothing is stored, so no study is needed
	}
	options, jsonErr := json.Marshal(importOptions{o.Country, o.Round, o.Mapping, o.Form == nil, *i.sound, *i.blank})
	m.Batch.Options = string(options)
	return m, result, errors.Join(err, jsonErr)
}

func isUnknown(err error) bool {
	problem := (*study.Problem)(nil)
	return errors.As(err, &problem) && problem.Kind == study.NotFound
}

// store stores the answers of files, all or none of them unless the sound ones are
// enough.
func (i *importCall) store(files *tables, o legacy.Options) (d done) {
	err := withStore(i.ctx, *i.data, func(store *db.Store) error {
		m, result, err := i.begin(files, o, store)
		if err != nil {
			return err
		}
		d.result, d.plan = result, m.Plan
		failed := legacy.NewFailed(m.Plan)
		if *i.failed != "" {
			m.Failed = failed.Add
		}
		if err := m.Compare(i.ctx, result); err != nil {
			return err
		}
		result.Close()
		if err := i.writeFailed(failed); err != nil {
			return err
		}
		if result.Rows.Error > 0 && !*i.sound {
			return input(worker.ErrFaulty)
		}
		return i.commit(files, m, result)
	})
	d.err = err
	return d
}

func (i *importCall) writeFailed(failed *legacy.Failed) error {
	if *i.failed == "" {
		return nil
	}
	out, err := os.Create(*i.failed)
	if err != nil {
		return input(err)
	}
	return errors.Join(failed.Write(out), out.Close())
}

// commit keeps the files, publishes an inferred form, and stores the rows.
func (i *importCall) commit(files *tables, m *worker.Import, result *legacy.Result) error {
	for n, f := range files.files {
		if _, err := f.Seek(0, 0); err != nil {
			return err
		}
		sum, size, err := m.Store.PutFile(f, maxImportFile)
		if err != nil {
			return err
		}
		m.Batch.Files = append(m.Batch.Files, study.BatchFile{Name: filepath.Base(files.names[n]), SHA256: sum, SizeBytes: size})
	}
	if err := publish(i.ctx, m); err != nil {
		return err
	}
	m.Batch.ID = worker.NewBatchID(m.Batch)
	result.Batch = string(m.Batch.ID)
	if err := m.StoreAll(i.ctx); err != nil {
		return err
	}
	return worker.FinishWork(i.ctx, m.Store)
}

// publish gives the study a form that it does not have yet, as an instrument of its own.
func publish(ctx context.Context, m *worker.Import) error {
	content, err := m.Plan.Form.Encode()
	if err != nil {
		return err
	}
	return m.Store.Update(ctx, func(tx *db.Tx) error {
		definition, err := tx.Study(ctx)
		if err != nil {
			return err
		}
		for _, one := range definition.Instruments {
			if one.FormID == m.Plan.Form.ID && !m.Plan.Inferred {
				return nil
			}
		}
		if m.Batch.FormVersion, err = tx.PutForm(ctx, m.Plan.Form.ID, content, nil, m.Name); err != nil {
			return err
		}
		for _, one := range definition.Instruments {
			if one.FormID == m.Plan.Form.ID {
				return nil
			}
		}
		title := study.Text{definition.DefaultLanguage: m.Plan.Form.Title}
		definition.Instruments = append(definition.Instruments, study.Instrument{FormID: m.Plan.Form.ID, Kind: m.Batch.Kind, Title: title})
		return tx.PutStudy(ctx, definition)
	})
}
