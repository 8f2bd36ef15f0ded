package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/worker"
)

// maxImportFile bounds one file that is kept with its batch.
const maxImportFile = 4 << 30

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

// begin plans an import into a store.
func (i *importCall) begin(files *tables, o legacy.Options, store *db.Store) (*worker.Import, *legacy.Result, error) {
	m, result, err := worker.NewImport(i.ctx, store, files.title(), files.input(i.ctx), o)
	if isNone(err) && *i.dry {
		err = nil // nothing is stored, so no study is needed
	}
	if err != nil {
		return nil, nil, err
	}
	m.TakeSound, m.BlankClears = *i.sound, *i.blank
	options, err := json.Marshal(worker.ImportOptions{
		Country: o.Country, Round: o.Round, Mapping: o.Mapping, Inferred: o.Form == nil, TakeSound: *i.sound, BlankClears: *i.blank,
	})
	m.Batch.Options = string(options)
	return m, result, err
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
		failed := legacy.NewFailed(m.Plan, *i.lang)
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
	if err := m.Publish(i.ctx); err != nil {
		return err
	}
	m.Batch.ID = worker.NewBatchID(m.Batch)
	result.Batch = string(m.Batch.ID)
	r := result.Rows
	if err := i.storeAll(m, r.Create+r.Change+r.Identical+r.Skip+r.Error); err != nil {
		return err
	}
	return worker.FinishWork(i.ctx, m.Store)
}

// tellEvery is how often a long import says how far it is.
const tellEvery = 2 * time.Second

// storeAll stores the rows of a batch and says on the way how far it is; total is 0 when
// it is not known. Who interrupts it is told how to go on.
func (i *importCall) storeAll(m *worker.Import, total int) error {
	told, done := time.Now(), 0
	m.Going = func(_ *db.Tx, rows int) error {
		done = rows
		if time.Since(told) < tellEvery {
			return nil
		}
		told = time.Now()
		if total == 0 {
			fmt.Fprintf(i.stderr, "stored %d responses\n", rows)
			return nil
		}
		fmt.Fprintf(i.stderr, "stored %d of %d responses\n", rows, total)
		return nil
	}
	err := m.StoreAll(i.ctx)
	if errors.Is(err, context.Canceled) {
		return input(fmt.Errorf("interrupted when %d responses were stored; go on with: comparanda import resume %s, or take them off with: comparanda import undo %s", done, m.Batch.ID, m.Batch.ID))
	}
	return err
}
