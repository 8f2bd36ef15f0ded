package dbtest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

func exerciseReturns(w world) {
	first := Return(w, w.s, "CRI")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		again, created, err := tx.CreateResponse(ctx, study.Response{FormID: FormID, Kind: study.Questionnaire, Country: "CRI", Round: Round})
		equal(w, "the same return", again.ID, first.ID)
		equal(w, "created", created, false)
		if err != nil {
			return err
		}
		for _, title := range []string{"INT-001", "INT-002"} {
			_, created, err = tx.CreateResponse(ctx, study.Response{FormID: GuideID, Kind: study.InterviewKind, Country: "CRI", Round: Round, Title: title})
			equal(w, "interview created", created, true)
			if err != nil {
				return err
			}
		}
		return nil
	})
	refused(w, w.s, study.NotFound, "form.unknown", func(ctx context.Context, tx *db.Tx) error {
		_, _, err := tx.CreateResponse(ctx, study.Response{FormID: "nothing", Kind: study.Questionnaire, Country: "CRI", Round: Round})
		return err
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		for _, tt := range []struct {
			f    db.ResponseFilter
			want int
		}{
			{db.ResponseFilter{}, 3}, {db.ResponseFilter{Kind: study.InterviewKind}, 2}, {db.ResponseFilter{Country: "PAN"}, 0},
			{db.ResponseFilter{FormID: FormID, Round: Round}, 1}, {db.ResponseFilter{InstanceID: "x"}, 0},
		} {
			got, err := r.Responses(ctx, tt.f)
			equal(w, "responses", len(got), tt.want)
			if err != nil {
				return err
			}
		}
		_, missing := r.Response(ctx, "nothing")
		isProblem(w, missing, study.NotFound, "response.unknown")
		return nil
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(
			tx.MarkSection(ctx, first.ID, "a", true, w.focal.ID), tx.MarkSection(ctx, first.ID, "a", true, w.focal.ID),
			tx.MarkSection(ctx, first.ID, "b", true, w.focal.ID), tx.MarkSection(ctx, first.ID, "b", false, w.focal.ID),
			tx.SetState(ctx, first.ID, study.InProgress, study.InReview, w.focal.ID, "because"))
	})
	refused(w, w.s, study.Conflict, "response.state", func(ctx context.Context, tx *db.Tx) error {
		return tx.SetState(ctx, first.ID, study.InProgress, study.Accepted, w.focal.ID, "")
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		marks, err := r.SectionMarks(ctx, first.ID)
		if err != nil || len(marks) != 1 || marks[0].ByName != w.focal.Name {
			w.Errorf("section marks: %v, %v", marks, err)
		}
		events, err := r.ResponseEvents(ctx, first.ID)
		if err != nil || len(events) != 1 || events[0].Reason != "because" || events[0].To != study.InReview {
			w.Errorf("events: %v, %v", events, err)
		}
		return nil
	})
	equal(w, "an open return is editable", db.Editable(study.InProgress), true)
	for name, change := range changesOf(first.ID, w.focal) {
		err := w.s.Update(context.Background(), func(tx *db.Tx) error { return change(context.Background(), tx) })
		if isProblem(w, err, study.Conflict, "response.not_editable"); err == nil {
			w.Errorf("%s changed a return in review", name)
		}
	}
}

// changesOf are all changes that only a return in the hands of its officials may get.
func changesOf(id study.ResponseID, by study.Person) map[string]func(context.Context, *db.Tx) error {
	return map[string]func(context.Context, *db.Tx) error{
		"save": func(ctx context.Context, tx *db.Tx) error {
			_, _, err := tx.SaveAnswers(ctx, id, by, study.Web, nil)
			return err
		},
		"resolve": func(ctx context.Context, tx *db.Tx) error { return tx.Resolve(ctx, id, "/a", by, nil) },
		"add": func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.AddItem(ctx, id, "/e", "k", "")
			return err
		},
		"remove":  func(ctx context.Context, tx *db.Tx) error { return tx.RemoveItem(ctx, id, "/e", "k") },
		"restore": func(ctx context.Context, tx *db.Tx) error { return tx.RestoreItem(ctx, id, "/e", "k") },
		"move":    func(ctx context.Context, tx *db.Tx) error { return tx.MoveItem(ctx, id, "/e", "k", 1) },
		"attach": func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.PutAttachment(ctx, id, study.Attachment{})
			return err
		},
		"detach": func(ctx context.Context, tx *db.Tx) error { return tx.RemoveAttachment(ctx, id, "x") },
		"sign": func(ctx context.Context, tx *db.Tx) error {
			_, _, err := tx.Submit(ctx, study.Submission{ResponseID: id}, "")
			return err
		},
	}
}

// save stores one change and returns the version it got, or the proposal it became.
func save(w world, id study.ResponseID, by study.Person, c study.Change) (saved []study.Saved, proposals []study.Proposal) {
	w.Helper()
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		saved, proposals, err = tx.SaveAnswers(ctx, id, by, study.Web, []study.Change{c})
		return err
	})
	return saved, proposals
}

func exerciseDrafts(w world) {
	id := Return(w, w.s, "CRI").ID
	other := colleague(w)
	saved, _ := save(w, id, w.focal, Value("/a", 0, "one"))
	equal(w, "first version", saved[0], study.Saved{Path: "/a", Version: 1, New: true})
	saved, _ = save(w, id, w.focal, Value("/a", 0, "one"))
	equal(w, "the same body twice", saved[0], study.Saved{Path: "/a", Version: 1})
	saved, _ = save(w, id, other, Value("/a", 1, "two"))
	equal(w, "next version", saved[0].Version, 2)
	saved, proposals := save(w, id, w.focal, Value("/a", 1, "two"))
	equal(w, "a stale save that agrees", saved[0], study.Saved{Path: "/a", Version: 2})
	equal(w, "its proposals", len(proposals), 0)
	saved, proposals = save(w, id, other, Value("/b", 0, "beside"))
	equal(w, "another question", len(saved)-len(proposals), 1)
	reason, note := study.ND, "asked the ministry"
	empty := ""
	saved, _ = save(w, id, other, study.Change{Path: "/a", Base: 2, Value: &empty, Reason: &reason, Note: &note})
	equal(w, "a reason is a change", saved[0].Version, 3)
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		answers, err := r.DraftAnswers(ctx, id)
		if err != nil || len(answers) != 2 {
			w.Fatalf("draft answers: %v, %v", answers, err)
		}
		equal(w, "current answer", answers[0], study.DraftAnswer{Path: "/a", Version: 3, Reason: study.ND, Note: note,
			By: other.ID, ByName: other.Name, Channel: study.Web, At: w.clock.Now()})
		none, err := r.DraftAnswers(ctx, "nothing")
		equal(w, "answers of nothing", len(none), 0)
		return err
	})
	refused(w, w.s, study.NotFound, "response.unknown", func(ctx context.Context, tx *db.Tx) error {
		_, _, err := tx.SaveAnswers(ctx, "nothing", w.focal, study.Web, nil)
		return err
	})
	exerciseHistory(w, id, other)
}

func colleague(w world) (p study.Person) {
	w.Helper()
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = tx.CreatePerson(ctx, study.Person{Name: "Colleague", Role: study.Contributor, Country: "CRI"})
		return err
	})
	return p
}

// One sitting is one entry of the history; another person, another door or ten minutes
// begin a new one. Every version stays stored.
func exerciseHistory(w world, id study.ResponseID, other study.Person) {
	save(w, id, other, Value("/c", 0, "1"))
	w.clock.Add(4 * time.Minute)
	save(w, id, other, Value("/c", 1, "2"))
	w.clock.Add(6 * time.Minute)
	save(w, id, other, Value("/c", 2, "3"))
	w.clock.Add(time.Minute)
	save(w, id, other, Value("/c", 3, "4"))
	save(w, id, w.focal, Value("/c", 4, "5"))
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		entries, err := r.History(ctx, id, "/c")
		if err != nil {
			return err
		}
		var values []string
		for _, e := range entries {
			values = append(values, e.Value)
		}
		equal(w, "history", strings.Join(values, " "), "3 4 5")
		all, err := r.Revisions(ctx, id, "/c")
		equal(w, "stored versions", len(all), 5)
		if err != nil {
			return err
		}
		all, err = r.Revisions(ctx, id, "")
		equal(w, "stored versions of all answers", len(all), 9)
		return err
	})
}

func exerciseProposals(w world) {
	id := Return(w, w.s, "CRI").ID
	other := colleague(w)
	save(w, id, w.focal, Value("/a", 0, "theirs"))
	_, proposals := save(w, id, other, Value("/a", 0, "mine"))
	if len(proposals) != 1 || proposals[0].Value != "mine" || proposals[0].ByName != other.Name {
		w.Fatalf("proposals: %v", proposals)
	}
	save(w, id, other, Value("/a", 0, "mine")) // the same body again
	waiting := func() (n int) {
		View(w, w.s, func(ctx context.Context, r *db.Reader) error {
			all, err := r.Proposals(ctx, id)
			n = len(all)
			return err
		})
		return n
	}
	equal(w, "proposals after the same body twice", waiting(), 1)
	current := func() string {
		var value string
		View(w, w.s, func(ctx context.Context, r *db.Reader) error {
			answers, err := r.DraftAnswers(ctx, id)
			value = answers[0].Value
			return err
		})
		return value
	}
	equal(w, "the current answer stays", current(), "theirs")
	both := Value("", 0, "both")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.Resolve(ctx, id, "/a", other, &both) })
	equal(w, "the chosen answer", current(), "both")
	equal(w, "proposals after choosing", waiting(), 0)
	save(w, id, other, Value("/a", 1, "late"))
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.Resolve(ctx, id, "/a", other, nil) })
	equal(w, "keeping theirs", current(), "both")
	equal(w, "proposals after keeping theirs", waiting(), 0)
}

func exerciseItems(w world) {
	id := Return(w, w.s, "CRI").ID
	add := func(key, request string) (got string) {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
			got, err = tx.AddItem(ctx, id, "/e", key, request)
			return err
		})
		return got
	}
	equal(w, "first item", add("k1", "r1"), "k1")
	equal(w, "a double click", add("k2", "r1"), "k1")
	add("k2", "r2")
	add("k3", "")
	keys := func(removed bool) string {
		var all []string
		View(w, w.s, func(ctx context.Context, r *db.Reader) error {
			items, err := r.Items(ctx, id, removed)
			for _, i := range items {
				all = append(all, i.Key)
			}
			return err
		})
		return strings.Join(all, " ")
	}
	equal(w, "items", keys(false), "k1 k2 k3")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(tx.MoveItem(ctx, id, "/e", "k3", -1), tx.MoveItem(ctx, id, "/e", "k1", -1))
	})
	equal(w, "moved", keys(false), "k1 k3 k2")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.RemoveItem(ctx, id, "/e", "k3") })
	equal(w, "removed", keys(false), "k1 k2")
	equal(w, "kept for undo", keys(true), "k1 k3 k2")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.RestoreItem(ctx, id, "/e", "k3") })
	equal(w, "restored", keys(false), "k1 k3 k2")
	for _, change := range []func(context.Context, *db.Tx) error{
		func(ctx context.Context, tx *db.Tx) error { return tx.RemoveItem(ctx, id, "/e", "none") },
		func(ctx context.Context, tx *db.Tx) error { return tx.MoveItem(ctx, id, "/e", "none", 1) },
	} {
		refused(w, w.s, study.NotFound, "item.unknown", change)
	}
}
