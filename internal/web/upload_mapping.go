package web

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// putColumn changes what a mapping says about a column in each sheet where it stands.
func putColumn(m *study.Mapping, c foundColumn, change func(*study.ColumnMapping)) {
	for _, place := range c.Places {
		i := slices.IndexFunc(m.Columns, func(e study.ColumnMapping) bool {
			return e.Sheet == place.Sheet && e.Header == c.Header && e.At == place.At
		})
		if i < 0 {
			i = len(m.Columns)
			m.Columns = append(m.Columns, study.ColumnMapping{Sheet: place.Sheet, Header: c.Header, At: place.At, Question: c.Question, Role: c.Role, Choice: c.Choice, Item: c.Item})
		}
		change(&m.Columns[i])
	}
}

// mappingFile sends what becomes of the columns, to be used again on the next wave.
func (s *server) mappingFile(v *visit) error {
	u, _, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	if u.Mapping == "" {
		return v.see(uploadHref(u.ID))
	}
	name := u.File.Name
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	v.Header("Content-Disposition", disposition(name+".mapping.json"))
	v.Data(http.StatusOK, "application/json; charset=utf-8", []byte(u.Mapping))
	return nil
}

// takeMapping takes a mapping file for a file that was given.
func (s *server) takeMapping(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	p := s.step(v, u, f, 1)
	if done, err := s.unready(v, u, f, p); done {
		return err
	}
	m, problem := readMapping(v.Request)
	if problem == "" {
		if err := s.remap(v, u.ID, m); err != nil {
			return err
		}
		return v.see(p.Self)
	}
	page, err := s.columns(v, u, f, p)
	if err != nil {
		return err
	}
	page.Wrong, page.Errors = true, []link{{Href: "#mapping", Text: v.words.T(problem)}}
	return s.render(v, http.StatusBadRequest, "unit/upload_columns", page)
}

// readMapping reads the file of a form.
func readMapping(r *http.Request) (m *study.Mapping, problem string) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "file_error.missing"
	}
	part, err := parts.NextPart()
	if err != nil || part.FormName() != "mapping" || part.FileName() == "" {
		return nil, "file_error.missing"
	}
	text, err := io.ReadAll(io.LimitReader(part, maxMappingBytes))
	if err != nil {
		return nil, uploadProblem(err)
	}
	if m, err = study.ParseMapping(text); err != nil {
		return nil, "import.mapping_unreadable"
	}
	return m, ""
}

// earlierView is a file whose columns were decided before, with the same headers.
type earlierView struct {
	ID, Text string
}

// Of earlier files so many are compared, and so many offered.
const (
	earlierCompared = 30
	earlierOffered  = 3
)

// earlier finds files whose decided columns have the headers of this one.
func (s *server) earlier(v *visit, u study.Upload, f *found) ([]earlierView, error) {
	var all []study.Upload
	err := s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		all, err = r.DecidedUploads(v.ctx(), u.FormID, u.ID, earlierCompared)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for earlier mappings: %w", err)
	}
	var views []earlierView
	for _, one := range all {
		m, err := study.ParseMapping([]byte(one.Mapping))
		if err != nil || !sameHeaders(m, f) || len(views) == earlierOffered {
			continue // written by another version of the program: nothing to offer
		}
		views = append(views, earlierView{string(one.ID), one.File.Name + ", " + v.when(one.CreatedAt)})
	}
	return views, nil
}

// sameHeaders reports that a mapping knows most of the headers of a file.
func sameHeaders(m *study.Mapping, f *found) bool {
	known := map[string]bool{}
	for _, c := range m.Columns {
		known[fold(c.Header)] = true
	}
	same, all := 0, 0
	for _, c := range f.Preview.Columns {
		if c.Header == "" {
			continue
		}
		all++
		if known[fold(c.Header)] {
			same++
		}
	}
	return same > 0 && same*10 >= all*6
}

// useEarlier gives a file the mapping of an earlier one.
func (s *server) useEarlier(v *visit) error {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return err
	}
	p := s.step(v, u, f, 1)
	if done, err := s.unready(v, u, f, p); done {
		return err
	}
	offered, err := s.earlier(v, u, f)
	if err != nil {
		return err
	}
	for _, e := range offered {
		if e.ID != v.PostForm("from") {
			continue
		}
		var old study.Upload
		err := s.store.View(v.ctx(), func(r *db.Reader) (err error) {
			old, err = r.Upload(v.ctx(), study.UploadID(e.ID))
			return err
		})
		if err != nil {
			return err
		}
		m, err := study.ParseMapping([]byte(old.Mapping))
		if err != nil {
			return fmt.Errorf("read mapping of upload %s: %w", old.ID, err)
		}
		if err := s.remap(v, u.ID, m); err != nil {
			return err
		}
	}
	return v.see(p.Self)
}
