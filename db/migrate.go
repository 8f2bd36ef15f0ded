package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// databaseName is the file of the facts in a data folder.
const databaseName = "comparanda.db"

// migrate brings the schema up to date. An existing file is backed up and the backup
// checked first; a file from a newer program is refused.
func migrate(ctx context.Context, dir string, now time.Time, sources fs.FS) (err error) {
	file := filepath.Join(dir, databaseName)
	_, statErr := os.Stat(file)
	pool, err := openPool(file, Options{synchronous: "FULL"}, false)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, pool.Close()) }()
	provider, err := newProvider(pool, sources)
	if err != nil {
		return err
	}
	current, newest, err := versions(ctx, provider)
	if err != nil {
		return fmt.Errorf("data folder %s cannot be opened: %w", dir, err)
	}
	if current > newest {
		return fmt.Errorf("data folder %s belongs to a newer version of this program (schema %d, known %d); use that version, or restore the backup made before it", dir, current, newest)
	}
	if current == newest {
		return nil
	}
	if statErr == nil && current > 0 {
		lock, err := lockMigration(dir)
		if err != nil {
			return err
		}
		defer lock.Close() //nolint:errcheck // the lock ends with the process at the latest
		copyTo := filepath.Join(dir, fmt.Sprintf("before-schema-%d-%s.db", newest, now.UTC().Format("20060102T150405")))
		if err := copyDatabase(ctx, pool, copyTo); err != nil {
			return fmt.Errorf("back up before migration: %w", err)
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return checkDatabase(ctx, pool)
}

func newProvider(pool *sql.DB, sources fs.FS) (*goose.Provider, error) {
	sub, err := fs.Sub(sources, "migrations")
	if err != nil {
		return nil, fmt.Errorf("open migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, sub)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

func versions(ctx context.Context, p *goose.Provider) (current, newest int64, err error) {
	current, err = p.GetDBVersion(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	for _, source := range p.ListSources() {
		newest = max(newest, source.Version)
	}
	return current, newest, nil
}

// hasCurrentSchema reports whether the folder has a database of this very schema. It
// changes nothing.
func hasCurrentSchema(ctx context.Context, dir string) (bool, error) {
	file := filepath.Join(dir, databaseName)
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	current, newest, err := schemaOf(ctx, file)
	return err == nil && current == newest, err
}

// schemaOf reads the version of a file's schema, and the newest that is known.
func schemaOf(ctx context.Context, file string) (current, newest int64, err error) {
	pool, err := openPool(file, Options{synchronous: "FULL"}, false)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	provider, err := newProvider(pool, migrations)
	if err != nil {
		return 0, 0, err
	}
	return versions(ctx, provider)
}

const sqlDeployment = `
SELECT value
FROM meta
WHERE key = 'deployment'`

// Deployment is the random name of this data folder, for names in a shared Redis. A
// restored copy gets a new one.
func (r *Reader) Deployment(ctx context.Context) (string, error) {
	var id string
	if err := r.q.row(ctx, sqlDeployment).Scan(&id); err != nil {
		return "", fmt.Errorf("read deployment: %w", err)
	}
	return id, nil
}

const sqlPutDeployment = `
INSERT INTO meta (key, value)
VALUES ('deployment', ?1)
ON CONFLICT (key) DO NOTHING`

// setUp gives a new data folder its name.
func (s *Store) setUp(ctx context.Context) error {
	_, err := s.writer.ExecContext(ctx, sqlPutDeployment, newDeployment())
	if err != nil {
		return fmt.Errorf("name the deployment: %w", err)
	}
	return nil
}

// NewID returns a new public id: a UUIDv7, so that ids sort by time.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
