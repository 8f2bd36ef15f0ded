package db

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/comparanda/comparanda/internal/study"
)

const sqlReplaceDecision = `
UPDATE decision
SET undone_at = ?5
WHERE kind = ?1 AND country = ?2 AND lang = ?3 AND text = ?4 AND undone_at = 0`

const sqlPutDecision = `
INSERT INTO decision (kind, country, lang, text, code, reason, person_id, at, undone_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)`

// PutDecision remembers what a text means. An earlier decision about the same text,
// kind, country and language ends, and stays in the list.
func (tx *Tx) PutDecision(ctx context.Context, d study.Decision) error {
	if _, err := tx.run(ctx, sqlReplaceDecision, d.Kind, string(d.Country), string(d.Lang), d.Text, millis(tx.now)); err != nil {
		return fmt.Errorf("end decision about %q: %w", d.Text, err)
	}
	_, err := tx.run(ctx, sqlPutDecision, d.Kind, string(d.Country), string(d.Lang), d.Text, d.Code, string(d.Reason), string(d.By), millis(tx.now))
	if err != nil {
		return fmt.Errorf("store decision about %q: %w", d.Text, err)
	}
	return nil
}

const sqlUndoDecision = `
UPDATE decision
SET undone_at = ?2
WHERE id = ?1 AND undone_at = 0`

// UndoDecision ends a decision; NotFound "decision.unknown" when none of that number holds.
func (tx *Tx) UndoDecision(ctx context.Context, id int64) error {
	n, err := tx.run(ctx, sqlUndoDecision, id, millis(tx.now))
	if err != nil {
		return fmt.Errorf("undo decision %d: %w", id, err)
	}
	if n == 0 {
		return unknown("decision", strconv.FormatInt(id, 10))
	}
	return nil
}

const sqlDecisions = `
SELECT id, kind, country, lang, text, code, reason, person_id, at, undone_at
FROM decision
WHERE undone_at = 0 OR ?1 = 1
ORDER BY id`

// Decisions lists those that hold, or with undone also those that ended, oldest first.
func (r *Reader) Decisions(ctx context.Context, undone bool) ([]study.Decision, error) {
	return collect(ctx, r, "decisions", func(rows *sql.Rows) (d study.Decision, err error) {
		var at, end int64
		err = rows.Scan(&d.ID, &d.Kind, &d.Country, &d.Lang, &d.Text, &d.Code, &d.Reason, &d.By, &at, &end)
		d.At, d.UndoneAt = moment(at), moment(end)
		return d, err
	}, sqlDecisions, undone)
}
