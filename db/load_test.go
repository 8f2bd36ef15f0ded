package db

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// TestEveryConnectionIsChecked opens many at once and reads the settings of each (R16).
func TestEveryConnectionIsChecked(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.reader.SetMaxOpenConns(20)
	for i := range 20 {
		conn, err := s.reader.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // held until the end, so that each is another
		for pragma, want := range map[string]string{"synchronous": "2", "foreign_keys": "1", "query_only": "1", "journal_mode": "wal"} {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("connection %d: %s=%s, %v; want %s", i, pragma, got, err, want)
			}
		}
	}
}

// TestFullDisk lets the file grow no further, one page more each time (R12): a change is
// refused whole and clearly, reading goes on, and with room again so does writing.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	setUpFolder(t, dir)
	info, err := os.Stat(filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	pages := int(info.Size() / 4096)
	acknowledged := map[string]bool{}
	refusals := 0
	for more := range 6 {
		s, err := Open(t.Context(), dir, Options{maxPages: pages + 2*more})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 10 {
			switch err := pair(s, more*100+n); {
			case err == nil:
				acknowledged[fmt.Sprint(more*100+n)] = true
			case errors.Is(err, ErrFull):
				refusals++
			default:
				t.Errorf("a full disk: %v", err)
			}
		}
		if lost, half := missing(t, s, acknowledged); lost+half > 0 {
			t.Errorf("%d more pages: %d lost, %d half", more, lost, half)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if refusals == 0 || len(acknowledged) == 0 {
		t.Errorf("%d refused, %d answered", refusals, len(acknowledged))
	}
	s, err := Open(t.Context(), dir, Options{maxPages: pages})
	if err != nil {
		t.Fatal(err)
	}
	if err := pair(s, 9999); !errors.Is(err, ErrFull) {
		t.Errorf("no room: %v", err)
	}
	if _, err := s.w.conn.ExecContext(t.Context(), "PRAGMA max_page_count=100000"); err != nil {
		t.Fatal(err)
	}
	if err := pair(s, 9999); err != nil {
		t.Errorf("room again, without a restart: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestManyWritersAndLongReaders has writers in two stores on one folder (two processes
// could not do more), a reader that holds an old view, and backups (R14): nothing is
// refused, and the log does not grow without bound.
func TestManyWritersAndLongReaders(t *testing.T) {
	t.Parallel()
	s := open(t)
	beside, err := Open(t.Context(), s.Dir(), Options{Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	acknowledged, mu := map[string]bool{}, sync.Mutex{}
	reading, written := make(chan struct{}), make(chan struct{})
	wg.Go(func() {
		err := s.View(t.Context(), func(r *Reader) error {
			before, err := r.LogEntries(t.Context(), 1<<30)
			close(reading)
			<-written
			after, againErr := r.LogEntries(t.Context(), 1<<30)
			if len(before) != len(after) {
				t.Errorf("a view changed under its reader: %d, then %d", len(before), len(after))
			}
			return errors.Join(err, againErr)
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-reading
	var writers sync.WaitGroup
	for caller := range 32 {
		writers.Go(func() {
			store := s
			if caller%2 == 1 {
				store = beside
			}
			for i := range 10 {
				n := caller*100 + i
				if err := pair(store, n); err != nil {
					t.Errorf("write %d: %v", n, err)
					continue
				}
				mu.Lock()
				acknowledged[fmt.Sprint(n)] = true
				mu.Unlock()
			}
		})
	}
	writers.Go(func() {
		for i := range 3 {
			if _, err := beside.Backup(t.Context(), filepath.Join(t.TempDir(), fmt.Sprint(i))); err != nil {
				t.Errorf("backup %d: %v", i, err)
			}
		}
	})
	writers.Wait()
	close(written)
	wg.Wait()
	if lost, half := missing(t, s, acknowledged); lost+half > 0 || len(acknowledged) != 320 {
		t.Errorf("%d answered, %d lost, %d half", len(acknowledged), lost, half)
	}
	if err := beside.Close(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(s.file() + "-wal"); err != nil || info.Size() > 64<<20 {
		t.Errorf("the log: %v, %v", info, err)
	}
}

// TestRequestsGivenUpAreWholeOrAbsent cancels requests at random moments (R17): a change
// is there or not, never half, and sending it again is safe.
func TestRequestsGivenUpAreWholeOrAbsent(t *testing.T) {
	t.Parallel()
	s := open(t)
	random := rand.New(rand.NewPCG(3, 4))
	acknowledged := map[string]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	given := atomic.Int64{}
	for n := range 1000 {
		wait := time.Duration(random.IntN(3000)) * time.Microsecond
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			defer cancel()
			err := s.Update(ctx, func(tx *Tx) error {
				if err := tx.Log(ctx, "", "pair", fmt.Sprint(n), ""); err != nil {
					return err
				}
				return tx.Promise(ctx, study.NormalizeSubmission{ID: study.SubmissionID(fmt.Sprint(n))})
			})
			if err != nil {
				given.Add(1)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("change %d: %v", n, err)
				}
				return
			}
			mu.Lock()
			defer mu.Unlock()
			acknowledged[fmt.Sprint(n)] = true
		})
	}
	wg.Wait()
	if lost, half := missing(t, s, acknowledged); lost+half > 0 {
		t.Errorf("%d lost, %d half", lost, half)
	}
	t.Logf("%d answered, %d given up before they began", len(acknowledged), given.Load())
}

// TestSameSubmissionInParallel sends one submission 50 times at once, with the same
// content (R18) and with others (R19).
func TestSameSubmissionInParallel(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := beginStudy(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, instance string
		content        func(int) string
		wantConflicts  int64
	}{
		{"the same content", "uuid:1", func(int) string { return "h" }, 0},
		{"each its own content", "uuid:2", func(i int) string { return fmt.Sprint("h", i) }, 49},
	} {
		var first, again, conflicts atomic.Int64
		var wg sync.WaitGroup
		barrier := make(chan struct{})
		ids := sync.Map{}
		for i := range 50 {
			wg.Go(func() {
				<-barrier
				err := s.Update(t.Context(), func(tx *Tx) error {
					u, isFirst, err := tx.Receive(t.Context(), study.Response{FormID: "f", Kind: study.Questionnaire, Country: "PAN", Round: "1", InstanceID: tt.instance},
						study.Submission{State: study.Legacy, Hash: tt.content(i), Snapshot: []byte("{}")})
					if err != nil {
						return err
					}
					ids.Store(u.ID, true)
					if isFirst {
						first.Add(1)
					} else {
						again.Add(1)
					}
					return nil
				})
				if p := (*study.Problem)(nil); errors.As(err, &p) && p.Kind == study.Conflict {
					conflicts.Add(1)
				} else if err != nil {
					t.Errorf("%s: %v", tt.name, err)
				}
			})
		}
		close(barrier)
		wg.Wait()
		different := 0
		ids.Range(func(any, any) bool { different++; return true })
		if first.Load() != 1 || conflicts.Load() != tt.wantConflicts || different != 1 {
			t.Errorf("%s: %d first, %d again, %d conflicts, %d submissions", tt.name, first.Load(), again.Load(), conflicts.Load(), different)
		}
	}
	if findings, err := Verify(t.Context(), s.Dir()); err != nil || findings.Rows["submission"] != 2 || findings.Rows["promise"] != 2 {
		t.Errorf("rows: %v, %v", findings.Rows, err)
	}
}

// TestClosedStoreRefuses answers changes that come too late, and closes twice.
func TestClosedStoreRefuses(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if err := pair(s, 1); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("a change after Close: %v", err)
	}
}
