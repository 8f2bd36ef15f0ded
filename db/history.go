package db

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

const sqlRevisions = `
SELECT v.path, v.version, v.value, v.reason, v.note, v.person_id, coalesce(p.name, ''), v.channel, v.at
FROM revision AS v
JOIN response AS s ON s.seq = v.response
LEFT JOIN person AS p ON p.id = v.person_id
WHERE s.id = ?1 AND (?2 = '' OR v.path = ?2)
ORDER BY v.at, v.path, v.version`

// Revisions lists every stored version of an answer, oldest first; of all answers of
// the response for path "". Rows are never changed after they were written.
func (r *Reader) Revisions(ctx context.Context, id study.ResponseID, path string) ([]study.Revision, error) {
	return collect(ctx, r, "history", func(rows *sql.Rows) (v study.Revision, err error) {
		var at int64
		err = rows.Scan(&v.Path, &v.Version, &v.Value, &v.Reason, &v.Note, &v.By, &v.ByName, &v.Channel, &at)
		v.At = moment(at)
		return v, err
	}, sqlRevisions, id, path)
}

// History lists the versions of an answer as people see them, oldest first, of all
// answers for path "": what one person changed at one question, through one door and
// within 10 minutes, is one entry, with the last of its versions.
func (r *Reader) History(ctx context.Context, id study.ResponseID, path string) ([]study.Revision, error) {
	all, err := r.Revisions(ctx, id, path)
	return gathered(all), err
}

// sitting is how long one person's edits of one answer count as one.
const sitting = 10 * time.Minute

func gathered(all []study.Revision) []study.Revision {
	type entry struct {
		index   int
		began   time.Time
		by      study.PersonID
		channel study.Channel
	}
	last := map[string]entry{}
	var kept []study.Revision
	for _, v := range all {
		e, ok := last[v.Path]
		if ok && e.by == v.By && e.channel == v.Channel && v.At.Sub(e.began) <= sitting {
			kept[e.index] = v
			continue
		}
		last[v.Path] = entry{index: len(kept), began: v.At, by: v.By, channel: v.Channel}
		kept = append(kept, v)
	}
	slices.SortStableFunc(kept, func(a, b study.Revision) int { return a.At.Compare(b.At) })
	return kept
}
