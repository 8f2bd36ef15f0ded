package worker

import (
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/testkit"
)

// The outages below last seconds instead of minutes. In each, intake goes on, and
// afterwards everything was normalized, once.

func TestRedisIsAbsentAtTheStart(t *testing.T) {
	t.Parallel()
	redis := testkit.NewRedis(t)
	w := newWorld(t)
	w.run(Config{RedisURL: redis.URL()})
	w.submit(5)
	redis.Start()
	w.drained(20 * time.Second)
}

func TestRedisRestartsEmpty(t *testing.T) {
	t.Parallel()
	redis := testkit.StartRedis(t)
	w := newWorld(t)
	w.run(Config{RedisURL: redis.URL()})
	w.submit(5)
	w.drained(20 * time.Second)
	redis.Stop()
	w.submit(10)
	redis.Start()
	w.drained(20 * time.Second)
	w.submit(5)
	redis.Flush()
	w.drained(20 * time.Second)
}

func TestRedisForgetsWhatWasHandedOver(t *testing.T) {
	t.Parallel()
	redis := testkit.StartRedis(t)
	w := newWorld(t)
	stop := w.run(Config{RedisURL: redis.URL(), Concurrency: -1}) // relays, works on nothing
	w.submit(10)
	testkit.Until(t, 10*time.Second, "ten tasks are handed over", func() bool { return w.count("sent") == 10 })
	redis.Flush()
	stop()
	w.run(Config{RedisURL: redis.URL(), LookAfter: time.Hour}) // so it is not the silence that tells
	w.drained(10 * time.Second)
}

func TestRedisHangs(t *testing.T) {
	t.Parallel()
	redis := testkit.StartRedis(t)
	w := newWorld(t)
	w.run(Config{RedisURL: redis.URL()})
	w.submit(5)
	w.drained(20 * time.Second)
	redis.Freeze()
	began := time.Now()
	w.submit(10)
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("ten submissions took %v while Redis hung", took)
	}
	redis.Thaw()
	w.drained(40 * time.Second)
}

func TestRedisComesBackFromAnOlderSnapshot(t *testing.T) {
	t.Parallel()
	redis := testkit.StartRedis(t)
	w := newWorld(t)
	stop := w.run(Config{RedisURL: redis.URL(), Concurrency: -1})
	w.submit(10)
	testkit.Until(t, 10*time.Second, "ten tasks are handed over", func() bool { return w.count("sent") == 10 })
	redis.Snapshot() // with the ten tasks waiting
	stop()
	stop = w.run(Config{RedisURL: redis.URL()})
	w.drained(20 * time.Second)
	stop()
	redis.Stop()
	w.submit(5)
	redis.Start() // the ten tasks rise again, the five are unknown
	var worker *Worker
	w.run(Config{RedisURL: redis.URL()}, func(made *Worker) { worker = made })
	w.drained(30 * time.Second)
	testkit.Until(t, 20*time.Second, "the resurrected tasks are gone", func() bool {
		info, err := worker.queue.inspector.GetQueueInfo(worker.queue.name("intake"))
		return err == nil && info.Size == 0
	})
	w.drained(time.Second)
}
