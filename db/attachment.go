package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const attachmentColumns = `a.id, a.path, a.name, a.type, a.size_bytes, a.sha256, a.person_id, coalesce(p.name, ''), a.at`

func scanAttachment(row scanner, more ...any) (a study.Attachment, err error) {
	var at int64
	err = row.Scan(append([]any{&a.ID, &a.Path, &a.Name, &a.Type, &a.SizeBytes, &a.SHA256, &a.By, &a.ByName, &at}, more...)...)
	a.At = moment(at)
	return a, err
}

const sqlAttachments = `
SELECT ` + attachmentColumns + `
FROM attachment AS a
JOIN response AS s ON s.seq = a.response
LEFT JOIN person AS p ON p.id = a.person_id
WHERE s.id = ?1 AND a.removed_at = 0
ORDER BY a.path, a.id`

// Attachments lists the files of a response, by question and age.
func (r *Reader) Attachments(ctx context.Context, id study.ResponseID) ([]study.Attachment, error) {
	return collect(ctx, r, "attachments", func(rows *sql.Rows) (study.Attachment, error) { return scanAttachment(rows) }, sqlAttachments, id)
}

const sqlAttachment = `
SELECT ` + attachmentColumns + `, s.id
FROM attachment AS a
JOIN response AS s ON s.seq = a.response
LEFT JOIN person AS p ON p.id = a.person_id
WHERE a.id = ?1`

// Attachment returns one file's description and the response it belongs to. One that
// was removed from the draft is still found: a signed version may name it.
func (r *Reader) Attachment(ctx context.Context, id study.AttachmentID) (study.Attachment, study.ResponseID, error) {
	var response study.ResponseID
	a, err := scanAttachment(r.q.row(ctx, sqlAttachment, id), &response)
	if errors.Is(err, sql.ErrNoRows) {
		return a, "", unknown("attachment", id)
	}
	if err != nil {
		return a, "", fmt.Errorf("read attachment %s: %w", id, err)
	}
	return a, response, nil
}

const sqlPutAttachment = `
INSERT INTO attachment (id, response, path, name, type, size_bytes, sha256, person_id, at, removed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)`

// PutAttachment adds a file, stored with PutFile before, to a question.
func (tx *Tx) PutAttachment(ctx context.Context, id study.ResponseID, a study.Attachment) (study.Attachment, error) {
	seq, state, err := tx.seq(ctx, id)
	if err != nil {
		return a, err
	}
	if !Editable(state) {
		return a, &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(state)}}
	}
	if err := tx.store.hasFile(a.SHA256); err != nil {
		return a, err
	}
	a.ID, a.At = study.AttachmentID(NewID()), tx.now
	if _, err := tx.run(ctx, sqlPutAttachment, a.ID, seq, a.Path, a.Name, a.Type, a.SizeBytes, a.SHA256, a.By, millis(tx.now)); err != nil {
		return a, fmt.Errorf("store attachment: %w", err)
	}
	return a, tx.touch(ctx, seq)
}

const sqlRemoveAttachment = `
UPDATE attachment
SET removed_at = ?3
WHERE id = ?2 AND response = ?1 AND removed_at = 0`

// RemoveAttachment takes a file out of the draft. Its bytes stay: a signed version may
// name them.
func (tx *Tx) RemoveAttachment(ctx context.Context, id study.ResponseID, attachment study.AttachmentID) error {
	seq, state, err := tx.seq(ctx, id)
	if err != nil {
		return err
	}
	if !Editable(state) {
		return &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(state)}}
	}
	n, err := tx.run(ctx, sqlRemoveAttachment, seq, attachment, millis(tx.now))
	if err != nil {
		return fmt.Errorf("remove attachment: %w", err)
	}
	if n == 0 {
		return unknown("attachment", attachment)
	}
	return tx.touch(ctx, seq)
}
