package db

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const (
	sqlDecideUpload = `
UPDATE import_upload
SET state = 'looking', mapping = ?2, decided = 1, revision = revision + 1, rows_read = 0
WHERE id = ?1 AND state IN ('looking', 'seen')`
	sqlAskUpload = `
UPDATE import_upload
SET state = 'storing', take_sound = ?2, revision = revision + 1, rows_read = 0
WHERE id = ?1 AND state = 'seen'`
	sqlForgetUpload = `
UPDATE import_upload
SET state = 'looking', mapping = '', decided = 0, revision = revision + 1, rows_read = 0
WHERE id = ?1 AND state IN ('looking', 'seen')`
	sqlPauseUpload = `
UPDATE import_upload
SET state = 'paused', revision = revision + 1
WHERE id = ?1 AND state = 'storing'`
	sqlContinueUpload = `
UPDATE import_upload
SET state = 'storing', revision = revision + 1
WHERE id = ?1 AND state IN ('paused', 'storing')`
	sqlCancelUpload = `
UPDATE import_upload
SET state = 'cancelling', revision = revision + 1
WHERE id = ?1 AND state IN ('storing', 'paused', 'cancelling')`
	sqlUploadOff = `
UPDATE import_upload
SET state = 'seen', batch = '', rows_read = 0
WHERE id = ?1 AND state = 'cancelling'`
)

// DecideUpload keeps what a person wants to become of a file's columns and promises to
// look at it again. A file that is being stored, or is stored, is a Conflict.
func (tx *Tx) DecideUpload(ctx context.Context, id study.UploadID, mapping string) error {
	wanted, err := tx.wish(ctx, sqlDecideUpload, id, mapping)
	if err != nil {
		return err
	}
	if !wanted {
		return &study.Problem{Kind: study.Conflict, Key: "upload.busy"}
	}
	return tx.Promise(ctx, study.LookAtUpload{ID: id})
}

// ForgetUpload drops what was decided about a file and promises to look at it as if for
// the first time. A file that is being stored, or is stored, is a Conflict.
func (tx *Tx) ForgetUpload(ctx context.Context, id study.UploadID) error {
	wanted, err := tx.wish(ctx, sqlForgetUpload, id)
	if err != nil {
		return err
	}
	if !wanted {
		return &study.Problem{Kind: study.Conflict, Key: "upload.busy"}
	}
	return tx.Promise(ctx, study.LookAtUpload{ID: id})
}

// AskUpload promises to store a file that was looked at; again it is the same wish.
func (tx *Tx) AskUpload(ctx context.Context, id study.UploadID, takeSound bool) error {
	wanted, err := tx.wish(ctx, sqlAskUpload, id, takeSound)
	if err != nil || !wanted {
		return err
	}
	return tx.Promise(ctx, study.StoreUpload{ID: id})
}

// PauseUpload lets the storing of a file rest where it is.
func (tx *Tx) PauseUpload(ctx context.Context, id study.UploadID) error {
	_, err := tx.wish(ctx, sqlPauseUpload, id)
	return err
}

// ContinueUpload promises to go on storing a file that rests, or whose work was given up.
func (tx *Tx) ContinueUpload(ctx context.Context, id study.UploadID) error {
	wanted, err := tx.wish(ctx, sqlContinueUpload, id)
	if err != nil || !wanted {
		return err
	}
	return tx.Promise(ctx, study.StoreUpload{ID: id})
}

// CancelUpload stops the storing of a file for good. Whoever cancels takes the batch off
// and then calls UploadOff. It reports false when there is nothing to cancel.
func (tx *Tx) CancelUpload(ctx context.Context, id study.UploadID) (cancelled bool, err error) {
	return tx.wish(ctx, sqlCancelUpload, id)
}

// UploadOff notes that nothing of a cancelled file is left in the study.
func (tx *Tx) UploadOff(ctx context.Context, id study.UploadID) error {
	_, err := tx.wish(ctx, sqlUploadOff, id)
	return err
}

// wish changes the state of a file; false when the file is in another state than the
// wish is made for.
func (tx *Tx) wish(ctx context.Context, query string, id study.UploadID, args ...any) (bool, error) {
	n, err := tx.run(ctx, query, append([]any{id}, args...)...)
	if err != nil {
		return false, fmt.Errorf("change upload %s: %w", id, err)
	}
	if n == 0 {
		_, err := tx.Upload(ctx, id)
		return false, err
	}
	return true, nil
}

const (
	sqlStopUploadsOf = `
UPDATE import_upload
SET state = 'cancelling', revision = revision + 1
WHERE batch = ?1 AND state IN ('storing', 'paused')`
	sqlUploadsOff = `
UPDATE import_upload
SET state = 'looking', batch = '', rows_read = 0, revision = revision + 1
WHERE batch = ?1 AND state IN ('stored', 'cancelling')
RETURNING id`
)

// stopUploadsOf ends the storing of files into a batch that is being taken off.
func (tx *Tx) stopUploadsOf(ctx context.Context, batch study.BatchID) error {
	_, err := tx.run(ctx, sqlStopUploadsOf, batch)
	return err
}

// uploadsOff lets the files of a batch that is off be looked at again, so that they can
// be stored again.
func (tx *Tx) uploadsOff(ctx context.Context, batch study.BatchID) error {
	ids, err := collect(ctx, tx.Reader, "files of a batch", func(rows *sql.Rows) (id study.UploadID, err error) {
		err = rows.Scan(&id)
		return id, err
	}, sqlUploadsOff, batch)
	for _, id := range ids {
		if err == nil {
			err = tx.Promise(ctx, study.LookAtUpload{ID: id})
		}
	}
	return err
}
