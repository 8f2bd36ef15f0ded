package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

const personColumns = `id, name, email, role, country, language, example, created_at, revoked_at, last_seen_at`

type scanner interface{ Scan(...any) error }

func scanPerson(row scanner, more ...any) (study.Person, error) {
	var p study.Person
	var created, revoked, seen int64
	err := row.Scan(append([]any{&p.ID, &p.Name, &p.Email, &p.Role, &p.Country, &p.Language, &p.Example, &created, &revoked, &seen}, more...)...)
	p.CreatedAt, p.RevokedAt, p.LastSeenAt = moment(created), moment(revoked), moment(seen)
	return p, err
}

// unknown is the answer for something that is not there, or not visible.
func unknown(what string, id any) error {
	return &study.Problem{Kind: study.NotFound, Key: what + ".unknown", Args: map[string]any{"id": id}}
}

const sqlPerson = `
SELECT ` + personColumns + `
FROM person
WHERE id = ?1`

// Person returns a person, with access or without.
func (r *Reader) Person(ctx context.Context, id study.PersonID) (study.Person, error) {
	p, err := scanPerson(r.q.row(ctx, sqlPerson, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, unknown("person", id)
	}
	if err != nil {
		return p, fmt.Errorf("read person %s: %w", id, err)
	}
	return p, nil
}

const sqlPersonByEmail = `
SELECT ` + personColumns + `
FROM person
WHERE email = lower(?1) AND email <> ''`

// PersonByEmail finds a person by address, in any case of letters.
func (r *Reader) PersonByEmail(ctx context.Context, email string) (study.Person, error) {
	p, err := scanPerson(r.q.row(ctx, sqlPersonByEmail, email))
	if errors.Is(err, sql.ErrNoRows) {
		return p, unknown("person", email)
	}
	if err != nil {
		return p, fmt.Errorf("read person by address: %w", err)
	}
	return p, nil
}

const sqlPeople = `
SELECT ` + personColumns + `
FROM person
WHERE ?1 = '' OR country = ?1
ORDER BY country, role, created_at, id`

// People lists the people of a country, or all for "".
func (r *Reader) People(ctx context.Context, country study.ISO3) ([]study.Person, error) {
	return collect(ctx, r, "people", func(rows *sql.Rows) (study.Person, error) { return scanPerson(rows) }, sqlPeople, country)
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, r *Reader, what string, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := r.q.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	defer rows.Close() //nolint:errcheck // Err below tells
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", what, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	return all, nil
}

const sqlCreatePerson = `
INSERT INTO person (` + personColumns + `)
VALUES (?1, ?2, lower(?3), ?4, ?5, ?6, ?7, ?8, 0, 0)`

// CreatePerson adds a person; ID and CreatedAt are set when empty. An address that
// somebody has already is a Conflict.
func (tx *Tx) CreatePerson(ctx context.Context, p study.Person) (study.Person, error) {
	if p.ID == "" {
		p.ID = study.PersonID(NewID())
	}
	p.CreatedAt = tx.now
	if p.Email != "" {
		if _, err := tx.PersonByEmail(ctx, p.Email); err == nil {
			return p, &study.Problem{Kind: study.Conflict, Key: "person.email_taken", Args: map[string]any{"email": p.Email}}
		}
	}
	_, err := tx.run(ctx, sqlCreatePerson, p.ID, p.Name, p.Email, p.Role, p.Country, p.Language, p.Example, millis(tx.now))
	if err != nil {
		return p, fmt.Errorf("create person: %w", err)
	}
	return p, nil
}

const sqlRevokePerson = `
UPDATE person
SET revoked_at = ?2
WHERE id = ?1 AND revoked_at = 0`

// RevokePerson takes a person's access away at once: sessions, links and tokens end.
func (tx *Tx) RevokePerson(ctx context.Context, id study.PersonID) error {
	n, err := tx.run(ctx, sqlRevokePerson, id, millis(tx.now))
	if err != nil {
		return fmt.Errorf("revoke person %s: %w", id, err)
	}
	if n == 0 {
		return unknown("person", id)
	}
	return tx.endAccess(ctx, id)
}

const (
	sqlEndSessions = `
DELETE FROM session
WHERE person_id = ?1`
	sqlEndLinks = `
DELETE FROM link
WHERE person_id = ?1`
	sqlEndTokens = `
DELETE FROM token
WHERE person_id = ?1`
	sqlEndKept = `
DELETE FROM kept
WHERE person_id = ?1`
)

func (tx *Tx) endAccess(ctx context.Context, id study.PersonID) error {
	for _, query := range []string{sqlEndSessions, sqlEndLinks, sqlEndTokens, sqlEndKept} {
		if _, err := tx.run(ctx, query, id); err != nil {
			return fmt.Errorf("end access of %s: %w", id, err)
		}
	}
	return nil
}

const sqlSetPersonLanguage = `
UPDATE person
SET language = ?2
WHERE id = ?1`

// SetPersonLanguage keeps the language that a person chose.
func (tx *Tx) SetPersonLanguage(ctx context.Context, id study.PersonID, lang study.Lang) error {
	if _, err := tx.run(ctx, sqlSetPersonLanguage, id, lang); err != nil {
		return fmt.Errorf("set language of %s: %w", id, err)
	}
	return nil
}

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

const sqlKeepPost = `
INSERT INTO kept (person_id, key, body, created_at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (person_id, key) DO UPDATE SET body = excluded.body, created_at = excluded.created_at`

// KeepPost keeps what somebody had sent when their session was over, for 24 hours.
func (tx *Tx) KeepPost(ctx context.Context, id study.PersonID, key string, body []byte) error {
	if _, err := tx.run(ctx, sqlKeepPost, id, key, body, millis(tx.now)); err != nil {
		return fmt.Errorf("keep post: %w", err)
	}
	return nil
}

const sqlKept = `
SELECT body
FROM kept
WHERE person_id = ?1 AND key = ?2`

// Kept returns what KeepPost kept; NotFound when it is not there (any more).
func (r *Reader) Kept(ctx context.Context, id study.PersonID, key string) ([]byte, error) {
	var body []byte
	err := r.q.row(ctx, sqlKept, id, key).Scan(&body)
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
WHERE person_id = ?1
ORDER BY created_at DESC, key
LIMIT 1`

// LatestKept returns the key of the newest kept post, "" when there is none.
func (r *Reader) LatestKept(ctx context.Context, id study.PersonID) (string, error) {
	var key string
	err := r.q.row(ctx, sqlLatestKept, id).Scan(&key)
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
