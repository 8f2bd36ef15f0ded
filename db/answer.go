package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

const (
	sqlSubmissionSeq = `
SELECT u.seq, s.form_id
FROM submission AS u
JOIN response AS s ON s.seq = u.response
WHERE u.id = ?1`
	sqlDeleteAnswers = `
DELETE FROM answer
WHERE submission = ?1`
	sqlInternQuestions = `
INSERT INTO question (form_id, path)
SELECT ?1, value
FROM json_each(?2)
WHERE TRUE
ON CONFLICT (form_id, path) DO NOTHING`
	// CROSS JOIN keeps SQLite from looking through all answers once for each question.
	sqlPutAnswers = `
INSERT INTO answer (submission, question, occurrence, ordinal, path, item, raw, kind, text, number, date, reason, not_asked, qualifier, note, flags, rule, version)
SELECT ?1, q.id, row_number() OVER (PARTITION BY q.id ORDER BY a.key) - 1, a.key,
	a.value ->> 0, a.value ->> 2, a.value ->> 3, a.value ->> 4, a.value ->> 5, CAST(a.value ->> 6 AS REAL), a.value ->> 7, a.value ->> 8,
	a.value ->> 9, a.value ->> 10, a.value ->> 11, a.value -> 12, a.value ->> 13, a.value ->> 14
FROM json_each(?3) AS a
CROSS JOIN question AS q ON q.form_id = ?2 AND q.path = a.value ->> 1`
	sqlSetNormalized = `
UPDATE submission
SET normalized_at = ?2, rule_version = ?3
WHERE seq = ?1`
)

// PutAnswers replaces the normalized answers of a submission.
func (tx *Tx) PutAnswers(ctx context.Context, id study.SubmissionID, answers []study.Answer, ruleVersion string) error {
	var seq int64
	var formID string
	err := tx.q.row(ctx, sqlSubmissionSeq, id).Scan(&seq, &formID)
	if errors.Is(err, sql.ErrNoRows) {
		return unknown("submission", id)
	}
	if err != nil {
		return fmt.Errorf("read submission %s: %w", id, err)
	}
	questions, rows, err := encodeAnswers(answers)
	if err != nil {
		return fmt.Errorf("encode answers of %s: %w", id, err)
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{sqlDeleteAnswers, []any{seq}},
		{sqlInternQuestions, []any{formID, questions}},
		{sqlPutAnswers, []any{seq, formID, rows}},
		{sqlSetNormalized, []any{seq, millis(tx.now), ruleVersion}},
	} {
		if _, err := tx.run(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("store answers of %s: %w", id, err)
		}
	}
	return nil
}

// encodeAnswers writes answers as JSON rows for one bulk statement.
func encodeAnswers(answers []study.Answer) (questions, rows string, err error) {
	paths := make([]string, len(answers))
	table := make([][]any, len(answers))
	for i, a := range answers {
		flags := a.Flags
		if flags == nil {
			flags = []string{}
		}
		notAsked := 0
		if a.NotAsked {
			notAsked = 1
		}
		paths[i] = a.Question
		table[i] = []any{a.Path, a.Question, a.Item, visible(a.Raw), a.Kind, visible(a.Text), a.Number, a.Date, a.Reason, notAsked,
			a.Qualifier, visible(a.Note), flags, a.Rule, a.Version}
	}
	q, err := json.Marshal(paths)
	if err != nil {
		return "", "", err
	}
	r, err := json.Marshal(table)
	return string(q), string(r), err
}

// visible replaces NUL, at which SQLite would end a text that comes through JSON.
func visible(text string) string { return strings.ReplaceAll(text, "\x00", "\uFFFD") }

const answerColumns = `q.path, a.ordinal, a.path, a.item, a.raw, a.kind, a.text, a.number, a.date, a.reason, a.not_asked, a.qualifier, a.note, a.flags, a.rule, a.version`

func scanAnswer(row scanner, more ...any) (study.Answer, error) {
	var a study.Answer
	var number sql.NullFloat64
	var flags string
	err := row.Scan(append([]any{&a.Question, &a.Ordinal, &a.Path, &a.Item, &a.Raw, &a.Kind, &a.Text, &number, &a.Date, &a.Reason,
		&a.NotAsked, &a.Qualifier, &a.Note, &flags, &a.Rule, &a.Version}, more...)...)
	if err == nil && flags != "[]" {
		err = json.Unmarshal([]byte(flags), &a.Flags)
	}
	if number.Valid {
		a.Number = &number.Float64
	}
	return a, err
}

const sqlAnswers = `
SELECT ` + answerColumns + `
FROM answer AS a
JOIN submission AS u ON u.seq = a.submission
JOIN question AS q ON q.id = a.question
WHERE u.id = ?1
ORDER BY a.ordinal`

// Answers lists the normalized answers of a submission in document order.
func (r *Reader) Answers(ctx context.Context, id study.SubmissionID) ([]study.Answer, error) {
	return collect(ctx, r, "answers", func(rows *sql.Rows) (study.Answer, error) {
		a, err := scanAnswer(rows)
		a.SubmissionID = id
		return a, err
	}, sqlAnswers, id)
}

const sqlEachAnswer = `
SELECT ` + answerColumns + `, u.id
FROM response AS s
JOIN submission AS u ON u.response = s.seq
JOIN answer AS a ON a.submission = u.seq
JOIN question AS q ON q.id = a.question
WHERE (?1 = '' OR s.id = ?1)
	AND (?2 = 0 OR u.version = ?2)
	AND (?3 = '' OR s.kind = ?3)
	AND (?4 = '' OR s.country = ?4)
	AND (?5 = '' OR s.round = ?5)
	AND (?6 = '' OR s.form_id = ?6)
ORDER BY u.seq, a.ordinal`

// EachAnswer hands the normalized answers of the chosen submissions to f one by one, by
// submission in the order of their arrival and in document order, without holding them
// all in memory. An error of f ends it and is returned as it is.
func (r *Reader) EachAnswer(ctx context.Context, c SubmissionFilter, f func(study.Answer) error) (err error) {
	rows, err := r.q.query(ctx, sqlEachAnswer, c.Response, c.Version, c.Kind, c.Country, c.Round, c.FormID)
	if err != nil {
		return fmt.Errorf("read answers: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id study.SubmissionID
		a, err := scanAnswer(rows, &id)
		if err != nil {
			return fmt.Errorf("read answers: %w", err)
		}
		a.SubmissionID = id
		if err := f(a); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read answers: %w", err)
	}
	return nil
}
