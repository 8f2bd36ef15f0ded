package worker

import (
	"context"
	"fmt"
	"sync"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// normalizeSubmission makes the tidy answers of one submission from its snapshot.
func normalizeSubmission(ctx context.Context, w *Worker, p study.Promise) error {
	id := study.SubmissionID(p.Subject)
	return untilUnchanged(ctx, func() error {
		made, by, err := tidy(ctx, w.config.Store, &w.forms, []study.SubmissionID{id})
		if err != nil {
			return err
		}
		return w.keep(ctx, p, func(tx *db.Tx) error { return putTidied(ctx, tx, by, made) })
	})
}

// putTidied stores what tidy made.
func putTidied(ctx context.Context, tx *db.Tx, by rules, made []db.Tidied) error {
	if err := by.unchanged(ctx, tx); err != nil {
		return err
	}
	for _, one := range made {
		if err := tx.PutAnswers(ctx, one.ID, one.Answers, normalize.RuleVersion); err != nil {
			return err
		}
	}
	return nil
}

// tidy reads submissions and normalizes them, outside any write transaction.
func tidy(ctx context.Context, store *db.Store, cache *formCache, ids []study.SubmissionID) (made []db.Tidied, by rules, err error) {
	submissions := make([]study.Submission, len(ids))
	used := make([]*forms.Form, len(ids))
	err = store.View(ctx, func(r *db.Reader) (err error) {
		if by, err = readRules(ctx, r); err != nil {
			return err
		}
		for i, id := range ids {
			if submissions[i], err = r.Submission(ctx, id); err != nil {
				return fmt.Errorf("read submission %s: %w", id, err)
			}
			if used[i], err = cache.form(ctx, r, submissions[i].FormID, submissions[i].FormVersion); err != nil {
				return fmt.Errorf("read form of %s: %w", id, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, by, err
	}
	for i, s := range submissions {
		answers, err := by.answers(used[i], s)
		if err != nil {
			return nil, by, err
		}
		made = append(made, db.Tidied{ID: s.ID, Answers: answers})
	}
	return made, by, nil
}

func countryOf(s study.Study, iso3 study.ISO3) study.Country {
	for _, c := range s.Countries {
		if c.ISO3 == iso3 {
			return c
		}
	}
	return study.Country{ISO3: iso3}
}

// submissions lists everything that was ever signed, recorded or imported.
func submissions(ctx context.Context, store *db.Store) (all []study.Submission, err error) {
	err = store.View(ctx, func(r *db.Reader) (err error) {
		all, err = r.Submissions(ctx, db.SubmissionFilter{})
		return err
	})
	return all, err
}

// Rebuild makes all tidy answers again from the raw ones, some submissions a
// transaction, and reports how many are done. Same raw and same rules give the same rows.
func Rebuild(ctx context.Context, store *db.Store, progress func(done, total int)) error {
	all, err := submissions(ctx, store)
	if err != nil {
		return err
	}
	var cache formCache
	for i, s := range all {
		err := untilUnchanged(ctx, func() error {
			made, by, err := tidy(ctx, store, &cache, []study.SubmissionID{s.ID})
			if err != nil {
				return err
			}
			return store.Update(ctx, func(tx *db.Tx) error { return putTidied(ctx, tx, by, made) })
		})
		if err != nil {
			return err
		}
		progress(i+1, len(all))
	}
	return nil
}

// formCache keeps decoded forms; a published version never changes.
type formCache struct {
	mu    sync.Mutex
	forms map[string]*forms.Form
}

func (c *formCache) form(ctx context.Context, r *db.Reader, id string, version int) (*forms.Form, error) {
	key := fmt.Sprintf("%s/%d", id, version)
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, ok := c.forms[key]; ok {
		return f, nil
	}
	stored, err := r.Form(ctx, id, version)
	if err != nil {
		return nil, err
	}
	f, err := forms.Decode(stored.Content)
	if err != nil {
		return nil, fmt.Errorf("decode form %s: %w", key, err)
	}
	if c.forms == nil {
		c.forms = map[string]*forms.Form{}
	}
	c.forms[key] = f
	return f, nil
}
