package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

const sqlStudy = `
SELECT content
FROM study`

// Study returns the study of this data folder; NotFound "study.none" when none was loaded.
func (r *Reader) Study(ctx context.Context) (study.Study, error) {
	var s study.Study
	var content string
	err := r.q.row(ctx, sqlStudy).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return s, &study.Problem{Kind: study.NotFound, Key: "study.none"}
	}
	if err == nil {
		err = json.Unmarshal([]byte(content), &s)
	}
	if err != nil {
		return s, fmt.Errorf("read study: %w", err)
	}
	return s, nil
}

const sqlPutStudy = `
INSERT INTO study (one, content, loaded_at)
VALUES (1, ?1, ?2)
ON CONFLICT (one) DO UPDATE SET content = excluded.content, loaded_at = excluded.loaded_at`

// PutStudy stores the study's definition. Another study's folder is a Conflict.
func (tx *Tx) PutStudy(ctx context.Context, s study.Study) error {
	old, err := tx.Study(ctx)
	if err == nil && old.ID != s.ID {
		return &study.Problem{Kind: study.Conflict, Key: "study.other", Args: map[string]any{"id": old.ID}}
	}
	content, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode study: %w", err)
	}
	if _, err := tx.run(ctx, sqlPutStudy, string(content), millis(tx.now)); err != nil {
		return fmt.Errorf("store study: %w", err)
	}
	return nil
}

// FormVersion is one published version of a form.
type FormVersion struct {
	FormID     string
	Version    int    // from 1
	Hash       string // hex SHA-256 of Content
	Content    []byte // forms.Form as JSON
	Source     []byte // the author's file as it came
	SourceName string
	CreatedAt  time.Time
}

const sqlForm = `
SELECT form_id, version, hash, content, source, source_name, created_at
FROM form_version
WHERE form_id = ?1 AND (?2 = 0 OR version = ?2)
ORDER BY version DESC
LIMIT 1`

func scanForm(row scanner) (FormVersion, error) {
	var f FormVersion
	var created int64
	err := row.Scan(&f.FormID, &f.Version, &f.Hash, &f.Content, &f.Source, &f.SourceName, &created)
	f.CreatedAt = moment(created)
	return f, err
}

// Form returns one version of a form, the newest for version 0.
func (r *Reader) Form(ctx context.Context, formID string, version int) (FormVersion, error) {
	f, err := scanForm(r.q.row(ctx, sqlForm, formID, version))
	if errors.Is(err, sql.ErrNoRows) {
		return f, unknown("form", formID)
	}
	if err != nil {
		return f, fmt.Errorf("read form %s: %w", formID, err)
	}
	return f, nil
}

const sqlNewestForm = `
SELECT coalesce(max(version), 0)
FROM form_version
WHERE form_id = ?1`

// NewestForm returns the newest version's number of a form.
func (r *Reader) NewestForm(ctx context.Context, formID string) (int, error) {
	version := 0
	if err := r.q.row(ctx, sqlNewestForm, formID).Scan(&version); err != nil {
		return 0, fmt.Errorf("read newest version of form %s: %w", formID, err)
	}
	if version == 0 {
		return 0, unknown("form", formID)
	}
	return version, nil
}

const sqlForms = `
SELECT form_id, version, hash, content, source, source_name, created_at
FROM form_version
ORDER BY form_id, version`

// Forms lists all versions of all forms.
func (r *Reader) Forms(ctx context.Context) ([]FormVersion, error) {
	return collect(ctx, r, "forms", func(rows *sql.Rows) (FormVersion, error) { return scanForm(rows) }, sqlForms)
}

const sqlPutForm = `
INSERT INTO form_version (form_id, version, hash, content, source, source_name, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`

// PutForm publishes a form and returns its version: a new one only when the content
// differs from the newest.
func (tx *Tx) PutForm(ctx context.Context, formID string, content, source []byte, sourceName string) (int, error) {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	newest, err := tx.Form(ctx, formID, 0)
	if err == nil && newest.Hash == hash {
		return newest.Version, nil
	}
	if problem := (*study.Problem)(nil); err != nil && !errors.As(err, &problem) {
		return 0, err
	}
	version := newest.Version + 1
	if source == nil {
		source = []byte{}
	}
	if _, err := tx.run(ctx, sqlPutForm, formID, version, hash, content, source, sourceName, millis(tx.now)); err != nil {
		return 0, fmt.Errorf("store form %s: %w", formID, err)
	}
	return version, nil
}

const sqlPrefill = `
SELECT content
FROM prefill
WHERE form_id = ?1 AND country = ?2`

// Prefill returns the answers that a country's return begins with: Changes in order.
func (r *Reader) Prefill(ctx context.Context, formID string, country study.ISO3) ([]study.Change, error) {
	var content []byte
	err := r.q.row(ctx, sqlPrefill, formID, country).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var changes []study.Change
	if err == nil {
		err = json.Unmarshal(content, &changes)
	}
	if err != nil {
		return nil, fmt.Errorf("read prefill of %s: %w", country, err)
	}
	return changes, nil
}

const sqlPutPrefill = `
INSERT INTO prefill (form_id, country, content)
VALUES (?1, ?2, ?3)
ON CONFLICT (form_id, country) DO UPDATE SET content = excluded.content`

// PutPrefill stores what Prefill returns.
func (tx *Tx) PutPrefill(ctx context.Context, formID string, country study.ISO3, changes []study.Change) error {
	content, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("encode prefill: %w", err)
	}
	if _, err := tx.run(ctx, sqlPutPrefill, formID, country, content); err != nil {
		return fmt.Errorf("store prefill of %s: %w", country, err)
	}
	return nil
}
