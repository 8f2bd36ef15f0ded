package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/mattn/go-sqlite3"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestNeighborsOfAFailedChangeAreKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	refused := errors.New("refused")
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			err := s.Update(t.Context(), func(tx *Tx) error {
				if err := tx.Log(t.Context(), "", "test", fmt.Sprint(i), ""); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return refused
				case 2:
					panic("a fault")
				}
				return nil
			})
			if (err == nil) != (i%4 == 0 || i%4 == 3) {
				t.Errorf("change %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	err := s.View(t.Context(), func(r *Reader) error {
		entries, err := r.LogEntries(t.Context(), 100)
		if len(entries) != 20 {
			t.Errorf("%d entries, want 20", len(entries))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := s.reader.ExecContext(t.Context(), sqlPutLog, 0, "", "x", "", ""); err == nil {
		t.Error("a reading connection wrote")
	}
}

func TestSecondServingProcessIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	if other, err := Open(t.Context(), s.Dir(), Options{}); err == nil {
		t.Error("two serving processes on one folder", other.Close())
	}
	shared, err := Open(t.Context(), s.Dir(), Options{Shared: true})
	if err != nil {
		t.Fatalf("a worker beside the serving process: %v", err)
	}
	if err := shared.Close(); err != nil {
		t.Error(err)
	}
}

func TestWrongSettingsAreRefused(t *testing.T) {
	t.Parallel()
	good := Options{synchronous: "FULL"}
	for _, tt := range []struct {
		name string
		dsn  string
		ok   bool
	}{
		{"the settings of the house", dsn(t.TempDir()+"/x.db", good, false), true},
		{"the driver's own default, which is NORMAL", "file:" + t.TempDir() + "/x.db?_journal_mode=WAL&_foreign_keys=on&_secure_delete=on", false},
		{"no foreign keys", "file:" + t.TempDir() + "/x.db?_journal_mode=WAL&_synchronous=FULL&_secure_delete=on", false},
	} {
		c := &connector{dsn: tt.dsn}
		c.driver.ConnectHook = func(conn *sqlite3.SQLiteConn) error { return checkConnection(conn, settings(good, false)) }
		conn, err := c.driver.Open(c.dsn)
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err == nil {
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestCancelledRequestStillCommits(t *testing.T) {
	t.Parallel()
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx *Tx) error {
		cancel() // the browser went away
		return tx.Log(ctx, "", "test", "", "")
	})
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	err = s.View(t.Context(), func(r *Reader) error {
		entries, err := r.LogEntries(t.Context(), 10)
		if len(entries) != 1 {
			t.Errorf("%d entries, want 1", len(entries))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
