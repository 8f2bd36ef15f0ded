package worker

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// relay carries promises from the outbox to the queue. One runs per database: the
// lease row decides in which process. What the queue forgets, the relay sends again.
type relay struct {
	store *db.Store
	queue *queue
	owner string
	log   *slog.Logger
	pokes chan struct{}

	timeouts  map[string]time.Duration // by job name: how long a handler may run
	lookAfter time.Duration            // how long a promise may be silent before it is looked up
	degraded  bool                     // Redis did not answer last time
}

const (
	relayEvery = 500 * time.Millisecond
	leaseTTL   = 5 * time.Second
	inFlight   = 1000 // promises handed over and not done: asynq's lists are slow when long
)

// poke asks for a round now.
func (r *relay) poke() {
	select {
	case r.pokes <- struct{}{}:
	default: // a round is due already
	}
}

// run makes rounds until ctx ends.
func (r *relay) run(ctx context.Context) {
	every := time.NewTicker(relayEvery)
	defer every.Stop()
	for {
		err := r.round(ctx)
		switch {
		case ctx.Err() != nil:
			r.release()
			return
		case err != nil && !r.degraded:
			r.log.WarnContext(ctx, "the queue does not answer; work waits", "error", err)
		case err == nil && r.degraded:
			r.log.InfoContext(ctx, "the queue answers again")
		}
		r.degraded = err != nil
		select {
		case <-ctx.Done():
			r.release()
			return
		case <-every.C:
		case <-r.pokes:
			if r.degraded { // a poke must not turn an outage into a busy loop
				select {
				case <-ctx.Done():
				case <-every.C:
				}
			}
		}
	}
}

// release gives the lease up, so that another process need not wait for its end.
func (r *relay) release() {
	ctx := context.Background()
	err := r.store.Update(ctx, func(tx *db.Tx) error { return tx.ReleaseLease(ctx, "relay", r.owner) })
	if err != nil {
		r.log.Warn("could not give the relay's lease up", "error", err)
	}
}

// round does what is due once: holds the lease, notices a Redis that lost its memory,
// sends what waits, looks up what is silent.
func (r *relay) round(ctx context.Context) error {
	var work db.RelayWork
	err := r.store.Update(ctx, func(tx *db.Tx) error {
		held, err := tx.HoldLease(ctx, "relay", r.owner, leaseTTL)
		if err != nil || !held {
			return err
		}
		work, err = tx.RelayWork(ctx, tx.Now(), inFlight, r.lookAfter)
		return err
	})
	if err != nil || !work.Any {
		return err
	}
	forgot, err := r.queue.forgot(ctx)
	if err != nil {
		return err
	}
	if forgot {
		err := r.store.Update(ctx, func(tx *db.Tx) (err error) {
			if err := tx.ResendAll(ctx); err != nil {
				return err
			}
			work, err = tx.RelayWork(ctx, tx.Now(), inFlight, r.lookAfter)
			return err
		})
		if err != nil {
			return fmt.Errorf("take back what the queue forgot: %w", err)
		}
	}
	if err := r.send(ctx, work.Waiting); err != nil {
		return err
	}
	if forgot { // last: had sending failed, the next round must start over
		if err := r.queue.remember(ctx); err != nil {
			return err
		}
	}
	return r.check(ctx, work.Silent)
}

// send hands promises over and marks those that the queue took.
func (r *relay) send(ctx context.Context, waiting []study.Promise) error {
	var sent []study.PromiseID
	var failed error
	for _, p := range waiting {
		if failed = r.queue.send(ctx, p, r.timeouts[p.Job]); failed != nil {
			break
		}
		sent = append(sent, p.ID)
	}
	if len(sent) > 0 {
		err := r.store.Update(ctx, func(tx *db.Tx) error { return tx.MarkSent(ctx, sent) })
		if err != nil {
			return fmt.Errorf("mark promises sent: %w", err)
		}
	}
	return failed
}

// check looks up promises that were handed over a while ago and are not done.
func (r *relay) check(ctx context.Context, silent []study.Promise) error {
	if len(silent) == 0 {
		return nil
	}
	owned, err := r.queue.owned()
	if err != nil {
		return err
	}
	fates := map[fate][]study.PromiseID{}
	for _, p := range silent {
		f, err := r.queue.look(p, owned)
		if err != nil {
			return err
		}
		fates[f] = append(fates[f], p.ID)
	}
	err = r.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.MarkSeen(ctx, fates[alive]); err != nil {
			return err
		}
		if err := tx.SendAgain(ctx, fates[gone], false); err != nil {
			return err
		}
		return tx.SendAgain(ctx, fates[orphan], true) // under a new name: the old one is taken
	})
	if err != nil {
		return fmt.Errorf("note what became of promises: %w", err)
	}
	if len(fates[gone])+len(fates[orphan]) > 0 {
		r.log.InfoContext(ctx, "sending again what the queue lost", "gone", len(fates[gone]), "orphans", len(fates[orphan]))
		r.poke()
	}
	return nil
}
