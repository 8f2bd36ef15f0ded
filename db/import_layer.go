package db

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/comparanda/comparanda/internal/study"
)

const (
	sqlLayerRows = `
SELECT count(i.number)
FROM import_row AS i
JOIN import_batch AS b ON b.seq = i.batch
WHERE b.id = ?1`
	sqlLayerLeft = `
SELECT s.id, s.country, i.place, u.version,
	coalesce((SELECT max(o.version) FROM submission AS o WHERE o.response = u.response AND o.seq <> u.seq), 0) AS other,
	u.response,
	EXISTS (SELECT d.path FROM draft AS d WHERE d.response = u.response)
	OR EXISTS (SELECT e.id FROM event AS e WHERE e.response = u.response)
	OR EXISTS (SELECT a.id FROM attachment AS a WHERE a.response = u.response) AS worked
FROM import_row AS i
JOIN import_batch AS b ON b.seq = i.batch
JOIN submission AS u ON u.seq = i.submission
JOIN response AS s ON s.seq = u.response
WHERE b.id = ?1
AND (EXISTS (SELECT o.seq FROM submission AS o WHERE o.response = u.response AND o.seq <> u.seq)
	OR EXISTS (SELECT d.path FROM draft AS d WHERE d.response = u.response)
	OR EXISTS (SELECT e.id FROM event AS e WHERE e.response = u.response)
	OR EXISTS (SELECT a.id FROM attachment AS a WHERE a.response = u.response)
	OR s.kind = 'questionnaire')
ORDER BY i.number`
)

// Layer tells what taking a batch off would do: how many rows go, and which responses
// stay because they have something from elsewhere.
func (r *Reader) Layer(ctx context.Context, id study.BatchID) (rows int, left []study.BatchLeft, err error) {
	if err := r.q.row(ctx, sqlLayerRows, id).Scan(&rows); err != nil {
		return 0, nil, fmt.Errorf("count rows of import %s: %w", id, err)
	}
	found, err := collect(ctx, r, "responses that may stay", func(row *sql.Rows) (l layerRow, err error) {
		err = row.Scan(&l.Response, &l.Country, &l.Place, &l.own, &l.Version, &l.response, &l.worked)
		return l, err
	}, sqlLayerLeft, id)
	if err != nil {
		return rows, nil, err
	}
	for _, l := range found {
		if l.worked, err = r.why(ctx, &l); err != nil {
			return rows, nil, fmt.Errorf("look what import %s leaves: %w", id, err)
		}
		if l.worked {
			left = append(left, l.BatchLeft)
		}
	}
	return rows, left, nil
}

// layerRow is a response that may stay.
type layerRow struct {
	study.BatchLeft
	own      int   // the version that the batch brought
	response int64 // seq
	worked   bool  // drafts, messages or files hang on it
}

// why finds the reason for which a response would stay; false when it would not.
func (r *Reader) why(ctx context.Context, l *layerRow) (stays bool, err error) {
	l.Return, l.Confirmed, err = r.confirmedFrom(ctx, l.response)
	switch {
	case l.Version > l.own:
		l.Why = study.LeftLater
	case l.Version > 0:
		l.Why = study.LeftEarlier
	case l.worked:
		l.Why = study.LeftBegun
	case l.Confirmed > 0:
		l.Why = study.LeftConfirmed
	}
	return l.Why != "", err
}

const sqlPersonalOf = `
SELECT i.number, i.place, i.personal
FROM import_row AS i
JOIN import_batch AS b ON b.seq = i.batch
WHERE b.id = ?1 AND i.number >= ?2 AND i.personal <> ''
ORDER BY i.number
LIMIT ?3`

// PersonalOf lists rows of a batch with the personal data that is kept apart from their
// answers, from a row number on.
func (r *Reader) PersonalOf(ctx context.Context, id study.BatchID, from, limit int) ([]study.BatchRow, error) {
	return collect(ctx, r, "personal data", func(rows *sql.Rows) (row study.BatchRow, err error) {
		err = rows.Scan(&row.Row, &row.Place, &row.Personal)
		return row, err
	}, sqlPersonalOf, id, from, limit)
}
