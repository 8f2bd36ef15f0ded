package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// Tidied are the normalized answers of one submission.
type Tidied struct {
	ID      study.SubmissionID
	Answers []study.Answer
}

const (
	sqlSeqsOf = `
SELECT u.id, u.seq
FROM json_each(?1) AS j
CROSS JOIN submission AS u ON u.id = j.value`
	sqlDeleteAnswersOf = `
DELETE FROM answer
WHERE submission IN (SELECT value FROM json_each(?1))`
	sqlQuestionsOf = `
SELECT path, id
FROM question
WHERE form_id = ?1`
	sqlSetNormalizedOf = `
UPDATE submission
SET normalized_at = ?2, rule_version = ?3
WHERE seq IN (SELECT value FROM json_each(?1))`
	answerInto = `
INSERT INTO answer (submission, question, occurrence, ordinal, path, item, raw, kind, text, number, date, reason, not_asked, qualifier, note, flags, rule, version)
VALUES `
)

// answerWidth is the number of columns of an answer, answersAtOnce how many rows one
// statement inserts: that is what SQLite does fastest.
const (
	answerWidth   = 18
	answersAtOnce = 50
)

// sqlManyAnswers and sqlOneAnswer insert so many rows.
var sqlManyAnswers, sqlOneAnswer = answerInsert(answersAtOnce), answerInsert(1)

func answerInsert(rows int) string {
	var b strings.Builder
	b.WriteString(answerInto)
	for i := range rows * answerWidth {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%answerWidth == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("?" + strconv.Itoa(i+1))
	}
	b.WriteString(")")
	return b.String()
}

// PutManyAnswers replaces the normalized answers of submissions to one form. Those that
// are not there (any more) are passed over.
func (tx *Tx) PutManyAnswers(ctx context.Context, formID string, made []Tidied, ruleVersion string) error {
	seqs, list, err := tx.seqsOf(ctx, made)
	if err != nil {
		return err
	}
	questions, err := tx.questionsOf(ctx, formID, made)
	if err != nil {
		return err
	}
	if _, err := tx.run(ctx, sqlDeleteAnswersOf, list); err != nil {
		return fmt.Errorf("delete answers to %s: %w", formID, err)
	}
	args := make([]any, 0, answersAtOnce*answerWidth)
	for _, m := range made {
		seq, there := seqs[m.ID]
		if !there {
			continue
		}
		times := map[int64]int{}
		for _, a := range m.Answers {
			question := questions[a.Question]
			if args, err = appendAnswer(args, seq, question, times[question], a); err != nil {
				return err
			}
			times[question]++
			if len(args) == cap(args) {
				if _, err := tx.run(ctx, sqlManyAnswers, args...); err != nil {
					return fmt.Errorf("store answers to %s: %w", formID, err)
				}
				args = args[:0]
			}
		}
	}
	for ; len(args) > 0; args = args[answerWidth:] {
		if _, err := tx.run(ctx, sqlOneAnswer, args[:answerWidth]...); err != nil {
			return fmt.Errorf("store answers to %s: %w", formID, err)
		}
	}
	_, err = tx.run(ctx, sqlSetNormalizedOf, list, millis(tx.now), ruleVersion)
	return err
}

// seqsOf finds the internal numbers of submissions, and lists them as JSON.
func (tx *Tx) seqsOf(ctx context.Context, made []Tidied) (map[study.SubmissionID]int64, string, error) {
	ids := make([]study.SubmissionID, len(made))
	for i, m := range made {
		ids[i] = m.ID
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return nil, "", err
	}
	seqs := make(map[study.SubmissionID]int64, len(made))
	all, err := collect(ctx, tx.Reader, "submissions", func(rows *sql.Rows) (seq int64, err error) {
		var id study.SubmissionID
		err = rows.Scan(&id, &seq)
		seqs[id] = seq
		return seq, err
	}, sqlSeqsOf, string(text))
	if err != nil {
		return nil, "", err
	}
	if len(all) == 0 {
		return seqs, "[]", nil
	}
	list, err := json.Marshal(all)
	return seqs, string(list), err
}

// questionsOf gives the numbers of the questions that are answered, and new ones their
// number.
func (tx *Tx) questionsOf(ctx context.Context, formID string, made []Tidied) (map[string]int64, error) {
	numbers := map[string]int64{}
	read := func() error {
		_, err := collect(ctx, tx.Reader, "questions", func(rows *sql.Rows) (id int64, err error) {
			var path string
			err = rows.Scan(&path, &id)
			numbers[path] = id
			return id, err
		}, sqlQuestionsOf, formID)
		return err
	}
	if err := read(); err != nil {
		return nil, err
	}
	var fresh []string
	for _, m := range made {
		for _, a := range m.Answers {
			if _, known := numbers[a.Question]; !known {
				numbers[a.Question] = 0
				fresh = append(fresh, a.Question)
			}
		}
	}
	if len(fresh) == 0 {
		return numbers, nil
	}
	text, err := json.Marshal(fresh)
	if err != nil {
		return nil, err
	}
	if _, err := tx.run(ctx, sqlInternQuestions, formID, string(text)); err != nil {
		return nil, fmt.Errorf("store questions of %s: %w", formID, err)
	}
	return numbers, read()
}

func appendAnswer(args []any, seq, question int64, occurrence int, a study.Answer) ([]any, error) {
	flags := "[]"
	if len(a.Flags) > 0 {
		text, err := json.Marshal(a.Flags)
		if err != nil {
			return nil, err
		}
		flags = string(text)
	}
	notAsked := 0
	if a.NotAsked {
		notAsked = 1
	}
	var number any
	if a.Number != nil {
		number = *a.Number
	}
	return append(args, seq, question, occurrence, a.Ordinal, a.Path, a.Item, visible(a.Raw), string(a.Kind), visible(a.Text), number,
		a.Date, string(a.Reason), notAsked, a.Qualifier, visible(a.Note), flags, a.Rule, a.Version), nil
}
