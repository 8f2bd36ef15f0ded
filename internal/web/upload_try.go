package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

type tryPage struct {
	step
	Form        foundForm
	Rows        struct{ Create, Change, Identical, Skip, Error int }
	Kinds       []problemKind
	Faults      string // how many remarks there are
	StoreText   string // of the button; "" when there is nothing to store
	AskSound    bool
	BatchHref   string
	SoundError  string
	BlankClears bool
}

// problemKind are the remarks of one kind: the first ones as examples, the others below.
type problemKind struct {
	Text        string
	Count       int
	Error       bool
	First, Rest []foundProblem
	DecideHref  string // of the page where such remarks are decided; "" when there is none
}

// decidedAt are the steps where remarks can be decided, by their code.
var decidedAt = map[string]string{
	"choice.unknown": "/values", "country.unknown": "/values", "column.unmapped": "/columns", "column.personal": "/columns", "column.date_order": "/columns",
	"choice.tick": "/columns", "mapping.question": "/columns", "mapping.twice": "/columns", "row.twice": "/columns", "sheet.other": "/found",
}

// examples is how many remarks of a kind are shown at once.
const examples = 3

// uploaded shows what storing a file would do, and how far that is.
func (s *server) uploaded(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	p := s.step(v, u, f, 3)
	if f == nil || f.Form == nil || v.wantsJSON() || u.State == study.UploadLooking {
		_, err := s.unready(v, u, f, p)
		return err
	}
	return s.render(v, http.StatusOK, "unit/upload", s.try(v, u, f, p))
}

// try lays out the dry run.
func (s *server) try(v *visit, u study.Upload, f *found, p step) tryPage {
	page := tryPage{step: p, Form: *f.Form, Rows: f.Rows, Kinds: v.byKind(f.Problems), BlankClears: u.BlankClears}
	for i := range page.Kinds {
		if k := &page.Kinds[i]; p.CanChange && decidedAt[k.First[0].Code] != "" {
			k.DecideHref = uploadHref(u.ID) + decidedAt[k.First[0].Code]
		}
	}
	page.Faults = v.words.N("import.problem_count", len(f.Problems))
	if stored := f.Rows.Create + f.Rows.Change; u.State == study.UploadSeen && stored > 0 {
		page.StoreText, page.AskSound = v.words.N("import.store", stored), f.Rows.Error > 0
	}
	if u.Batch != "" {
		page.BatchHref = importHref(u.Batch)
	}
	return page
}

// byKind puts remarks of one kind together; those that keep rows from being taken come
// first.
func (v *visit) byKind(all []foundProblem) []problemKind {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b foundProblem) int {
		switch {
		case a.Error == b.Error:
			return 0
		case a.Error:
			return -1
		}
		return 1
	})
	var kinds []problemKind
	at := map[string]int{}
	for _, p := range all {
		key := fmt.Sprint(p.Error, p.Code)
		i, there := at[key]
		if !there {
			i, at[key] = len(kinds), len(kinds)
			kinds = append(kinds, problemKind{Text: v.problemName(p.Code), Error: p.Error})
		}
		k := &kinds[i]
		k.Count++
		if len(k.First) < examples {
			k.First = append(k.First, p)
		} else {
			k.Rest = append(k.Rest, p)
		}
	}
	return kinds
}

// problemName is a kind of remark in words.
func (v *visit) problemName(code string) string {
	if key := "legacy.kind." + code; v.words.Has(key) {
		return v.words.T(key)
	}
	return code
}

// storeUpload asks a worker to store a file that was looked at. With errors in it, only
// who says so gets the sound rows: all or nothing is the rule.
func (s *server) storeUpload(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	if u.State == study.UploadSeen && f != nil && f.Form != nil && f.Rows.Error > 0 && v.PostForm("sound") != "1" {
		page := s.try(v, u, f, s.step(v, u, f, 3))
		page.Wrong, page.SoundError = true, v.words.T("import.all_or_nothing")
		page.Errors = []link{{Href: "#sound", Text: page.SoundError}}
		return s.render(v, http.StatusBadRequest, "unit/upload", page)
	}
	return s.wish(v, "import.asked", "", func(ctx context.Context, tx *db.Tx, id study.UploadID) error {
		return tx.AskUpload(ctx, id, v.PostForm("sound") == "1")
	})
}

// lookAgain forgets what was decided about a file, and looks at it as if for the first
// time; also when the work was given up.
func (s *server) lookAgain(v *visit) error {
	return s.wish(v, "import.forgotten", "/found?did=looked_again", func(ctx context.Context, tx *db.Tx, id study.UploadID) error { return tx.ForgetUpload(ctx, id) })
}

// pauseUpload lets the storing of a file rest.
func (s *server) pauseUpload(v *visit) error {
	return s.wish(v, "import.paused", "", func(ctx context.Context, tx *db.Tx, id study.UploadID) error { return tx.PauseUpload(ctx, id) })
}

// continueUpload goes on storing a file that rests.
func (s *server) continueUpload(v *visit) error {
	return s.wish(v, "import.continued", "", func(ctx context.Context, tx *db.Tx, id study.UploadID) error { return tx.ContinueUpload(ctx, id) })
}

// wish writes down what a person wants of a file, with the log, and goes to its page.
func (s *server) wish(v *visit, action, did string, change func(context.Context, *db.Tx, study.UploadID) error) error {
	id := study.UploadID(v.Param("id"))
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		if err := change(ctx, tx, id); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, action, string(id), "")
	})
	if err != nil {
		return err
	}
	s.poke()
	return v.see(uploadHref(id) + did)
}

// cancelUpload stops the storing of a file and takes off what is stored of it.
func (s *server) cancelUpload(v *visit) error {
	id := study.UploadID(v.Param("id"))
	ctx := context.WithoutCancel(v.ctx())
	var u study.Upload
	cancelled := false
	err := s.store.Update(ctx, func(tx *db.Tx) (err error) {
		if cancelled, err = tx.CancelUpload(ctx, id); err != nil || !cancelled {
			return err
		}
		u, err = tx.Upload(ctx, id)
		return err
	})
	if err != nil || !cancelled {
		if err == nil {
			err = v.see(uploadHref(id))
		}
		return err
	}
	if u.Batch != "" {
		if err := s.takeOff(ctx, v.person.ID, u.Batch); err != nil {
			return fmt.Errorf("take off what was stored of upload %s: %w", id, err)
		}
	}
	return s.wish(v, "import.cancelled", "?did=import_cancelled", func(ctx context.Context, tx *db.Tx, id study.UploadID) error { return tx.UploadOff(ctx, id) })
}

// failedRows sends the rows with errors as a workbook, each with what is wrong.
func (s *server) failedRows(v *visit) error {
	u, _, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	if u.Failed.SizeBytes == 0 {
		return v.see(uploadHref(u.ID))
	}
	file, err := s.store.OpenFile(u.Failed.SHA256)
	if err != nil {
		return fmt.Errorf("open rows with errors of upload %s: %w", u.ID, err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	v.Header("Content-Disposition", disposition("errors.xlsx"))
	v.DataFromReader(http.StatusOK, u.Failed.SizeBytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file, nil)
	return nil
}
