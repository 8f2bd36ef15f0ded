package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// checkDatabase runs SQLite's own checks: the structure of every page and index, and
// every reference between rows.
func checkDatabase(ctx context.Context, pool *sql.DB) error {
	var verdict string
	if err := pool.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil {
		return fmt.Errorf("check integrity: %w", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged: %s", verdict)
	}
	rows, err := pool.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return fmt.Errorf("check references: %w", err)
	}
	defer rows.Close() //nolint:errcheck // Err below tells
	if rows.Next() {
		return fmt.Errorf("the database has rows that refer to nothing")
	}
	return rows.Err()
}

// copyDatabase writes a consistent, compact copy of a live database and checks it.
func copyDatabase(ctx context.Context, pool *sql.DB, file string) error {
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?1", file); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	if err := checkFile(ctx, file); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("sync the copy: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync the copy: %w", err)
	}
	return syncFolder(filepath.Dir(file))
}

// checkFile opens a database file by itself and checks it.
func checkFile(ctx context.Context, file string) error {
	pool, err := openPool(file, Options{synchronous: "FULL"}, false)
	if err != nil {
		return err
	}
	err = checkDatabase(ctx, pool)
	if closeErr := pool.Close(); err == nil {
		err = closeErr
	}
	return err
}
