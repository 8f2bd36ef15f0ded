// Package db is the only room that speaks SQL. One SQLite file holds the facts of a
// study; files (attachments, reports) lie beside it under their SHA-256.
//
// View and Update are the only doors. A change is one closure over a Tx; it is
// answered only after its transaction has been committed with synchronous=FULL.
// Changes of several callers share one commit; one that fails does not fail its
// neighbors.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Options of Open. The zero value is what `serve` uses.
type Options struct {
	Shared      bool             // a worker or command that may run beside the serving process
	Now         func() time.Time // nil: time.Now
	synchronous string           // tests only: the control that must lose
	maxPages    int              // tests only: a disk that is full
}

// Store is an open data folder. It may be used by many goroutines.
type Store struct {
	dir     string
	now     func() time.Time
	writer  *sql.DB
	reader  *sql.DB
	changes chan *change
	closed  chan struct{}
	stopped chan struct{}
	once    sync.Once
	shared  bool
	lock    *os.File
	w       *writerConn // the writer goroutine's
	broken  error       // the writer goroutine's
	poke    atomic.Pointer[func()]
}

// Open opens the data folder dir, making it when it is absent, and brings its schema
// up to date after a verified backup. Its errors are one line that a person can act on.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	armFault()
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.synchronous == "" {
		o.synchronous = "FULL"
	}
	if err := os.MkdirAll(filepath.Join(dir, "files"), 0o700); err != nil {
		return nil, fmt.Errorf("data folder %s cannot be written: %w", dir, reason(err))
	}
	s := &Store{
		dir: dir, now: o.Now, shared: o.Shared,
		changes: make(chan *change, 1024), closed: make(chan struct{}), stopped: make(chan struct{}),
	}
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	go s.write()
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	var err error
	if s.writer, err = openPool(s.file(), o, false); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1) // SQLite has one writer; queueing here beats SQLITE_BUSY
	if s.reader, err = openPool(s.file(), o, true); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(8)
	s.reader.SetMaxIdleConns(8)
	if err := s.writer.PingContext(ctx); err != nil {
		return fmt.Errorf("open %s: %w", s.file(), err)
	}
	return s.setUp(ctx)
}

// enter takes the locks and brings the schema up to date. Who shares the folder does so
// only when nobody serves it.
func (s *Store) enter(ctx context.Context) (err error) {
	if !s.shared {
		if s.lock, err = lockServing(s.dir); err != nil {
			return err
		}
		if err := s.sweepTemp(); err != nil {
			return err
		}
		return migrate(ctx, s.dir, s.now(), migrations)
	}
	if err := s.prepareShared(ctx); err != nil {
		return err
	}
	s.lock, err = lockShared(s.dir)
	return err
}

func (s *Store) prepareShared(ctx context.Context) error {
	current, err := hasCurrentSchema(ctx, s.dir)
	if err != nil || current {
		return err
	}
	lock, err := lockServing(s.dir)
	if err != nil {
		return fmt.Errorf("the program that serves data folder %s is of another version; restart it first", s.dir)
	}
	return errors.Join(migrate(ctx, s.dir, s.now(), migrations), lock.Close())
}

// reason drops the operation and path that os errors repeat.
func reason(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (s *Store) file() string { return filepath.Join(s.dir, databaseName) }

// Dir is the data folder.
func (s *Store) Dir() string { return s.dir }

// Close waits for changes under way, writes the log back into the file and closes it.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() { err = s.close() })
	return err
}

func (s *Store) close() error {
	close(s.closed)
	<-s.stopped
	w, err := s.connection(context.Background())
	if err == nil {
		_, err = w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return errors.Join(err, s.closeFiles())
}

func (s *Store) closeFiles() error {
	var err error
	if s.w != nil {
		err = s.w.close()
	}
	if s.writer != nil {
		err = errors.Join(err, s.writer.Close())
	}
	if s.reader != nil {
		err = errors.Join(err, s.reader.Close())
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

// OnPromise names the function that is called after each commit that promised work.
func (s *Store) OnPromise(f func()) { s.poke.Store(&f) }

// Reader is a consistent view of the facts.
type Reader struct {
	q   querier
	now time.Time
}

// Now is the time of the view or change.
func (r *Reader) Now() time.Time { return r.now }

// querier runs statements on one transaction.
type querier interface {
	query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	row(ctx context.Context, query string, args ...any) *sql.Row
}

// View runs f over one snapshot: what others commit meanwhile is not seen.
func (s *Store) View(ctx context.Context, f func(*Reader) error) error {
	tx, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return f(&Reader{q: view{tx}, now: s.now().UTC().Truncate(time.Millisecond)})
}

type view struct{ tx *sql.Tx }

func (v view) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return v.tx.QueryContext(ctx, query, args...)
}

func (v view) row(ctx context.Context, query string, args ...any) *sql.Row {
	return v.tx.QueryRowContext(ctx, query, args...)
}
