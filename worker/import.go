package worker

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

// importAtOnce is how many responses one change stores, so that others get their turn.
const importAtOnce = 500

// Import is an import under way: a plan over files, and the batch that it becomes.
type Import struct {
	Store       *db.Store
	Name        string
	Plan        *legacy.Plan
	Options     legacy.Options
	Read        legacy.Input
	Batch       study.Batch                  // form, kind, files, options and person; ID by NewBatchID
	TakeSound   bool                         // store the sound responses even when others have errors
	BlankClears bool                         // an empty cell takes an earlier answer away
	Failed      func(*legacy.Response) error // gets each response that has an error; may be nil
	Step        func(rows int) error         // called when so many responses are compared; may be nil
	Going       func(*db.Tx, int) error      // called in each change that stores, with the responses done; its error stops the import; may be nil

	result  *legacy.Result
	next    int // responses seen in this reading
	chunk   []waiting
	seen    map[uint64]bool
	storing bool
	atOnce  int // responses that one change stores; 0: importAtOnce

	languages map[int]study.Lang // of tables, see language
}

// waiting is a response on its way into the store.
type waiting struct {
	at       int // among the responses of the files
	response *legacy.Response
	row      study.BatchRow
}

// NewBatchID derives a batch's id from its files and from what was asked.
func NewBatchID(b study.Batch) study.BatchID {
	h := sha256.New()
	for _, f := range b.Files {
		fmt.Fprintf(h, "%d:%s%s", len(f.Name), f.Name, f.SHA256)
	}
	fmt.Fprintf(h, "%s/%d %s", b.FormID, b.FormVersion, b.Options)
	return study.BatchID(hex.EncodeToString(h.Sum(nil))[:16])
}

// Compare is the dry run: what storing would do, by the same steps without the write.
func (i *Import) Compare(ctx context.Context, result *legacy.Result) error {
	i.result, i.storing = result, false
	return i.pass(ctx)
}

// ErrFaulty says that responses have errors, and nothing was stored.
var ErrFaulty = errors.New("some rows have errors, so nothing was stored: correct them, or take the sound ones only")

// StoreAll stores what Compare counted, or goes on where it was interrupted. The same batch
// again changes nothing.
func (i *Import) StoreAll(ctx context.Context) error {
	err := i.Store.Update(ctx, func(tx *db.Tx) (err error) {
		if i.Batch, err = tx.BeginImport(ctx, i.Batch); err != nil {
			return err
		}
		return i.goingOn(tx, i.Batch.Rows)
	})
	if err != nil || i.Batch.State == study.BatchDone {
		return err
	}
	i.Options.Now = i.Batch.CreatedAt // so that an interrupted import ends as it began
	c := i.Batch.Counts               // of what was stored before an interruption
	i.result, i.storing = &legacy.Result{Rows: legacy.Counts{Create: c.Create, Change: c.Change, Identical: c.Identical, Skip: c.Skip, Error: c.Error}, Answers: c.Answers}, true
	if err := i.pass(ctx); err != nil {
		return err
	}
	return i.Store.Update(ctx, func(tx *db.Tx) error {
		if err := i.goingOn(tx, i.next); err != nil {
			return err
		}
		return tx.FinishImport(ctx, i.Batch.ID)
	})
}

// goingOn asks whether the import is still wanted, in the change that would store.
func (i *Import) goingOn(tx *db.Tx, rows int) error {
	if i.Going == nil {
		return nil
	}
	return i.Going(tx, rows)
}

// pass reads all responses once.
func (i *Import) pass(ctx context.Context) error {
	i.next, i.chunk, i.seen = 0, nil, map[uint64]bool{}
	err := i.Plan.Each(i.Read, i.Options, func(r *legacy.Response) error { return i.take(ctx, r) })
	if err != nil {
		return err
	}
	return i.flush(ctx)
}

// take puts one response into the chunk under way.
func (i *Import) take(ctx context.Context, r *legacy.Response) error {
	w := waiting{at: i.next, response: r}
	i.next++
	w.row = study.BatchRow{
		Row: w.at, Place: i.Plan.Place(r), InstanceID: i.instance(r), Country: r.Country, Round: r.Round,
		Submitter: r.Submitter, SubmittedAt: r.SubmittedAt,
	}
	if len(r.Personal) > 0 {
		personal, err := json.Marshal(r.Personal)
		if err != nil {
			return err
		}
		w.row.Personal = string(personal)
	}
	i.once(&w)
	i.chunk = append(i.chunk, w)
	if len(i.chunk) < cmp.Or(i.atOnce, importAtOnce) {
		return ctx.Err()
	}
	return i.flush(ctx)
}

// once refuses a response that the same files hold already.
func (i *Import) once(w *waiting) {
	if strings.HasPrefix(w.row.InstanceID, placed) {
		return // no two rows stand in one place, so nothing needs to be kept
	}
	sum := sha256.Sum256([]byte(w.row.InstanceID))
	key := uint64(0)
	for _, b := range sum[:8] {
		key = key<<8 | uint64(b)
	}
	if i.seen[key] {
		i.Plan.Complain(w.response, "row.twice")
		return
	}
	i.seen[key] = true
}

// placed begins the names of responses that nothing but their place tells apart.
const placed = "import:row/"

// instance is what makes a response the same one in another file: its key; of a country's
// questionnaire its country and round; else its place in a file of that name.
func (i *Import) instance(r *legacy.Response) string {
	switch {
	case i.Batch.Kind == study.Questionnaire && r.Country != "" && r.Round != "":
		return "import:" + string(r.Country) + "/" + r.Round
	case r.Key != "":
		return "import:key/" + r.Key
	}
	return placed + i.Name + "/" + i.Plan.Place(r)
}

// flush finds out what the chunk changes, counts it, and stores it when that is asked.
func (i *Import) flush(ctx context.Context) error {
	if len(i.chunk) == 0 {
		return nil
	}
	chunk := i.chunk
	i.chunk = i.chunk[:0]
	last := chunk[len(chunk)-1].at + 1
	if i.storing && last <= i.Batch.Rows {
		return nil // stored before an interruption
	}
	rows, err := i.changed(ctx, chunk)
	if err == nil && !i.storing && i.Step != nil {
		err = i.Step(last)
	}
	if err != nil || !i.storing {
		return err
	}
	counts := study.BatchCounts{
		Create: i.result.Rows.Create, Change: i.result.Rows.Change, Identical: i.result.Rows.Identical,
		Skip: i.result.Rows.Skip, Error: i.result.Rows.Error, Answers: i.result.Answers,
	}
	return i.Store.Update(ctx, func(tx *db.Tx) error {
		if err := i.goingOn(tx, last); err != nil {
			return err
		}
		return tx.PutImportRows(ctx, i.Batch, rows, last, counts)
	})
}

// changed counts the chunk and returns the rows to store.
func (i *Import) changed(ctx context.Context, chunk []waiting) ([]study.BatchRow, error) {
	ids := make([]string, len(chunk))
	for n, w := range chunk {
		ids[n] = w.row.InstanceID
	}
	now := map[string]db.Imported{}
	err := i.Store.View(ctx, func(r *db.Reader) error {
		found, err := r.ImportedNow(ctx, i.Batch.FormID, ids)
		for _, one := range found {
			now[one.InstanceID] = one
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var rows []study.BatchRow
	for _, w := range chunk {
		old, there := now[w.row.InstanceID]
		store, err := i.judge(&w, old, there)
		if err != nil {
			return nil, err
		}
		if store {
			rows = append(rows, w.row)
		}
	}
	return rows, nil
}

// judge counts one response by what it would do, and freezes it when it does something.
func (i *Import) judge(w *waiting, old db.Imported, there bool) (store bool, err error) {
	for _, p := range w.response.Problems {
		i.result.Add(p)
	}
	switch {
	case w.response.Faulty():
		i.result.Rows.Error++
		if i.Failed != nil && !i.storing {
			return false, i.Failed(w.response)
		}
		return false, nil
	case len(w.response.Entries) == 0:
		i.result.Rows.Skip++
		return false, nil
	}
	if err := i.freeze(w, old, there); err != nil {
		return false, err
	}
	switch {
	case !there:
		i.result.Rows.Create++
	case old.Hash == w.row.Hash:
		i.result.Rows.Identical++
		return false, nil
	default:
		i.result.Rows.Change++
	}
	i.result.Answers += len(w.response.Entries)
	return true, nil
}

// freeze writes the response as a snapshot, over what is there: a blank cell leaves an
// earlier answer as it is, unless it was asked to take it away.
func (i *Import) freeze(w *waiting, old db.Imported, there bool) (err error) {
	snap := study.Snapshot{
		FormID: i.Batch.FormID, FormVersion: i.Batch.FormVersion, Country: w.row.Country, Round: w.row.Round,
		Entries: w.response.Entries, Items: w.response.Items, Lang: i.language(w.response.Table),
	}
	if there && !i.BlankClears {
		var before study.Snapshot
		if err := json.Unmarshal(old.Snapshot, &before); err != nil {
			return fmt.Errorf("read snapshot of %s: %w", w.row.InstanceID, err)
		}
		i.Plan.KeepUnder(&snap, before)
	}
	if w.row.Snapshot, err = json.Marshal(snap); err != nil {
		return err
	}
	content, err := json.Marshal(bareOf(snap))
	sum := sha256.Sum256(content)
	w.row.Hash = hex.EncodeToString(sum[:])
	return err
}

// bareOf is a snapshot without what does not tell answers apart: the same answers to the
// form's next version, or with the language found out later, are the same.
func bareOf(snap study.Snapshot) study.Snapshot {
	snap.FormVersion, snap.Lang = 0, ""
	if slices.ContainsFunc(snap.Entries, func(e study.Entry) bool { return e.Lang != "" }) {
		snap.Entries = slices.Clone(snap.Entries)
		for i := range snap.Entries {
			snap.Entries[i].Lang = ""
		}
	}
	return snap
}

// language is that of a table's answers, as far as it can be told.
func (i *Import) language(table int) study.Lang {
	lang, known := i.languages[table]
	if !known {
		if i.languages == nil {
			i.languages = map[int]study.Lang{}
		}
		lang = i.Plan.Language(table)
		i.languages[table] = lang
	}
	return lang
}

// Undo takes a batch's layer off, some rows a change, and tells what stays.
func Undo(ctx context.Context, store *db.Store, id study.BatchID) (left []study.BatchLeft, err error) {
	for more := true; more; {
		err := store.Update(ctx, func(tx *db.Tx) error {
			some, again, err := tx.UndoImport(ctx, id)
			left, more = append(left, some...), again
			return err
		})
		if err != nil {
			return left, err
		}
		if err := ctx.Err(); err != nil {
			return left, err
		}
	}
	return left, nil
}
