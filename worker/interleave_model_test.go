package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// layerOf reads the raw rows of a batch.
func (i *interleaved) layerOf(id study.BatchID) (rows []layer) {
	i.t.Helper()
	i.view(func(ctx context.Context, r *db.Reader) error {
		ids, err := r.ImportedSubmissions(ctx, id, 0, 1000)
		if err != nil {
			return err
		}
		for _, one := range ids {
			s, err := r.Submission(ctx, one)
			if err != nil {
				return err
			}
			var snap study.Snapshot
			if err := json.Unmarshal(s.Snapshot, &snap); err != nil {
				return err
			}
			said, err := json.Marshal(slices.DeleteFunc(snap.Entries, func(e study.Entry) bool { return e.From != "" }))
			if err != nil {
				return err
			}
			rows = append(rows, layer{one, s.Country, s.Version, string(said)})
		}
		return nil
	})
	return rows
}

// everything lists the versions in the study, by country, response and version.
func (i *interleaved) everything() (all []string) {
	i.t.Helper()
	i.view(func(ctx context.Context, r *db.Reader) error {
		submissions, err := r.Submissions(ctx, db.SubmissionFilter{})
		for _, s := range submissions {
			all = append(all, fmt.Sprint(s.ID, s.ResponseID, s.Version, s.State, s.Hash, string(s.Snapshot)))
		}
		return err
	})
	return all
}

// compare holds the store to the model.
func (i *interleaved) compare() {
	i.t.Helper()
	for id, want := range i.layers {
		if got := i.layerOf(id); !slices.Equal(got, want) {
			i.t.Fatalf("the raw layer of batch %s is %v, want %v", id, got, want)
		}
	}
	i.compareLoaded()
	i.view(func(ctx context.Context, r *db.Reader) error {
		drafts, err := r.DraftAnswers(ctx, i.own)
		if err != nil {
			return err
		}
		got := map[string]study.DraftAnswer{}
		for _, d := range drafts {
			d.At, d.ByName, d.ByLang = time.Time{}, "", ""
			got[d.Path] = d
		}
		if !reflect.DeepEqual(got, i.drafts) {
			i.t.Fatalf("answers are %+v, want %+v", got, i.drafts)
		}
		revisions, err := r.Revisions(ctx, i.own, "")
		if err != nil {
			return err
		}
		history := map[string]bool{}
		for _, v := range revisions {
			history[fmt.Sprint(v.Path, " ", v.Version, " ", v.Value, " ", v.By, " ", v.Channel)] = true
		}
		for _, want := range i.revisions {
			if !history[want] {
				i.t.Fatalf("the history lacks %q", want)
			}
		}
		proposals, err := r.Proposals(ctx, i.own)
		waiting := map[string]bool{}
		for _, p := range proposals {
			waiting[fmt.Sprint(p.Path, " ", p.Value, " ", p.By)] = true
		}
		if len(revisions) != len(i.revisions) || !maps.Equal(waiting, i.proposals) {
			i.t.Fatalf("%d revisions, want %d; proposals %v, want %v", len(revisions), len(i.revisions), waiting, i.proposals)
		}
		versions, err2 := r.Submissions(ctx, db.SubmissionFilter{Response: i.own})
		for n, s := range versions {
			if n >= len(i.signed) || string(s.Snapshot) != i.signed[n] {
				i.t.Fatalf("signed version %d is %s", n+1, s.Snapshot)
			}
		}
		if len(versions) != len(i.signed) {
			i.t.Fatalf("%d signed versions, want %d", len(versions), len(i.signed))
		}
		latest, err3 := r.Latest(ctx, "old", "1")
		for _, s := range latest {
			if s.Country == "CRI" && (s.State == study.Signed) != (len(i.signed) > 0) {
				i.t.Fatalf("reports count version %d, %s, of %d signed ones", s.Version, s.State, len(i.signed))
			}
		}
		return errors.Join(err, err2, err3)
	})
}

// compareLoaded holds what the country sees as loaded to the layers laid over each other.
func (i *interleaved) compareLoaded() {
	i.t.Helper()
	var rows []layer
	from := map[study.SubmissionID]study.BatchID{}
	for id, all := range i.layers {
		for _, l := range all {
			if l.Country == "CRI" {
				rows, from[l.ID] = append(rows, l), id
			}
		}
	}
	slices.SortFunc(rows, func(a, b layer) int { return a.Version - b.Version })
	want := map[string]string{}
	for _, l := range rows {
		var entries []study.Entry
		if err := json.Unmarshal([]byte(l.Said), &entries); err != nil {
			i.t.Fatal(err)
		}
		for _, e := range entries {
			want[e.Path] = fmt.Sprint(e.Value, " of ", from[l.ID])
		}
	}
	got := map[string]string{}
	i.view(func(ctx context.Context, r *db.Reader) error {
		loaded, _, err := r.Loaded(ctx, i.own)
		for _, l := range loaded {
			got[l.Path] = fmt.Sprint(l.Value, " of ", l.Batch)
		}
		return err
	})
	if !maps.Equal(got, want) {
		i.t.Fatalf("the country sees %v, want %v", got, want)
	}
}

// end goes on with what was interrupted, takes every batch off, and looks at the whole.
func (i *interleaved) end() {
	i.t.Helper()
	for _, f := range i.files {
		i.run(f, 1000)
		i.compare()
	}
	i.work()
	for len(i.layers) > 0 {
		i.undo()
		i.compare()
	}
	i.look()
	i.view(func(ctx context.Context, r *db.Reader) error {
		loaded, _, err := r.Loaded(ctx, i.own)
		all, err2 := r.Responses(ctx, db.ResponseFilter{})
		if len(loaded) > 0 || len(all) != 1 {
			i.t.Errorf("after all undos %d old answers and %d responses stay", len(loaded), len(all))
		}
		return errors.Join(err, err2)
	})
	found, err := db.Verify(i.t.Context(), i.dir)
	if err != nil || found.Database != "" {
		i.t.Errorf("the folder is %+v, %v", found, err)
	}
}
