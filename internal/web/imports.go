package web

import (
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

type importsPage struct {
	layout
	importForm
	Heading string
	Open    []link // files that are not stored yet
	Imports []importRow
}

// importRow is one batch in the list and on its own page.
type importRow struct {
	Href, Name, When, State, Tone, Form          string
	Create, Change, Identical, Skip, Error, Kept int
}

type importPage struct {
	layout
	Heading  string
	Batch    importRow
	Files    []importFile
	UndoHref string // of the page that takes it off; "" when there is nothing to take
	BackHref string
	Personal string // address of the personal data that is kept apart
	Left     []leftRow
}

type importFile struct{ Name, Size, Short string }

func importHref(id study.BatchID) string { return "/unit/imports/" + string(id) }

// imports lists the batches of old answers, and takes another file.
func (s *server) imports(v *visit) error { return s.importsWith(v, http.StatusOK, "") }

func (s *server) importsWith(v *visit, status int, problem string) error {
	page := importsPage{layout: s.layout(v, v.words.T("import.title")), importForm: v.importForm(problem)}
	page.Wrong = problem != ""
	page.Heading = page.Title
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		all, err := r.Imports(v.ctx())
		for _, b := range all {
			page.Imports = append(page.Imports, v.importRow(b))
		}
		if err != nil {
			return err
		}
		open, err := r.OpenUploads(v.ctx())
		for _, u := range open {
			page.Open = append(page.Open, link{Href: uploadHref(u.ID), Text: u.File.Name + ", " + v.when(u.CreatedAt) + ". " + v.uploadState(u, nil)})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list imports: %w", err)
	}
	return s.render(v, status, "unit/imports", page)
}

func (v *visit) importRow(b study.Batch) importRow {
	tone := toneWIP
	switch b.State {
	case study.BatchDone:
		tone = toneDone
	case study.BatchUndone:
		tone = toneNone
	}
	c := b.Counts
	return importRow{
		Href: importHref(b.ID), Name: b.Name, When: v.when(b.CreatedAt), State: v.words.T("import.state." + string(b.State)), Tone: tone, Form: b.FormID,
		Create: c.Create, Change: c.Change, Identical: c.Identical, Skip: c.Skip, Error: c.Error, Kept: c.Create + c.Change,
	}
}

// importBatch shows one batch: its files, what became of their rows, and the way back.
func (s *server) importBatch(v *visit) error {
	var b study.Batch
	var personal []study.BatchRow
	err := s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		if b, err = r.Import(v.ctx(), study.BatchID(v.Param("id"))); err != nil {
			return err
		}
		personal, err = r.PersonalOf(v.ctx(), b.ID, 0, 1)
		return err
	})
	if err != nil {
		return err
	}
	page := importPage{layout: s.layout(v, b.Name), Batch: v.importRow(b), BackHref: "/unit/imports"}
	page.Heading = page.Title
	for _, f := range b.Files {
		page.Files = append(page.Files, importFile{f.Name, sizeText(v.words, f.SizeBytes), f.SHA256[:min(12, len(f.SHA256))]})
	}
	if b.State != study.BatchUndone {
		page.UndoHref = importHref(b.ID) + "/undo"
	}
	if len(personal) > 0 {
		page.Personal = importHref(b.ID) + "/personal"
	}
	page.Left = v.leftRows(b, b.Left)
	return s.render(v, http.StatusOK, "unit/import", page)
}
