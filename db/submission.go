package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const submissionColumns = `u.id, s.id, s.kind, s.form_id, u.form_version, s.country, s.round, u.version, u.state, u.hash, s.instance_id,
	u.signed_by, u.signed_name, u.signed_post, u.at, u.channel, s.example, u.snapshot, u.normalized_at`

func scanSubmission(row scanner) (u study.Submission, err error) {
	var at, normalized int64
	err = row.Scan(&u.ID, &u.ResponseID, &u.Kind, &u.FormID, &u.FormVersion, &u.Country, &u.Round, &u.Version, &u.State, &u.Hash,
		&u.InstanceID, &u.SignedBy, &u.SignedName, &u.SignedPost, &at, &u.Channel, &u.Example, &u.Snapshot, &normalized)
	u.At, u.NormalizedAt = moment(at), moment(normalized)
	return u, err
}

const sqlSubmission = `
SELECT ` + submissionColumns + `
FROM submission AS u
JOIN response AS s ON s.seq = u.response
WHERE u.id = ?1`

// Submission returns one signed, recorded or received version.
func (r *Reader) Submission(ctx context.Context, id study.SubmissionID) (study.Submission, error) {
	u, err := scanSubmission(r.q.row(ctx, sqlSubmission, id))
	if errors.Is(err, sql.ErrNoRows) {
		return u, unknown("submission", id)
	}
	if err != nil {
		return u, fmt.Errorf("read submission %s: %w", id, err)
	}
	return u, nil
}

// SubmissionFilter chooses submissions; zero fields do not choose.
type SubmissionFilter struct {
	Response study.ResponseID
	Version  int
	Kind     study.InstrumentKind
	Country  study.ISO3
	Round    string
	FormID   string
}

const sqlSubmissions = `
SELECT ` + submissionColumns + `
FROM submission AS u
JOIN response AS s ON s.seq = u.response
WHERE (?1 = '' OR s.id = ?1)
	AND (?2 = 0 OR u.version = ?2)
	AND (?3 = '' OR s.kind = ?3)
	AND (?4 = '' OR s.country = ?4)
	AND (?5 = '' OR s.round = ?5)
	AND (?6 = '' OR s.form_id = ?6)
ORDER BY s.country, s.created_at, s.seq, u.version`

// Submissions lists versions by country, response and version.
func (r *Reader) Submissions(ctx context.Context, f SubmissionFilter) ([]study.Submission, error) {
	return collect(ctx, r, "submissions", func(rows *sql.Rows) (study.Submission, error) { return scanSubmission(rows) },
		sqlSubmissions, f.Response, f.Version, f.Kind, f.Country, f.Round, f.FormID)
}

const sqlLatest = `
SELECT ` + submissionColumns + `
FROM submission AS u
JOIN response AS s ON s.seq = u.response
WHERE s.form_id = ?1 AND (?2 = '' OR s.round = ?2)
	AND (s.kind = 'interview' OR u.seq = (
		SELECT v.seq
		FROM submission AS v
		JOIN response AS w ON w.seq = v.response
		WHERE w.form_id = s.form_id AND w.round = s.round AND w.country = s.country
		ORDER BY v.state = 'legacy', v.at DESC, v.seq DESC
		LIMIT 1))
	AND u.version = (SELECT max(x.version) FROM submission AS x WHERE x.response = u.response)
ORDER BY s.country, s.created_at, s.seq`

// Latest lists what reports count: of a questionnaire the newest signed version of each
// country, or when there is none the newest that arrived unsigned; of an interview
// guide the newest version of each interview.
func (r *Reader) Latest(ctx context.Context, formID, round string) ([]study.Submission, error) {
	return collect(ctx, r, "latest submissions", func(rows *sql.Rows) (study.Submission, error) { return scanSubmission(rows) },
		sqlLatest, formID, round)
}

const (
	sqlSubmissionOfToken = `
SELECT ` + submissionColumns + `
FROM submission AS u
JOIN response AS s ON s.seq = u.response
WHERE s.id = ?1 AND u.page_token = ?2 AND ?2 <> ''`
	sqlPutSubmission = `
INSERT INTO submission (id, response, version, form_version, state, hash, page_token, signed_by, signed_name, signed_post, at, channel, snapshot, normalized_at, rule_version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, '')`
	sqlResponseSubmitted = `
UPDATE response
SET state = ?2, version = ?3, updated_at = ?4
WHERE seq = ?1`
)

// Submit freezes a response as its next version: the submission, the response's new
// state and the promise to normalize it are one transaction. The same page token again
// is the same submission, with first false. A response that is signed already is a
// Conflict.
func (tx *Tx) Submit(ctx context.Context, u study.Submission, pageToken string) (_ study.Submission, first bool, err error) {
	old, err := scanSubmission(tx.q.row(ctx, sqlSubmissionOfToken, u.ResponseID, pageToken))
	if err == nil {
		return old, false, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return u, false, fmt.Errorf("read submission: %w", err)
	}
	response, err := tx.Response(ctx, u.ResponseID)
	if err != nil {
		return u, false, err
	}
	if !Editable(response.State) {
		return u, false, &study.Problem{Kind: study.Conflict, Key: "response.not_editable", Args: map[string]any{"state": string(response.State)}}
	}
	seq, _, err := tx.seq(ctx, u.ResponseID)
	if err != nil {
		return u, false, err
	}
	u, err = tx.putSubmission(ctx, seq, response, u, pageToken)
	if err != nil {
		return u, false, err
	}
	return u, true, tx.event(ctx, seq, response.State, u.State, u.SignedBy, "")
}

func (tx *Tx) putSubmission(ctx context.Context, seq int64, response study.Response, u study.Submission, pageToken string) (study.Submission, error) {
	u.ID, u.Version, u.At = study.SubmissionID(NewID()), response.Version+1, tx.now
	u.Kind, u.FormID, u.FormVersion = response.Kind, response.FormID, response.FormVersion
	u.Country, u.Round, u.InstanceID, u.Example = response.Country, response.Round, response.InstanceID, response.Example
	_, err := tx.run(ctx, sqlPutSubmission, u.ID, seq, u.Version, u.FormVersion, u.State, u.Hash, pageToken,
		u.SignedBy, u.SignedName, u.SignedPost, millis(u.At), u.Channel, u.Snapshot)
	if err != nil {
		return u, fmt.Errorf("store submission of %s: %w", response.ID, err)
	}
	if _, err := tx.run(ctx, sqlResponseSubmitted, seq, u.State, u.Version, millis(tx.now)); err != nil {
		return u, fmt.Errorf("move response %s: %w", response.ID, err)
	}
	return u, tx.Promise(ctx, study.NormalizeSubmission{ID: u.ID})
}

const sqlByInstance = `
SELECT ` + submissionColumns + `
FROM submission AS u
JOIN response AS s ON s.seq = u.response
WHERE s.form_id = ?1 AND s.instance_id = ?2
ORDER BY u.version
LIMIT 1`

// Receive stores a whole set of answers that a machine sent: a response of its own and
// its only submission. The same instance id with the same hash is the same submission,
// with first false; with another hash it is a Conflict.
func (tx *Tx) Receive(ctx context.Context, s study.Response, u study.Submission) (_ study.Submission, first bool, err error) {
	old, err := scanSubmission(tx.q.row(ctx, sqlByInstance, s.FormID, s.InstanceID))
	switch {
	case err == nil && old.Hash == u.Hash:
		return old, false, nil
	case err == nil:
		return old, false, &study.Problem{Kind: study.Conflict, Key: "submission.conflict", Args: map[string]any{"id": s.InstanceID}}
	case !errors.Is(err, sql.ErrNoRows):
		return u, false, fmt.Errorf("read submission %s: %w", s.InstanceID, err)
	}
	s.State = u.State
	s, _, err = tx.CreateResponse(ctx, s)
	if err != nil {
		return u, false, err
	}
	seq, _, err := tx.seq(ctx, s.ID)
	if err != nil {
		return u, false, err
	}
	u.ResponseID = s.ID
	u, err = tx.putSubmission(ctx, seq, s, u, "")
	return u, true, err
}
