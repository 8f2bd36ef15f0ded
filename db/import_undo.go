package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

// undoAtOnce is how many rows one transaction takes off, so that others get their turn.
const undoAtOnce = 500

const (
	sqlLastImported = `
SELECT i.number, i.submission, u.response, s.id, s.country, i.place, u.id, u.version
FROM import_row AS i
JOIN submission AS u ON u.seq = i.submission
JOIN response AS s ON s.seq = u.response
WHERE i.batch = ?1
ORDER BY i.number DESC
LIMIT ?2`
	sqlRemoveImportRow = `
DELETE FROM import_row
WHERE batch = ?1 AND number = ?2`
	sqlRemoveSubmission = `
DELETE FROM submission
WHERE seq = ?1`
	sqlRemovePromisesOf = `
DELETE FROM promise
WHERE subject = ?1 AND state <> 'running'`
	sqlNewestLeft = `
SELECT version, state
FROM submission
WHERE response = ?1
ORDER BY version DESC
LIMIT 1`
	sqlHasDraft = `
SELECT EXISTS (SELECT path FROM draft WHERE response = ?1) OR EXISTS (SELECT id FROM event WHERE response = ?1) OR EXISTS (SELECT id FROM attachment WHERE response = ?1)`
	sqlRemoveResponse = `
DELETE FROM response
WHERE seq = ?1`
	sqlSetVersion = `
UPDATE response
SET version = ?2, state = ?3, updated_at = ?4
WHERE seq = ?1`
	sqlImportUndone = `
UPDATE import_batch
SET state = 'undone', done_rows = 0, counts = '{}'
WHERE seq = ?1`
)

type importedRow struct {
	number               int
	submission, response int64
	id                   study.ResponseID
	country              study.ISO3
	place                string
	submissionID         study.SubmissionID
	version              int
}

// UndoImport takes off some rows of a batch's layer, the last ones first, and reports
// whether there are more. What others put on top or beside stays, and is told in left.
func (tx *Tx) UndoImport(ctx context.Context, id study.BatchID) (left []study.BatchLeft, more bool, err error) {
	if _, err := tx.Import(ctx, id); err != nil {
		return nil, false, err
	}
	var batch int64
	if err := tx.q.row(ctx, sqlBatchSeq, id).Scan(&batch); err != nil {
		return nil, false, fmt.Errorf("read import %s: %w", id, err)
	}
	if err := tx.stopUploadsOf(ctx, id); err != nil {
		return nil, false, fmt.Errorf("stop storing into import %s: %w", id, err)
	}
	rows, err := collect(ctx, tx.Reader, "import rows", func(rows *sql.Rows) (r importedRow, err error) {
		err = rows.Scan(&r.number, &r.submission, &r.response, &r.id, &r.country, &r.place, &r.submissionID, &r.version)
		return r, err
	}, sqlLastImported, batch, undoAtOnce)
	if err != nil {
		return nil, false, err
	}
	for _, r := range rows {
		l, err := tx.undoRow(ctx, batch, r)
		if err != nil {
			return nil, false, fmt.Errorf("undo row %d of import %s: %w", r.number, id, err)
		}
		if l != nil {
			left = append(left, *l)
		}
	}
	if err := tx.noteLeft(ctx, batch, left); err != nil {
		return nil, false, fmt.Errorf("note what import %s leaves: %w", id, err)
	}
	if len(rows) == undoAtOnce {
		return left, true, nil
	}
	if _, err := tx.run(ctx, sqlRemovePromisesOf, id); err != nil {
		return nil, false, fmt.Errorf("forget work of import %s: %w", id, err)
	}
	if err := tx.uploadsOff(ctx, id); err != nil {
		return nil, false, fmt.Errorf("look at the files of import %s again: %w", id, err)
	}
	_, err = tx.run(ctx, sqlImportUndone, batch)
	return left, false, err
}

const (
	sqlLeft = `
SELECT stays
FROM import_batch
WHERE seq = ?1`
	sqlNoteLeft = `
UPDATE import_batch
SET stays = ?2
WHERE seq = ?1`
)

// noteLeft remembers with the batch what stays, up to study.MaxLeft of them.
func (tx *Tx) noteLeft(ctx context.Context, batch int64, some []study.BatchLeft) error {
	if len(some) == 0 {
		return nil
	}
	var text string
	var left []study.BatchLeft
	if err := tx.q.row(ctx, sqlLeft, batch).Scan(&text); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), &left); err != nil {
		return err
	}
	left = append(left, some...)
	all, err := json.Marshal(left[:min(len(left), study.MaxLeft)])
	if err != nil {
		return err
	}
	_, err = tx.run(ctx, sqlNoteLeft, batch, string(all))
	return err
}

// undoRow removes one version, and its response when nothing else hangs on it. What people
// of the country confirmed is theirs and stays.
func (tx *Tx) undoRow(ctx context.Context, batch int64, r importedRow) (*study.BatchLeft, error) {
	own, confirmed, err := tx.confirmedFrom(ctx, r.response)
	if err != nil {
		return nil, err
	}
	left, err := tx.takeOff(ctx, batch, r)
	if err != nil || confirmed == 0 {
		return left, err
	}
	if left == nil {
		left = &study.BatchLeft{Response: r.id, Country: r.country, Place: r.place, Why: study.LeftConfirmed}
	}
	left.Return, left.Confirmed = own, confirmed
	return left, nil
}

// takeOff removes the version of a row.
func (tx *Tx) takeOff(ctx context.Context, batch int64, r importedRow) (*study.BatchLeft, error) {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{sqlRemoveImportRow, []any{batch, r.number}},
		{sqlDeleteAnswers, []any{r.submission}},
		{sqlRemovePromisesOf, []any{r.submissionID}},
		{sqlRemoveSubmission, []any{r.submission}},
	} {
		if _, err := tx.run(ctx, step.query, step.args...); err != nil {
			return nil, err
		}
	}
	var version int
	var state study.State
	err := tx.q.row(ctx, sqlNewestLeft, r.response).Scan(&version, &state)
	if err == nil {
		_, err = tx.run(ctx, sqlSetVersion, r.response, version, state, millis(tx.now))
		why := study.LeftEarlier
		if version > r.version {
			why = study.LeftLater
		}
		return &study.BatchLeft{Response: r.id, Country: r.country, Place: r.place, Version: version, Why: why}, err
	}
	var worked bool
	if err := tx.q.row(ctx, sqlHasDraft, r.response).Scan(&worked); err != nil {
		return nil, err
	}
	if worked {
		_, err := tx.run(ctx, sqlSetVersion, r.response, 0, study.InProgress, millis(tx.now))
		return &study.BatchLeft{Response: r.id, Country: r.country, Place: r.place, Why: study.LeftBegun}, err
	}
	_, err = tx.run(ctx, sqlRemoveResponse, r.response)
	return nil, err
}
