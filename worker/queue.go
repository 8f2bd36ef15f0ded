package worker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/comparanda/comparanda/internal/study"
)

// queue is the seam to asynq. A given Redis and the embedded one (miniredis in this
// process) look the same from here.
type queue struct {
	deployment string // in every key and queue name: a Redis may be shared by accident
	redis      redis.UniversalClient
	work       redis.UniversalClient // the server's own connections, with asynq's patience
	tasks      *asynq.Client
	inspector  *asynq.Inspector
	embedded   *miniredis.Miniredis
}

// openQueue connects to the Redis at url, or makes an embedded one when url is "".
// It does not wait for Redis: an absent one delays work, nothing else.
func openQueue(url, deployment string) (*queue, error) {
	q := &queue{deployment: deployment}
	patient, brisk := &redis.Options{}, &redis.Options{}
	if url == "" {
		q.embedded = miniredis.NewMiniRedis()
		for _, o := range []*redis.Options{patient, brisk} {
			o.Addr = "embedded"
			o.Dialer = func(context.Context, string, string) (net.Conn, error) { return q.embedded.Dial() }
		}
	} else {
		var err error
		if patient, err = redis.ParseURL(url); err != nil {
			return nil, fmt.Errorf("read the Redis address: %w", err)
		}
		if brisk, err = redis.ParseURL(url); err != nil {
			return nil, fmt.Errorf("read the Redis address: %w", err)
		}
	}
	// The relay must notice a hung Redis at once, so that it never holds up a lease.
	brisk.DialTimeout, brisk.ReadTimeout, brisk.WriteTimeout, brisk.MaxRetries = time.Second, time.Second, time.Second, -1
	patient.DialTimeout = time.Second
	q.redis, q.work = redis.NewClient(brisk), redis.NewClient(patient)
	q.tasks = asynq.NewClientFromRedisClient(q.redis)
	q.inspector = asynq.NewInspectorFromRedisClient(q.redis)
	return q, nil
}

func (q *queue) close() error {
	err := errors.Join(q.redis.Close(), q.work.Close())
	if q.embedded != nil {
		q.embedded.Close()
	}
	return err
}

// tick moves the embedded Redis's clock, which stands still by itself: without it
// heartbeats and counters would never expire.
func (q *queue) tick(ctx context.Context) {
	if q.embedded == nil {
		return
	}
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
			q.embedded.FastForward(time.Second)
		}
	}
}

// lanes are the queues and their weights: a signature must not wait for reports.
var lanes = map[string]int{"intake": 6, "report": 3}

func lane(job string) string {
	switch job {
	case study.BuildReport{}.JobName(), study.LookAtUpload{}.JobName(), study.StoreUpload{}.JobName():
		return "report" // long work
	}
	return "intake"
}

func (q *queue) name(lane string) string { return lane + ":" + q.deployment }

func (q *queue) weights() map[string]int {
	names := map[string]int{}
	for lane, weight := range lanes {
		names[q.name(lane)] = weight
	}
	return names
}

func taskID(p study.Promise) string { return fmt.Sprintf("%s-%d", p.ID, p.Generation) }

// send hands a promise to the queue. A task that is there already is as good.
func (q *queue) send(ctx context.Context, p study.Promise, timeout time.Duration) error {
	task := asynq.NewTask(p.Job, encodeTask(p))
	_, err := q.tasks.EnqueueContext(ctx, task, asynq.TaskID(taskID(p)), asynq.Queue(q.name(lane(p.Job))),
		asynq.MaxRetry(25), asynq.Timeout(timeout))
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("enqueue promise %s: %w", p.ID, err)
	}
	return nil
}

// fate is what became of a task that was handed over.
type fate int

const (
	alive  fate = iota // queued, or worked on by a live process
	gone               // the queue does not know it
	orphan             // held by a process that died: its name cannot be used again soon
)

// look finds out what became of a promise's task.
func (q *queue) look(p study.Promise, owned map[string]bool) (fate, error) {
	info, err := q.inspector.GetTaskInfo(q.name(lane(p.Job)), taskID(p))
	switch {
	case errors.Is(err, asynq.ErrTaskNotFound), errors.Is(err, asynq.ErrQueueNotFound):
		return gone, nil
	case err != nil:
		return alive, fmt.Errorf("look up promise %s: %w", p.ID, err)
	}
	switch info.State {
	case asynq.TaskStateActive:
		if owned[info.ID] {
			return alive, nil
		}
		return orphan, nil
	case asynq.TaskStateArchived, asynq.TaskStateCompleted:
		return orphan, nil
	}
	return alive, nil
}

// owned lists the tasks that live processes are working on. A process that died is
// out of the list within about ten seconds, when its heartbeat expires.
func (q *queue) owned() (map[string]bool, error) {
	servers, err := q.inspector.Servers()
	if err != nil {
		return nil, fmt.Errorf("list workers: %w", err)
	}
	ids := map[string]bool{}
	for _, s := range servers {
		for _, w := range s.ActiveWorkers {
			ids[w.TaskID] = true
		}
	}
	return ids, nil
}

func (q *queue) epochKey() string { return "comparanda:" + q.deployment + ":epoch" }

// forgot reports whether Redis has lost its memory since remember was called.
func (q *queue) forgot(ctx context.Context) (bool, error) {
	n, err := q.redis.Exists(ctx, q.epochKey()).Result()
	if err != nil {
		return false, fmt.Errorf("read epoch: %w", err)
	}
	return n == 0, nil
}

// remember leaves the key whose absence tells that Redis came back empty.
func (q *queue) remember(ctx context.Context) error {
	if err := q.redis.Set(ctx, q.epochKey(), time.Now().UTC().Format(time.RFC3339), 0).Err(); err != nil {
		return fmt.Errorf("write epoch: %w", err)
	}
	return nil
}
