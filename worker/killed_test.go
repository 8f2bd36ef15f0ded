package worker

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/confine"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// TestMain lets this test binary play a worker process that can be killed.
func TestMain(m *testing.M) {
	confine.RegisterFile(TableReader, legacy.Worker)
	confine.Child()
	if dir := os.Getenv("WORKER_TEST_DATA"); dir != "" {
		if err := stuckWorker(dir, os.Getenv("WORKER_TEST_REDIS")); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// stuckWorker takes a job, says so, and never finishes it.
func stuckWorker(dir, redis string) error {
	ctx := context.Background()
	store, err := db.Open(ctx, dir, db.Options{Shared: true})
	if err != nil {
		return err
	}
	w, err := New(ctx, Config{Store: store, RedisURL: redis, Concurrency: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	w.handlers = map[string]handler{study.NormalizeSubmission{}.JobName(): func(ctx context.Context, _ *Worker, p study.Promise) error {
		fmt.Println("begun", p.ID)
		select {}
	}}
	return w.Run(ctx)
}

func TestKilledWorkerIsReplacedWithin15Seconds(t *testing.T) {
	t.Parallel()
	redis := testkit.StartRedis(t)
	w := newWorld(t)
	w.run(Config{RedisURL: redis.URL(), Concurrency: -1}) // the serving process: relays only
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	victim := testkit.Start(t, self, []string{"WORKER_TEST_DATA=" + w.store.Dir(), "WORKER_TEST_REDIS=" + redis.URL()})
	w.submit(1)
	victim.Line(t, "begun", 20*time.Second)
	victim.Kill()
	killedAt := time.Now()
	w.run(Config{RedisURL: redis.URL()})
	w.drained(60 * time.Second)
	// 15 s on a machine at rest; the queue's own recovery would take a minute and more.
	if took := time.Since(killedAt); took > 50*time.Second {
		t.Errorf("the job was done %v after its worker was killed", took)
	}
	err = w.store.View(t.Context(), func(r *db.Reader) error {
		done, err := r.Promises(t.Context(), study.Done, 1)
		if err == nil && done[0].Generation != 2 {
			t.Errorf("generation %d, want 2: the dead worker's task still holds the first name", done[0].Generation)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
