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

// A country's return and the old answers in its name are responses of their own. What
// links them is the natural key: form, country and round.
const sqlLoadedLayers = `
SELECT s.seq, u.snapshot, u.at, coalesce(i.place, ''), coalesce(b.id, ''), coalesce(b.name, '')
FROM response AS o
JOIN response AS s ON s.kind = o.kind AND s.round = o.round AND s.country = o.country AND s.form_id = o.form_id AND s.state = 'legacy'
JOIN submission AS u ON u.response = s.seq AND u.channel = 'import'
LEFT JOIN import_row AS i ON i.submission = u.seq
LEFT JOIN import_batch AS b ON b.seq = i.batch
WHERE o.id = ?1 AND o.kind = 'questionnaire' AND o.instance_id = ''
ORDER BY s.seq DESC, u.version DESC`

// loadedLayer is one version of a response that an import stored.
type loadedLayer struct {
	response int64
	from     study.Loaded // without an answer
	snapshot study.Snapshot
}

// Loaded lists the answers that imports brought in for a country's return, in document
// order, with the items of their lists. An answer that a later file left as it was
// belongs to the file that said it first. Answers that the form would not have asked for
// count for nothing, and are left out.
func (r *Reader) Loaded(ctx context.Context, id study.ResponseID) (answers []study.Loaded, items []study.Item, err error) {
	layers, err := collect(ctx, r, "imported answers", func(rows *sql.Rows) (l loadedLayer, err error) {
		var at int64
		var body []byte
		if err = rows.Scan(&l.response, &body, &at, &l.from.Place, &l.from.Batch, &l.from.File); err == nil {
			err = json.Unmarshal(body, &l.snapshot)
		}
		l.from.At = moment(at)
		return l, err
	}, sqlLoadedLayers, id)
	if err != nil {
		return nil, nil, err
	}
	at := map[string]int{}
	known := map[string]bool{}
	for i, l := range layers {
		newest := i == 0 || layers[i-1].response != l.response
		for _, e := range l.snapshot.Entries {
			place, found := at[e.Path]
			switch {
			case newest && !found && !e.NotAsked && (e.Value != "" || e.Reason != ""):
				at[e.Path] = len(answers)
				one := l.from
				one.Entry = e
				answers = append(answers, one)
			case !newest && found && answers[place].Batch == layers[i-1].from.Batch && saysTheSame(answers[place].Entry, e):
				one := l.from
				one.Entry = answers[place].Entry
				answers[place] = one
			}
		}
		for _, item := range l.snapshot.Items {
			if path := item.Repeat + "[" + item.Key + "]"; newest && !known[path] {
				known[path] = true
				items = append(items, item)
			}
		}
	}
	return answers, items, nil
}

func saysTheSame(a, b study.Entry) bool {
	return a.Value == b.Value && a.Reason == b.Reason && a.Note == b.Note
}

// ConfirmLoaded takes loaded answers over into a return under way as the person's own,
// through the channel "import", with the items that they stand in. The imported layer
// stays as it is. What somebody answered meanwhile is not overwritten: see SaveAnswers.
func (tx *Tx) ConfirmLoaded(ctx context.Context, id study.ResponseID, by study.Person, picks []study.Pick) (t study.Taken, err error) {
	loaded, items, err := tx.Loaded(ctx, id)
	if err != nil {
		return t, err
	}
	marks := map[string]string{}
	for _, l := range loaded {
		marks[l.Path] = l.Mark()
	}
	var changes []study.Change
	for _, p := range picks {
		if marks[p.Change.Path] != p.Seen || p.Seen == "" {
			t.Gone = append(t.Gone, p.Change.Path)
			continue
		}
		changes = append(changes, p.Change)
	}
	if len(changes) == 0 {
		return t, nil
	}
	for _, item := range items {
		if !holdsAny(item, changes) {
			continue
		}
		if _, err := tx.AddItem(ctx, id, item.Repeat, item.Key, ""); err != nil {
			return t, fmt.Errorf("take over %s: %w", id, err)
		}
	}
	t.Saved, t.Proposals, err = tx.SaveAnswers(ctx, id, by, study.Import, changes)
	return t, err
}

func holdsAny(item study.Item, changes []study.Change) bool {
	inside := item.Repeat + "[" + item.Key + "]/"
	for _, c := range changes {
		if strings.HasPrefix(c.Path, inside) {
			return true
		}
	}
	return false
}

const sqlConfirmed = `
SELECT o.id, count(d.path)
FROM response AS s
JOIN response AS o ON o.kind = s.kind AND o.round = s.round AND o.country = s.country AND o.form_id = s.form_id AND o.instance_id = ''
JOIN draft AS d ON d.response = o.seq AND d.channel = 'import'
WHERE s.seq = ?1 AND s.kind = 'questionnaire' AND s.instance_id <> ''
GROUP BY o.id`

// confirmedFrom finds the country's return that took answers over from an imported
// response, and how many; none is 0.
func (r *Reader) confirmedFrom(ctx context.Context, response int64) (id study.ResponseID, n int, err error) {
	err = r.q.row(ctx, sqlConfirmed, response).Scan(&id, &n)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, nil
	}
	return id, n, err
}
