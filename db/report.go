package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const reportColumns = `t.id, t.name, t.lang, t.round, t.options, t.state, t.progress, t.person_id, coalesce(p.name, ''), t.created_at, t.done_at,
	t.file_name, t.size_bytes, t.sha256, t.failure`

func scanReport(row scanner) (t study.Report, err error) {
	var created, done int64
	err = row.Scan(&t.ID, &t.Name, &t.Lang, &t.Round, &t.Options, &t.State, &t.Progress, &t.By, &t.ByName, &created, &done,
		&t.FileName, &t.SizeBytes, &t.SHA256, &t.Failure)
	t.CreatedAt, t.DoneAt = moment(created), moment(done)
	return t, err
}

const sqlReport = `
SELECT ` + reportColumns + `
FROM report AS t
LEFT JOIN person AS p ON p.id = t.person_id
WHERE t.id = ?1`

// Report returns one wish for a workbook.
func (r *Reader) Report(ctx context.Context, id study.ReportID) (study.Report, error) {
	t, err := scanReport(r.q.row(ctx, sqlReport, id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, unknown("report", id)
	}
	if err != nil {
		return t, fmt.Errorf("read report %s: %w", id, err)
	}
	return t, nil
}

const sqlReports = `
SELECT ` + reportColumns + `
FROM report AS t
LEFT JOIN person AS p ON p.id = t.person_id
ORDER BY t.id DESC
LIMIT ?1`

// Reports lists the newest reports.
func (r *Reader) Reports(ctx context.Context, limit int) ([]study.Report, error) {
	return collect(ctx, r, "reports", func(rows *sql.Rows) (study.Report, error) { return scanReport(rows) }, sqlReports, limit)
}

const sqlPutReport = `
INSERT INTO report (id, name, lang, round, options, state, progress, person_id, created_at, done_at, file_name, size_bytes, sha256, failure)
VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', 0, ?6, ?7, 0, '', 0, '', '')`

// PutReport writes the wish for a report and promises it.
func (tx *Tx) PutReport(ctx context.Context, t study.Report) (study.Report, error) {
	t.ID, t.State, t.CreatedAt = study.ReportID(NewID()), study.Waiting, tx.now
	if t.Options == "" {
		t.Options = "{}"
	}
	if _, err := tx.run(ctx, sqlPutReport, t.ID, t.Name, t.Lang, t.Round, t.Options, t.By, millis(tx.now)); err != nil {
		return t, fmt.Errorf("store report: %w", err)
	}
	return t, tx.Promise(ctx, study.BuildReport{ID: t.ID})
}

const sqlReportProgress = `
UPDATE report
SET state = 'running', progress = ?2
WHERE id = ?1 AND state IN ('waiting', 'running')`

// ReportProgress notes how far a report is, in percent; going is false when somebody
// cancelled it.
func (tx *Tx) ReportProgress(ctx context.Context, id study.ReportID, percent int) (going bool, err error) {
	n, err := tx.run(ctx, sqlReportProgress, id, percent)
	if err != nil {
		return false, fmt.Errorf("note progress of report %s: %w", id, err)
	}
	return n == 1, nil
}

const sqlFinishReport = `
UPDATE report
SET state = 'done', progress = 100, done_at = ?5, file_name = ?2, size_bytes = ?3, sha256 = ?4, failure = ''
WHERE id = ?1 AND state IN ('waiting', 'running')`

// FinishReport publishes a report whose file was stored with PutFile.
func (tx *Tx) FinishReport(ctx context.Context, id study.ReportID, fileName, sha256 string, sizeBytes int64) error {
	if err := tx.store.hasFile(sha256); err != nil {
		return err
	}
	if _, err := tx.run(ctx, sqlFinishReport, id, fileName, sizeBytes, sha256, millis(tx.now)); err != nil {
		return fmt.Errorf("finish report %s: %w", id, err)
	}
	return nil
}

const sqlFailReport = `
UPDATE report
SET state = 'failed', failure = ?2, done_at = ?3
WHERE id = ?1 AND state IN ('waiting', 'running')`

// FailReport notes why a report could not be built.
func (tx *Tx) FailReport(ctx context.Context, id study.ReportID, failure string) error {
	if _, err := tx.run(ctx, sqlFailReport, id, failure, millis(tx.now)); err != nil {
		return fmt.Errorf("fail report %s: %w", id, err)
	}
	return nil
}

const (
	sqlCancelReport = `
UPDATE report
SET state = 'cancelled', done_at = ?2
WHERE id = ?1 AND state IN ('waiting', 'running')`
	sqlCancelPromises = `
UPDATE promise
SET state = 'cancelled', done_at = ?2
WHERE subject = ?1 AND state IN ('waiting', 'sent', 'running')`
)

// CancelReport stops a report that is not done; one that has ended is a Conflict.
func (tx *Tx) CancelReport(ctx context.Context, id study.ReportID) error {
	n, err := tx.run(ctx, sqlCancelReport, id, millis(tx.now))
	if err == nil && n == 0 {
		return &study.Problem{Kind: study.Conflict, Key: "report.ended"}
	}
	if err == nil {
		_, err = tx.run(ctx, sqlCancelPromises, id, millis(tx.now))
	}
	if err != nil {
		return fmt.Errorf("cancel report %s: %w", id, err)
	}
	return nil
}

const sqlRestartReport = `
UPDATE report
SET state = 'waiting', progress = 0, failure = '', done_at = 0
WHERE id = ?1 AND state = 'failed'`

func (tx *Tx) restartReport(ctx context.Context, id study.ReportID) error {
	if _, err := tx.run(ctx, sqlRestartReport, id); err != nil {
		return fmt.Errorf("restart report %s: %w", id, err)
	}
	return nil
}
