package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/comparanda/comparanda/internal/study"
)

const (
	sqlBatchSeq = `
SELECT seq
FROM import_batch
WHERE id = ?1`
	sqlResponseOfInstance = `
SELECT seq, version
FROM response
WHERE form_id = ?1 AND instance_id = ?2 AND instance_id <> ''`
	sqlCreateImported = `
INSERT INTO response (` + responseColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'legacy', 0, ?7, ?8, 0, ?9, ?9)
RETURNING seq, version`
	sqlPutImported = `
INSERT INTO submission (id, response, version, form_version, state, hash, page_token, signed_by, signed_name, signed_post, at, channel, snapshot, normalized_at, rule_version)
VALUES (?1, ?2, ?3, ?4, 'legacy', ?5, '', ?6, '', '', ?7, 'import', ?8, 0, '')
RETURNING seq`
	sqlPutImportRow = `
INSERT INTO import_row (batch, number, submission, place, submitter, submitted_at, personal)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`
	sqlImportProgress = `
UPDATE import_batch
SET done_rows = ?2, counts = ?3
WHERE seq = ?1`
	sqlImportDone = `
UPDATE import_batch
SET state = 'done', done_at = ?2
WHERE id = ?1 AND state = 'running'`
)

// PutImportRows stores rows of a running batch, each as a version of its own, and notes
// that the responses of the files are done up to next. All ids derive from the batch and
// the row, so that a rerun gives the same. The work of normalizing the rows is promised
// in the same transaction.
func (tx *Tx) PutImportRows(ctx context.Context, b study.Batch, rows []study.BatchRow, next int, counts study.BatchCounts) error {
	var seq int64
	if err := tx.q.row(ctx, sqlBatchSeq, b.ID).Scan(&seq); err != nil {
		return fmt.Errorf("read import %s: %w", b.ID, err)
	}
	for _, row := range rows {
		if err := tx.putImportRow(ctx, seq, b, row); err != nil {
			return fmt.Errorf("store row %d of import %s: %w", row.Row, b.ID, err)
		}
	}
	text, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	if _, err := tx.run(ctx, sqlImportProgress, seq, next, string(text)); err != nil {
		return fmt.Errorf("note progress of import %s: %w", b.ID, err)
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Promise(ctx, study.NormalizeImport{ID: b.ID, From: rows[0].Row, To: rows[len(rows)-1].Row + 1})
}

func (tx *Tx) putImportRow(ctx context.Context, batch int64, b study.Batch, row study.BatchRow) error {
	at := millis(b.CreatedAt)
	var response int64
	var version int
	err := tx.q.row(ctx, sqlResponseOfInstance, b.FormID, row.InstanceID).Scan(&response, &version)
	if errors.Is(err, sql.ErrNoRows) {
		id := derivedID("response", b.FormID, row.InstanceID)
		err = tx.q.row(ctx, sqlCreateImported, id, b.FormID, b.FormVersion, b.Kind, row.Country, row.Round, row.InstanceID, row.Place, at).Scan(&response, &version)
	}
	if err != nil {
		return err
	}
	var submission int64
	id := derivedID("submission", string(b.ID), fmt.Sprint(row.Row))
	err = tx.q.row(ctx, sqlPutImported, id, response, version+1, b.FormVersion, row.Hash, b.By, at, row.Snapshot).Scan(&submission)
	if err != nil {
		return err
	}
	if _, err := tx.run(ctx, sqlResponseSubmitted, response, study.Legacy, version+1, at); err != nil {
		return err
	}
	_, err = tx.run(ctx, sqlPutImportRow, batch, row.Row, submission, row.Place, row.Submitter, millis(row.SubmittedAt), row.Personal)
	return err
}

// derivedID makes an id of what it names. It has the form of the other ids, and sorts
// before them all.
func derivedID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	var id uuid.UUID
	copy(id[6:], h.Sum(nil))
	id[6] = id[6]&0x0f | 0x80 // version 8: made by the program's own rule
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// FinishImport closes a batch whose last row is stored.
func (tx *Tx) FinishImport(ctx context.Context, id study.BatchID) error {
	if _, err := tx.run(ctx, sqlImportDone, id, millis(tx.now)); err != nil {
		return fmt.Errorf("finish import %s: %w", id, err)
	}
	return nil
}

const sqlImportedSubmissions = `
SELECT u.id
FROM import_row AS i
JOIN import_batch AS b ON b.seq = i.batch
JOIN submission AS u ON u.seq = i.submission
WHERE b.id = ?1 AND i.number >= ?2 AND i.number < ?3
ORDER BY i.number`

// ImportedSubmissions lists what a range of a batch's rows became.
func (r *Reader) ImportedSubmissions(ctx context.Context, id study.BatchID, from, to int) ([]study.SubmissionID, error) {
	return collect(ctx, r, "imported submissions", func(rows *sql.Rows) (id study.SubmissionID, err error) {
		err = rows.Scan(&id)
		return id, err
	}, sqlImportedSubmissions, id, from, to)
}
