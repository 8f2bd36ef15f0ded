package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// Session is one browser that is signed in.
type Session struct {
	CreatedAt time.Time
	SeenAt    time.Time
}

const sqlSessionPerson = `
SELECT p.id, p.name, p.email, p.role, p.country, p.language, p.example, p.created_at, p.revoked_at, p.last_seen_at, s.created_at, s.seen_at
FROM session AS s
JOIN person AS p ON p.id = s.person_id
WHERE s.token_hash = ?1 AND p.revoked_at = 0`

// SessionPerson returns whose session a token's hash is. The caller judges its age.
func (r *Reader) SessionPerson(ctx context.Context, tokenHash string) (study.Person, Session, error) {
	var s Session
	var created, seen int64
	p, err := scanPerson(r.q.row(ctx, sqlSessionPerson, tokenHash), &created, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return p, s, &study.Problem{Kind: study.NotFound, Key: "session.unknown"}
	}
	if err != nil {
		return p, s, fmt.Errorf("read session: %w", err)
	}
	s.CreatedAt, s.SeenAt = moment(created), moment(seen)
	return p, s, nil
}

const sqlCreateSession = `
INSERT INTO session (token_hash, person_id, created_at, seen_at)
VALUES (?1, ?2, ?3, ?3)`

const sqlSeePerson = `
UPDATE person
SET last_seen_at = ?2
WHERE id = ?1`

// CreateSession signs a person in.
func (tx *Tx) CreateSession(ctx context.Context, id study.PersonID, tokenHash string) error {
	if _, err := tx.run(ctx, sqlCreateSession, tokenHash, id, millis(tx.now)); err != nil {
		return fmt.Errorf("create session: %w", err)
	}
	if _, err := tx.run(ctx, sqlSeePerson, id, millis(tx.now)); err != nil {
		return fmt.Errorf("note sign-in: %w", err)
	}
	return nil
}

const sqlTouchSession = `
UPDATE session
SET seen_at = ?2
WHERE token_hash = ?1`

const sqlSeeBySession = `
UPDATE person
SET last_seen_at = ?2
WHERE id = (SELECT person_id FROM session WHERE token_hash = ?1)`

// TouchSession notes that a session is in use.
func (tx *Tx) TouchSession(ctx context.Context, tokenHash string) error {
	for _, query := range []string{sqlTouchSession, sqlSeeBySession} {
		if _, err := tx.run(ctx, query, tokenHash, millis(tx.now)); err != nil {
			return fmt.Errorf("touch session: %w", err)
		}
	}
	return nil
}

const sqlEndSession = `
DELETE FROM session
WHERE token_hash = ?1`

// EndSession signs one browser out.
func (tx *Tx) EndSession(ctx context.Context, tokenHash string) error {
	if _, err := tx.run(ctx, sqlEndSession, tokenHash); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

const sqlCreateLink = `
INSERT INTO link (token_hash, person_id, purpose, expires_at, used_at)
VALUES (?1, ?2, ?3, ?4, 0)`

// CreateLink issues a link that works once until it expires.
func (tx *Tx) CreateLink(ctx context.Context, id study.PersonID, tokenHash, purpose string, expiresAt time.Time) error {
	if _, err := tx.run(ctx, sqlCreateLink, tokenHash, id, purpose, millis(expiresAt)); err != nil {
		return fmt.Errorf("create link: %w", err)
	}
	return nil
}

const sqlLinkPerson = `
SELECT p.id, p.name, p.email, p.role, p.country, p.language, p.example, p.created_at, p.revoked_at, p.last_seen_at
FROM link AS l
JOIN person AS p ON p.id = l.person_id
WHERE l.token_hash = ?1 AND l.purpose = 'sign-in' AND l.used_at = 0 AND l.expires_at > ?2 AND p.revoked_at = 0`

const sqlUseLink = `
UPDATE link
SET used_at = ?2
WHERE token_hash = ?1`

// UseLink consumes a sign-in link. One that is unknown, used, expired or revoked is Gone.
func (tx *Tx) UseLink(ctx context.Context, tokenHash string) (study.Person, error) {
	p, err := scanPerson(tx.q.row(ctx, sqlLinkPerson, tokenHash, millis(tx.now)))
	if errors.Is(err, sql.ErrNoRows) {
		return p, &study.Problem{Kind: study.Gone, Key: "link.gone"}
	}
	if err != nil {
		return p, fmt.Errorf("read link: %w", err)
	}
	if _, err := tx.run(ctx, sqlUseLink, tokenHash, millis(tx.now)); err != nil {
		return p, fmt.Errorf("use link: %w", err)
	}
	return p, nil
}

const sqlCreateToken = `
INSERT INTO token (token_hash, person_id, label, created_at)
VALUES (?1, ?2, ?3, ?4)`

// CreateToken issues a bearer token for programs that act for a person.
func (tx *Tx) CreateToken(ctx context.Context, id study.PersonID, tokenHash, label string) error {
	if _, err := tx.run(ctx, sqlCreateToken, tokenHash, id, label, millis(tx.now)); err != nil {
		return fmt.Errorf("create token: %w", err)
	}
	return nil
}

const sqlTokenPerson = `
SELECT p.id, p.name, p.email, p.role, p.country, p.language, p.example, p.created_at, p.revoked_at, p.last_seen_at
FROM token AS t
JOIN person AS p ON p.id = t.person_id
WHERE t.token_hash = ?1 AND p.revoked_at = 0`

// TokenPerson returns whom a bearer token stands for.
func (r *Reader) TokenPerson(ctx context.Context, tokenHash string) (study.Person, error) {
	p, err := scanPerson(r.q.row(ctx, sqlTokenPerson, tokenHash))
	if errors.Is(err, sql.ErrNoRows) {
		return p, &study.Problem{Kind: study.NotFound, Key: "token.unknown"}
	}
	if err != nil {
		return p, fmt.Errorf("read token: %w", err)
	}
	return p, nil
}

// RevokeTokens ends all bearer tokens of a person.
func (tx *Tx) RevokeTokens(ctx context.Context, id study.PersonID) error {
	if _, err := tx.run(ctx, sqlEndTokens, id); err != nil {
		return fmt.Errorf("revoke tokens: %w", err)
	}
	return nil
}
