package db

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

const (
	sqlVersionsOf = `
SELECT u.seq, u.version, u.snapshot, coalesce(b.id, ''), coalesce(i.number, 0)
FROM submission AS u
LEFT JOIN import_row AS i ON i.submission = u.seq
LEFT JOIN import_batch AS b ON b.seq = i.batch
WHERE u.response = ?1 AND EXISTS (SELECT x.seq FROM submission AS x WHERE x.response = ?1 AND x.version > ?2)
ORDER BY u.version`
	sqlSetSnapshot = `
UPDATE submission
SET snapshot = ?2, hash = ?3, normalized_at = 0
WHERE seq = ?1`
)

// rowsAbove are the rows of other batches whose answers must be read again.
type rowsAbove map[study.BatchID][]int

// versionAbove is one version of a response, as an import stored it.
type versionAbove struct {
	seq      int64
	version  int
	snapshot study.Snapshot
	body     []byte
	batch    study.BatchID
	row      int
}

// settleAbove takes the answers of a batch out of the versions that were put on top of a
// row and had left them as they were. What lay beneath the row comes up again.
func (tx *Tx) settleAbove(ctx context.Context, batch study.BatchID, r importedRow, above rowsAbove) error {
	versions, err := collect(ctx, tx.Reader, "versions above", func(rows *sql.Rows) (v versionAbove, err error) {
		err = rows.Scan(&v.seq, &v.version, &v.body, &v.batch, &v.row)
		return v, err
	}, sqlVersionsOf, r.response, r.version)
	if err != nil {
		return err
	}
	for i := range versions {
		v := &versions[i]
		if err := json.Unmarshal(v.body, &v.snapshot); err != nil && v.batch != "" {
			return fmt.Errorf("read version %d: %w", v.version, err)
		}
		if v.version < r.version || v.batch == "" {
			continue
		}
		var beneath versionAbove
		if i > 0 {
			beneath = versions[i-1]
		}
		if !without(&v.snapshot, batch, beneath.snapshot, beneath.batch) {
			continue
		}
		if err := tx.putSettled(ctx, *v); err != nil {
			return err
		}
		above[v.batch] = append(above[v.batch], v.row)
	}
	return nil
}

func (tx *Tx) putSettled(ctx context.Context, v versionAbove) error {
	body, err := json.Marshal(v.snapshot)
	if err != nil {
		return err
	}
	hash, err := v.snapshot.SameHash()
	if err != nil {
		return err
	}
	_, err = tx.run(ctx, sqlSetSnapshot, v.seq, body, hash)
	return err
}

// without replaces the answers and items that come from a batch by what lies beneath, and
// reports whether there were any.
func without(snap *study.Snapshot, batch study.BatchID, beneath study.Snapshot, by study.BatchID) bool {
	changed := false
	lower := map[string]study.Entry{}
	for _, e := range beneath.Entries {
		lower[e.Path] = e
	}
	entries := snap.Entries[:0:0]
	for _, e := range snap.Entries {
		if e.From == batch {
			changed = true
			under, found := lower[e.Path]
			if !found {
				continue
			}
			under.From = cmp.Or(under.From, by)
			if lang := beneath.LangOf(under, ""); lang != snap.Lang {
				under.Lang = lang
			}
			e = under
		}
		entries = append(entries, e)
	}
	if !changed && !slices.ContainsFunc(snap.Items, func(i study.Item) bool { return i.From == batch }) {
		return false
	}
	snap.Entries = entries
	snap.Items = itemsWithout(snap, batch, beneath, by)
	return true
}

// itemsWithout keeps of a batch's items those that something else stands in or names.
func itemsWithout(snap *study.Snapshot, batch study.BatchID, beneath study.Snapshot, by study.BatchID) []study.Item {
	items := snap.Items[:0:0]
	for _, item := range snap.Items {
		if item.From != batch {
			items = append(items, item)
			continue
		}
		inside := item.Repeat + "[" + item.Key + "]/"
		used := slices.ContainsFunc(snap.Entries, func(e study.Entry) bool { return strings.HasPrefix(e.Path, inside) })
		at := slices.IndexFunc(beneath.Items, func(i study.Item) bool { return i.Repeat == item.Repeat && i.Key == item.Key })
		switch {
		case at >= 0:
			item.From = cmp.Or(beneath.Items[at].From, by)
		case !used:
			continue
		default:
			item.From = ""
		}
		items = append(items, item)
	}
	return items
}

// promiseAbove promises to read rows again, in ranges of at most as many as one job takes.
func (tx *Tx) promiseAbove(ctx context.Context, above rowsAbove) error {
	for _, batch := range slices.Sorted(maps.Keys(above)) {
		rows := above[batch]
		slices.Sort(rows)
		for len(rows) > 0 {
			from, n := rows[0], 0
			for n < len(rows) && rows[n] < from+undoAtOnce {
				n++
			}
			if err := tx.Promise(ctx, study.NormalizeImport{ID: batch, From: from, To: rows[n-1] + 1}); err != nil {
				return err
			}
			rows = rows[n:]
		}
	}
	return nil
}
