package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// normalizeImport makes the tidy answers of a range of an import's rows, in one change.
func normalizeImport(ctx context.Context, w *Worker, p study.Promise) error {
	var job study.NormalizeImport
	if err := json.Unmarshal(p.Payload, &job); err != nil {
		return fmt.Errorf("read job %s: %w", p.ID, err)
	}
	return untilUnchanged(ctx, func() error {
		t, err := tidyImported(ctx, w.config.Store, &w.forms, job)
		if err != nil {
			return err
		}
		return w.keep(ctx, p, func(tx *db.Tx) error { return t.store(ctx, tx) })
	})
}

// tidied are the answers of a range of rows, and what they were read by.
type tidied struct {
	formID string
	made   []db.Tidied
	by     rules
}

func (t tidied) store(ctx context.Context, tx *db.Tx) error {
	if err := t.by.unchanged(ctx, tx); err != nil {
		return err
	}
	return tx.PutManyAnswers(ctx, t.formID, t.made, normalize.RuleVersion)
}

// tidyImported reads a range of rows in one view and normalizes them outside of it.
func tidyImported(ctx context.Context, store *db.Store, cache *formCache, job study.NormalizeImport) (t tidied, err error) {
	var submissions []study.Submission
	var form *forms.Form
	err = store.View(ctx, func(r *db.Reader) error {
		ids, err := r.ImportedSubmissions(ctx, job.ID, job.From, job.To)
		if err != nil {
			return err
		}
		if t.by, err = readRules(ctx, r); err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			s, err := r.Submission(ctx, id)
			if err != nil {
				return err
			}
			submissions = append(submissions, s)
		}
		form, err = cache.form(ctx, r, submissions[0].FormID, submissions[0].FormVersion)
		return err
	})
	if err != nil {
		return t, fmt.Errorf("read rows of import %s: %w", job.ID, err)
	}
	t.made = make([]db.Tidied, len(submissions))
	for i, s := range submissions {
		t.made[i].ID, t.formID = s.ID, s.FormID
		if t.made[i].Answers, err = t.by.answers(form, s); err != nil {
			return t, err
		}
	}
	return t, nil
}

// FinishWork does the work that an import promised, for a command that has the data
// folder to itself. A serving process does it by itself. While one range is being stored
// the next one is normalized.
func FinishWork(ctx context.Context, store *db.Store) error {
	for {
		open, err := openRanges(ctx, store)
		if err != nil || len(open) == 0 {
			return err
		}
		ctx, cancel := context.WithCancel(ctx)
		ready := make(chan doneRange)
		go prepareRanges(ctx, store, open, ready)
		for r := range ready {
			if err == nil {
				err = r.keep(ctx, store)
			}
			if errors.Is(err, errDecided) {
				err = nil // its promise stays open, and the next round reads it again
			}
			if err != nil {
				cancel() // the other side stops, and closes the channel
			}
		}
		cancel()
		if err != nil {
			return err
		}
	}
}

// openRange is a promise of FinishWork; doneRange is one whose answers are made.
type openRange struct {
	id  study.PromiseID
	job study.NormalizeImport
}

type doneRange struct {
	openRange
	tidied
	err error
}

// openRanges lists some promises of imports that nobody has begun.
func openRanges(ctx context.Context, store *db.Store) (open []openRange, err error) {
	var all []study.Promise
	err = store.View(ctx, func(r *db.Reader) (err error) {
		all, err = r.Promises(ctx, study.Waiting, 1000)
		return err
	})
	for _, p := range all {
		one := openRange{id: p.ID}
		if p.Job != one.job.JobName() {
			continue
		}
		if err := json.Unmarshal(p.Payload, &one.job); err != nil {
			return nil, fmt.Errorf("read job %s: %w", p.ID, err)
		}
		open = append(open, one)
	}
	return open, err
}

// prepareRanges makes the answers of each range in turn.
func prepareRanges(ctx context.Context, store *db.Store, open []openRange, ready chan<- doneRange) {
	defer close(ready)
	var cache formCache
	for _, one := range open {
		d := doneRange{openRange: one}
		d.tidied, d.err = tidyImported(ctx, store, &cache, one.job)
		select {
		case ready <- d:
		case <-ctx.Done():
			return
		}
	}
}

// keep ends a range's promise with its answers.
func (d doneRange) keep(ctx context.Context, store *db.Store) error {
	if d.err != nil {
		return d.err
	}
	return store.Update(ctx, func(tx *db.Tx) error {
		if first, err := tx.Done(ctx, d.id); err != nil || !first {
			return err
		}
		return d.store(ctx, tx)
	})
}
