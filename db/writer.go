package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Tx is a change under way. It reads what it wrote, and carries one time for all of it.
type Tx struct {
	*Reader
	store    *Store
	w        *writerConn
	promised bool
	after    []func() // run once the change is durable
}

type change struct {
	ctx  context.Context
	f    func(*Tx) error
	done chan error
}

// errClosed is the answer to changes that come after Close.
var errClosed = errors.New("the store is closed")

// Update runs f in a write transaction and returns after its commit. Cancelling ctx
// does not stop a change that has begun: half a change must not exist.
func (s *Store) Update(ctx context.Context, f func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &change{ctx: context.WithoutCancel(ctx), f: f, done: make(chan error, 1)}
	select {
	case s.changes <- c:
	case <-s.closed:
		return errClosed
	}
	select {
	case err := <-c.done:
		return err
	case <-s.stopped:
		select {
		case err := <-c.done:
			return err
		default:
			return errClosed
		}
	}
}

// commitTogether is how many changes share one commit at most.
const commitTogether = 256

// write is the one goroutine that writes: it takes a change, drains what waits beside
// it, and commits them together.
func (s *Store) write() {
	defer close(s.stopped)
	for {
		var batch []*change
		select {
		case c := <-s.changes:
			batch = append(batch, c)
		case <-s.closed:
			select {
			case c := <-s.changes: // accepted before the end
				batch = append(batch, c)
			default:
				return
			}
		}
		batch = s.drain(batch)
		s.commit(batch)
	}
}

func (s *Store) drain(batch []*change) []*change {
	for len(batch) < commitTogether {
		select {
		case c := <-s.changes:
			batch = append(batch, c)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the changes, each behind its own savepoint, in one transaction, and
// answers every one after the commit.
func (s *Store) commit(batch []*change) {
	results := make([]error, len(batch))
	promised, after, err := s.transact(batch, results)
	for i, c := range batch {
		if err != nil && results[i] == nil {
			results[i] = err
		}
		hit("before-answer")
		c.done <- named(results[i])
	}
	if err != nil {
		return
	}
	for _, f := range after {
		f()
	}
	if f := s.poke.Load(); promised && f != nil {
		(*f)()
	}
}

// transact answers in results what became of each change; err means that none of them
// is durable.
func (s *Store) transact(batch []*change, results []error) (promised bool, after []func(), err error) {
	if s.broken != nil {
		return false, nil, s.broken
	}
	ctx := context.Background()
	w, err := s.connection(ctx)
	if err != nil {
		return false, nil, err
	}
	hit("before-begin")
	if err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return false, nil, fmt.Errorf("begin: %w", err)
	}
	hit("after-begin")
	now := s.now().UTC().Truncate(time.Millisecond)
	for i, c := range batch {
		tx := &Tx{Reader: &Reader{q: w, now: now}, store: s, w: w}
		if results[i], err = w.attempt(c, tx); err != nil {
			return false, nil, errors.Join(s.judged(err), w.rollback(ctx))
		}
		if results[i] == nil {
			promised = promised || tx.promised
			after = append(after, tx.after...)
		}
	}
	hit("before-commit")
	if err := w.exec(ctx, "COMMIT"); err != nil {
		return false, nil, errors.Join(s.judged(fmt.Errorf("commit: %w", err)), w.rollback(ctx))
	}
	hit("after-commit")
	return promised, after, nil
}

// judged keeps an error of the disk: after a sync that failed nobody knows what was
// written, and a second one that succeeds proves nothing. Only a restart, which reads
// the file again, makes it safe to write.
func (s *Store) judged(err error) error {
	if e := (sqlite3.Error{}); errors.As(err, &e) && (e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrCorrupt) {
		s.broken = fmt.Errorf("the data folder cannot be written safely until a restart: %w", err)
		return s.broken
	}
	return err
}

// connection is the writing connection, kept with its prepared statements.
func (s *Store) connection(ctx context.Context) (*writerConn, error) {
	if s.w == nil {
		conn, err := s.writer.Conn(ctx)
		if err != nil {
			return nil, fmt.Errorf("take the writing connection: %w", err)
		}
		s.w = &writerConn{conn: conn, stmts: map[string]*sql.Stmt{}}
	}
	return s.w, nil
}

// attempt runs one change behind a savepoint. result is the change's own failure; err
// means that the transaction as a whole cannot go on.
func (w *writerConn) attempt(c *change, tx *Tx) (result, err error) {
	if err := w.exec(c.ctx, "SAVEPOINT change"); err != nil {
		return nil, fmt.Errorf("savepoint: %w", err)
	}
	if result = guarded(c.f, tx); result != nil {
		if err := w.exec(c.ctx, "ROLLBACK TO change"); err != nil {
			return result, fmt.Errorf("undo a change: %w", errors.Join(err, result))
		}
	}
	if err := w.exec(c.ctx, "RELEASE change"); err != nil {
		return result, fmt.Errorf("release a change: %w", err)
	}
	return result, nil
}

// guarded turns a panic in a change into its error, so that it cannot take the
// neighbors' changes with it.
func guarded(f func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a change: %v\n%s", p, debug.Stack())
		}
	}()
	return f(tx)
}

// writerConn runs statements on the writing connection, each prepared once.
type writerConn struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (w *writerConn) close() error {
	var err error
	for _, st := range w.stmts {
		err = errors.Join(err, st.Close())
	}
	return errors.Join(err, w.conn.Close())
}

func (w *writerConn) rollback(ctx context.Context) error {
	if err := w.exec(ctx, "ROLLBACK"); err != nil && err.Error() != "cannot rollback - no transaction is active" {
		return fmt.Errorf("roll back: %w", err) // SQLite may have rolled back by itself
	}
	return nil
}

func (w *writerConn) exec(ctx context.Context, query string, args ...any) error {
	st, err := w.stmt(ctx, query)
	if err == nil {
		_, err = st.ExecContext(ctx, args...)
	}
	return err
}

func (w *writerConn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := w.stmts[query]; ok {
		return st, nil
	}
	st, err := w.conn.PrepareContext(ctx, query)
	if err == nil {
		w.stmts[query] = st
	}
	return st, err
}

func (w *writerConn) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx = context.WithoutCancel(ctx)
	st, err := w.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (w *writerConn) row(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = context.WithoutCancel(ctx)
	st, err := w.stmt(ctx, query)
	if err != nil { // the same error comes again, as the row's
		return w.conn.QueryRowContext(ctx, query, args...)
	}
	return st.QueryRowContext(ctx, args...)
}

// run executes a statement that changes rows and returns how many.
func (tx *Tx) run(ctx context.Context, query string, args ...any) (int64, error) {
	hit("before-write")
	ctx = context.WithoutCancel(ctx) // a cancelled statement would roll back more than itself
	st, err := tx.w.stmt(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// millis and moment translate times: zero is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
