package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter counts per key (a person, an address) and forgets idle keys.
type limiter struct {
	mu    sync.Mutex
	every rate.Limit
	burst int
	now   func() time.Time
	keys  map[string]*limited
}

type limited struct {
	bucket *rate.Limiter
	last   time.Time
}

func newLimiter(perMinute int, now func() time.Time) *limiter {
	return &limiter{every: rate.Limit(float64(perMinute) / 60), burst: perMinute, now: now, keys: map[string]*limited{}}
}

// allow takes one from the key's bucket.
func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.keys) > 10_000 {
		for k, one := range l.keys {
			if now.Sub(one.last) > time.Minute {
				delete(l.keys, k)
			}
		}
	}
	one := l.keys[key]
	if one == nil {
		one = &limited{bucket: rate.NewLimiter(l.every, l.burst)}
		l.keys[key] = one
	}
	one.last = now
	return one.bucket.AllowN(now, 1)
}
