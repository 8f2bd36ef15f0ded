package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

// step does one thing.
func (i *interleaved) step() {
	i.t.Helper()
	steps := map[string]struct {
		weight int
		do     func()
	}{
		"import": {4, i.importFile}, "again": {1, i.importAgain}, "undo": {2, i.undo}, "look": {4, i.look}, "save": {6, i.save},
		"confirm": {4, i.confirm}, "sign": {1, i.sign}, "reopen": {2, i.reopen}, "work": {1, i.work}, "restart": {1, i.restart},
	}
	total := 0
	for _, s := range steps {
		total += s.weight
	}
	at := i.random.IntN(total)
	for _, name := range slices.Sorted(maps.Keys(steps)) {
		if at -= steps[name].weight; at < 0 {
			i.done[name]++
			steps[name].do()
			return
		}
	}
}

// importFile imports a file, or goes on where it was interrupted, and may be interrupted
// itself after any row.
func (i *interleaved) importFile() {
	i.t.Helper()
	i.run(i.files[i.random.IntN(len(i.files))], i.random.IntN(10))
}

// run imports a file until a row at which it is killed; a row beyond the last is none.
func (i *interleaved) run(f oldFile, until int) study.BatchID {
	i.t.Helper()
	read := func(most int) legacy.Input {
		return func(sink legacy.Sink) error {
			return legacy.Read(f.name, bytes.NewReader(f.data), int64(len(f.data)), &killedSink{Sink: sink, left: most})
		}
	}
	m, result, err := NewImport(i.t.Context(), i.store, f.name, read(1000), legacy.Options{Form: i.form, Round: "1"})
	if err != nil {
		i.t.Fatal(err)
	}
	m.atOnce = 2
	m.Batch.Files = []study.BatchFile{{Name: f.name, SHA256: f.name, SizeBytes: int64(len(f.data))}}
	m.Batch.Options = "{}"
	m.Batch.ID = NewBatchID(m.Batch)
	if err := m.Compare(i.t.Context(), result); err != nil || result.Rows.Error > 0 {
		i.t.Fatalf("compare %s: %v, %+v", f.name, err, result.Problems)
	}
	m.Read = read(until)
	if err := m.StoreAll(i.t.Context()); err != nil && !errors.Is(err, errKilled) {
		i.t.Fatalf("store %s: %v", f.name, err)
	}
	was := i.layers[m.Batch.ID]
	i.layers[m.Batch.ID] = i.layerOf(m.Batch.ID)
	if len(was) > len(i.layers[m.Batch.ID]) || !slices.Equal(was, i.layers[m.Batch.ID][:len(was)]) {
		i.t.Errorf("%s: going on changed what was stored", f.name)
	}
	return m.Batch.ID
}

// killedSink ends a reading after some rows.
type killedSink struct {
	legacy.Sink
	left int
}

func (k *killedSink) Row(r legacy.Row) error {
	if k.left--; k.left < 0 {
		return errKilled
	}
	return k.Sink.Row(r)
}

// importAgain imports a whole file on top of all, takes it off, and imports it again: the
// layer is the same, with the same ids.
func (i *interleaved) importAgain() {
	i.t.Helper()
	for _, f := range i.files {
		id := NewBatchID(study.Batch{Files: []study.BatchFile{{Name: f.name, SHA256: f.name}}, FormID: "old", FormVersion: 1, Options: "{}"})
		if _, begun := i.layers[id]; begun {
			continue
		}
		before := i.everything()
		i.run(f, 1000)
		first := i.layers[id]
		between := i.everything()
		i.takeOff(id)
		if after := i.everything(); !reflect.DeepEqual(before, after) {
			i.t.Errorf("%s: undone, the study holds %v instead of %v", f.name, after, before)
		}
		i.run(f, 1000)
		if !slices.Equal(first, i.layers[id]) || !reflect.DeepEqual(between, i.everything()) {
			i.t.Errorf("%s: imported again it is another layer", f.name)
		}
		return
	}
}

func (i *interleaved) undo() {
	if len(i.layers) == 0 {
		return
	}
	ids := slices.Sorted(maps.Keys(i.layers))
	i.takeOff(ids[i.random.IntN(len(ids))])
}

func (i *interleaved) takeOff(id study.BatchID) {
	i.t.Helper()
	left, err := Undo(i.t.Context(), i.store, id)
	if err != nil {
		i.t.Fatal(err)
	}
	confirmed := 0
	for _, d := range i.drafts {
		if d.Channel == study.Import {
			confirmed++
		}
	}
	for _, l := range left {
		if l.Country == "CRI" && l.Confirmed != confirmed {
			i.t.Errorf("the undo says that %d confirmed answers stay, want %d", l.Confirmed, confirmed)
		}
	}
	delete(i.layers, id)
}

// look loads the page of one person anew.
func (i *interleaved) look() {
	p := i.random.IntN(len(i.people))
	i.pages[p].versions = map[string]int{}
	i.view(func(ctx context.Context, r *db.Reader) (err error) {
		drafts, err := r.DraftAnswers(ctx, i.own)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			i.pages[p].versions[d.Path] = d.Version
		}
		i.pages[p].loaded, _, err = r.Loaded(ctx, i.own)
		return err
	})
}

// save types something on a page that may be an old one.
func (i *interleaved) save() {
	p := i.random.IntN(len(i.people))
	path := []string{"/a", "/b", "/c", "/s[own]/name", "/s[1]/name"}[i.random.IntN(5)]
	value, none, note := fmt.Sprint("typed ", i.random.IntN(1000)), study.ReasonCode(""), ""
	c := study.Change{Path: path, Base: i.pages[p].versions[path], Value: &value, Reason: &none, Note: &note}
	i.store1(p, study.Web, []study.Change{c}, nil)
}

// confirm takes over some of what a page shows.
func (i *interleaved) confirm() {
	p := i.random.IntN(len(i.people))
	var changes []study.Change
	var marks []string
	for _, l := range i.pages[p].loaded {
		if i.random.IntN(3) == 0 {
			changes = append(changes, study.Change{Path: l.Path, Base: i.pages[p].versions[l.Path], Value: &l.Value, Reason: &l.Reason, Note: &l.Note})
			marks = append(marks, l.Mark())
		}
	}
	i.store1(p, study.Import, changes, marks)
}

// store1 stores changes of one person, and in the model.
func (i *interleaved) store1(p int, channel study.Channel, changes []study.Change, marks []string) {
	i.t.Helper()
	by := i.people[p]
	gone := map[string]bool{}
	err := i.store.Update(i.t.Context(), func(tx *db.Tx) error {
		if marks == nil {
			_, _, err := tx.SaveAnswers(i.t.Context(), i.own, by, channel, changes)
			return err
		}
		var picks []study.Pick
		for n, c := range changes {
			picks = append(picks, study.Pick{Change: c, Seen: marks[n]})
		}
		taken, err := tx.ConfirmLoaded(i.t.Context(), i.own, by, picks)
		for _, path := range taken.Gone {
			gone[path] = true
		}
		return err
	})
	if problem := (*study.Problem)(nil); errors.As(err, &problem) && problem.Kind == study.Conflict && !db.Editable(i.state) {
		return
	}
	if err != nil {
		i.t.Fatal(err)
	}
	for _, c := range changes {
		if gone[c.Path] {
			continue
		}
		i.model(by, channel, c)
	}
}

// model does what a save must do.
func (i *interleaved) model(by study.Person, channel study.Channel, c study.Change) {
	old := i.drafts[c.Path]
	switch {
	case old.Value == *c.Value && old.Reason == *c.Reason && old.Note == *c.Note:
	case old.Version != c.Base:
		i.proposals[fmt.Sprint(c.Path, " ", *c.Value, " ", by.ID)] = true
	default:
		i.drafts[c.Path] = study.DraftAnswer{Path: c.Path, Version: old.Version + 1, Value: *c.Value, Reason: *c.Reason, Note: *c.Note, By: by.ID, Channel: channel}
		i.revisions = append(i.revisions, fmt.Sprint(c.Path, " ", old.Version+1, " ", *c.Value, " ", by.ID, " ", channel))
	}
}

func (i *interleaved) sign() {
	if !db.Editable(i.state) {
		return
	}
	snap := study.Snapshot{FormID: "old", FormVersion: 1, Country: "CRI", Round: "1"}
	for _, path := range slices.Sorted(maps.Keys(i.drafts)) {
		snap.Entries = append(snap.Entries, study.Entry{Path: path, Value: i.drafts[path].Value})
	}
	body, err := json.Marshal(snap)
	if err != nil {
		i.t.Fatal(err)
	}
	i.update(func(ctx context.Context, tx *db.Tx) error {
		_, _, err := tx.Submit(ctx, study.Submission{ResponseID: i.own, State: study.Signed, Hash: fmt.Sprint(len(i.signed)), SignedBy: i.people[0].ID, Channel: study.Web, Snapshot: body}, "")
		return err
	})
	i.signed, i.state = append(i.signed, string(body)), study.Signed
}

func (i *interleaved) reopen() {
	if i.state != study.Signed {
		return
	}
	i.update(func(ctx context.Context, tx *db.Tx) error {
		return tx.SetState(ctx, i.own, study.Signed, study.Reopened, i.people[1].ID, "look again")
	})
	i.state = study.Reopened
}

// work normalizes what imports promised.
func (i *interleaved) work() {
	i.t.Helper()
	if err := FinishWork(i.t.Context(), i.store); err != nil {
		i.t.Fatal(err)
	}
}

func (i *interleaved) restart() {
	i.t.Helper()
	if err := i.store.Close(); err != nil {
		i.t.Fatal(err)
	}
	i.open()
}
