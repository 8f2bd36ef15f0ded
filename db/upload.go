package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const uploadColumns = `id, name, sha256, size_bytes, form_id, country, round, lang, mapping, decided, take_sound, blank_clears,
	state, revision, rows_read, result, failed_sha256, failed_bytes, batch, person_id, created_at`

func scanUpload(row scanner) (u study.Upload, err error) {
	var created int64
	err = row.Scan(&u.ID, &u.File.Name, &u.File.SHA256, &u.File.SizeBytes, &u.FormID, &u.Country, &u.Round, &u.Lang, &u.Mapping, &u.Decided, &u.TakeSound, &u.BlankClears,
		&u.State, &u.Revision, &u.Read, &u.Result, &u.Failed.SHA256, &u.Failed.SizeBytes, &u.Batch, &u.By, &created)
	u.CreatedAt = moment(created)
	return u, err
}

const (
	sqlUpload = `
SELECT ` + uploadColumns + `
FROM import_upload
WHERE id = ?1`
	sqlOpenUploads = `
SELECT ` + uploadColumns + `
FROM import_upload
WHERE state <> 'stored'
ORDER BY created_at DESC, id DESC`
	sqlUploadInto = `
SELECT ` + uploadColumns + `
FROM import_upload
WHERE batch = ?1 AND state IN ('storing', 'paused')
ORDER BY created_at DESC
LIMIT 1`
	sqlDecidedUploads = `
SELECT ` + uploadColumns + `
FROM import_upload
WHERE form_id = ?1 AND decided = 1 AND id <> ?2
ORDER BY created_at DESC, id DESC
LIMIT ?3`
	sqlPutUpload = `
INSERT INTO import_upload (` + uploadColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, 'looking', 1, 0, '', '', 0, '', ?12, ?13)`
)

// Upload returns one file that was given to be imported.
func (r *Reader) Upload(ctx context.Context, id study.UploadID) (study.Upload, error) {
	u, err := scanUpload(r.q.row(ctx, sqlUpload, id))
	if errors.Is(err, sql.ErrNoRows) {
		return u, unknown("upload", id)
	}
	if err != nil {
		return u, fmt.Errorf("read upload %s: %w", id, err)
	}
	return u, nil
}

// UploadInto returns the file that is being stored as a batch on the web, or rests; there
// is false when none is.
func (r *Reader) UploadInto(ctx context.Context, batch study.BatchID) (u study.Upload, there bool, err error) {
	u, err = scanUpload(r.q.row(ctx, sqlUploadInto, batch))
	if errors.Is(err, sql.ErrNoRows) {
		return u, false, nil
	}
	if err != nil {
		return u, false, fmt.Errorf("read upload of import %s: %w", batch, err)
	}
	return u, true, nil
}

const sqlUploadGivenUp = `
SELECT state = 'failed', failure
FROM promise
WHERE subject = ?1
ORDER BY seq DESC
LIMIT 1`

// UploadGivenUp tells whether the newest work on a file was given up, and why.
func (r *Reader) UploadGivenUp(ctx context.Context, id study.UploadID) (reason string, given bool, err error) {
	err = r.q.row(ctx, sqlUploadGivenUp, id).Scan(&given, &reason)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", false, fmt.Errorf("read work on upload %s: %w", id, err)
	}
	return reason, given, nil
}

// OpenUploads lists the files that are not stored yet, newest first.
func (r *Reader) OpenUploads(ctx context.Context) ([]study.Upload, error) {
	return collect(ctx, r, "uploads", func(rows *sql.Rows) (study.Upload, error) { return scanUpload(rows) }, sqlOpenUploads)
}

// DecidedUploads lists the newest other files of a form whose mapping a person decided.
func (r *Reader) DecidedUploads(ctx context.Context, formID string, but study.UploadID, limit int) ([]study.Upload, error) {
	return collect(ctx, r, "earlier uploads", func(rows *sql.Rows) (study.Upload, error) { return scanUpload(rows) }, sqlDecidedUploads, formID, but, limit)
}

// PutUpload keeps a file to be imported, whose bytes PutFile stored, and promises to look
// at it.
func (tx *Tx) PutUpload(ctx context.Context, u study.Upload) (study.Upload, error) {
	u.ID, u.State, u.Revision, u.CreatedAt = study.UploadID(NewID()), study.UploadLooking, 1, tx.now
	_, err := tx.run(ctx, sqlPutUpload, u.ID, u.File.Name, u.File.SHA256, u.File.SizeBytes, u.FormID, u.Country, u.Round, u.Lang, u.Mapping, u.Decided, u.BlankClears, u.By, millis(tx.now))
	if err != nil {
		return u, fmt.Errorf("store upload: %w", err)
	}
	return u, tx.Promise(ctx, study.LookAtUpload{ID: u.ID})
}
