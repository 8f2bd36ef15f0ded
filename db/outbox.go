package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

const promiseColumns = `id, job, payload, subject, state, generation, attempts, failure, created_at, sent_at, started_at, done_at`

func scanPromise(row scanner) (p study.Promise, err error) {
	var created, sent, started, done int64
	err = row.Scan(&p.ID, &p.Job, &p.Payload, &p.Subject, &p.State, &p.Generation, &p.Attempts, &p.Failure, &created, &sent, &started, &done)
	p.CreatedAt, p.SentAt, p.StartedAt, p.DoneAt = moment(created), moment(sent), moment(started), moment(done)
	return p, err
}

const sqlPutPromise = `
INSERT INTO promise (id, job, payload, subject, state, generation, attempts, failure, created_at, sent_at, seen_at, started_at, done_at)
VALUES (?1, ?2, ?3, ?4, 'waiting', 1, 0, '', ?5, 0, 0, 0, 0)`

// Promise writes a job into the outbox, in the transaction that creates the need for it.
func (tx *Tx) Promise(ctx context.Context, job study.Job) error {
	payload, err := json.Marshal(job)
	if err != nil {
		return fmt.Errorf("encode job %s: %w", job.JobName(), err)
	}
	var subject struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(payload, &subject); err != nil {
		return fmt.Errorf("read subject of job %s: %w", job.JobName(), err)
	}
	if _, err := tx.run(ctx, sqlPutPromise, NewID(), job.JobName(), payload, subject.ID, millis(tx.now)); err != nil {
		return fmt.Errorf("promise %s: %w", job.JobName(), err)
	}
	tx.promised = true
	return nil
}

const sqlPromise = `
SELECT ` + promiseColumns + `
FROM promise
WHERE id = ?1`

// PromiseByID returns one row of the outbox.
func (r *Reader) PromiseByID(ctx context.Context, id study.PromiseID) (study.Promise, error) {
	p, err := scanPromise(r.q.row(ctx, sqlPromise, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, unknown("promise", id)
	}
	if err != nil {
		return p, fmt.Errorf("read promise %s: %w", id, err)
	}
	return p, nil
}

const sqlPromises = `
SELECT ` + promiseColumns + `
FROM promise
WHERE ?1 = '' OR state = ?1
ORDER BY seq DESC
LIMIT ?2`

// Promises lists the newest rows of the outbox in one state, or in all for "".
func (r *Reader) Promises(ctx context.Context, state study.JobState, limit int) ([]study.Promise, error) {
	return collect(ctx, r, "promises", func(rows *sql.Rows) (study.Promise, error) { return scanPromise(rows) }, sqlPromises, state, limit)
}

const sqlCountPromises = `
SELECT state, count(id)
FROM promise
GROUP BY state`

// CountPromises tells how many rows of the outbox are in each state.
func (r *Reader) CountPromises(ctx context.Context) (map[study.JobState]int, error) {
	counts := map[study.JobState]int{}
	_, err := collect(ctx, r, "promises", func(rows *sql.Rows) (struct{}, error) {
		var state study.JobState
		var n int
		err := rows.Scan(&state, &n)
		counts[state] = n
		return struct{}{}, err
	}, sqlCountPromises)
	return counts, err
}

const sqlBeginPromise = `
UPDATE promise
SET state = 'running', attempts = attempts + 1, started_at = ?3, seen_at = ?3
WHERE id = ?1 AND generation = ?2 AND state IN ('waiting', 'sent', 'running')`

// BeginPromise counts an attempt. mine is false when the promise is unknown, has ended,
// or goes by a newer generation: then nothing is to be done.
func (tx *Tx) BeginPromise(ctx context.Context, id study.PromiseID, generation int) (p study.Promise, mine bool, err error) {
	n, err := tx.run(ctx, sqlBeginPromise, id, generation, millis(tx.now))
	if err != nil {
		return p, false, fmt.Errorf("begin promise %s: %w", id, err)
	}
	if n == 0 {
		return p, false, nil
	}
	p, err = tx.PromiseByID(ctx, id)
	return p, err == nil, err
}

const sqlDone = `
UPDATE promise
SET state = 'done', done_at = ?2, failure = ''
WHERE id = ?1 AND state IN ('waiting', 'sent', 'running')`

// Done ends a promise. It is a handler's first write: when first is false, somebody did
// it already and there is nothing to write.
func (tx *Tx) Done(ctx context.Context, id study.PromiseID) (first bool, err error) {
	n, err := tx.run(ctx, sqlDone, id, millis(tx.now))
	if err != nil {
		return false, fmt.Errorf("end promise %s: %w", id, err)
	}
	return n == 1, nil
}

const sqlNoteFailure = `
UPDATE promise
SET failure = ?3, seen_at = ?4
WHERE id = ?1 AND generation = ?2 AND state IN ('waiting', 'sent', 'running')`

// NoteFailure keeps the reason of a failed attempt and returns the promise as it is.
func (tx *Tx) NoteFailure(ctx context.Context, id study.PromiseID, generation int, reason string) (study.Promise, error) {
	if _, err := tx.run(ctx, sqlNoteFailure, id, generation, reason, millis(tx.now)); err != nil {
		return study.Promise{}, fmt.Errorf("note failure of %s: %w", id, err)
	}
	return tx.PromiseByID(ctx, id)
}

const sqlFailPromise = `
UPDATE promise
SET state = 'failed', failure = ?3, done_at = ?4
WHERE id = ?1 AND generation = ?2 AND state IN ('waiting', 'sent', 'running')`

// FailPromise gives a promise up: it stays on the jobs page until somebody retries it.
// A report that was promised fails with it.
func (tx *Tx) FailPromise(ctx context.Context, id study.PromiseID, generation int, reason string) error {
	n, err := tx.run(ctx, sqlFailPromise, id, generation, reason, millis(tx.now))
	if err != nil {
		return fmt.Errorf("fail promise %s: %w", id, err)
	}
	if n == 0 {
		return nil
	}
	p, err := tx.PromiseByID(ctx, id)
	if err != nil || p.Job != (study.BuildReport{}).JobName() {
		return err
	}
	return tx.FailReport(ctx, study.ReportID(p.Subject), reason)
}

const sqlRetry = `
UPDATE promise
SET state = 'waiting', generation = generation + 1, attempts = 0, failure = '', done_at = 0, seen_at = 0
WHERE id = ?1 AND state = 'failed'`

// RetryPromise puts a failed promise back, under a new task name.
func (tx *Tx) RetryPromise(ctx context.Context, id study.PromiseID) error {
	n, err := tx.run(ctx, sqlRetry, id)
	if err != nil {
		return fmt.Errorf("retry promise %s: %w", id, err)
	}
	if n == 0 {
		return &study.Problem{Kind: study.Conflict, Key: "promise.not_failed"}
	}
	tx.promised = true
	p, err := tx.PromiseByID(ctx, id)
	if err != nil || p.Job != (study.BuildReport{}).JobName() {
		return err
	}
	return tx.restartReport(ctx, study.ReportID(p.Subject))
}

const sqlHoldLease = `
INSERT INTO lease (name, owner, until)
VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
WHERE lease.owner = excluded.owner AND lease.until < ?3 - ?5 OR lease.until < ?4`

const sqlLease = `
SELECT owner
FROM lease
WHERE name = ?1 AND until >= ?2`

// HoldLease takes or keeps a lease; held is false while another owner has it. It
// writes only when less than half of the time is left.
func (tx *Tx) HoldLease(ctx context.Context, name, owner string, ttl time.Duration) (held bool, err error) {
	until := tx.now.Add(ttl)
	if _, err := tx.run(ctx, sqlHoldLease, name, owner, millis(until), millis(tx.now), ttl.Milliseconds()/2); err != nil {
		return false, fmt.Errorf("hold lease %s: %w", name, err)
	}
	var holder string
	err = tx.q.row(ctx, sqlLease, name, millis(tx.now)).Scan(&holder)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("read lease %s: %w", name, err)
	}
	return holder == owner, nil
}

const sqlReleaseLease = `
DELETE FROM lease
WHERE name = ?1 AND owner = ?2`

// ReleaseLease gives a lease up.
func (tx *Tx) ReleaseLease(ctx context.Context, name, owner string) error {
	if _, err := tx.run(ctx, sqlReleaseLease, name, owner); err != nil {
		return fmt.Errorf("release lease %s: %w", name, err)
	}
	return nil
}

// RelayWork is what the relay has to do now.
type RelayWork struct {
	Any     bool            // something is promised and not done
	Waiting []study.Promise // to be handed to the queue, oldest first
	Silent  []study.Promise // handed over a while ago and not done: to be looked up
}

const (
	sqlWaiting = `
SELECT ` + promiseColumns + `
FROM promise
WHERE state = 'waiting'
ORDER BY seq
LIMIT max(0, ?1 - (SELECT count(id) FROM promise WHERE state IN ('sent', 'running')))`
	sqlSilent = `
SELECT ` + promiseColumns + `
FROM promise
WHERE state = 'sent' AND seen_at <= ?1 OR state = 'running' AND started_at <= ?2 AND seen_at <= ?3
ORDER BY seq
LIMIT 1000`
	sqlAnyOpen = `
SELECT EXISTS (SELECT id FROM promise WHERE state IN ('waiting', 'sent', 'running'))`
)

// RelayWork lists what waits, as long as fewer than inFlight are handed over, and what
// has been silent: queued for lookAfter, or begun for half of that and then a quarter. A
// process shows what it works on within five seconds, and a dead one is known after ten
// more at most; what it held must be looked at soon after.
func (r *Reader) RelayWork(ctx context.Context, now time.Time, inFlight int, lookAfter time.Duration) (RelayWork, error) {
	var work RelayWork
	if err := r.q.row(ctx, sqlAnyOpen).Scan(&work.Any); err != nil || !work.Any {
		return work, err
	}
	scan := func(rows *sql.Rows) (study.Promise, error) { return scanPromise(rows) }
	var err error
	if work.Waiting, err = collect(ctx, r, "waiting promises", scan, sqlWaiting, inFlight); err != nil {
		return work, err
	}
	work.Silent, err = collect(ctx, r, "silent promises", scan, sqlSilent, millis(now.Add(-lookAfter)), millis(now.Add(-lookAfter/2)), millis(now.Add(-lookAfter/4)))
	return work, err
}

const (
	sqlMarkSent = `
UPDATE promise
SET state = CASE state WHEN 'waiting' THEN 'sent' ELSE state END, sent_at = ?2, seen_at = ?2
WHERE id IN (SELECT value FROM json_each(?1)) AND state IN ('waiting', 'running')`
	sqlMarkSeen = `
UPDATE promise
SET seen_at = ?2
WHERE id IN (SELECT value FROM json_each(?1)) AND state IN ('sent', 'running')`
	sqlSendAgain = `
UPDATE promise
SET state = 'waiting', generation = generation + ?2
WHERE id IN (SELECT value FROM json_each(?1)) AND state IN ('sent', 'running')`
	sqlResendAll = `
UPDATE promise
SET state = 'waiting', seen_at = 0
WHERE state IN ('sent', 'running')`
)

func (tx *Tx) forPromises(ctx context.Context, query string, ids []study.PromiseID, arg any) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("encode promises: %w", err)
	}
	if _, err := tx.run(ctx, query, string(list), arg); err != nil {
		return fmt.Errorf("move promises: %w", err)
	}
	return nil
}

// MarkSent notes that the queue took promises. A worker may have begun one meanwhile.
func (tx *Tx) MarkSent(ctx context.Context, ids []study.PromiseID) error {
	return tx.forPromises(ctx, sqlMarkSent, ids, millis(tx.now))
}

// MarkSeen notes that the queue still has promises.
func (tx *Tx) MarkSeen(ctx context.Context, ids []study.PromiseID) error {
	return tx.forPromises(ctx, sqlMarkSeen, ids, millis(tx.now))
}

// SendAgain puts promises back that the queue lost; renamed gives them a new task name,
// for when the old one is still taken.
func (tx *Tx) SendAgain(ctx context.Context, ids []study.PromiseID, renamed bool) error {
	step := 0
	if renamed {
		step = 1
	}
	return tx.forPromises(ctx, sqlSendAgain, ids, step)
}

// ResendAll puts everything back that was handed over and not done: the queue has lost
// its memory.
func (tx *Tx) ResendAll(ctx context.Context) error {
	if _, err := tx.run(ctx, sqlResendAll); err != nil {
		return fmt.Errorf("take promises back: %w", err)
	}
	return nil
}
