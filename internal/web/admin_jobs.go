package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// jobsListed is how many jobs of one state the page shows.
const jobsListed = 100

type jobsPage struct {
	layout
	Heading string
	Groups  []jobGroup
}

type jobGroup struct {
	ID, Heading, Count, Tone string
	More                     bool // not all are shown
	Failed                   bool
	Rows                     []jobRow
}

type jobRow struct {
	Job, Subject, Created, Changed string
	Attempts                       int
	Failure, Retry                 string
}

// jobs shows what the workers have to do, are doing, did, and could not do.
func (s *server) jobs(v *visit) error {
	page := jobsPage{layout: s.layout(v, v.words.T("job.title"))}
	page.Heading = page.Title
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		counts, err := r.CountPromises(v.ctx())
		if err != nil {
			return err
		}
		for _, g := range []struct {
			id     string
			states []study.JobState
		}{
			{"failed", []study.JobState{study.Failed}},
			{"running", []study.JobState{study.Running}},
			{"waiting", []study.JobState{study.Waiting, study.Sent}},
			{"done", []study.JobState{study.Done, study.Cancelled}},
		} {
			group, err := v.jobGroup(r, g.id, g.states, counts)
			if err != nil {
				return err
			}
			page.Groups = append(page.Groups, group)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list jobs: %w", err)
	}
	return s.render(v, http.StatusOK, "admin/jobs", page)
}

func (v *visit) jobGroup(r *db.Reader, id string, states []study.JobState, counts map[study.JobState]int) (jobGroup, error) {
	group := jobGroup{ID: id, Heading: v.words.T("job." + id), Failed: id == "failed", Tone: jobTone(states[0])}
	total := 0
	for _, state := range states {
		total += counts[state]
		all, err := r.Promises(v.ctx(), state, jobsListed)
		if err != nil {
			return group, err
		}
		for _, p := range all {
			group.Rows = append(group.Rows, v.jobRow(p))
		}
	}
	group.Count = v.words.N("job.count", total)
	group.More = total > len(group.Rows)
	return group, nil
}

func (v *visit) jobRow(p study.Promise) jobRow {
	row := jobRow{Job: p.Job, Subject: p.Subject, Created: v.when(p.CreatedAt), Attempts: p.Attempts, Failure: v.failureText(p.Failure)}
	for _, at := range []string{v.when(p.DoneAt), v.when(p.StartedAt), v.when(p.SentAt)} {
		if row.Changed == "" {
			row.Changed = at
		}
	}
	if p.State == study.Failed {
		row.Retry = "/admin/jobs/" + string(p.ID) + "/retry"
	}
	return row
}

// retryJob lets a job that was given up run again.
func (s *server) retryJob(v *visit) error {
	id := study.PromiseID(v.Param("id"))
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.RetryPromise(ctx, id); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "job.retried", string(id), "")
	})
	if err != nil {
		return err
	}
	s.poke()
	return v.see("/admin/jobs?did=retried")
}
