package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

const interleavedForm = `
| survey |              |      |                     |
|        | type         | name | label::English (en) |
|        | text         | a    | First               |
|        | integer      | b    | Second              |
|        | text         | c    | Third               |
|        | begin_repeat | s    | Streets             |
|        | text         | name | Street              |
|        | end_repeat   |      |                     |
| settings |            |         |         |                  |
|          | form_title | form_id | version | default_language |
|          | Old        | old     | 1       | English (en)     |
`

// interleaved are imports, undos, saves, confirmations and signatures of two people in an
// order that a seed chooses, beside a plain model of what must come of them.
type interleaved struct {
	t      *testing.T
	random *rand.Rand
	dir    string
	store  *db.Store
	form   *forms.Form
	files  []oldFile
	own    study.ResponseID
	people []study.Person
	pages  []page // what each person has open

	drafts    map[string]study.DraftAnswer
	revisions []string // "path version value person channel", in order
	proposals map[string]bool
	signed    []string                  // snapshots, by version
	layers    map[study.BatchID][]layer // of batches in the study, whole or begun
	state     study.State
	done      map[string]int // how often each kind of step was taken
}

type oldFile struct {
	name string
	data []byte
}

// layer is one raw row of a batch.
type layer struct {
	ID             study.SubmissionID
	Hash, Snapshot string
}

// page is what a person saw last.
type page struct {
	versions map[string]int
	loaded   []study.Loaded
}

var errKilled = errors.New("killed")

// TestNothingIsLostInAnyOrder lets imports with interruptions, undos, restarts, web saves,
// confirmations and signatures on one country's return follow each other at random, and
// compares after each step with what must be there: what people typed, what they signed,
// and the raw layer of every batch that was not taken off.
func TestNothingIsLostInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 20261128, rand.Uint64()} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			i := newInterleaved(t, seed)
			for range 120 {
				i.step()
				i.compare()
			}
			i.end()
			t.Logf("steps: %v", i.done)
		})
	}
}

func newInterleaved(t *testing.T, seed uint64) *interleaved {
	t.Helper()
	i := &interleaved{t: t, random: rand.New(rand.NewPCG(seed, seed)), dir: t.TempDir(), drafts: map[string]study.DraftAnswer{},
		proposals: map[string]bool{}, layers: map[study.BatchID][]layer{}, state: study.InProgress, done: map[string]int{}}
	i.open()
	t.Cleanup(func() {
		if err := i.store.Close(); err != nil {
			t.Error(err)
		}
	})
	form, problems := xlsform.Parse("old.md", []byte(interleavedForm))
	if form == nil {
		t.Fatal(problems)
	}
	i.form = form
	content, err := form.Encode()
	if err != nil {
		t.Fatal(err)
	}
	i.update(func(ctx context.Context, tx *db.Tx) error {
		if err := tx.PutStudy(ctx, study.Study{ID: "old", Languages: []study.Lang{"en"}, DefaultLanguage: "en", Rounds: []study.Round{{ID: "1"}},
			Countries:   []study.Country{{ISO3: "CRI"}, {ISO3: "PAN"}, {ISO3: "HND"}, {ISO3: "BLZ"}, {ISO3: "GTM"}},
			Instruments: []study.Instrument{{FormID: "old", Kind: study.Questionnaire}}}); err != nil {
			return err
		}
		if _, err := tx.PutForm(ctx, "old", content, nil, "old.md"); err != nil {
			return err
		}
		for _, name := range []string{"ana", "ben"} {
			p, err := tx.CreatePerson(ctx, study.Person{Name: name, Email: name + "@example.org", Role: study.FocalPoint, Country: "CRI", Language: "en"})
			if err != nil {
				return err
			}
			i.people, i.pages = append(i.people, p), append(i.pages, page{})
		}
		r, _, err := tx.CreateResponse(ctx, study.Response{FormID: "old", Kind: study.Questionnaire, Country: "CRI", Round: "1"})
		i.own = r.ID
		return err
	})
	for n := range 4 {
		i.files = append(i.files, i.file(n))
	}
	return i
}

// file is a file of five countries; some say the same as others, some leave a cell blank.
func (i *interleaved) file(n int) oldFile {
	var b strings.Builder
	b.WriteString("country,a,b,c,s_1_name,s_2_name\n")
	for _, country := range []string{"Panama", "Costa Rica", "Honduras", "Belize", "Guatemala"} {
		cells := []string{country}
		for _, cell := range []string{"first", "second", "third", "street", "lane"} {
			value := ""
			switch i.random.IntN(4) {
			case 0: // blank
			case 1:
				value = fmt.Sprint(7)
			default:
				value = fmt.Sprint(i.random.IntN(90))
			}
			if value != "" && cell != "second" {
				value = cell + " " + value
			}
			cells = append(cells, value)
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return oldFile{fmt.Sprintf("wave%d.csv", n), []byte(b.String())}
}

func (i *interleaved) open() {
	i.t.Helper()
	store, err := db.Open(i.t.Context(), i.dir, db.Options{})
	if err != nil {
		i.t.Fatal(err)
	}
	i.store = store
}

func (i *interleaved) update(f func(context.Context, *db.Tx) error) {
	i.t.Helper()
	if err := i.store.Update(i.t.Context(), func(tx *db.Tx) error { return f(i.t.Context(), tx) }); err != nil {
		i.t.Fatal(err)
	}
}

func (i *interleaved) view(f func(context.Context, *db.Reader) error) {
	i.t.Helper()
	if err := i.store.View(i.t.Context(), func(r *db.Reader) error { return f(i.t.Context(), r) }); err != nil {
		i.t.Fatal(err)
	}
}

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

// layerOf reads the raw rows of a batch.
func (i *interleaved) layerOf(id study.BatchID) (rows []layer) {
	i.t.Helper()
	i.view(func(ctx context.Context, r *db.Reader) error {
		ids, err := r.ImportedSubmissions(ctx, id, 0, 1000)
		if err != nil {
			return err
		}
		for _, one := range ids {
			s, err := r.Submission(ctx, one)
			if err != nil {
				return err
			}
			rows = append(rows, layer{one, s.Hash, string(s.Snapshot)})
		}
		return nil
	})
	return rows
}

// everything lists the versions in the study, by country, response and version.
func (i *interleaved) everything() (all []string) {
	i.t.Helper()
	i.view(func(ctx context.Context, r *db.Reader) error {
		submissions, err := r.Submissions(ctx, db.SubmissionFilter{})
		for _, s := range submissions {
			all = append(all, fmt.Sprint(s.ID, s.ResponseID, s.Version, s.State, s.Hash, string(s.Snapshot)))
		}
		return err
	})
	return all
}

// compare holds the store to the model.
func (i *interleaved) compare() {
	i.t.Helper()
	for id, want := range i.layers {
		if got := i.layerOf(id); !slices.Equal(got, want) {
			i.t.Fatalf("the raw layer of batch %s is %v, want %v", id, got, want)
		}
	}
	i.view(func(ctx context.Context, r *db.Reader) error {
		drafts, err := r.DraftAnswers(ctx, i.own)
		if err != nil {
			return err
		}
		got := map[string]study.DraftAnswer{}
		for _, d := range drafts {
			d.At, d.ByName, d.ByLang = time.Time{}, "", ""
			got[d.Path] = d
		}
		if !reflect.DeepEqual(got, i.drafts) {
			i.t.Fatalf("answers are %+v, want %+v", got, i.drafts)
		}
		revisions, err := r.Revisions(ctx, i.own, "")
		if err != nil {
			return err
		}
		history := map[string]bool{}
		for _, v := range revisions {
			history[fmt.Sprint(v.Path, " ", v.Version, " ", v.Value, " ", v.By, " ", v.Channel)] = true
		}
		for _, want := range i.revisions {
			if !history[want] {
				i.t.Fatalf("the history lacks %q", want)
			}
		}
		proposals, err := r.Proposals(ctx, i.own)
		waiting := map[string]bool{}
		for _, p := range proposals {
			waiting[fmt.Sprint(p.Path, " ", p.Value, " ", p.By)] = true
		}
		if len(revisions) != len(i.revisions) || !maps.Equal(waiting, i.proposals) {
			i.t.Fatalf("%d revisions, want %d; proposals %v, want %v", len(revisions), len(i.revisions), waiting, i.proposals)
		}
		versions, err2 := r.Submissions(ctx, db.SubmissionFilter{Response: i.own})
		for n, s := range versions {
			if n >= len(i.signed) || string(s.Snapshot) != i.signed[n] {
				i.t.Fatalf("signed version %d is %s", n+1, s.Snapshot)
			}
		}
		if len(versions) != len(i.signed) {
			i.t.Fatalf("%d signed versions, want %d", len(versions), len(i.signed))
		}
		latest, err3 := r.Latest(ctx, "old", "1")
		for _, s := range latest {
			if s.Country == "CRI" && (s.State == study.Signed) != (len(i.signed) > 0) {
				i.t.Fatalf("reports count version %d, %s, of %d signed ones", s.Version, s.State, len(i.signed))
			}
		}
		return errors.Join(err, err2, err3)
	})
}

// end goes on with what was interrupted, takes every batch off, and looks at the whole.
func (i *interleaved) end() {
	i.t.Helper()
	for _, f := range i.files {
		i.run(f, 1000)
		i.compare()
	}
	i.work()
	for len(i.layers) > 0 {
		i.undo()
		i.compare()
	}
	i.look()
	i.view(func(ctx context.Context, r *db.Reader) error {
		loaded, _, err := r.Loaded(ctx, i.own)
		all, err2 := r.Responses(ctx, db.ResponseFilter{})
		if len(loaded) > 0 || len(all) != 1 {
			i.t.Errorf("after all undos %d old answers and %d responses stay", len(loaded), len(all))
		}
		return errors.Join(err, err2)
	})
	found, err := db.Verify(i.t.Context(), i.dir)
	if err != nil || found.Database != "" {
		i.t.Errorf("the folder is %+v, %v", found, err)
	}
}
