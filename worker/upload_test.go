package worker

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// give keeps a file as the page does.
func (w *world) give(name, content, form string) study.UploadID {
	w.t.Helper()
	sum, size, err := w.store.PutFile(strings.NewReader(content), 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	var u study.Upload
	w.change(func(tx *db.Tx) (err error) {
		u, err = tx.PutUpload(w.t.Context(), study.Upload{File: study.BatchFile{Name: name, SHA256: sum, SizeBytes: size}, FormID: form})
		return err
	})
	return u.ID
}

func (w *world) given(id study.UploadID) (u study.Upload, r legacy.Result) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(reader *db.Reader) (err error) {
		u, err = reader.Upload(w.t.Context(), id)
		return err
	})
	if err == nil && u.Result != "" {
		err = json.Unmarshal([]byte(u.Result), &r)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return u, r
}

// idle waits until no job is open.
func (w *world) idle() {
	w.t.Helper()
	testkit.Until(w.t, 30*time.Second, "no job is open", func() bool {
		return w.count(study.Waiting)+w.count(study.Sent)+w.count(study.Running) == 0
	})
}

func (w *world) ask(id study.UploadID, sound bool) {
	w.change(func(tx *db.Tx) error { return tx.AskUpload(w.t.Context(), id, sound) })
}

// TestGivenFileIsStored looks at a file with a fault, stores what is sound in it, and
// normalizes that.
func TestGivenFileIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(Config{Concurrency: 2})
	id := w.give("old.csv", "country,n\nCosta Rica,12\nPanama,many\nBelize,7\n", "banks")
	w.idle()
	u, found := w.given(id)
	if u.State != study.UploadSeen || found.Rows.Create != 2 || found.Rows.Error != 1 || len(found.Problems) != 1 || found.Problems[0].Cell != "B3" {
		t.Fatalf("seen: %s, %+v, %+v", u.State, found.Rows, found.Problems)
	}
	w.ask(id, false)
	w.idle()
	if u, _ := w.given(id); u.State != study.UploadSeen {
		t.Errorf("a file with a fault was stored: %s", u.State)
	}
	w.ask(id, true)
	w.idle()
	u, found = w.given(id)
	if u.State != study.UploadStored || u.Batch == "" || found.Rows.Create != 2 {
		t.Fatalf("stored: %s as %q, %+v", u.State, u.Batch, found.Rows)
	}
	err := w.store.View(t.Context(), func(r *db.Reader) error {
		ids, err := r.ImportedSubmissions(t.Context(), u.Batch, 0, 10)
		if err != nil || len(ids) != 2 {
			t.Fatalf("submissions %v, %v", ids, err)
		}
		answers, err := r.Answers(t.Context(), ids[1])
		if err != nil || len(answers) != 1 || answers[0].Number == nil || *answers[0].Number != 7 {
			t.Errorf("answers %+v, %v", answers, err)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestRefusedFileIsAFinding does not fail the job of a file that is no table.
func TestRefusedFileIsAFinding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(Config{Concurrency: 1})
	id := w.give("old.xlsx", "%PDF-1.4", "")
	w.idle()
	u, found := w.given(id)
	if u.State != study.UploadSeen || found.Form != nil || len(found.Problems) != 1 || found.Problems[0].Code != "file.kind" {
		t.Errorf("seen: %s, %+v", u.State, found)
	}
}
