package db

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// maxManifest bounds the memory that reading an archive takes.
const maxManifest = 64 << 20

// Restore makes a data folder from a backup: all of it or nothing. dir must be absent or
// empty. Sessions, sign-in links and bearer tokens of the backup do not work any more,
// jobs that were under way wait to be done, and the folder gets a new deployment name,
// so that old tasks in a queue mean nothing to it.
func Restore(ctx context.Context, file, dir string) (m Manifest, err error) {
	armFault()
	dir = filepath.Clean(dir)
	if err := mustBeEmpty(dir); err != nil {
		return m, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return m, fmt.Errorf("data folder %s cannot be written: %w", dir, reason(err))
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), ".restore-*")
	if err != nil {
		return m, fmt.Errorf("data folder %s cannot be written: %w", dir, reason(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if m, err = unpack(ctx, file, work); err != nil {
		return m, fmt.Errorf("backup %s cannot be restored: %w", file, err)
	}
	if err := beginAnew(ctx, filepath.Join(work, databaseName)); err != nil {
		return m, err
	}
	if err := syncTree(work); err != nil {
		return m, err
	}
	hit("before-restore-rename")
	if err := ignoreMissing(os.Remove(dir)); err != nil { // an empty folder; one that is not empty any more stays
		return m, fmt.Errorf("replace the empty folder: %w", err)
	}
	hit("after-restore-remove")
	if err := os.Rename(work, dir); err != nil {
		return m, fmt.Errorf("name the restored folder: %w", err)
	}
	return m, syncFolder(filepath.Dir(dir))
}

func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", dir, reason(err))
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty; a backup is restored into an empty folder only", dir)
	}
	return nil
}

// unpack writes the parts of an archive into dir and checks each against the manifest,
// and the database by SQLite's own checks.
func unpack(ctx context.Context, archive, dir string) (m Manifest, err error) {
	f, err := os.Open(archive)
	if err != nil {
		return m, reason(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := os.Mkdir(filepath.Join(dir, "files"), 0o700); err != nil {
		return m, fmt.Errorf("unpack: %w", err)
	}
	r := tar.NewReader(f)
	if m, err = readManifest(r); err != nil {
		return m, err
	}
	for _, p := range append([]Part{m.Database}, m.Files...) {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if err := unpackPart(r, p, dir); err != nil {
			return m, err
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		return m, errors.New("it holds more than its manifest says")
	}
	return m, matches(ctx, m, filepath.Join(dir, databaseName))
}

func readManifest(r *tar.Reader) (m Manifest, err error) {
	h, err := r.Next()
	if err != nil || h.Name != manifestName {
		return m, errors.New("it is not a backup of this program")
	}
	d := json.NewDecoder(io.LimitReader(r, maxManifest))
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("read manifest: %w", err)
	}
	if m.Format != 1 {
		return m, fmt.Errorf("its format is %d; this program reads format 1", m.Format)
	}
	if m.Database.Name != databaseName {
		return m, errors.New("its manifest names no database")
	}
	for _, p := range m.Files { // names become paths
		if sum, ok := strings.CutPrefix(p.Name, filesFolder); !ok || !isSum.MatchString(sum) || sum != p.SHA256 {
			return m, fmt.Errorf("its manifest names a strange file %q", p.Name)
		}
	}
	return m, nil
}

func unpackPart(r *tar.Reader, p Part, dir string) (err error) {
	h, err := r.Next()
	if err != nil || h.Name != p.Name || h.Size != p.SizeBytes {
		return fmt.Errorf("%s is missing or cut short", p.Name)
	}
	f, err := os.OpenFile(filepath.Join(dir, filepath.FromSlash(p.Name)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", p.Name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	hit("before-restore-write")
	if _, err := io.Copy(io.MultiWriter(f, sum), r); err != nil {
		return fmt.Errorf("unpack %s: %w", p.Name, err)
	}
	if sumOf(sum) != p.SHA256 {
		return fmt.Errorf("%s is damaged", p.Name)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("unpack %s: %w", p.Name, err)
	}
	return nil
}

// matches checks the unpacked database against the manifest.
func matches(ctx context.Context, m Manifest, file string) error {
	_, newest, err := schemaOf(ctx, file)
	if err != nil {
		return err
	}
	if m.Schema > newest {
		return fmt.Errorf("it belongs to a newer version of this program (schema %d, known %d)", m.Schema, newest)
	}
	got, err := describe(ctx, file)
	if err != nil {
		return err
	}
	if got.Schema != m.Schema || !maps.Equal(got.Rows, m.Rows) || !slices.Equal(got.Files, m.Files) {
		return errors.New("its database is not the one that its manifest describes")
	}
	return nil
}

const (
	sqlRenameDeployment = `
UPDATE meta
SET value = ?1
WHERE key = 'deployment'`
	sqlEndAllSessions = `
DELETE FROM session`
	sqlEndAllLinks = `
DELETE FROM link`
	sqlEndAllTokens = `
DELETE FROM token`
	sqlEndAllKept = `
DELETE FROM kept`
	sqlEndAllLeases = `
DELETE FROM lease`
)

// beginAnew makes a restored database a new deployment.
func beginAnew(ctx context.Context, file string) (err error) {
	pool, err := openPool(file, Options{synchronous: "FULL"}, false)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, pool.Close()) }()
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin anew: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after the commit
	if _, err := tx.ExecContext(ctx, sqlRenameDeployment, newDeployment()); err != nil {
		return fmt.Errorf("name the deployment: %w", err)
	}
	for _, query := range []string{sqlEndAllSessions, sqlEndAllLinks, sqlEndAllTokens, sqlEndAllKept, sqlEndAllLeases, sqlResendAll} {
		if _, err := tx.ExecContext(ctx, query); err != nil {
			return fmt.Errorf("begin anew: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("begin anew: %w", err)
	}
	return checkpoint(ctx, pool)
}

func checkpoint(ctx context.Context, pool *sql.DB) error {
	if _, err := pool.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("write the log back: %w", err)
	}
	return nil
}

func newDeployment() string { return uuid.NewString()[:8] }

// syncTree makes a folder with its files folder durable; the files are already.
func syncTree(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, databaseName), os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return errors.Join(syncFolder(filepath.Join(dir, "files")), syncFolder(dir))
}
