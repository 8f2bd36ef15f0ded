package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const importColumns = `id, name, form_id, form_version, kind, options, state, done_rows, counts, person_id, created_at, done_at, stays`

func scanImport(row scanner) (b study.Batch, err error) {
	var created, done int64
	var counts, left string
	err = row.Scan(&b.ID, &b.Name, &b.FormID, &b.FormVersion, &b.Kind, &b.Options, &b.State, &b.Rows, &counts, &b.By, &created, &done, &left)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(counts), &b.Counts), json.Unmarshal([]byte(left), &b.Left))
	}
	b.CreatedAt, b.DoneAt = moment(created), moment(done)
	return b, err
}

const (
	sqlImport = `
SELECT ` + importColumns + `
FROM import_batch
WHERE id = ?1`
	sqlImportFiles = `
SELECT f.name, f.sha256, f.size_bytes
FROM import_file AS f
JOIN import_batch AS b ON b.seq = f.batch
WHERE b.id = ?1
ORDER BY f.place`
)

// Import returns one batch with its files.
func (r *Reader) Import(ctx context.Context, id study.BatchID) (study.Batch, error) {
	b, err := scanImport(r.q.row(ctx, sqlImport, id))
	if errors.Is(err, sql.ErrNoRows) {
		return b, unknown("import", id)
	}
	if err != nil {
		return b, fmt.Errorf("read import %s: %w", id, err)
	}
	b.Files, err = collect(ctx, r, "import files", func(rows *sql.Rows) (f study.BatchFile, err error) {
		err = rows.Scan(&f.Name, &f.SHA256, &f.SizeBytes)
		return f, err
	}, sqlImportFiles, id)
	return b, err
}

const sqlImports = `
SELECT ` + importColumns + `
FROM import_batch
ORDER BY seq DESC`

// Imports lists the batches, newest first, without their files.
func (r *Reader) Imports(ctx context.Context) ([]study.Batch, error) {
	return collect(ctx, r, "imports", func(rows *sql.Rows) (study.Batch, error) { return scanImport(rows) }, sqlImports)
}

const (
	sqlPutImport = `
INSERT INTO import_batch (` + importColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'running', 0, '{}', ?7, ?8, 0, '[]')`
	sqlPutImportFile = `
INSERT INTO import_file (batch, place, name, sha256, size_bytes)
SELECT seq, ?2, ?3, ?4, ?5
FROM import_batch
WHERE id = ?1`
	sqlRestartImport = `
UPDATE import_batch
SET state = 'running', done_rows = 0, counts = '{}', done_at = 0, stays = '[]'
WHERE id = ?1`
)

// BeginImport opens a batch, or takes an interrupted or undone one up again. A batch that
// is done comes back as it is: importing the same again changes nothing.
func (tx *Tx) BeginImport(ctx context.Context, b study.Batch) (study.Batch, error) {
	old, err := tx.Import(ctx, b.ID)
	switch problem := (*study.Problem)(nil); {
	case err == nil && old.State == study.BatchUndone:
		if _, err := tx.run(ctx, sqlRestartImport, b.ID); err != nil {
			return b, fmt.Errorf("restart import %s: %w", b.ID, err)
		}
		return tx.Import(ctx, b.ID)
	case err == nil:
		return old, nil
	case !errors.As(err, &problem):
		return b, err
	}
	if _, err := tx.run(ctx, sqlPutImport, b.ID, b.Name, b.FormID, b.FormVersion, b.Kind, b.Options, b.By, millis(tx.now)); err != nil {
		return b, fmt.Errorf("store import %s: %w", b.ID, err)
	}
	for i, f := range b.Files {
		if _, err := tx.run(ctx, sqlPutImportFile, b.ID, i, f.Name, f.SHA256, f.SizeBytes); err != nil {
			return b, fmt.Errorf("store files of import %s: %w", b.ID, err)
		}
	}
	return tx.Import(ctx, b.ID)
}

const sqlCurrentOf = `
SELECT s.instance_id, u.hash, u.snapshot
FROM json_each(?2) AS j
CROSS JOIN response AS s ON s.form_id = ?1 AND s.instance_id = j.value AND s.instance_id <> ''
JOIN submission AS u ON u.response = s.seq AND u.version = s.version
ORDER BY j.key`

// Imported is the newest version of a response that may be imported again.
type Imported struct {
	InstanceID string
	Hash       string
	Snapshot   []byte
}

// ImportedNow finds the newest versions of responses by their instance ids; those that
// are not there yet are left out.
func (r *Reader) ImportedNow(ctx context.Context, formID string, instances []string) ([]Imported, error) {
	ids, err := json.Marshal(instances)
	if err != nil {
		return nil, err
	}
	return collect(ctx, r, "imported responses", func(rows *sql.Rows) (i Imported, err error) {
		err = rows.Scan(&i.InstanceID, &i.Hash, &i.Snapshot)
		return i, err
	}, sqlCurrentOf, formID, string(ids))
}
