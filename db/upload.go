package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const uploadColumns = `id, name, sha256, size_bytes, form_id, country, round, take_sound, state, result, batch, person_id, created_at`

func scanUpload(row scanner) (u study.Upload, err error) {
	var created int64
	err = row.Scan(&u.ID, &u.File.Name, &u.File.SHA256, &u.File.SizeBytes, &u.FormID, &u.Country, &u.Round, &u.TakeSound, &u.State, &u.Result, &u.Batch, &u.By, &created)
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
	sqlPutUpload = `
INSERT INTO import_upload (` + uploadColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 'looking', '', '', ?8, ?9)`
	sqlUploadSeen = `
UPDATE import_upload
SET state = 'seen', result = ?2
WHERE id = ?1 AND state IN ('looking', 'storing')`
	sqlAskUpload = `
UPDATE import_upload
SET state = 'storing', take_sound = ?2
WHERE id = ?1 AND state = 'seen'`
	sqlUploadStored = `
UPDATE import_upload
SET state = 'stored', result = ?2, batch = ?3
WHERE id = ?1`
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

// OpenUploads lists the files that are not stored yet, newest first.
func (r *Reader) OpenUploads(ctx context.Context) ([]study.Upload, error) {
	return collect(ctx, r, "uploads", func(rows *sql.Rows) (study.Upload, error) { return scanUpload(rows) }, sqlOpenUploads)
}

// PutUpload keeps a file to be imported, whose bytes PutFile stored, and promises to look
// at it.
func (tx *Tx) PutUpload(ctx context.Context, u study.Upload) (study.Upload, error) {
	u.ID, u.State, u.CreatedAt = study.UploadID(NewID()), study.UploadLooking, tx.now
	_, err := tx.run(ctx, sqlPutUpload, u.ID, u.File.Name, u.File.SHA256, u.File.SizeBytes, u.FormID, u.Country, u.Round, u.By, millis(tx.now))
	if err != nil {
		return u, fmt.Errorf("store upload: %w", err)
	}
	return u, tx.Promise(ctx, study.LookAtUpload{ID: u.ID})
}

// UploadSeen keeps what was found in a file.
func (tx *Tx) UploadSeen(ctx context.Context, id study.UploadID, result string) error {
	if _, err := tx.run(ctx, sqlUploadSeen, id, result); err != nil {
		return fmt.Errorf("note what upload %s holds: %w", id, err)
	}
	return nil
}

// AskUpload promises to store a file that was looked at; again it is the same wish.
func (tx *Tx) AskUpload(ctx context.Context, id study.UploadID, takeSound bool) error {
	n, err := tx.run(ctx, sqlAskUpload, id, takeSound)
	if err != nil {
		return fmt.Errorf("ask for upload %s: %w", id, err)
	}
	if n == 0 {
		_, err := tx.Upload(ctx, id)
		return err
	}
	return tx.Promise(ctx, study.StoreUpload{ID: id})
}

// UploadStored notes the batch that a file became.
func (tx *Tx) UploadStored(ctx context.Context, id study.UploadID, result string, batch study.BatchID) error {
	if _, err := tx.run(ctx, sqlUploadStored, id, result, batch); err != nil {
		return fmt.Errorf("note batch of upload %s: %w", id, err)
	}
	return nil
}
