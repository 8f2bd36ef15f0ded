package db

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
)

// A backup is one tar archive: manifest.json, then comparanda.db, then the files that
// its rows name, by name. It is an archive of bytes that were checked, nothing else.
const (
	manifestName = "manifest.json"
	filesFolder  = "files/"
)

// Manifest says what is in a backup, and what it must be when read.
type Manifest struct {
	Format     int              `json:"format"` // 1
	MadeAt     time.Time        `json:"made_at"`
	Schema     int64            `json:"schema"`
	Rows       map[string]int64 `json:"rows"`     // rows of each table
	Database   Part             `json:"database"` // comparanda.db
	Files      []Part           `json:"files"`    // by name, which is their SHA-256
	SQLite     string           `json:"sqlite"`
	Deployment string           `json:"deployment"`
}

// Part is one file of a backup.
type Part struct {
	Name      string `json:"name"`
	SizeBytes int64  `json:"size"`
	SHA256    string `json:"sha256"`
}

// Backup writes everything of the data folder into one archive, while others go on
// reading and writing. It is opened again and checked in every part before it takes the
// name file, so that a file of that name is always a good backup. An existing file is
// replaced only then.
func (s *Store) Backup(ctx context.Context, file string) (m Manifest, err error) {
	work, err := os.MkdirTemp(filepath.Dir(file), ".backup-*")
	if err != nil {
		return m, fmt.Errorf("backup folder %s cannot be written: %w", filepath.Dir(file), reason(err))
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	database := filepath.Join(work, databaseName)
	if m, err = s.snapshot(ctx, database); err != nil {
		return m, err
	}
	archive := filepath.Join(work, "backup.tar")
	if err := writeArchive(ctx, archive, m, database, s.dir); err != nil {
		return m, err
	}
	if err := os.Remove(database); err != nil { // the check needs its room
		return m, fmt.Errorf("remove the copy: %w", err)
	}
	scratch := filepath.Join(work, "check")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return m, fmt.Errorf("check the backup: %w", err)
	}
	if _, err := unpack(ctx, archive, scratch); err != nil {
		return m, fmt.Errorf("the backup just made cannot be read again: %w", err)
	}
	hit("before-backup-rename")
	if err := os.Rename(archive, file); err != nil {
		return m, fmt.Errorf("name the backup: %w", err)
	}
	return m, syncFolder(filepath.Dir(file))
}

// snapshot copies the database as it is at one moment, checks the copy, and lists what
// belongs to it.
func (s *Store) snapshot(ctx context.Context, to string) (m Manifest, err error) {
	live, err := openPool(s.file(), Options{synchronous: "FULL"}, false)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, live.Close()) }()
	hit("before-backup-copy")
	if _, err := live.ExecContext(ctx, "VACUUM INTO ?1", to); err != nil {
		return m, fmt.Errorf("copy the database: %w", err)
	}
	if m, err = describe(ctx, to); err != nil {
		return m, err
	}
	m.MadeAt = s.now().UTC().Truncate(time.Second)
	if m.Database, err = partOf(to, databaseName); err != nil {
		return m, err
	}
	return m, nil
}

// describe checks a database file by itself and lists its rows and the files they name.
func describe(ctx context.Context, file string) (m Manifest, err error) {
	m = Manifest{Format: 1, Rows: map[string]int64{}}
	if m.Schema, _, err = schemaOf(ctx, file); err != nil {
		return m, err
	}
	pool, err := openPool(file, Options{synchronous: "FULL"}, false)
	if err != nil {
		return m, err
	}
	pool.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, pool.Close()) }()
	if err := checkDatabase(ctx, pool); err != nil {
		return m, err
	}
	r := &Reader{q: plain{pool}}
	if m.Deployment, err = r.Deployment(ctx); err != nil {
		return m, err
	}
	if err := pool.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&m.SQLite); err != nil {
		return m, fmt.Errorf("read version: %w", err)
	}
	if err := countRows(ctx, r, m.Rows); err != nil {
		return m, err
	}
	m.Files, err = collect(ctx, r, "files", func(rows *sql.Rows) (p Part, err error) {
		err = rows.Scan(&p.SHA256, &p.SizeBytes)
		p.Name = filesFolder + p.SHA256
		return p, err
	}, sqlNamedFiles)
	return m, err
}

const sqlNamedFiles = `
SELECT sha256, max(size_bytes)
FROM (
	SELECT sha256, size_bytes FROM attachment
	UNION ALL
	SELECT sha256, size_bytes FROM report WHERE sha256 <> ''
	UNION ALL
	SELECT sha256, size_bytes FROM import_file
	UNION ALL
	SELECT sha256, size_bytes FROM import_upload)
GROUP BY sha256
ORDER BY sha256`

const sqlTables = `
SELECT name
FROM sqlite_schema
WHERE type = 'table' AND name NOT LIKE 'sqlite%'
ORDER BY name`

func countRows(ctx context.Context, r *Reader, counts map[string]int64) error {
	tables, err := collect(ctx, r, "tables", func(rows *sql.Rows) (name string, err error) {
		err = rows.Scan(&name)
		return name, err
	}, sqlTables)
	if err != nil {
		return err
	}
	for _, table := range tables {
		var n int64
		if err := r.q.row(ctx, `SELECT count(1) FROM "`+table+`"`).Scan(&n); err != nil { // a name out of our own schema
			return fmt.Errorf("count rows of %s: %w", table, err)
		}
		counts[table] = n
	}
	return nil
}

// plain runs statements outside a transaction, on a file that nobody else uses.
type plain struct{ pool *sql.DB }

func (p plain) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.pool.QueryContext(ctx, query, args...)
}

func (p plain) row(ctx context.Context, query string, args ...any) *sql.Row {
	return p.pool.QueryRowContext(ctx, query, args...)
}

// partOf reads a file through and describes it.
func partOf(file, name string) (p Part, err error) {
	f, err := os.Open(file)
	if err != nil {
		return p, fmt.Errorf("read %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return p, fmt.Errorf("read %s: %w", name, err)
	}
	return Part{Name: name, SizeBytes: n, SHA256: sumOf(h)}, nil
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// writeArchive writes the parts in order and makes the archive durable. A part that is
// not what the manifest says is an error that names it.
func writeArchive(ctx context.Context, archive string, m Manifest, database, dir string) (err error) {
	f, err := os.OpenFile(archive, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := tar.NewWriter(f)
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	if err := writeHeader(w, Part{Name: manifestName, SizeBytes: int64(len(manifest))}); err != nil {
		return err
	}
	if _, err := w.Write(manifest); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	if err := addPart(w, m.Database, database); err != nil {
		return err
	}
	for _, p := range m.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := addPart(w, p, filepath.Join(dir, filepath.FromSlash(p.Name))); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	hit("before-backup-sync")
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	return nil
}

func writeHeader(w *tar.Writer, p Part) error {
	err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: p.Name, Size: p.SizeBytes, Mode: 0o600, Format: tar.FormatPAX})
	if err != nil {
		return fmt.Errorf("write backup: %w", err)
	}
	return nil
}

func addPart(w *tar.Writer, p Part, file string) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("back up %s: %w", p.Name, reason(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := writeHeader(w, p); err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), f)
	if err != nil {
		return fmt.Errorf("back up %s: %w", p.Name, err)
	}
	if n != p.SizeBytes || sumOf(h) != p.SHA256 {
		return fmt.Errorf("back up %s: the file is damaged; run verify", p.Name)
	}
	return nil
}
