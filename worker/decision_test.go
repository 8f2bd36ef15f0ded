package worker

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// say stores a set of answers that says one thing at /n.
func (w *world) say(value string, lang study.Lang) study.SubmissionID {
	w.t.Helper()
	w.next++
	id := fmt.Sprint("said", w.next)
	snapshot, err := json.Marshal(study.Snapshot{FormID: "banks", FormVersion: 1, Country: "CRI", Lang: lang, Entries: []study.Entry{{Path: "/n", Value: value}}})
	if err != nil {
		w.t.Fatal(err)
	}
	var made study.Submission
	w.change(func(tx *db.Tx) (err error) {
		made, _, err = tx.Receive(w.t.Context(),
			study.Response{FormID: "banks", Kind: study.InterviewKind, Country: "CRI", Round: "1", InstanceID: id},
			study.Submission{State: study.Legacy, Hash: id, Channel: study.API, Snapshot: snapshot})
		return err
	})
	return made.ID
}

func (w *world) decide(d study.Decision) (id int64) {
	w.t.Helper()
	w.change(func(tx *db.Tx) (err error) {
		id, err = tx.PutDecision(w.t.Context(), d)
		return err
	})
	return id
}

// settled waits until no promise is open.
func (w *world) settled() {
	w.t.Helper()
	testkit.Until(w.t, 60*time.Second, "all promises are done", func() bool {
		return w.count(study.Waiting)+w.count(study.Sent)+w.count(study.Running) == 0
	})
	if n := w.count(study.Failed); n > 0 {
		w.t.Fatalf("%d promises failed", n)
	}
}

// answer is the one answer of a submission.
func (w *world) answer(id study.SubmissionID) (a study.Answer) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(r *db.Reader) error {
		all, err := r.Answers(w.t.Context(), id)
		if err == nil && len(all) != 1 {
			err = fmt.Errorf("answers %+v", all)
		}
		if err == nil {
			a = all[0]
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// TestDecisionIsAppliedAndUndone follows one text through a decision, a better one, and
// back; other texts and other languages stay as they are.
func TestDecisionIsAppliedAndUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var texts []study.SubmissionID
	for range decidedAtOnce + 3 { // more than one job takes
		texts = append(texts, w.say("BASTANTES de ellos", "es"))
	}
	other, foreign := w.say("quién sabe", "es"), w.say("bastantes de ellos", "en")
	w.run(Config{})
	w.settled()
	before := w.answer(texts[0])
	if before.Number != nil || before.Flags[len(before.Flags)-1] != "REVIEW" {
		t.Fatalf("before: %+v", before)
	}
	id := w.decide(study.Decision{Kind: "count", Country: "CRI", Lang: "es", Text: "bastantes de ellos", Code: "90"})
	w.settled()
	for _, at := range []int{0, decidedAtOnce - 1, len(texts) - 1} {
		if a := w.answer(texts[at]); a.Number == nil || *a.Number != 90 || len(a.Flags) > 0 || a.Raw != "BASTANTES de ellos" || a.Rule != fmt.Sprint("decision:", id) {
			t.Errorf("answer %d after the decision: %+v", at, a)
		}
	}
	for _, one := range []study.SubmissionID{other, foreign} {
		if a := w.answer(one); a.Number != nil || len(a.Flags) == 0 {
			t.Errorf("%q was decided too: %+v", a.Raw, a)
		}
	}
	better := w.decide(study.Decision{Kind: "count", Country: "CRI", Lang: "es", Text: "bastantes de ellos", Code: "95"})
	w.settled()
	if a := w.answer(texts[1]); a.Number == nil || *a.Number != 95 {
		t.Errorf("after the better decision: %+v", a)
	}
	w.change(func(tx *db.Tx) error { return tx.UndoDecision(t.Context(), better) })
	w.settled()
	if after := w.answer(texts[0]); !reflect.DeepEqual(before, after) {
		t.Errorf("undone: %+v, want %+v", after, before)
	}
}

// TestAnswersReadMeanwhileFollowTheDecision decides between the reading of answers and
// their storing: what was read by the old rules must not stay.
func TestAnswersReadMeanwhileFollowTheDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.say("bastantes de ellos", "")
	var cache formCache
	made, by, err := tidy(t.Context(), w.store, &cache, []study.SubmissionID{id})
	if err != nil {
		t.Fatal(err)
	}
	w.decide(study.Decision{Kind: "count", Text: "bastantes de ellos", Code: "90"})
	err = w.store.Update(t.Context(), func(tx *db.Tx) error { return putTidied(t.Context(), tx, by, made) })
	if err != errDecided {
		t.Errorf("stored what was read before the decision: %v", err)
	}
	if err := FinishDecisions(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	w.run(Config{})
	w.settled()
	if a := w.answer(id); a.Number == nil || *a.Number != 90 {
		t.Errorf("answer %+v", a)
	}
}

// TestPreviewNamesCellsOfTheReport changes what the rules know without applying it: the
// preview names the cells of the comparison that would move, and changes nothing.
func TestPreviewNamesCellsOfTheReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submit(1)
	stop := w.run(Config{})
	w.settled()
	stop()
	var before study.Answer
	w.change(func(tx *db.Tx) error { // as an older edition of the rules had read it
		before = study.Answer{SubmissionID: w.made[0], Path: "/n", Question: "/n", Raw: "1", Kind: study.TextValue, Text: "one or so", Flags: []string{"REVIEW"}, Rule: "old"}
		return tx.PutAnswers(t.Context(), w.made[0], []study.Answer{before}, "old")
	})
	var moved []CellMove
	err := PreviewReports(t.Context(), w.store, "en", func(m CellMove) error { moved = append(moved, m); return nil })
	if err != nil || len(moved) == 0 {
		t.Fatalf("moved %+v, %v", moved, err)
	}
	found := false
	for _, m := range moved {
		found = found || m.Report == "comparison" && m.Round == "1" && m.Old == "one or so" && m.New == "1" && m.Sheet == "Data" && m.Cell == "O5"
	}
	if !found {
		t.Errorf("the value in the long table does not move from “one or so” to 1: %+v", moved)
	}
	if after := w.answer(w.made[0]); !reflect.DeepEqual(after, before) {
		t.Errorf("the preview changed %+v into %+v", before, after)
	}
}
