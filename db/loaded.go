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
FROM response AS s
JOIN submission AS u ON u.response = s.seq AND u.channel = 'import'
LEFT JOIN import_row AS i ON i.submission = u.seq
LEFT JOIN import_batch AS b ON b.seq = i.batch
WHERE s.kind = 'questionnaire' AND s.round = ?3 AND s.country = ?2 AND s.form_id = ?1 AND s.state = 'legacy' AND s.instance_id <> ''
ORDER BY s.seq DESC, u.version DESC`

// loadedLayer is one version of a response that an import stored.
type loadedLayer struct {
	response int64
	from     study.Loaded // without an answer
	snapshot study.Snapshot
}

// Loaded is LoadedFor of a return; nothing for what is no country's own return.
func (r *Reader) Loaded(ctx context.Context, id study.ResponseID) (answers []study.Loaded, items []study.Item, err error) {
	own, err := r.Response(ctx, id)
	if err != nil || own.Kind != study.Questionnaire || own.InstanceID != "" {
		return nil, nil, err
	}
	return r.LoadedFor(ctx, own.FormID, own.Country, own.Round)
}

// LoadedFor lists the answers that imports brought in for a country's return, in document
// order, with the items of their lists, each with the file that said it. Answers that the form would not have asked for
// count for nothing, and are left out.
func (r *Reader) LoadedFor(ctx context.Context, formID string, country study.ISO3, round string) (answers []study.Loaded, items []study.Item, err error) {
	layers, err := collect(ctx, r, "imported answers", func(rows *sql.Rows) (l loadedLayer, err error) {
		var at int64
		var body []byte
		if err = rows.Scan(&l.response, &body, &at, &l.from.Place, &l.from.Batch, &l.from.File); err == nil {
			err = json.Unmarshal(body, &l.snapshot)
		}
		l.from.At = moment(at)
		return l, err
	}, sqlLoadedLayers, formID, country, round)
	if err != nil {
		return nil, nil, err
	}
	found, known := map[string]bool{}, map[string]bool{}
	for i, l := range layers {
		if i > 0 && layers[i-1].response == l.response {
			continue // an earlier version: what is left of it stands in the newest
		}
		for _, e := range l.snapshot.Entries {
			if !found[e.Path] && !e.NotAsked && (e.Value != "" || e.Reason != "") {
				found[e.Path] = true
				answers = append(answers, saidBy(layers[i:], e))
			}
		}
		for _, item := range l.snapshot.Items {
			if path := item.Repeat + "[" + item.Key + "]"; !known[path] {
				known[path] = true
				items = append(items, item)
			}
		}
	}
	return answers, items, nil
}

// saidBy tells which of a response's versions, the newest first, an answer comes from.
func saidBy(layers []loadedLayer, e study.Entry) study.Loaded {
	one := layers[0].from
	for _, l := range layers {
		if l.response == layers[0].response && e.From != "" && l.from.Batch == e.From {
			one = l.from
		}
	}
	one.Entry = e
	return one
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
