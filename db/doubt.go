package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

// Doubt is a stored answer with where it stands.
type Doubt struct {
	study.Answer
	Response    study.ResponseID
	FormID      string
	FormVersion int
	Country     study.ISO3
	Round       string
	State       study.State // of its submission
	Version     int         // of its submission
	Newest      bool        // nothing newer has come in its place
}

// DoubtFilter chooses answers that wait for a person; zero fields do not choose.
type DoubtFilter struct {
	Country study.ISO3
	Round   string
	FormID  string
}

const doubtColumns = answerColumns + `, u.id, s.id, s.form_id, u.form_version, s.country, s.round, u.state, u.version, s.version = u.version`

func scanDoubt(row scanner, more ...any) (d Doubt, err error) {
	var id study.SubmissionID
	d.Answer, err = scanAnswer(row, append([]any{&id, &d.Response, &d.FormID, &d.FormVersion, &d.Country, &d.Round, &d.State, &d.Version, &d.Newest}, more...)...)
	d.SubmissionID = id
	return d, err
}

// doubtWhere holds for the newest version of each response, and for old answers only as
// long as the country has signed none.
const doubtWhere = `
FROM answer AS a
JOIN submission AS u ON u.seq = a.submission
JOIN response AS s ON s.seq = u.response AND s.version = u.version
JOIN question AS q ON q.id = a.question
WHERE instr(a.flags, '"REVIEW"') > 0
	AND (?1 = '' OR s.country = ?1)
	AND (?2 = '' OR s.round = ?2)
	AND (?3 = '' OR s.form_id = ?3)
	AND NOT (u.state = 'legacy' AND s.kind = 'questionnaire' AND EXISTS (
		SELECT x.seq
		FROM response AS w
		JOIN submission AS x ON x.response = w.seq AND x.state <> 'legacy'
		WHERE w.kind = s.kind AND w.round = s.round AND w.country = s.country AND w.form_id = s.form_id))`

const sqlDoubts = `
SELECT ` + doubtColumns + doubtWhere + `
ORDER BY s.country, u.seq, a.ordinal
LIMIT ?4 OFFSET ?5`

// Doubts lists the answers that wait for a person to say what they mean, by country.
func (r *Reader) Doubts(ctx context.Context, f DoubtFilter, limit, from int) ([]Doubt, error) {
	return collect(ctx, r, "doubtful answers", func(rows *sql.Rows) (Doubt, error) { return scanDoubt(rows) },
		sqlDoubts, f.Country, f.Round, f.FormID, limit, from)
}

const sqlCountDoubts = `
SELECT count(a.ordinal)` + doubtWhere

// CountDoubts counts what Doubts lists.
func (r *Reader) CountDoubts(ctx context.Context, f DoubtFilter) (n int, err error) {
	if err = r.q.row(ctx, sqlCountDoubts, f.Country, f.Round, f.FormID).Scan(&n); err != nil {
		return 0, fmt.Errorf("count doubtful answers: %w", err)
	}
	return n, nil
}

const sqlAnswerAt = `
SELECT ` + doubtColumns + `
FROM answer AS a
JOIN submission AS u ON u.seq = a.submission
JOIN response AS s ON s.seq = u.response
JOIN question AS q ON q.id = a.question
WHERE u.id = ?1 AND a.path = ?2`

// AnswerAt returns one answer of a submission with where it stands.
func (r *Reader) AnswerAt(ctx context.Context, id study.SubmissionID, path string) (Doubt, error) {
	d, err := scanDoubt(r.q.row(ctx, sqlAnswerAt, id, path))
	if errors.Is(err, sql.ErrNoRows) {
		return d, unknown("answer", path)
	}
	if err != nil {
		return d, fmt.Errorf("read answer %s of %s: %w", path, id, err)
	}
	return d, nil
}

// Question names one question of a form.
type Question struct{ FormID, Path string }

// answersTo are the answers with a raw text to one question, after a submission.
const answersTo = `
FROM question AS q
CROSS JOIN submission AS u
CROSS JOIN response AS s ON s.seq = u.response
CROSS JOIN answer AS a ON a.submission = u.seq AND a.question = q.id
WHERE q.form_id = ?1 AND q.path = ?2 AND s.form_id = ?1 AND (?3 = '' OR s.country = ?3) AND u.seq > ?4 AND a.raw <> ''`

const sqlTextsTo = `
SELECT DISTINCT a.raw` + answersTo

// TextsTo lists the different raw texts of the answers to one question for which same
// holds.
func (r *Reader) TextsTo(ctx context.Context, q Question, country study.ISO3, after int64, same func(raw string) bool) (texts []string, err error) {
	_, err = collect(ctx, r, "texts", func(rows *sql.Rows) (x struct{}, err error) {
		var raw string
		if err = rows.Scan(&raw); err == nil && same(raw) {
			texts = append(texts, raw)
		}
		return x, err
	}, sqlTextsTo, q.FormID, q.Path, country, after)
	return texts, err
}

const sqlAnswersTo = `
SELECT ` + doubtColumns + `, u.seq` + answersTo + `
	AND a.raw IN (SELECT value FROM json_each(?5))
ORDER BY u.seq`

// EachAnswerTo hands the answers with one of some raw texts to one question to f, by
// submission in the order of their arrival, from after the submission of that number on.
// An error of f ends it and is returned as it is.
func (r *Reader) EachAnswerTo(ctx context.Context, q Question, country study.ISO3, texts []string, after int64, f func(d Doubt, seq int64) error) (err error) {
	if len(texts) == 0 {
		return nil
	}
	list, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	rows, err := r.q.query(ctx, sqlAnswersTo, q.FormID, q.Path, country, after, string(list))
	if err != nil {
		return fmt.Errorf("read answers to %s: %w", q.Path, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var seq int64
		d, err := scanDoubt(rows, &seq)
		if err != nil {
			return fmt.Errorf("read answers to %s: %w", q.Path, err)
		}
		if err := f(d, seq); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read answers to %s: %w", q.Path, err)
	}
	return nil
}

const sqlDecidedAnswers = `
SELECT rule, count(submission), count(DISTINCT submission)
FROM answer
WHERE rule >= 'decision:' AND rule < 'decision;'
GROUP BY rule`

// Use tells how many answers got their value from one decision, in how many submissions.
type Use struct{ Answers, Submissions int }

// DecidedAnswers counts the answers that got their value from a decision, by rule.
func (r *Reader) DecidedAnswers(ctx context.Context) (map[string]Use, error) {
	uses := map[string]Use{}
	_, err := collect(ctx, r, "decided answers", func(rows *sql.Rows) (rule string, err error) {
		var u Use
		err = rows.Scan(&rule, &u.Answers, &u.Submissions)
		uses[rule] = u
		return rule, err
	}, sqlDecidedAnswers)
	return uses, err
}
