package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// decidedAtOnce is how many submissions one job reads again, so that others get their turn.
const decidedAtOnce = 200

// applyDecision reads again the submissions with answers that a decision is about. What
// comes in meanwhile is read by the decision anyway, so one walk over what is there does.
func applyDecision(ctx context.Context, w *Worker, p study.Promise) error {
	var job study.ApplyDecision
	if err := json.Unmarshal(p.Payload, &job); err != nil {
		return fmt.Errorf("read job %s: %w", p.ID, err)
	}
	return applyNext(ctx, w.config.Store, &w.forms, job, func(effects func(*db.Tx) error) error { return w.keep(ctx, p, effects) })
}

// applyNext reads the next submissions again and promises the rest, in one change that
// keep makes.
func applyNext(ctx context.Context, store *db.Store, cache *formCache, job study.ApplyDecision, keep func(func(*db.Tx) error) error) error {
	return untilUnchanged(ctx, func() error {
		found, err := aboutDecision(ctx, store, cache, job)
		if err != nil {
			return err
		}
		made, by, err := tidy(ctx, store, cache, found.ids)
		if err != nil {
			return err
		}
		return keep(func(tx *db.Tx) error {
			if err := putTidied(ctx, tx, by, made); err != nil || !found.more {
				return err
			}
			return tx.Promise(ctx, study.ApplyDecision{ID: job.ID, After: found.last})
		})
	})
}

// FinishDecisions does the work that decisions promised, for a command that has the data
// folder to itself. A serving process does it by itself.
func FinishDecisions(ctx context.Context, store *db.Store) error {
	var cache formCache
	for {
		var next *study.Promise
		err := store.View(ctx, func(r *db.Reader) error {
			all, err := r.Promises(ctx, study.Waiting, 1000)
			for i := range all {
				if all[i].Job == (study.ApplyDecision{}).JobName() {
					next = &all[i]
				}
			}
			return err
		})
		if err != nil || next == nil {
			return err
		}
		var job study.ApplyDecision
		if err := json.Unmarshal(next.Payload, &job); err != nil {
			return fmt.Errorf("read job %s: %w", next.ID, err)
		}
		err = applyNext(ctx, store, &cache, job, func(effects func(*db.Tx) error) error {
			return store.Update(ctx, func(tx *db.Tx) error {
				if first, err := tx.Done(ctx, next.ID); err != nil || !first {
					return err
				}
				return effects(tx)
			})
		})
		if err != nil {
			return err
		}
	}
}

// about are submissions with answers that a decision is about.
type about struct {
	ids  []study.SubmissionID
	last int64 // number of the last one
	more bool
}

var errEnough = errors.New("enough")

// aboutDecision finds the next submissions that hold the text of a decision, in an answer
// to a question of its kind.
func aboutDecision(ctx context.Context, store *db.Store, cache *formCache, job study.ApplyDecision) (about, error) {
	id, err := strconv.ParseInt(job.ID, 10, 64)
	if err != nil {
		return about{}, fmt.Errorf("read the number of a decision: %w", err)
	}
	found := map[int64]study.SubmissionID{}
	err = store.View(ctx, func(r *db.Reader) error {
		d, err := r.Decision(ctx, id)
		if err != nil {
			return err
		}
		questions, err := questionsOf(ctx, r, cache, d.Kind)
		if err != nil {
			return err
		}
		for _, q := range questions {
			if err := holders(ctx, r, q, d, job.After, found); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return about{}, fmt.Errorf("find what decision %d is about: %w", id, err)
	}
	return firstOf(found), nil
}

// holders adds the first submissions after one that answer a question with the text.
func holders(ctx context.Context, r *db.Reader, q db.Question, d study.Decision, after int64, found map[int64]study.SubmissionID) error {
	texts, err := r.TextsTo(ctx, q, d.Country, after, func(raw string) bool { return normalize.Key(raw) == d.Text })
	if err != nil {
		return err
	}
	mine := map[int64]bool{}
	err = r.EachAnswerTo(ctx, q, d.Country, texts, after, func(a db.Doubt, seq int64) error {
		found[seq], mine[seq] = a.SubmissionID, true
		if len(mine) > decidedAtOnce {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

func firstOf(found map[int64]study.SubmissionID) about {
	var seqs []int64
	for seq := range found {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	a := about{more: len(seqs) > decidedAtOnce}
	for _, seq := range seqs[:min(len(seqs), decidedAtOnce)] {
		a.ids, a.last = append(a.ids, found[seq]), seq
	}
	return a
}

// questionsOf lists the questions of every form that decisions of a kind are about.
func questionsOf(ctx context.Context, r *db.Reader, cache *formCache, kind string) ([]db.Question, error) {
	all, err := r.Forms(ctx)
	if err != nil {
		return nil, err
	}
	var questions []db.Question
	seen := map[db.Question]bool{}
	for _, v := range all {
		form, err := cache.form(ctx, r, v.FormID, v.Version)
		if err != nil {
			return nil, err
		}
		for _, path := range normalize.QuestionsOf(form, kind) {
			if q := (db.Question{FormID: v.FormID, Path: path}); !seen[q] {
				seen[q] = true
				questions = append(questions, q)
			}
		}
	}
	return questions, nil
}
