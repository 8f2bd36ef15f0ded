package db

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestMigrationKeepsRowsAndBacksUp takes a folder with rows over one more migration.
func TestMigrationKeepsRowsAndBacksUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *Tx) error { return tx.Log(t.Context(), "", "before", "", "") })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	next := withMigration(t, "ALTER TABLE log ADD COLUMN color TEXT NOT NULL DEFAULT 'blue';")
	busy, err := lockShared(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), dir, time.Now(), next); err == nil || !strings.Contains(err.Error(), "stop the workers") {
		t.Errorf("migrating under a worker: %v", err)
	}
	if err := busy.Close(); err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), dir, time.Now(), next); err != nil {
		t.Fatal(err)
	}
	if got := logRows(t, filepath.Join(dir, databaseName), "color = 'blue'"); got != 1 {
		t.Errorf("%d rows after the migration, want 1", got)
	}
	copies, err := filepath.Glob(filepath.Join(dir, "before-schema-*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("backups before the migration: %v, %v", copies, err)
	}
	if got := logRows(t, copies[0], "action = 'before'"); got != 1 {
		t.Errorf("%d rows in the backup, want 1", got)
	}
}

// TestFailedMigrationChangesNothing breaks off in the middle of one.
func TestFailedMigrationChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	dir := t.TempDir()
	file := filepath.Join(dir, databaseName)
	if err := copyDatabase(t.Context(), s.writer, file); err != nil {
		t.Fatal(err)
	}
	next := withMigration(t, "ALTER TABLE log ADD COLUMN color TEXT NOT NULL DEFAULT 'blue';\nALTER TABLE nothing ADD COLUMN x TEXT;")
	if err := migrate(t.Context(), dir, time.Now(), next); err == nil {
		t.Fatal("a broken migration went through")
	}
	current, newest, err := schemaOf(t.Context(), file)
	if err != nil || current != newest {
		t.Errorf("schema %d of %d, %v", current, newest, err)
	}
	logRows(t, file, "action = ''") // readable
}

// withMigration is the real migrations and one more.
func withMigration(t *testing.T, up string) fs.FS {
	t.Helper()
	all := fstest.MapFS{"migrations/09999_next.sql": {Data: []byte("-- +goose Up\n" + up + "\n")}}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: text}
	}
	return all
}

func logRows(t *testing.T, file, where string) (n int) {
	t.Helper()
	pool, err := openPool(file, Options{synchronous: "FULL"}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close() //nolint:errcheck // a test's file
	if err := pool.QueryRowContext(t.Context(), "SELECT count(id) FROM log WHERE "+where).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMigrationsAreNumberedFromOne(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if want := fmt.Sprintf("%05d_", i+1); !strings.HasPrefix(e.Name(), want) {
			t.Errorf("%s does not begin with %s: a file numbered 0 or twice is skipped in silence", e.Name(), want)
		}
	}
}
