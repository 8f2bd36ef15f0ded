package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// LogEntry is one line of the log of who did what. It holds names of things and
// actions, never answers or secrets.
type LogEntry struct {
	At      time.Time
	By      study.PersonID
	ByName  string
	Action  string // "sign-in", "person.invited", ...
	Subject string // id of the thing
	Detail  string
}

const sqlPutLog = `
INSERT INTO log (at, person_id, action, subject, detail)
VALUES (?1, ?2, ?3, ?4, ?5)`

// Log writes a line into the log, in the same transaction as what it tells of.
func (tx *Tx) Log(ctx context.Context, by study.PersonID, action, subject, detail string) error {
	if _, err := tx.run(ctx, sqlPutLog, millis(tx.now), by, action, subject, detail); err != nil {
		return fmt.Errorf("write log: %w", err)
	}
	return nil
}

const sqlLog = `
SELECT l.at, l.person_id, coalesce(p.name, ''), l.action, l.subject, l.detail
FROM log AS l
LEFT JOIN person AS p ON p.id = l.person_id
ORDER BY l.id DESC
LIMIT ?1`

// LogEntries lists the newest lines of the log.
func (r *Reader) LogEntries(ctx context.Context, limit int) ([]LogEntry, error) {
	return collect(ctx, r, "log", func(rows *sql.Rows) (e LogEntry, err error) {
		var at int64
		err = rows.Scan(&at, &e.By, &e.ByName, &e.Action, &e.Subject, &e.Detail)
		e.At = moment(at)
		return e, err
	}, sqlLog, limit)
}
