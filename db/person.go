package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
