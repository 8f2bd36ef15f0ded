// Package worker does, through asynq, the jobs promised in the outbox. Redis is
// disposable: the outbox is the truth, and losing Redis loses only time.
//
// A job is delivered at least once and takes effect once: its effects and the end of
// its promise are one transaction. Several processes may work on one database; one of
// them at a time relays.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// Config is what a Worker needs. Zero values of the durations and counts mean the
// defaults given beside them.
type Config struct {
	Store    *db.Store
	RedisURL string // "" for the embedded queue
	BaseURL  string // web address that workbooks link to, without a slash at the end
	Log      *slog.Logger

	Concurrency int // jobs at once; 0 or less: relay only, do no work
	Attempts    int // tries before a job is given up: 5

	JobTimeout    time.Duration // how long one try may take: 2 min, reports 10 min, imports hours
	LookAfter     time.Duration // silence after which a handed-over job is looked up: 12 s
	RetryDelay    time.Duration // before the second try; four times as long before each further one: 1 s
	ShutdownGrace time.Duration // how long jobs may go on after ctx ends: 8 s
}

// Worker relays promises and does jobs until its context ends.
type Worker struct {
	config   Config
	log      *slog.Logger
	queue    *queue
	relay    *relay
	handlers map[string]handler
	forms    formCache
	foreign  atomic.Int64

	noteEvery time.Duration // how often at most a report's progress is written
}

// importTimeouts are those of work that grows with a file. Long is no harm: a job whose
// process died is found by its missing owner.
var importTimeouts = map[string]time.Duration{
	study.LookAtUpload{}.JobName(): 2 * time.Hour,
	study.StoreUpload{}.JobName():  12 * time.Hour,
}

// New prepares a worker. It fails for an unreadable Redis address or database, not for
// a Redis that is away.
func New(ctx context.Context, c Config) (*Worker, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	fallback(&c.Attempts, 5)
	fallback(&c.LookAfter, 12*time.Second)
	fallback(&c.RetryDelay, time.Second)
	fallback(&c.ShutdownGrace, 8*time.Second)
	var deployment string
	err := c.Store.View(ctx, func(r *db.Reader) (err error) {
		deployment, err = r.Deployment(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read deployment: %w", err)
	}
	q, err := openQueue(c.RedisURL, deployment)
	if err != nil {
		return nil, err
	}
	w := &Worker{config: c, log: c.Log, queue: q, handlers: handlers, noteEvery: 250 * time.Millisecond}
	w.relay = &relay{
		store: c.Store, queue: q, log: c.Log, owner: processName(), pokes: make(chan struct{}, 1),
		lookAfter: c.LookAfter, timeouts: map[string]time.Duration{},
	}
	for job := range handlers {
		w.relay.timeouts[job] = c.JobTimeout
		if c.JobTimeout == 0 {
			w.relay.timeouts[job] = 2 * time.Minute
			if lane(job) == "report" {
				w.relay.timeouts[job] = 10 * time.Minute
			}
			if longest := importTimeouts[job]; longest > 0 {
				w.relay.timeouts[job] = longest
			}
		}
	}
	c.Store.OnPromise(w.Poke)
	return w, nil
}

func fallback[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// processName is unique among processes and restarts: a lease held by a dead process
// must not look like ours.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return fmt.Sprintf("%s-%d-%08x", host, os.Getpid(), rand.Uint32())
}

// Poke asks the relay to look at the outbox now.
func (w *Worker) Poke() { w.relay.poke() }

// Foreign counts the tasks that were dropped because they are not ours.
func (w *Worker) Foreign() int64 { return w.foreign.Load() }

// Run works until ctx ends, then lets jobs under way finish within the grace; what
// does not finish is done again later.
func (w *Worker) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { w.queue.tick(ctx) })
	wg.Go(func() { w.relay.run(ctx) })
	var started error
	if w.config.Concurrency > 0 {
		server := asynq.NewServerFromRedisClient(w.queue.work, w.serverConfig())
		if started = server.Start(w); started == nil {
			<-ctx.Done()
			server.Shutdown()
		} else {
			cancel()
		}
	} else {
		<-ctx.Done()
	}
	wg.Wait()
	return errors.Join(started, w.queue.close())
}

func (w *Worker) serverConfig() asynq.Config {
	check := 200 * time.Millisecond
	if w.queue.embedded != nil {
		check = 50 * time.Millisecond
	}
	return asynq.Config{
		Concurrency:              w.config.Concurrency,
		Queues:                   w.queue.weights(),
		TaskCheckInterval:        check,
		DelayedTaskCheckInterval: time.Second,
		ShutdownTimeout:          w.config.ShutdownGrace,
		HealthCheckInterval:      15 * time.Second,
		RetryDelayFunc:           func(n int, _ error, _ *asynq.Task) time.Duration { return retryDelay(w.config.RetryDelay, n) },
		ErrorHandler:             w,
		Logger:                   quiet{w.log},
		LogLevel:                 asynq.WarnLevel,
	}
}

// retryDelay grows fourfold with each failed try, up to a minute.
func retryDelay(first time.Duration, failed int) time.Duration {
	delay := first
	for range min(failed, 8) {
		delay *= 4
	}
	return min(delay, time.Minute)
}

// quiet passes asynq's words on to the log. Its complaints about an absent Redis come
// several times a second, so they are for debugging; the relay reports the outage once.
type quiet struct{ log *slog.Logger }

func (q quiet) Debug(args ...any) { q.log.Debug(fmt.Sprint(args...)) }
func (q quiet) Info(args ...any)  { q.log.Debug(fmt.Sprint(args...)) }
func (q quiet) Warn(args ...any)  { q.log.Debug(fmt.Sprint(args...)) }
func (q quiet) Error(args ...any) { q.log.Debug(fmt.Sprint(args...)) }
func (q quiet) Fatal(args ...any) { q.log.Error(fmt.Sprint(args...)); os.Exit(3) }

var (
	_ asynq.Handler      = (*Worker)(nil)
	_ asynq.ErrorHandler = (*Worker)(nil)
)
