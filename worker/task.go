package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// taskPayload is all that Redis ever holds of a job: no fact, no name, no answer.
type taskPayload struct {
	Promise    study.PromiseID `json:"promise"`
	Generation int             `json:"generation"`
}

func encodeTask(p study.Promise) []byte {
	data, err := json.Marshal(taskPayload{p.ID, p.Generation})
	if err != nil {
		panic(err) // a string and a number
	}
	return data
}

// handler does one kind of job. It reads, computes outside any transaction, and ends
// with keep, which makes its effects and the promise's end one transaction.
type handler func(ctx context.Context, w *Worker, p study.Promise) error

// handlers by exact task name: asynq's own mux matches prefixes.
var handlers = map[string]handler{
	study.NormalizeSubmission{}.JobName(): normalizeSubmission,
	study.BuildReport{}.JobName():         buildReport,
	study.NormalizeImport{}.JobName():     normalizeImport,
	study.LookAtUpload{}.JobName():        lookAtUpload,
	study.StoreUpload{}.JobName():         storeUpload,
	study.ApplyDecision{}.JobName():       applyDecision,
}

// ProcessTask implements asynq.Handler.
func (w *Worker) ProcessTask(ctx context.Context, t *asynq.Task) error {
	var payload taskPayload
	do, known := w.handlers[t.Type()]
	if err := json.Unmarshal(t.Payload(), &payload); err != nil || !known {
		w.foreign.Add(1)
		w.log.WarnContext(ctx, "dropped a task that is not ours", "task", t.Type())
		return nil
	}
	p, mine, err := w.begin(ctx, payload, t.Type())
	if err != nil || !mine {
		return err
	}
	if p.Attempts > w.config.Attempts {
		return w.give(ctx, p, errors.New("the process died each time it tried"))
	}
	err = do(ctx, w, p)
	if problem := (*study.Problem)(nil); errors.As(err, &problem) {
		return w.give(ctx, p, err) // final: trying again would end the same way
	}
	return err
}

// begin loads the promise and counts the attempt. mine is false for a promise that is
// unknown, ended, or being done under a newer name.
func (w *Worker) begin(ctx context.Context, payload taskPayload, name string) (p study.Promise, mine bool, err error) {
	err = w.config.Store.Update(ctx, func(tx *db.Tx) error {
		p, mine, err = tx.BeginPromise(ctx, payload.Promise, payload.Generation)
		return err
	})
	if err != nil {
		return p, false, fmt.Errorf("begin promise %s: %w", payload.Promise, err)
	}
	if mine && p.Job != name {
		w.foreign.Add(1)
		return p, false, nil
	}
	return p, mine, nil
}

// keep makes effects and the end of the promise one transaction. When the promise was
// done already, or the handler's time is over, nothing is written.
func (w *Worker) keep(ctx context.Context, p study.Promise, effects func(*db.Tx) error) error {
	err := w.config.Store.Update(ctx, func(tx *db.Tx) error {
		if err := ctx.Err(); err != nil {
			return err // asynq lets a handler run on after its timeout
		}
		first, err := tx.Done(ctx, p.ID)
		if err != nil || !first {
			return err
		}
		return effects(tx)
	})
	if err != nil {
		return fmt.Errorf("keep promise %s: %w", p.ID, err)
	}
	w.relay.poke()
	return nil
}

// give ends a promise as failed, with its reason for the jobs page.
func (w *Worker) give(ctx context.Context, p study.Promise, reason error) error {
	w.log.ErrorContext(ctx, "gave a job up", "job", p.Job, "subject", p.Subject, "attempts", p.Attempts, "reason", reason)
	ctx = context.WithoutCancel(ctx)
	err := w.config.Store.Update(ctx, func(tx *db.Tx) error {
		return tx.FailPromise(ctx, p.ID, p.Generation, reason.Error())
	})
	if err != nil {
		return fmt.Errorf("fail promise %s: %w", p.ID, err)
	}
	return nil
}

// HandleError implements asynq.ErrorHandler: it sees every failed attempt, panics and
// timeouts too, keeps its reason, and gives up after the last one.
func (w *Worker) HandleError(ctx context.Context, t *asynq.Task, reason error) {
	var payload taskPayload
	if err := json.Unmarshal(t.Payload(), &payload); err != nil {
		return // dropped by ProcessTask before it could fail
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var p study.Promise
	err := w.config.Store.Update(ctx, func(tx *db.Tx) (err error) {
		p, err = tx.NoteFailure(ctx, payload.Promise, payload.Generation, reasonText(reason))
		return err
	})
	if err == nil && p.Attempts >= w.config.Attempts && p.Generation == payload.Generation && p.State == study.Running {
		err = w.give(ctx, p, errors.New(reasonText(reason)))
	}
	if err != nil {
		w.log.ErrorContext(ctx, "could not note a failed job", "promise", payload.Promise, "error", err)
	}
}

func reasonText(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "took longer than allowed"
	case asynq.IsPanicError(err):
		return "stopped by a fault in the program: " + err.Error()
	}
	return err.Error()
}
