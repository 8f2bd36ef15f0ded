package worker

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/report"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// wish asks for a report.
func (w *world) wish(name string) (wished study.Report) {
	w.t.Helper()
	w.change(func(tx *db.Tx) (err error) {
		wished, err = tx.PutReport(w.t.Context(), study.Report{Name: name, Lang: "en", Round: "1"})
		return err
	})
	return wished
}

func (w *world) report(id study.ReportID) (found study.Report) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(r *db.Reader) (err error) {
		found, err = r.Report(w.t.Context(), id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// ended waits until a report is not open any more.
func (w *world) ended(id study.ReportID) study.Report {
	w.t.Helper()
	testkit.Until(w.t, 20*time.Second, "the report has ended", func() bool {
		state := w.report(id).State
		return state != study.Waiting && state != study.Running
	})
	return w.report(id)
}

func TestReportIsBuiltOnce(t *testing.T) {
	t.Parallel()
	eachQueue(t, func(t *testing.T, url string) {
		w := newWorld(t)
		w.submit(3)
		var worker *Worker
		var built atomic.Int64
		w.run(Config{RedisURL: url, BaseURL: "https://study.example"}, func(made *Worker) {
			worker = made
			made.handlers = map[string]handler{
				study.NormalizeSubmission{}.JobName(): normalizeSubmission,
				study.BuildReport{}.JobName(): func(ctx context.Context, w *Worker, p study.Promise) error {
					built.Add(1)
					return buildReport(ctx, w, p)
				},
			}
		})
		w.drained(20 * time.Second)
		id := w.wish("comparison").ID
		done := w.ended(id)
		if done.State != study.Done || done.Progress != 100 || !strings.HasPrefix(done.FileName, "seeds-1_comparison_en_") {
			t.Fatalf("the report ended as %+v", done)
		}
		if got := w.file(done.SHA256); !bytes.Equal(got, w.comparison("https://study.example")) {
			t.Error("the file is not the comparison of the data")
		}
		promise := w.promiseOf(string(id))
		task := asynq.NewTask(promise.Job, encodeTask(promise))
		if _, err := worker.queue.tasks.Enqueue(task, asynq.Queue(worker.queue.name("report"))); err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, 10*time.Second, "the second delivery is gone", func() bool {
			info, err := worker.queue.inspector.GetQueueInfo(worker.queue.name("report"))
			return err == nil && info.Size == 0
		})
		if again := w.report(id); again != done || built.Load() != 1 {
			t.Errorf("built %d times, want once; now %+v", built.Load(), again)
		}
	})
}

func (w *world) promiseOf(subject string) (found study.Promise) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(r *db.Reader) error {
		for _, state := range []study.JobState{study.Done, study.Cancelled, study.Failed} {
			all, err := r.Promises(w.t.Context(), state, 1000)
			if err != nil {
				return err
			}
			for _, p := range all {
				if p.Subject == subject {
					found = p
				}
			}
		}
		return nil
	})
	if err != nil || found.ID == "" {
		w.t.Fatalf("promise of %s: %v", subject, err)
	}
	return found
}

func (w *world) file(sum string) []byte {
	w.t.Helper()
	f, err := w.store.OpenFile(sum)
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	content, err := io.ReadAll(f)
	if err != nil {
		w.t.Fatal(err)
	}
	if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
		w.t.Errorf("the file %s has other bytes", sum)
	}
	return content
}

// comparison builds the workbook here and now.
func (w *world) comparison(base string) []byte {
	w.t.Helper()
	var out bytes.Buffer
	var in report.Input
	err := w.store.View(w.t.Context(), func(r *db.Reader) (err error) {
		in, err = ComparisonInput(w.t.Context(), r, "1")
		return err
	})
	if err == nil {
		in.BaseURL = base
		err = report.Comparison(w.t.Context(), &out, in, report.Options{Lang: "en"}, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Bytes()
}

// The job stands still after its workbook is written and before it is published, so that
// what was noted on the way can be read.
func TestReportNotesItsProgress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submit(2)
	written, publish := make(chan struct{}), make(chan struct{})
	w.run(Config{}, func(made *Worker) {
		made.noteEvery = 0
		made.handlers = map[string]handler{
			study.NormalizeSubmission{}.JobName(): normalizeSubmission,
			study.BuildReport{}.JobName(): func(ctx context.Context, worker *Worker, p study.Promise) error {
				var in report.Input
				err := w.store.View(ctx, func(r *db.Reader) (err error) {
					in, err = ComparisonInput(ctx, r, "1")
					return err
				})
				if err == nil {
					_, _, err = worker.writeReport(ctx, study.ReportID(p.Subject), in, report.Options{Lang: "en"})
				}
				close(written)
				<-publish
				if err != nil {
					return err
				}
				return buildReport(ctx, worker, p)
			},
		}
	})
	w.drained(20 * time.Second)
	id := w.wish("comparison").ID
	<-written
	if under := w.report(id); under.State != study.Running || under.Progress != 99 || under.FileName != "" {
		t.Errorf("a report that is written and not published: %+v", under)
	}
	close(publish)
	if done := w.ended(id); done.State != study.Done || done.Progress != 100 {
		t.Errorf("the report ended as %+v", done)
	}
}

// Cancelled while it waits, or while it is being built, a report is not published, and
// its job does not come back.
func TestCancelledReportIsNotPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cancel := func(id study.ReportID) {
		w.change(func(tx *db.Tx) error { return tx.CancelReport(t.Context(), id) })
	}
	waiting := w.wish("comparison").ID
	cancel(waiting)
	begun := make(chan struct{})
	ended := make(chan error, 1)
	w.run(Config{}, func(made *Worker) {
		made.handlers = map[string]handler{study.BuildReport{}.JobName(): func(ctx context.Context, worker *Worker, p study.Promise) error {
			cancel(study.ReportID(p.Subject))
			close(begun)
			err := buildReport(ctx, worker, p)
			ended <- err
			return err
		}}
	})
	building := w.wish("comparison").ID
	<-begun
	if err := <-ended; err != nil {
		t.Errorf("a cancelled job ended with %v, which would be tried again", err)
	}
	for _, id := range []study.ReportID{waiting, building} {
		if got := w.report(id); got.State != study.Cancelled || got.FileName != "" || got.SHA256 != "" {
			t.Errorf("a cancelled report is %+v", got)
		}
		if p := w.promiseOf(string(id)); p.State != study.Cancelled {
			t.Errorf("the job of a cancelled report is %s", p.State)
		}
	}
}

// A report that can never be built fails with its reason; a retry builds it when the
// reason is gone, and the others are built meanwhile.
func TestPoisonReportFailsVisibly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var fault atomic.Bool
	fault.Store(true)
	panics := study.ReportID("")
	unknown, sound := w.wish("nonsense").ID, w.wish("comparison").ID
	panics = w.wish("comparison").ID
	w.run(Config{Attempts: 2, RetryDelay: 20 * time.Millisecond}, func(made *Worker) {
		made.handlers = map[string]handler{study.BuildReport{}.JobName(): func(ctx context.Context, worker *Worker, p study.Promise) error {
			if study.ReportID(p.Subject) == panics && fault.Load() {
				panic("boom")
			}
			return buildReport(ctx, worker, p)
		}}
	})
	if got := w.ended(sound); got.State != study.Done {
		t.Errorf("the sound report is %+v", got)
	}
	for id, reason := range map[study.ReportID]string{unknown: "report.unknown", panics: "a fault in the program"} {
		got := w.ended(id)
		if got.State != study.Failed || !strings.Contains(got.Failure, reason) {
			t.Errorf("a poison report is %+v, want it failed with %q", got, reason)
		}
		if p := w.promiseOf(string(id)); p.State != study.Failed || !strings.Contains(p.Failure, reason) {
			t.Errorf("its job is %+v", p)
		}
	}
	fault.Store(false)
	id := w.promiseOf(string(panics)).ID
	w.change(func(tx *db.Tx) error { return tx.RetryPromise(t.Context(), id) })
	if got := w.ended(panics); got.State != study.Done {
		t.Errorf("tried again, the report is %+v", got)
	}
}
