package db

import (
	"context"
	"database/sql"
	"errors"
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
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
RETURNING id`

const sqlSameDecision = `
SELECT id
FROM decision
WHERE kind = ?1 AND country = ?2 AND lang = ?3 AND text = ?4 AND code = ?5 AND reason = ?6 AND undone_at = 0`

// PutDecision remembers what a text means, and promises to read the answers again that it
// is about. An earlier decision about the same text, kind, country and language ends, and
// stays in the list; the same decision again changes nothing.
func (tx *Tx) PutDecision(ctx context.Context, d study.Decision) (id int64, err error) {
	err = tx.q.row(ctx, sqlSameDecision, d.Kind, string(d.Country), string(d.Lang), d.Text, d.Code, string(d.Reason)).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	if _, err := tx.run(ctx, sqlReplaceDecision, d.Kind, string(d.Country), string(d.Lang), d.Text, millis(tx.now)); err != nil {
		return 0, fmt.Errorf("end decision about %q: %w", d.Text, err)
	}
	err = tx.q.row(ctx, sqlPutDecision, d.Kind, string(d.Country), string(d.Lang), d.Text, d.Code, string(d.Reason), string(d.By), millis(tx.now)).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("store decision about %q: %w", d.Text, err)
	}
	return id, tx.promiseDecided(ctx, id)
}

// promiseDecided promises to read again what a decision is about.
func (tx *Tx) promiseDecided(ctx context.Context, id int64) error {
	return tx.Promise(ctx, study.ApplyDecision{ID: strconv.FormatInt(id, 10)})
}

const sqlUndoDecision = `
UPDATE decision
SET undone_at = ?2
WHERE id = ?1 AND undone_at = 0`

// UndoDecision ends a decision, and promises to read the answers again that it was about;
// NotFound "decision.unknown" when none of that number holds.
func (tx *Tx) UndoDecision(ctx context.Context, id int64) error {
	n, err := tx.run(ctx, sqlUndoDecision, id, millis(tx.now))
	if err != nil {
		return fmt.Errorf("undo decision %d: %w", id, err)
	}
	if n == 0 {
		return unknown("decision", strconv.FormatInt(id, 10))
	}
	return tx.promiseDecided(ctx, id)
}

const decisionColumns = `d.id, d.kind, d.country, d.lang, d.text, d.code, d.reason, d.person_id, coalesce(p.name, ''), d.at, d.undone_at`

func scanDecision(row scanner) (d study.Decision, err error) {
	var at, end int64
	err = row.Scan(&d.ID, &d.Kind, &d.Country, &d.Lang, &d.Text, &d.Code, &d.Reason, &d.By, &d.ByName, &at, &end)
	d.At, d.UndoneAt = moment(at), moment(end)
	return d, err
}

const sqlDecisions = `
SELECT ` + decisionColumns + `
FROM decision AS d
LEFT JOIN person AS p ON p.id = d.person_id
WHERE d.undone_at = 0 OR ?1 = 1
ORDER BY d.id`

// Decisions lists those that hold, or with undone also those that ended, oldest first.
func (r *Reader) Decisions(ctx context.Context, undone bool) ([]study.Decision, error) {
	return collect(ctx, r, "decisions", func(rows *sql.Rows) (study.Decision, error) { return scanDecision(rows) }, sqlDecisions, undone)
}

const sqlDecision = `
SELECT ` + decisionColumns + `
FROM decision AS d
LEFT JOIN person AS p ON p.id = d.person_id
WHERE d.id = ?1`

// Decision returns one decision, ended or not.
func (r *Reader) Decision(ctx context.Context, id int64) (study.Decision, error) {
	d, err := scanDecision(r.q.row(ctx, sqlDecision, id))
	if errors.Is(err, sql.ErrNoRows) {
		return d, unknown("decision", strconv.FormatInt(id, 10))
	}
	if err != nil {
		return d, fmt.Errorf("read decision %d: %w", id, err)
	}
	return d, nil
}

const sqlDecisionEdition = `
SELECT coalesce(max(id), 0) || '/' || count(CASE WHEN undone_at > 0 THEN 1 END)
FROM decision`

// DecisionEdition changes whenever a decision is made or undone, so that answers read by
// an older state of them can be told.
func (r *Reader) DecisionEdition(ctx context.Context) (edition string, err error) {
	if err = r.q.row(ctx, sqlDecisionEdition).Scan(&edition); err != nil {
		return "", fmt.Errorf("read the state of decisions: %w", err)
	}
	return edition, nil
}
