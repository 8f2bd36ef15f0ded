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
// folder to itself. A serving process does it by itself.
func FinishWork(ctx context.Context, store *db.Store) error {
	var cache formCache
	for {
		var open []study.Promise
		err := store.View(ctx, func(r *db.Reader) (err error) {
			open, err = r.Promises(ctx, study.Waiting, 100)
			return err
		})
		if err != nil {
			return err
		}
		did := 0
		for _, p := range open {
			var job study.NormalizeImport
			if p.Job != job.JobName() {
				continue
			}
			if err := json.Unmarshal(p.Payload, &job); err != nil {
				return fmt.Errorf("read job %s: %w", p.ID, err)
			}
			formID, made, err := tidyImported(ctx, store, &cache, job)
			if err != nil {
				return err
			}
			err = store.Update(ctx, func(tx *db.Tx) error {
				if first, err := tx.Done(ctx, p.ID); err != nil || !first {
					return err
				}
				return tx.PutManyAnswers(ctx, formID, made, normalize.RuleVersion)
			})
			if err != nil {
				return err
			}
			did++
		}
		if did == 0 {
			return nil
		}
	}
}
