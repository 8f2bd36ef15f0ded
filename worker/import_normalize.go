package worker

import (
	"context"
	"encoding/json"
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
	formID, made, err := tidyImported(ctx, w.config.Store, &w.forms, job)
	if err != nil {
		return err
	}
	return w.keep(ctx, p, func(tx *db.Tx) error { return tx.PutManyAnswers(ctx, formID, made, normalize.RuleVersion) })
}

// tidyImported reads a range of rows in one view and normalizes them outside of it.
func tidyImported(ctx context.Context, store *db.Store, cache *formCache, job study.NormalizeImport) (formID string, made []db.Tidied, err error) {
	var submissions []study.Submission
	var definition study.Study
	var form *forms.Form
	err = store.View(ctx, func(r *db.Reader) error {
		ids, err := r.ImportedSubmissions(ctx, job.ID, job.From, job.To)
		if err != nil || len(ids) == 0 {
			return err
		}
		if definition, err = r.Study(ctx); err != nil {
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
		return "", nil, fmt.Errorf("read rows of import %s: %w", job.ID, err)
	}
	made = make([]db.Tidied, len(submissions))
	for i, s := range submissions {
		var snapshot study.Snapshot
		if err := json.Unmarshal(s.Snapshot, &snapshot); err != nil {
			return "", nil, fmt.Errorf("read snapshot of %s: %w", s.ID, err)
		}
		made[i] = db.Tidied{ID: s.ID, Answers: normalize.Submission(form, countryOf(definition, s.Country), snapshot, s.ID)}
	}
	if len(submissions) > 0 {
		formID = submissions[0].FormID
	}
	return formID, made, nil
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
				err = r.store(ctx, store)
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
	formID string
	made   []db.Tidied
	err    error
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
		d.formID, d.made, d.err = tidyImported(ctx, store, &cache, one.job)
		select {
		case ready <- d:
		case <-ctx.Done():
			return
		}
	}
}

// store ends a range's promise with its answers.
func (d doneRange) store(ctx context.Context, store *db.Store) error {
	if d.err != nil {
		return d.err
	}
	return store.Update(ctx, func(tx *db.Tx) error {
		if first, err := tx.Done(ctx, d.id); err != nil || !first {
			return err
		}
		return tx.PutManyAnswers(ctx, d.formID, d.made, normalize.RuleVersion)
	})
}
