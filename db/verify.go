package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Findings is what Verify saw.
type Findings struct {
	Schema   int64
	Rows     map[string]int64 // rows of each table
	Files    int              // files that rows name
	Damaged  []string         // named by a row, but missing or of other content: by path in the folder
	Unnamed  []string         // in the folder, named by no row: harmless, left by an interruption
	Database string           // what is wrong with the database, "" when nothing
}

// Sound reports whether everything that the rows say is there and whole.
func (f Findings) Sound() bool { return f.Database == "" && len(f.Damaged) == 0 }

// Verify checks a data folder, also while it is being served: the database by SQLite's
// own checks, every reference, and every file by its SHA-256. err is only for a folder
// that cannot be read.
func Verify(ctx context.Context, dir string) (f Findings, err error) {
	file := filepath.Join(dir, databaseName)
	if _, err := os.Stat(file); err != nil {
		return f, fmt.Errorf("data folder %s cannot be read: %w", dir, reason(err))
	}
	m, err := describe(ctx, file)
	if err != nil {
		f.Database = err.Error()
		return f, nil //nolint:nilerr // a damaged database is a finding
	}
	f.Schema, f.Rows, f.Files = m.Schema, m.Rows, len(m.Files)
	named := map[string]bool{}
	for _, p := range m.Files {
		if err := ctx.Err(); err != nil {
			return f, err
		}
		named[p.SHA256] = true
		got, err := partOf(filepath.Join(dir, filepath.FromSlash(p.Name)), p.Name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return f, err
		}
		if got.SHA256 != p.SHA256 || got.SizeBytes != p.SizeBytes {
			f.Damaged = append(f.Damaged, p.Name)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, "files"))
	if err != nil {
		return f, fmt.Errorf("list files: %w", err)
	}
	for _, e := range entries {
		if !named[e.Name()] && !strings.HasPrefix(e.Name(), "new-") {
			f.Unnamed = append(f.Unnamed, filesFolder+e.Name())
		}
	}
	return f, nil
}
