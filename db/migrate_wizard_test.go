package db

import (
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// migrationsUpTo are the first migrations, as a program of that time had them.
func migrationsUpTo(t *testing.T, last string) fs.FS {
	t.Helper()
	some := fstest.MapFS{}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if filepath.Base(name) > last+"~" {
			continue
		}
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		some[name] = &fstest.MapFile{Data: text}
	}
	return some
}

// TestWizardMigrationKeepsUploads takes files and batches from before the import's steps
// over the migration that brings them.
func TestWizardMigrationKeepsUploads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := migrate(t.Context(), dir, time.Now(), migrationsUpTo(t, "00003_import.sql")); err != nil {
		t.Fatal(err)
	}
	pool, err := openPool(filepath.Join(dir, databaseName), Options{synchronous: "FULL"}, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`INSERT INTO form_version (form_id, version, hash, content, source, source_name, created_at) VALUES ('f', 1, 'h', x'00', x'00', 'f.md', 1)`,
		`INSERT INTO import_batch VALUES (1, 'b1', 'a.csv', 'f', 1, 'interview', '{}', 'done', 3, '{"Create":3}', 'p', 5, 6)`,
		`INSERT INTO import_file VALUES (1, 0, 'a.csv', 'aa', 3)`,
		`INSERT INTO import_upload VALUES ('u1', 'a.csv', 'aa', 3, 'f', 'CRI', '2021', 1, 'stored', '{}', 'b1', 'p', 7)`,
		`INSERT INTO import_upload VALUES ('u2', 'b.csv', 'bb', 4, '', '', '', 0, 'seen', '{"x":1}', '', 'p', 8)`,
	} {
		if _, err := pool.ExecContext(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // a test's file
	err = s.View(t.Context(), func(r *Reader) error {
		stored, err := r.Upload(t.Context(), "u1")
		if err != nil || stored.Batch != "b1" || !stored.TakeSound || stored.State != study.UploadStored || stored.Country != "CRI" || stored.Decided {
			t.Errorf("stored upload %+v, %v", stored, err)
		}
		seen, err := r.Upload(t.Context(), "u2")
		if err != nil || seen.State != study.UploadSeen || seen.Result != `{"x":1}` || seen.CreatedAt.UnixMilli() != 8 {
			t.Errorf("open upload %+v, %v", seen, err)
		}
		b, err := r.Import(t.Context(), "b1")
		if err != nil || b.Counts.Create != 3 || len(b.Left) != 0 || len(b.Files) != 1 {
			t.Errorf("batch %+v, %v", b, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
