package db

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var write = flag.Bool("write", false, "write schema.sql anew")

// TestSchemaIsReviewed compares the schema that the migrations make with schema.sql, so
// that a change of it is seen whole: go test ./db -run Schema -write
func TestSchemaIsReviewed(t *testing.T) {
	t.Parallel()
	s := open(t)
	rows, err := s.reader.QueryContext(t.Context(), `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY tbl_name, type DESC, name`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := texts(rows)
	if err != nil {
		t.Fatal(err)
	}
	got := "-- What the migrations make. Written by: go test ./db -run Schema -write\n\n" + strings.Join(all, ";\n\n") + ";\n"
	if *write {
		if err := os.WriteFile("schema.sql", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the schema is not that of schema.sql; look at the difference, then write it anew:\n%s", got)
	}
}

func texts(rows *sql.Rows) (all []string, err error) {
	defer rows.Close() //nolint:errcheck // Err below tells
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

func TestTablesAreStrict(t *testing.T) {
	t.Parallel()
	s := open(t)
	rows, err := s.reader.QueryContext(t.Context(), `SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'`)
	if err != nil {
		t.Fatal(err)
	}
	loose, err := texts(rows)
	if err != nil || len(loose) > 0 {
		t.Errorf("not STRICT: %v, %v", loose, err)
	}
}

// setSchema pretends that a folder was made by a program of another schema.
func setSchema(t *testing.T, dir string, version int) {
	t.Helper()
	pool, err := openPool(filepath.Join(dir, databaseName), Options{synchronous: "FULL"}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close() //nolint:errcheck // a test's file
	if _, err := pool.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (?1, 1)`, version); err != nil {
		t.Fatal(err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	setSchema(t, dir, 9999)
	for _, o := range []Options{{}, {Shared: true}} {
		_, err = Open(t.Context(), dir, o)
		if err == nil || !strings.Contains(err.Error(), "newer version") {
			t.Errorf("Open(%+v) of a newer schema: %v", o.Shared, err)
		}
	}
}

func TestUnusableFolderIsOneClearLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a-file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := t.TempDir()
	if err := os.Mkdir(filepath.Join(blocked, "lock"), 0o700); err != nil { // root may write anywhere: a folder in the way
		t.Fatal(err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, databaseName), []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), blocked, broken} {
		_, err := Open(t.Context(), dir, Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "data folder "+dir) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Open(%s): %v", dir, fmt.Sprint(err))
		}
	}
}
