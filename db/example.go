package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/comparanda/comparanda/internal/study"
)

// Files are named by rows of two tables. Attachments removed from a draft keep theirs:
// a signed version may name them.
const sqlExampleFiles = `
SELECT a.sha256
FROM attachment AS a
JOIN response AS s ON s.seq = a.response
WHERE s.example = 1
UNION
SELECT sha256
FROM report
WHERE sha256 <> ''`

const sqlFileNamed = `
SELECT EXISTS (SELECT id FROM attachment WHERE sha256 = ?1) OR EXISTS (SELECT id FROM report WHERE sha256 = ?1)
	OR EXISTS (SELECT batch FROM import_file WHERE sha256 = ?1)
	OR EXISTS (SELECT id FROM import_upload WHERE sha256 = ?1)`

// Examples lie in every table that hangs on a response, a submission or a person.
// Reports may show examples, whoever asked for them, so all go: they can be built again.
var sqlRemoveExamples = []string{
	sqlRemoveExamplePromises,
	sqlRemoveReportPromises,
	sqlRemoveReports,
	sqlRemoveExampleLog,
	sqlRemoveExampleAnswers,
	sqlRemoveExampleSubmissions,
	`DELETE FROM draft WHERE response IN (SELECT seq FROM response WHERE example = 1)`,
	`DELETE FROM revision WHERE response IN (SELECT seq FROM response WHERE example = 1)`,
	`DELETE FROM proposal WHERE response IN (SELECT seq FROM response WHERE example = 1)`,
	`DELETE FROM item WHERE response IN (SELECT seq FROM response WHERE example = 1)`,
	`DELETE FROM section_mark WHERE response IN (SELECT seq FROM response WHERE example = 1)`,
	`DELETE FROM event WHERE response IN (SELECT seq FROM response WHERE example = 1)`,
	`DELETE FROM attachment WHERE response IN (SELECT seq FROM response WHERE example = 1)`,
	`DELETE FROM response WHERE example = 1`,
	`DELETE FROM session WHERE person_id IN (SELECT id FROM person WHERE example = 1)`,
	`DELETE FROM link WHERE person_id IN (SELECT id FROM person WHERE example = 1)`,
	`DELETE FROM token WHERE person_id IN (SELECT id FROM person WHERE example = 1)`,
	`DELETE FROM kept WHERE person_id IN (SELECT id FROM person WHERE example = 1)`,
	`DELETE FROM person WHERE example = 1`,
}

const (
	sqlRemoveExamplePromises = `
DELETE FROM promise
WHERE subject IN (SELECT u.id FROM submission AS u JOIN response AS s ON s.seq = u.response WHERE s.example = 1)`
	sqlRemoveReportPromises = `
DELETE FROM promise
WHERE subject IN (SELECT id FROM report)`
	sqlRemoveReports = `
DELETE FROM report`
	sqlRemoveExampleLog = `
DELETE FROM log
WHERE person_id IN (SELECT id FROM person WHERE example = 1)
	OR subject IN (SELECT id FROM person WHERE example = 1)
	OR subject IN (SELECT id FROM response WHERE example = 1)`
	sqlRemoveExampleAnswers = `
DELETE FROM answer
WHERE submission IN (SELECT u.seq FROM submission AS u JOIN response AS s ON s.seq = u.response WHERE s.example = 1)`
	sqlRemoveExampleSubmissions = `
DELETE FROM submission
WHERE response IN (SELECT seq FROM response WHERE example = 1)`
)

// RemoveExamples takes everything that is marked as example out: people, returns with
// their answers, histories and files, and the reports. The definition of the study
// stays, no longer called an example.
func (tx *Tx) RemoveExamples(ctx context.Context) error {
	sums, err := collect(ctx, tx.Reader, "example files", func(rows *sql.Rows) (sum string, err error) {
		err = rows.Scan(&sum)
		return sum, err
	}, sqlExampleFiles)
	if err != nil {
		return err
	}
	for _, query := range sqlRemoveExamples {
		if _, err := tx.run(ctx, query); err != nil {
			return fmt.Errorf("remove examples: %w", err)
		}
	}
	definition, err := tx.Study(ctx)
	if problem := (*study.Problem)(nil); errors.As(err, &problem) {
		err = nil // no study was loaded
	} else if err == nil {
		definition.Example = false
		err = tx.PutStudy(ctx, definition)
	}
	if err != nil {
		return err
	}
	tx.after = append(tx.after, func() { tx.store.removeUnnamed(ctx, sums) })
	return nil
}

// removeUnnamed deletes those of the files that no row names (any more). It runs in the
// writer, so that no row can come to name one meanwhile. A file that stays behind does
// no harm; verify lists it.
func (s *Store) removeUnnamed(ctx context.Context, sums []string) {
	for _, sum := range sums {
		var named bool
		if err := s.w.row(ctx, sqlFileNamed, sum).Scan(&named); err != nil || named {
			continue
		}
		_ = os.Remove(filepath.Join(s.dir, "files", sum)) // gone already, or listed by verify
	}
}
