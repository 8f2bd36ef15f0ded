package dbtest

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// oldWave is a batch with one old response of a country's questionnaire.
func oldWave(w world, id study.BatchID, entries []study.Entry, items ...study.Item) {
	w.Helper()
	body, err := json.Marshal(study.Snapshot{FormID: FormID, FormVersion: 1, Country: "CRI", Round: Round, Entries: entries, Items: items})
	if err != nil {
		w.Fatal(err)
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		b, err := tx.BeginImport(ctx, batchOf(id))
		if err != nil {
			return err
		}
		row := study.BatchRow{Place: "S!A2", InstanceID: "import:CRI/" + Round, Country: "CRI", Round: Round, Hash: string(id), Snapshot: body}
		return tx.PutImportRows(ctx, b, []study.BatchRow{row}, 1, study.BatchCounts{Create: 1})
	})
}

func loadedOf(w world, id study.ResponseID) (loaded []study.Loaded, items []study.Item) {
	w.Helper()
	View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
		loaded, items, err = r.Loaded(ctx, id)
		return err
	})
	return loaded, items
}

// exerciseLoaded links old answers to the country's return, takes them over, and takes the
// layers off again.
func exerciseLoaded(w world) {
	var own study.Response
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		own, _, err = tx.CreateResponse(ctx, study.Response{FormID: FormID, Kind: study.Questionnaire, Country: "CRI", Round: Round})
		return err
	})
	if loaded, items := loadedOf(w, own.ID); len(loaded)+len(items) != 0 {
		w.Errorf("loaded before any import: %+v", loaded)
	}
	oldWave(w, "one", []study.Entry{{Path: "/a", Value: "1"}, {Path: "/b", Value: "2"}, {Path: "/c", Value: "3", NotAsked: true}, {Path: "/e[x]/f", Value: "4"}}, study.Item{Repeat: "/e", Key: "x"})
	oldWave(w, "two", []study.Entry{{Path: "/a", Value: "1", From: "one"}, {Path: "/b", Value: "20"}, {Path: "/e[x]/f", Value: "4", From: "one"}}, study.Item{Repeat: "/e", Key: "x", From: "one"})
	loaded, items := loadedOf(w, own.ID)
	if len(loaded) != 3 || len(items) != 1 || loaded[0].Batch != "one" || loaded[1].Batch != "two" || loaded[1].Value != "20" || loaded[1].File != "two.csv" || loaded[1].Place != "S!A2" {
		w.Fatalf("loaded %+v, %+v", loaded, items)
	}
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		same, _, err := r.LoadedFor(ctx, FormID, "CRI", Round)
		equal(w, "loaded for the country", len(same), 3)
		none, _, err2 := r.LoadedFor(ctx, FormID, "PAN", Round)
		equal(w, "loaded for the other country", len(none), 0)
		return errors.Join(err, err2)
	})
	four, twenty := "4", "20"
	picks := []study.Pick{{Change: study.Change{Path: "/b", Value: &twenty}, Seen: "other"}, {Change: study.Change{Path: "/e[x]/f", Value: &four}, Seen: loaded[2].Mark()}}
	var taken study.Taken
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		taken, err = tx.ConfirmLoaded(ctx, own.ID, w.focal, picks)
		return err
	})
	if len(taken.Saved) != 1 || len(taken.Gone) != 1 || taken.Gone[0] != "/b" {
		w.Errorf("taken %+v", taken)
	}
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		drafts, err := r.DraftAnswers(ctx, own.ID)
		if err != nil || len(drafts) != 1 || drafts[0].Channel != study.Import || drafts[0].By != w.focal.ID {
			w.Errorf("drafts %+v, %v", drafts, err)
		}
		there, err := r.Items(ctx, own.ID, false)
		equal(w, "items", len(there), 1)
		return err
	})
	left := undo(w, "one")
	if len(left) != 1 || left[0].Version != 2 || left[0].Confirmed != 1 || left[0].Return != own.ID {
		w.Errorf("left %+v", left)
	}
	if loaded, items := loadedOf(w, own.ID); len(loaded) != 1 || len(items) != 0 || loaded[0].Path != "/b" || loaded[0].Value != "20" {
		w.Errorf("of the second stays %+v, %+v", loaded, items)
	}
	if left := undo(w, "two"); len(left) != 1 || left[0].Version != 0 || left[0].Confirmed != 1 {
		w.Errorf("left of the second %+v", left)
	}
	if loaded, _ := loadedOf(w, own.ID); len(loaded) != 0 {
		w.Errorf("loaded after the undo: %+v", loaded)
	}
}
