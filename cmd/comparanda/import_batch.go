package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/worker"
)

// importList prints the batches, newest first.
func importList(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return withStore(c.ctx, data, func(store *db.Store) error {
		return store.View(c.ctx, func(r *db.Reader) error {
			all, err := r.Imports(c.ctx)
			for _, b := range all {
				n := b.Counts
				fmt.Fprintf(c.stdout, "%s  %-8s %s  %s  created %d, changed %d, identical %d, skipped %d, errors %d\n",
					b.ID, b.State, b.CreatedAt.Format(time.DateTime), b.Name, n.Create, n.Change, n.Identical, n.Skip, n.Error)
			}
			return err
		})
	})
}

// importUndo takes a batch off again.
func importUndo(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	return withStore(c.ctx, data, func(store *db.Store) error {
		left, err := worker.Undo(c.ctx, store, study.BatchID(args[0]))
		for _, l := range left {
			if l.Confirmed > 0 {
				fmt.Fprintf(c.stdout, "%s %s: %d answers stay in the country's return; its people confirmed them as their own\n", l.Place, l.Country, l.Confirmed)
			}
			if l.Version > 0 || l.Confirmed == 0 {
				fmt.Fprintf(c.stdout, "%s %s: version %d stays; it came later or from elsewhere\n", l.Place, l.Country, l.Version)
			}
		}
		if err == nil {
			fmt.Fprintf(c.stdout, "Took batch %s off again.\n", args[0])
		}
		return err
	})
}

// importPause lets an import rest that was asked for on the web. One that runs at a prompt
// is interrupted there.
func importPause(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	id := study.BatchID(args[0])
	return withStore(c.ctx, data, func(store *db.Store) error {
		return store.Update(c.ctx, func(tx *db.Tx) error {
			if _, err := tx.Import(c.ctx, id); err != nil {
				return err
			}
			u, there, err := tx.UploadInto(c.ctx, id)
			switch {
			case err != nil:
				return err
			case !there:
				return input(fmt.Errorf("no serving process stores batch %s; interrupt the command that does", id))
			}
			fmt.Fprintf(c.stdout, "Batch %s rests; go on with: comparanda import resume %s\n", id, id)
			return tx.PauseUpload(c.ctx, u.ID)
		})
	})
}

// goesOn lets a serving process go on with a batch that it stores; false when the batch
// is none of its own.
func goesOn(c *call, store *db.Store, id study.BatchID) (there bool, err error) {
	err = store.Update(c.ctx, func(tx *db.Tx) error {
		var u study.Upload
		u, there, err = tx.UploadInto(c.ctx, id)
		if err != nil || !there {
			return err
		}
		return tx.ContinueUpload(c.ctx, u.ID)
	})
	if err == nil && there {
		fmt.Fprintf(c.stdout, "Batch %s goes on in the serving process.\n", id)
	}
	return there, err
}

// importResume takes a batch up again that was interrupted, from the files kept with it.
func importResume(c *call) error {
	i := importFlags(c)
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	return withStore(c.ctx, *i.data, func(store *db.Store) error {
		if there, err := goesOn(c, store, study.BatchID(args[0])); err != nil || there {
			return err
		}
		var b study.Batch
		var form *forms.Form
		err := store.View(c.ctx, func(r *db.Reader) (err error) {
			if b, err = r.Import(c.ctx, study.BatchID(args[0])); err != nil {
				return err
			}
			stored, err := r.Form(c.ctx, b.FormID, b.FormVersion)
			if err != nil {
				return err
			}
			form, err = forms.Decode(stored.Content)
			return err
		})
		if err != nil {
			return err
		}
		return i.resume(store, b, form)
	})
}

func (i *importCall) resume(store *db.Store, b study.Batch, form *forms.Form) error {
	var kept worker.ImportOptions
	if err := json.Unmarshal([]byte(b.Options), &kept); err != nil {
		return fmt.Errorf("read options of import %s: %w", b.ID, err)
	}
	files := &tables{}
	defer files.close()
	for _, f := range b.Files {
		open, err := store.OpenFile(f.SHA256)
		if err != nil {
			return err
		}
		files.names, files.files = append(files.names, f.Name), append(files.files, open)
	}
	o := legacy.Options{Country: kept.Country, Round: kept.Round, Mapping: kept.Mapping}
	if !kept.Inferred {
		o.Form = form
	}
	p, _, err := legacy.Prepare(files.title(), files.input(i.ctx), o)
	if err != nil {
		return err
	}
	m := &worker.Import{
		Store: store, Name: files.title(), Plan: p, Options: o, Read: files.input(i.ctx),
		TakeSound: kept.TakeSound, BlankClears: kept.BlankClears, Batch: b,
	}
	if err := i.storeAll(m, 0); err != nil {
		return err
	}
	fmt.Fprintf(i.stdout, "Batch %s is whole.\n", b.ID)
	return worker.FinishWork(i.ctx, store)
}
