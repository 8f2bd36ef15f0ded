package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

const responseColumns = `id, form_id, form_version, kind, country, round, state, version, instance_id, title, example, created_at, updated_at`

func scanResponse(row scanner, more ...any) (study.Response, error) {
	var s study.Response
	var created, updated int64
	err := row.Scan(append([]any{&s.ID, &s.FormID, &s.FormVersion, &s.Kind, &s.Country, &s.Round, &s.State, &s.Version,
		&s.InstanceID, &s.Title, &s.Example, &created, &updated}, more...)...)
	s.CreatedAt, s.UpdatedAt = moment(created), moment(updated)
	return s, err
}

const sqlResponse = `
SELECT ` + responseColumns + `
FROM response
WHERE id = ?1`

// Response returns one return or interview.
func (r *Reader) Response(ctx context.Context, id study.ResponseID) (study.Response, error) {
	s, err := scanResponse(r.q.row(ctx, sqlResponse, id))
	if errors.Is(err, sql.ErrNoRows) {
		return s, unknown("response", id)
	}
	if err != nil {
		return s, fmt.Errorf("read response %s: %w", id, err)
	}
	return s, nil
}

// ResponseFilter chooses responses; zero fields do not choose.
type ResponseFilter struct {
	Kind       study.InstrumentKind
	Country    study.ISO3
	Round      string
	FormID     string
	InstanceID string
}

const sqlResponses = `
SELECT ` + responseColumns + `
FROM response
WHERE (?1 = '' OR kind = ?1)
	AND (?2 = '' OR country = ?2)
	AND (?3 = '' OR round = ?3)
	AND (?4 = '' OR form_id = ?4)
	AND (?5 = '' OR instance_id = ?5)
ORDER BY country, created_at, seq`

// Responses lists returns and interviews by country and age.
func (r *Reader) Responses(ctx context.Context, f ResponseFilter) ([]study.Response, error) {
	return collect(ctx, r, "responses", func(rows *sql.Rows) (study.Response, error) { return scanResponse(rows) },
		sqlResponses, f.Kind, f.Country, f.Round, f.FormID, f.InstanceID)
}

const sqlCreateResponse = `
INSERT INTO response (` + responseColumns + `)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10, ?11, ?11)`

const sqlReturnOf = `
SELECT ` + responseColumns + `
FROM response
WHERE form_id = ?1 AND country = ?2 AND round = ?3 AND kind = 'questionnaire' AND instance_id = ''`

// CreateResponse opens a return or an interview; ID, State and FormVersion are set when
// empty. A country has one return a form and round: when it is there, it comes back
// with created false.
func (tx *Tx) CreateResponse(ctx context.Context, s study.Response) (_ study.Response, created bool, err error) {
	if s.Kind == study.Questionnaire && s.InstanceID == "" {
		old, err := scanResponse(tx.q.row(ctx, sqlReturnOf, s.FormID, s.Country, s.Round))
		if err == nil {
			return old, false, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return s, false, fmt.Errorf("read return of %s: %w", s.Country, err)
		}
	}
	if s.FormVersion == 0 {
		f, err := tx.Form(ctx, s.FormID, 0)
		if err != nil {
			return s, false, err
		}
		s.FormVersion = f.Version
	}
	if s.ID == "" {
		s.ID = study.ResponseID(NewID())
	}
	if s.State == "" {
		s.State = study.InProgress
	}
	s.CreatedAt, s.UpdatedAt = tx.now, tx.now
	_, err = tx.run(ctx, sqlCreateResponse, s.ID, s.FormID, s.FormVersion, s.Kind, s.Country, s.Round, s.State,
		s.InstanceID, s.Title, s.Example, millis(tx.now))
	if err != nil {
		return s, false, fmt.Errorf("create response: %w", err)
	}
	return s, true, nil
}

const sqlResponseSeq = `
SELECT seq, state
FROM response
WHERE id = ?1`

// seq returns the internal number of a response.
func (r *Reader) seq(ctx context.Context, id study.ResponseID) (int64, study.State, error) {
	var seq int64
	var state study.State
	err := r.q.row(ctx, sqlResponseSeq, id).Scan(&seq, &state)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", unknown("response", id)
	}
	if err != nil {
		return 0, "", fmt.Errorf("read response %s: %w", id, err)
	}
	return seq, state, nil
}

const sqlTouchResponse = `
UPDATE response
SET updated_at = ?2
WHERE seq = ?1`

func (tx *Tx) touch(ctx context.Context, seq int64) error {
	if _, err := tx.run(ctx, sqlTouchResponse, seq, millis(tx.now)); err != nil {
		return fmt.Errorf("note a change: %w", err)
	}
	return nil
}

const sqlSetState = `
UPDATE response
SET state = ?3, updated_at = ?4
WHERE id = ?1 AND state = ?2`

// SetState moves a response from one state to another and writes it into its events.
// When it is not in the state from (any more), that is a Conflict.
func (tx *Tx) SetState(ctx context.Context, id study.ResponseID, from, to study.State, by study.PersonID, reason string) error {
	seq, _, err := tx.seq(ctx, id)
	if err != nil {
		return err
	}
	n, err := tx.run(ctx, sqlSetState, id, from, to, millis(tx.now))
	if err != nil {
		return fmt.Errorf("set state of %s: %w", id, err)
	}
	if n == 0 {
		return &study.Problem{Kind: study.Conflict, Key: "response.state", Args: map[string]any{"state": string(from)}}
	}
	return tx.event(ctx, seq, from, to, by, reason)
}

const sqlPutEvent = `
INSERT INTO event (response, was, became, person_id, reason, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)`

func (tx *Tx) event(ctx context.Context, seq int64, from, to study.State, by study.PersonID, reason string) error {
	if _, err := tx.run(ctx, sqlPutEvent, seq, from, to, by, reason, millis(tx.now)); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return nil
}

// ResponseEvent is one step in the life of a return.
type ResponseEvent struct {
	From, To study.State
	By       study.PersonID
	ByName   string
	Reason   string
	At       time.Time
}

const sqlEvents = `
SELECT e.was, e.became, e.person_id, coalesce(p.name, ''), e.reason, e.at
FROM event AS e
JOIN response AS s ON s.seq = e.response
LEFT JOIN person AS p ON p.id = e.person_id
WHERE s.id = ?1
ORDER BY e.id`

// ResponseEvents lists the steps of a response's life, oldest first.
func (r *Reader) ResponseEvents(ctx context.Context, id study.ResponseID) ([]ResponseEvent, error) {
	return collect(ctx, r, "events", func(rows *sql.Rows) (e ResponseEvent, err error) {
		var at int64
		err = rows.Scan(&e.From, &e.To, &e.By, &e.ByName, &e.Reason, &at)
		e.At = moment(at)
		return e, err
	}, sqlEvents, id)
}

// SectionMark says that somebody called a section completed.
type SectionMark struct {
	Section string
	By      study.PersonID
	ByName  string
	At      time.Time
}

const sqlSectionMarks = `
SELECT m.section, m.person_id, coalesce(p.name, ''), m.at
FROM section_mark AS m
JOIN response AS s ON s.seq = m.response
LEFT JOIN person AS p ON p.id = m.person_id
WHERE s.id = ?1
ORDER BY m.section`

// SectionMarks lists the sections called completed.
func (r *Reader) SectionMarks(ctx context.Context, id study.ResponseID) ([]SectionMark, error) {
	return collect(ctx, r, "section marks", func(rows *sql.Rows) (m SectionMark, err error) {
		var at int64
		err = rows.Scan(&m.Section, &m.By, &m.ByName, &at)
		m.At = moment(at)
		return m, err
	}, sqlSectionMarks, id)
}

const (
	sqlPutSectionMark = `
INSERT INTO section_mark (response, section, person_id, at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (response, section) DO NOTHING`
	sqlEndSectionMark = `
DELETE FROM section_mark
WHERE response = ?1 AND section = ?2`
)

// MarkSection calls a section completed, or takes that back.
func (tx *Tx) MarkSection(ctx context.Context, id study.ResponseID, section string, done bool, by study.PersonID) error {
	seq, _, err := tx.seq(ctx, id)
	if err != nil {
		return err
	}
	if done {
		_, err = tx.run(ctx, sqlPutSectionMark, seq, section, by, millis(tx.now))
	} else {
		_, err = tx.run(ctx, sqlEndSectionMark, seq, section)
	}
	if err != nil {
		return fmt.Errorf("mark section: %w", err)
	}
	return nil
}
