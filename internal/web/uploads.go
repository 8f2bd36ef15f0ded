package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// importForm is what the page asks for beside the file.
type importForm struct {
	Forms, Countries, Rounds []option
	Errors                   []link
}

func (v *visit) importForm(problem string) importForm {
	f := importForm{
		Forms:     []option{{"", v.words.T("import.form_of_columns"), true}},
		Countries: []option{{"", v.words.T("import.file_says"), true}},
		Rounds:    []option{{"", v.words.T("import.file_says"), true}},
	}
	for _, i := range v.study.Instruments {
		f.Forms = append(f.Forms, option{Value: i.FormID, Text: v.text(i.Title) + " (" + i.FormID + ")"})
	}
	for _, c := range v.study.Countries {
		f.Countries = append(f.Countries, option{Value: string(c.ISO3), Text: v.countryName(c.ISO3)})
	}
	f.Rounds = append(f.Rounds, v.rounds("")...)
	if problem != "" {
		f.Errors = []link{{Href: "#file", Text: v.words.T(problem)}}
	}
	return f
}

// newImport takes a file; a worker finds out what it holds.
func (s *server) newImport(v *visit) error {
	u, body, problem := readImport(v.Request)
	if problem != "" {
		status := http.StatusBadRequest
		if problem == "file_error.too_large" {
			status = http.StatusRequestEntityTooLarge
		}
		return s.importsWith(v, status, problem)
	}
	if !v.mayImportInto(u) {
		return s.importsWith(v, http.StatusBadRequest, "import.not_offered")
	}
	sum, size, err := s.store.PutFile(bytes.NewReader(body), maxFileBytes)
	if err != nil {
		return err
	}
	u.File.SHA256, u.File.SizeBytes, u.By = sum, size, v.person.ID
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) (err error) {
		if u, err = tx.PutUpload(ctx, u); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "import.uploaded", string(u.ID), u.File.Name)
	})
	if err != nil {
		return fmt.Errorf("keep an uploaded file: %w", err)
	}
	s.poke()
	return v.see(uploadHref(u.ID))
}

// readImport reads a file and the short fields before it.
func readImport(r *http.Request) (u study.Upload, body []byte, problem string) {
	parts, err := r.MultipartReader()
	if err != nil {
		return u, nil, "file_error.missing"
	}
	for range 20 { // our own form has four parts
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return u, nil, uploadProblem(err)
		}
		limit := int64(200)
		if part.FormName() == "file" {
			limit = maxFileBytes + 1
		}
		text, err := io.ReadAll(io.LimitReader(part, limit))
		if err != nil {
			return u, nil, uploadProblem(err)
		}
		switch part.FormName() {
		case "form":
			u.FormID = string(text)
		case "country":
			u.Country = study.ISO3(text)
		case "round":
			u.Round = string(text)
		case "file":
			u.File.Name, body = fileName(part.FileName()), text
		}
	}
	switch {
	case len(body) == 0:
		return u, nil, "file_error.missing"
	case len(body) > maxFileBytes:
		return u, nil, "file_error.too_large"
	}
	return u, body, ""
}

// mayImportInto checks what a form cannot send by itself.
func (v *visit) mayImportInto(u study.Upload) bool {
	form, country, round := u.FormID == "", u.Country == "", u.Round == ""
	for _, i := range v.study.Instruments {
		form = form || i.FormID == u.FormID
	}
	for _, c := range v.study.Countries {
		country = country || c.ISO3 == u.Country
	}
	for _, r := range v.study.Rounds {
		round = round || r.ID == u.Round
	}
	return form && country && round
}

func uploadHref(id study.UploadID) string { return "/unit/uploads/" + string(id) }

// found is what a worker wrote down about a file.
type found struct {
	Sheets []struct {
		Name, Orientation string
		HeaderRows        int `json:"header_rows"`
		Rows, Columns     int
		Encoding          string
		Delimiter         string
		DecimalMark       string `json:"decimal_mark"`
	}
	Columns []struct {
		Sheet, Column, Header, Question, How string
		Samples                              []string
		Personal                             bool
	}
	Form *struct{ ID, Title string }
	Rows struct{ Create, Change, Identical, Skip, Error int }

	Answers  int
	Problems []struct{ Sheet, Cell, Code, Text, Remedy string }
}

type uploadPage struct {
	layout
	Heading, State      string
	Waiting, Refused    bool
	Found               *found
	Action              string // of the button that stores; "" when it cannot be asked
	AskSound            bool
	BatchHref, BackHref string
}

// uploaded shows what a file holds and what storing it would do.
func (s *server) uploaded(v *visit) error {
	var u study.Upload
	err := s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		u, err = r.Upload(v.ctx(), study.UploadID(v.Param("id")))
		return err
	})
	if err != nil {
		return err
	}
	page := uploadPage{layout: s.layout(v, u.File.Name), State: v.words.T("import.upload." + string(u.State)), BackHref: "/unit/imports"}
	page.Heading = page.Title
	page.Waiting = u.State == study.UploadLooking || u.State == study.UploadStoring
	if u.Result != "" {
		page.Found = new(found)
		if err := json.Unmarshal([]byte(u.Result), page.Found); err != nil {
			return fmt.Errorf("read what upload %s holds: %w", u.ID, err)
		}
		page.Refused = page.Found.Form == nil
	}
	if page.Found != nil && !page.Refused && u.State == study.UploadSeen && page.Found.Rows.Create+page.Found.Rows.Change > 0 {
		page.Action, page.AskSound = uploadHref(u.ID)+"/store", page.Found.Rows.Error > 0
	}
	if u.Batch != "" {
		page.BatchHref = importHref(u.Batch)
	}
	return s.render(v, http.StatusOK, "unit/upload", page)
}

// storeUpload asks a worker to store a file that was looked at. With errors in it, only
// who says so gets the sound rows.
func (s *server) storeUpload(v *visit) error {
	id := study.UploadID(v.Param("id"))
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.AskUpload(ctx, id, v.PostForm("sound") == "1"); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "import.asked", string(id), "")
	})
	if err != nil {
		return err
	}
	s.poke()
	return v.see(uploadHref(id))
}
