package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const sqlDraft = `
SELECT d.path, d.version, d.value, d.reason, d.note, d.person_id, coalesce(p.name, ''), coalesce(p.language, ''), d.channel, d.at
FROM draft AS d
JOIN response AS s ON s.seq = d.response
LEFT JOIN person AS p ON p.id = d.person_id
WHERE s.id = ?1
ORDER BY d.path`

func scanDraft(row scanner) (a study.DraftAnswer, err error) {
	var at int64
	err = row.Scan(&a.Path, &a.Version, &a.Value, &a.Reason, &a.Note, &a.By, &a.ByName, &a.ByLang, &a.Channel, &at)
	a.At = moment(at)
	return a, err
}

// DraftAnswers lists the current answers of a response, by path.
func (r *Reader) DraftAnswers(ctx context.Context, id study.ResponseID) ([]study.DraftAnswer, error) {
	return collect(ctx, r, "draft answers", func(rows *sql.Rows) (study.DraftAnswer, error) { return scanDraft(rows) }, sqlDraft, id)
}

const sqlDraftOne = `
SELECT d.path, d.version, d.value, d.reason, d.note, d.person_id, coalesce(p.name, ''), coalesce(p.language, ''), d.channel, d.at
FROM draft AS d
LEFT JOIN person AS p ON p.id = d.person_id
WHERE d.response = ?1 AND d.path = ?2`

const sqlPutDraft = `
INSERT INTO draft (response, path, version, value, reason, note, person_id, channel, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (response, path) DO UPDATE SET version = excluded.version, value = excluded.value, reason = excluded.reason,
	note = excluded.note, person_id = excluded.person_id, channel = excluded.channel, at = excluded.at`

const sqlPutRevision = `
INSERT INTO revision (response, path, version, value, reason, note, person_id, channel, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`

// Editable are the states in which draft answers may change.
func Editable(s study.State) bool { return s == study.InProgress || s == study.Reopened }

// SaveAnswers stores changes to draft answers, each by itself. One whose base is the
// current version gets the next version; one that says what is there already gets
// none; a stale one that differs neither overwrites nor is refused: it becomes a
// proposal, returned with the others. A response that is signed is a Conflict.
func (tx *Tx) SaveAnswers(ctx context.Context, id study.ResponseID, by study.Person, channel study.Channel, changes []study.Change) ([]study.Saved, []study.Proposal, error) {
	seq, state, err := tx.seq(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !Editable(state) {
		return nil, nil, &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(state)}}
	}
	var saved []study.Saved
	var proposals []study.Proposal
	for _, c := range changes {
		s, p, err := tx.saveAnswer(ctx, seq, by, channel, c)
		if err != nil {
			return nil, nil, fmt.Errorf("save %s of %s: %w", c.Path, id, err)
		}
		if p != nil {
			proposals = append(proposals, *p)
			continue
		}
		saved = append(saved, s)
	}
	return saved, proposals, tx.touch(ctx, seq)
}

func (tx *Tx) saveAnswer(ctx context.Context, seq int64, by study.Person, channel study.Channel, c study.Change) (study.Saved, *study.Proposal, error) {
	old, err := scanDraft(tx.q.row(ctx, sqlDraftOne, seq, c.Path))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return study.Saved{}, nil, err
	}
	next := applied(old, c)
	if next.Value == old.Value && next.Reason == old.Reason && next.Note == old.Note {
		return study.Saved{Path: c.Path, Version: old.Version}, nil, nil
	}
	if c.Base != old.Version {
		p, err := tx.propose(ctx, seq, by, c, next)
		return study.Saved{}, &p, err
	}
	version := old.Version + 1
	args := []any{seq, c.Path, version, next.Value, next.Reason, next.Note, by.ID, channel, millis(tx.now)}
	if _, err := tx.run(ctx, sqlPutDraft, args...); err != nil {
		return study.Saved{}, nil, err
	}
	if _, err := tx.run(ctx, sqlPutRevision, args...); err != nil {
		return study.Saved{}, nil, err
	}
	return study.Saved{Path: c.Path, Version: version, New: true}, nil, nil
}

func applied(a study.DraftAnswer, c study.Change) study.DraftAnswer {
	if c.Value != nil {
		a.Value = *c.Value
	}
	if c.Reason != nil {
		a.Reason = *c.Reason
	}
	if c.Note != nil {
		a.Note = *c.Note
	}
	return a
}

const proposalColumns = `q.id, q.path, q.base, q.value, q.reason, q.note, q.person_id, coalesce(p.name, ''), q.at`

func scanProposal(row scanner) (p study.Proposal, err error) {
	var at int64
	err = row.Scan(&p.ID, &p.Path, &p.Base, &p.Value, &p.Reason, &p.Note, &p.By, &p.ByName, &at)
	p.At = moment(at)
	return p, err
}

const sqlSameProposal = `
SELECT ` + proposalColumns + `
FROM proposal AS q
LEFT JOIN person AS p ON p.id = q.person_id
WHERE q.response = ?1 AND q.path = ?2 AND q.person_id = ?3 AND q.value = ?4 AND q.reason = ?5 AND q.note = ?6 AND q.closed_at = 0`

const sqlPutProposal = `
INSERT INTO proposal (response, path, base, value, reason, note, person_id, at, closed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)`

// propose keeps a stale change beside the current answer, once.
func (tx *Tx) propose(ctx context.Context, seq int64, by study.Person, c study.Change, next study.DraftAnswer) (study.Proposal, error) {
	same := func() (study.Proposal, error) {
		return scanProposal(tx.q.row(ctx, sqlSameProposal, seq, c.Path, by.ID, next.Value, next.Reason, next.Note))
	}
	p, err := same()
	if !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	if _, err := tx.run(ctx, sqlPutProposal, seq, c.Path, c.Base, next.Value, next.Reason, next.Note, by.ID, millis(tx.now)); err != nil {
		return p, err
	}
	return same()
}

const sqlProposals = `
SELECT ` + proposalColumns + `
FROM proposal AS q
JOIN response AS s ON s.seq = q.response
LEFT JOIN person AS p ON p.id = q.person_id
WHERE s.id = ?1 AND q.closed_at = 0
ORDER BY q.path, q.id`

// Proposals lists the stale saves that wait for somebody to choose.
func (r *Reader) Proposals(ctx context.Context, id study.ResponseID) ([]study.Proposal, error) {
	return collect(ctx, r, "proposals", func(rows *sql.Rows) (study.Proposal, error) { return scanProposal(rows) }, sqlProposals, id)
}

const sqlCloseProposals = `
UPDATE proposal
SET closed_at = ?3
WHERE response = ?1 AND path = ?2 AND closed_at = 0`

// Resolve ends the proposals at one question. With a change, that is stored as the
// chosen answer, whatever the current version; without, the current answer stays.
func (tx *Tx) Resolve(ctx context.Context, id study.ResponseID, path string, by study.Person, chosen *study.Change) error {
	seq, state, err := tx.seq(ctx, id)
	if err != nil {
		return err
	}
	if !Editable(state) {
		return &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(state)}}
	}
	if chosen != nil {
		old, err := scanDraft(tx.q.row(ctx, sqlDraftOne, seq, path))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("read answer %s: %w", path, err)
		}
		c := *chosen
		c.Path, c.Base = path, old.Version
		if _, _, err := tx.saveAnswer(ctx, seq, by, study.Web, c); err != nil {
			return fmt.Errorf("store the chosen answer %s: %w", path, err)
		}
	}
	if _, err := tx.run(ctx, sqlCloseProposals, seq, path, millis(tx.now)); err != nil {
		return fmt.Errorf("close proposals at %s: %w", path, err)
	}
	return tx.touch(ctx, seq)
}
