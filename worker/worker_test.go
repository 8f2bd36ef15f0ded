package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// world is a store with a small form, and submissions made on demand.
type world struct {
	t     testing.TB
	store *db.Store
	made  []study.SubmissionID
	next  int
	at    map[study.SubmissionID]time.Time // when each was normalized
}

func newWorld(t testing.TB) *world {
	t.Helper()
	store, err := db.Open(t.Context(), t.TempDir(), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, store: store, at: map[study.SubmissionID]time.Time{}}
	w.change(func(tx *db.Tx) error {
		return errors.Join(
			tx.PutStudy(t.Context(), study.Study{
				ID: "seeds", Languages: []study.Lang{"en"}, DefaultLanguage: "en",
				Countries:   []study.Country{{ISO3: "CRI", Name: study.Text{"en": "Costa Rica"}, InStudy: true}},
				Rounds:      []study.Round{{ID: "1", Title: study.Text{"en": "Round 1"}}},
				Instruments: []study.Instrument{{FormID: "banks", Kind: study.Questionnaire, Title: study.Text{"en": "Banks"}}},
			}),
			putForm(t.Context(), tx))
	})
	return w
}

func putForm(ctx context.Context, tx *db.Tx) error {
	f := &forms.Form{ID: "banks", Children: []*forms.Node{{Name: "n", Path: "/n", Type: "integer"}}}
	content, err := f.Encode()
	if err != nil {
		return err
	}
	_, err = tx.PutForm(ctx, "banks", content, nil, "banks.md")
	return err
}

func (w *world) change(f func(*db.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
}

// submit stores n submissions, each with the promise to normalize it.
func (w *world) submit(n int) {
	w.t.Helper()
	for range n {
		w.next++
		value := fmt.Sprint(w.next)
		snapshot, err := json.Marshal(study.Snapshot{FormID: "banks", FormVersion: 1, Country: "CRI", Entries: []study.Entry{{Path: "/n", Value: value}}})
		if err != nil {
			w.t.Fatal(err)
		}
		w.change(func(tx *db.Tx) error {
			s, _, err := tx.Receive(w.t.Context(),
				study.Response{FormID: "banks", Kind: study.Questionnaire, Country: "CRI", Round: "1", InstanceID: "i" + value},
				study.Submission{State: study.Legacy, Hash: value, Channel: study.API, Snapshot: snapshot})
			w.made = append(w.made, s.ID)
			return err
		})
	}
}

// run starts a worker and returns how to stop it.
func (w *world) run(c Config, change ...func(*Worker)) (stop func()) {
	w.t.Helper()
	c.Store = w.store
	c.Log = slog.New(slog.DiscardHandler)
	if c.Concurrency == 0 {
		c.Concurrency = 4
	}
	worker, err := New(w.t.Context(), c)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range change {
		f(worker)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- worker.Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Errorf("worker ended with %v", err)
		}
		ended <- nil
	}
	w.t.Cleanup(stop)
	return stop
}

func (w *world) count(state study.JobState) int {
	w.t.Helper()
	n := 0
	err := w.store.View(w.t.Context(), func(r *db.Reader) error {
		counts, err := r.CountPromises(w.t.Context())
		n = counts[state]
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// drained waits until nothing is open, and checks every submission's one answer, and that
// it was not made again since the last look.
func (w *world) drained(limit time.Duration) {
	w.t.Helper()
	testkit.Until(w.t, limit, "all promises are done", func() bool { return w.count(study.Done) == len(w.made) })
	for i, id := range w.made {
		err := w.store.View(w.t.Context(), func(r *db.Reader) error {
			answers, err := r.Answers(w.t.Context(), id)
			if err == nil && (len(answers) != 1 || answers[0].Number == nil || *answers[0].Number != float64(i+1)) {
				err = fmt.Errorf("answers of submission %d are %+v", i+1, answers)
			}
			if err != nil {
				return err
			}
			s, err := r.Submission(w.t.Context(), id)
			if before, seen := w.at[id]; seen && !before.Equal(s.NormalizedAt) {
				w.t.Errorf("submission %d was normalized at %v, and again at %v", i+1, before, s.NormalizedAt)
			}
			w.at[id] = s.NormalizedAt
			return err
		})
		if err != nil {
			w.t.Error(err)
		}
	}
}

// eachQueue runs a test on the embedded queue and on a real Redis.
func eachQueue(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { t.Parallel(); test(t, "") })
	t.Run("redis", func(t *testing.T) { t.Parallel(); test(t, testkit.StartRedis(t).URL()) })
}

func TestEverySubmissionIsNormalizedOnce(t *testing.T) {
	t.Parallel()
	eachQueue(t, func(t *testing.T, url string) {
		w := newWorld(t)
		w.submit(20) // before anybody works
		w.run(Config{RedisURL: url})
		w.submit(20)
		w.drained(20 * time.Second)
	})
}

func TestPoisonEndsOnTheJobsPageAndBlocksNothing(t *testing.T) {
	t.Parallel()
	eachQueue(t, func(t *testing.T, url string) {
		for _, poison := range []struct {
			name, reason string
			do           handler
		}{
			{"panic", "a fault in the program", func(context.Context, *Worker, study.Promise) error { panic("boom") }},
			{"endless loop", "took longer than allowed", func(ctx context.Context, _ *Worker, _ study.Promise) error {
				for ctx.Err() == nil || !errors.Is(t.Context().Err(), context.Canceled) { // ignores its own end; lives as long as the test
				}
				return nil
			}},
			{"a problem that no retry mends", "no.such", func(context.Context, *Worker, study.Promise) error {
				return &study.Problem{Kind: study.Invalid, Key: "no.such"}
			}},
		} {
			t.Run(poison.name, func(t *testing.T) {
				w := newWorld(t)
				w.submit(4)
				bad := w.made[1]
				w.run(Config{RedisURL: url, Attempts: 2, RetryDelay: 50 * time.Millisecond, JobTimeout: time.Second}, func(worker *Worker) {
					worker.handlers = map[string]handler{study.NormalizeSubmission{}.JobName(): func(ctx context.Context, w *Worker, p study.Promise) error {
						if p.Subject == string(bad) {
							return poison.do(ctx, w, p)
						}
						return normalizeSubmission(ctx, w, p)
					}}
				})
				testkit.Until(t, 30*time.Second, "the poison is given up and the others are done", func() bool {
					return w.count(study.Failed) == 1 && w.count(study.Done) == 3
				})
				w.failedBecause(poison.reason)
			})
		}
	})
}

func (w *world) failedBecause(reason string) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(r *db.Reader) error {
		failed, err := r.Promises(w.t.Context(), study.Failed, 10)
		if err == nil && !strings.Contains(failed[0].Failure, reason) {
			w.t.Errorf("the reason is %q, want %q in it", failed[0].Failure, reason)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestRetryAfterFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submit(1)
	var healed atomic.Bool
	w.run(Config{Attempts: 1}, func(worker *Worker) {
		worker.handlers = map[string]handler{study.NormalizeSubmission{}.JobName(): func(ctx context.Context, w *Worker, p study.Promise) error {
			if !healed.Load() {
				return errors.New("disk full")
			}
			return normalizeSubmission(ctx, w, p)
		}}
	})
	testkit.Until(t, 20*time.Second, "the job is given up", func() bool { return w.count(study.Failed) == 1 })
	w.failedBecause("disk full")
	healed.Store(true)
	w.change(func(tx *db.Tx) error {
		failed, err := tx.Promises(t.Context(), study.Failed, 1)
		if err != nil {
			return err
		}
		return tx.RetryPromise(t.Context(), failed[0].ID)
	})
	w.drained(20 * time.Second)
}

func TestForeignTasksAreDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var worker *Worker
	w.run(Config{}, func(made *Worker) { worker = made })
	for _, task := range []*asynq.Task{
		asynq.NewTask("somebody:else", []byte("{}")),
		asynq.NewTask(study.NormalizeSubmission{}.JobName(), []byte("not JSON")),
		asynq.NewTask(study.NormalizeSubmission{}.JobName()+":more", []byte(`{"promise":"x"}`)),
	} {
		if _, err := worker.queue.tasks.Enqueue(task, asynq.Queue(worker.queue.name("intake"))); err != nil {
			t.Fatal(err)
		}
	}
	testkit.Until(t, 10*time.Second, "three tasks are dropped", func() bool { return worker.Foreign() == 3 })
	w.submit(1)
	w.drained(10 * time.Second)
}

func TestRetryDelayGrowsToAMinute(t *testing.T) {
	t.Parallel()
	for failed, want := range []time.Duration{time.Second, 4 * time.Second, 16 * time.Second, time.Minute, time.Minute} {
		if got := retryDelay(time.Second, failed); got != want {
			t.Errorf("retryDelay(1s, %d) = %v, want %v", failed, got, want)
		}
	}
}
