package worker

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// TestImportedRowsAreReadLikeAllOthers decides for one language before two rows come in:
// the decision reaches the row in that language only, and a rebuild changes nothing.
func TestImportedRowsAreReadLikeAllOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.decide(study.Decision{Kind: "count", Country: "CRI", Lang: "es", Text: "bastantes de ellos", Code: "90"})
	var rows []study.BatchRow
	for i, lang := range []study.Lang{"es", "en"} {
		snapshot, err := json.Marshal(study.Snapshot{FormID: "banks", FormVersion: 1, Country: "CRI", Lang: lang, Entries: []study.Entry{{Path: "/n", Value: "bastantes de ellos"}}})
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, study.BatchRow{Row: i, Place: "S!A2", InstanceID: string(lang), Country: "CRI", Round: "1", Hash: string(lang), Snapshot: snapshot})
	}
	var ids []study.SubmissionID
	w.change(func(tx *db.Tx) error {
		b, err := tx.BeginImport(t.Context(), study.Batch{ID: "b", FormID: "banks", FormVersion: 1, Kind: study.InterviewKind, Options: "{}"})
		if err != nil {
			return err
		}
		if err := tx.PutImportRows(t.Context(), b, rows, 2, study.BatchCounts{}); err != nil {
			return err
		}
		ids, err = tx.ImportedSubmissions(t.Context(), "b", 0, 2)
		return err
	})
	if err := FinishWork(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if a := w.answer(ids[0]); a.Rule != fmt.Sprint("decision:", id) || a.Number == nil || *a.Number != 90 {
			t.Errorf("in Spanish: %+v", a)
		}
		if a := w.answer(ids[1]); a.Number != nil {
			t.Errorf("in English: %+v", a)
		}
		if err := Rebuild(t.Context(), w.store, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
	}
}
