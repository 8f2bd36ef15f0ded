package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

const sqlKeepPost = `
INSERT INTO kept (person_id, key, body, created_at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (person_id, key) DO UPDATE SET body = excluded.body, created_at = excluded.created_at`

const sqlEndOldKept = `
DELETE FROM kept
WHERE created_at <= ?1`

// keepFor is how long a kept post can be fetched.
const keepFor = 24 * time.Hour

// KeepPost keeps what somebody had sent when their session was over, for 24 hours.
func (tx *Tx) KeepPost(ctx context.Context, id study.PersonID, key string, body []byte) error {
	if _, err := tx.run(ctx, sqlEndOldKept, millis(tx.now.Add(-keepFor))); err != nil {
		return fmt.Errorf("forget old posts: %w", err)
	}
	if _, err := tx.run(ctx, sqlKeepPost, id, key, body, millis(tx.now)); err != nil {
		return fmt.Errorf("keep post: %w", err)
	}
	return nil
}

const sqlKept = `
SELECT body
FROM kept
WHERE person_id = ?1 AND key = ?2 AND created_at > ?3`

// Kept returns what KeepPost kept; NotFound when it is not there (any more).
func (r *Reader) Kept(ctx context.Context, id study.PersonID, key string) ([]byte, error) {
	var body []byte
	err := r.q.row(ctx, sqlKept, id, key, millis(r.now.Add(-keepFor))).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, unknown("kept", key)
	}
	if err != nil {
		return nil, fmt.Errorf("read kept post: %w", err)
	}
	return body, nil
}

const sqlLatestKept = `
SELECT key
FROM kept
WHERE person_id = ?1 AND created_at > ?2
ORDER BY created_at DESC, key
LIMIT 1`

// LatestKept returns the key of the newest kept post, "" when there is none.
func (r *Reader) LatestKept(ctx context.Context, id study.PersonID) (string, error) {
	var key string
	err := r.q.row(ctx, sqlLatestKept, id, millis(r.now.Add(-keepFor))).Scan(&key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read kept post: %w", err)
	}
	return key, nil
}

const sqlForgetKept = `
DELETE FROM kept
WHERE person_id = ?1 AND key = ?2`

// ForgetKept removes a kept post.
func (tx *Tx) ForgetKept(ctx context.Context, id study.PersonID, key string) error {
	if _, err := tx.run(ctx, sqlForgetKept, id, key); err != nil {
		return fmt.Errorf("forget kept post: %w", err)
	}
	return nil
}
