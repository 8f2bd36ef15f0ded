package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// Limits of what is given to be imported. The file goes straight to the disk, and its
// reader takes it row by row.
const (
	maxTableBytes   = 500 << 20
	maxMappingBytes = 4 << 20
	givingTakes     = 30 * time.Minute // over a slow line
)

// importForm is what the page asks for beside the file.
type importForm struct {
	Forms, Countries, Rounds []option
	Limit                    string
	Errors                   []link
}

func (v *visit) importForm(problem string) importForm {
	f := importForm{
		Forms:     []option{{"", v.words.T("import.form_of_columns"), true}},
		Countries: []option{{"", v.words.T("import.file_says"), true}},
		Rounds:    []option{{"", v.words.T("import.file_says"), true}},
		Limit:     v.words.T("import.file_hint", "mb", maxTableBytes>>20),
	}
	for _, i := range v.study.Instruments {
		f.Forms = append(f.Forms, option{Value: i.FormID, Text: v.text(i.Title) + " (" + i.FormID + ")"})
	}
	for _, c := range v.study.Countries {
		f.Countries = append(f.Countries, option{Value: string(c.ISO3), Text: v.countryName(c.ISO3)})
	}
	f.Rounds = append(f.Rounds, v.rounds("")...)
	switch problem {
	case "":
	case "import.too_large":
		f.Errors = []link{{Href: "#file", Text: v.words.T(problem, "mb", maxTableBytes>>20)}}
	case "import.mapping_unreadable":
		f.Errors = []link{{Href: "#mapping", Text: v.words.T(problem)}}
	default:
		f.Errors = []link{{Href: "#file", Text: v.words.T(problem)}}
	}
	return f
}

// newImport takes a file; a worker finds out what it holds.
func (s *server) newImport(v *visit) error {
	line := http.NewResponseController(v.Writer)
	_ = line.SetReadDeadline(time.Now().Add(givingTakes))  // a test's recorder has no line
	_ = line.SetWriteDeadline(time.Now().Add(givingTakes)) // likewise
	u, problem, err := s.readImport(v)
	if err != nil {
		return err
	}
	if problem == "" && !v.mayImportInto(u) {
		problem = "import.not_offered"
	}
	switch problem {
	case "":
	case "import.too_large":
		return s.importsWith(v, http.StatusRequestEntityTooLarge, problem)
	default:
		return s.importsWith(v, http.StatusBadRequest, problem)
	}
	u.By, u.Lang = v.person.ID, study.Lang(v.lang())
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
	return v.see(uploadHref(u.ID) + "/found")
}

// readImport reads a file and the short fields around it. The file is stored as it
// comes; problem is the message key of what is wrong with it.
func (s *server) readImport(v *visit) (u study.Upload, problem string, err error) {
	parts, err := v.Request.MultipartReader()
	if err != nil {
		return u, "file_error.missing", nil
	}
	for range 20 { // our own form has six parts
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return u, importProblem(err), nil
		}
		if problem, err = s.importPart(&u, part); problem != "" || err != nil {
			return u, problem, err
		}
	}
	if u.File.SizeBytes == 0 {
		return u, "file_error.missing", nil
	}
	return u, "", nil
}

// importPart takes one field of the form, or a file.
func (s *server) importPart(u *study.Upload, part *multipart.Part) (problem string, err error) {
	name := part.FormName()
	if name == "file" {
		return s.importFile(u, part)
	}
	limit := int64(200)
	if name == "mapping" {
		limit = maxMappingBytes
	}
	text, err := io.ReadAll(io.LimitReader(part, limit))
	if err != nil {
		return importProblem(err), nil
	}
	switch name {
	case "form":
		u.FormID = string(text)
	case "country":
		u.Country = study.ISO3(text)
	case "round":
		u.Round = string(text)
	case "blank_clears":
		u.BlankClears = string(text) == "1"
	case "mapping":
		if len(text) == 0 {
			return "", nil
		}
		if _, err := study.ParseMapping(text); err != nil {
			return "import.mapping_unreadable", nil
		}
		u.Mapping, u.Decided = string(text), true
	}
	return "", nil
}

func (s *server) importFile(u *study.Upload, part *multipart.Part) (problem string, err error) {
	if part.FileName() == "" {
		return "file_error.missing", nil
	}
	sum, size, err := s.store.PutFile(part, maxTableBytes)
	switch {
	case isKind(err, study.TooLarge), err != nil && importProblem(err) == "import.too_large":
		return "import.too_large", nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "file_error.interrupted", nil
	case err != nil:
		return "", err
	case size == 0:
		return "file_error.empty", nil
	}
	u.File = study.BatchFile{Name: fileName(part.FileName()), SHA256: sum, SizeBytes: size}
	return "", nil
}

func importProblem(err error) string {
	if uploadProblem(err) == "file_error.too_large" {
		return "import.too_large"
	}
	return "file_error.interrupted"
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
