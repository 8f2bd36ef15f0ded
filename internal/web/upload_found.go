package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// found is what a worker wrote down about a file.
type found struct {
	Sheets   []sheetFound
	Form     *foundForm
	Rows     struct{ Create, Change, Identical, Skip, Error int }
	Answers  int
	Problems []foundProblem
	Says     []struct { // of each problem, for every language
		Key   string
		Args  map[string]string
		Error bool
	}
	Preview *struct {
		Sheets []struct {
			HeaderRow int `json:"header_row"`
			Sample    []struct {
				Row    int
				Header bool
				Cells  []string
			}
		}
		Columns   []foundColumn
		Questions []foundQuestion
	}
}

type sheetFound struct {
	Name        string
	Orientation study.Orientation
	HeaderRows  int `json:"header_rows"`
	Rows        int
	Columns     int
	Encoding    string
	Delimiter   string
	DecimalMark string `json:"decimal_mark"`
	Country     study.ISO3
	Repeat      string
	Passed      int
}

type foundForm struct {
	ID, Title string
	Inferred  bool
}

// foundProblem is one remark. Lang is set when its words are in another language than the
// page; Error, when its row cannot be taken.
type foundProblem struct {
	Sheet, Cell, Code, Text, Remedy, Lang string
	Error                                 bool
}

// translate says the remarks in the language of the page. Those of other readers have
// words in English, and elsewhere what the catalog says of their kind.
func (f *found) translate(words *i18n.Catalog) {
	for i := range f.Problems {
		p := &f.Problems[i]
		p.Error = i < len(f.Says) && f.Says[i].Error
		if words.Lang() == i18n.Fallback {
			continue
		}
		p.Lang = i18n.Fallback
		if i >= len(f.Says) || !words.Has("legacy."+f.Says[i].Key) {
			continue
		}
		args := make([]any, 0, 2*len(f.Says[i].Args))
		for name, value := range f.Says[i].Args {
			args = append(args, name, value)
		}
		p.Text, p.Remedy, p.Lang = words.T("legacy."+f.Says[i].Key, args...), words.T("legacy."+f.Says[i].Key+".do", args...), ""
	}
}

// foundColumn is one column, or those of several sheets that are alike.
type foundColumn struct {
	Header, Question, How string
	Role                  study.ColumnRole
	Choice, Item          string
	Personal              bool
	Filled                int
	Samples               []string
	Places                []struct{ Sheet, Column, At string }
	Texts                 []foundText
	Many                  bool
}

// foundText is one text of a column of choices or countries.
type foundText struct {
	Text  string
	Count int
	Code  string // "" when it is to be decided
	Near  string
	Said  bool
}

type foundQuestion struct {
	Path, Type, Label, Repeat string
	Choices                   []struct{ Code, Label string }
}

// total is how many responses the file holds.
func (f *found) total() int {
	return f.Rows.Create + f.Rows.Change + f.Rows.Identical + f.Rows.Skip + f.Rows.Error
}

// question finds a question of the form by its path; nil for none.
func (f *found) question(path string) *foundQuestion {
	for i := range f.Preview.Questions {
		if q := &f.Preview.Questions[i]; q.Path == path {
			return q
		}
	}
	return nil
}

func uploadHref(id study.UploadID) string { return "/unit/uploads/" + string(id) }

// uploadOf reads the file of this address and what was found in it; found is nil before a
// worker has looked.
func (s *server) uploadOf(v *visit) (u study.Upload, f *found, err error) {
	err = s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		u, err = r.Upload(v.ctx(), study.UploadID(v.Param("id")))
		return err
	})
	if err != nil || u.Result == "" {
		return u, nil, err
	}
	f = new(found)
	if err := json.Unmarshal([]byte(u.Result), f); err != nil {
		return u, nil, fmt.Errorf("read what upload %s holds: %w", u.ID, err)
	}
	f.translate(v.words)
	return u, f, nil
}

// step is what every page of an import shows around its own content.
type step struct {
	layout
	ID                      study.UploadID
	Heading, File, Self     string
	Count                   string // "Step 3 of 6"
	Steps                   []navLink
	BackHref                string
	State                   string
	Waiting, Resting        bool // a worker is at it; nobody is until told
	Storing, Cancelling     bool
	Percent                 int
	Refused                 bool
	Problems                []foundProblem // of a file that is refused
	CanChange               bool           // columns and values may still be decided
	GivenUp                 bool           // the work failed too often; Failure says why
	Failure                 string
	MappingHref, FailedHref string
	Errors                  []link
}

// steps are the pages of an import, in their order; the first is giving the file and the
// last the batch.
var steps = []struct{ key, path string }{
	{"import.step.found", "/found"}, {"import.step.columns", "/columns"}, {"import.step.values", "/values"}, {"import.step.try", ""},
}

// step fills in what pages of an import have around their content. At is the page's place
// in steps.
func (s *server) step(v *visit, u study.Upload, f *found, at int) step {
	self := uploadHref(u.ID)
	p := step{ID: u.ID, File: u.File.Name, Self: self + steps[at].path, BackHref: "/unit/imports"}
	p.Heading = v.words.T(steps[at].key)
	p.Count = v.words.T("import.step_of", "n", at+2, "m", len(steps)+2)
	p.layout = s.layout(v, p.Count+": "+p.Heading)
	p.State = v.uploadState(u, f)
	p.Waiting = u.State == study.UploadLooking || u.State == study.UploadStoring
	p.Storing, p.Resting, p.Cancelling = u.State == study.UploadStoring, u.State == study.UploadPaused, u.State == study.UploadCancelling
	p.Percent = percentOf(u, f)
	if p.Waiting {
		p.Failure, p.GivenUp = s.givenUp(v, u.ID)
		p.Waiting = !p.GivenUp
	}
	if f == nil {
		return p
	}
	p.Refused = f.Form == nil
	if p.Refused {
		p.Problems = f.Problems
		return p
	}
	p.CanChange = f.Preview != nil && u.State == study.UploadSeen
	for i, one := range steps {
		p.Steps = append(p.Steps, navLink{Href: self + one.path, Text: v.words.T(one.key), Current: i == at})
	}
	if u.Mapping != "" {
		p.MappingHref = self + "/mapping"
	}
	if u.Failed.SizeBytes > 0 && u.State == study.UploadSeen {
		p.FailedHref = self + "/failed"
	}
	return p
}

// givenUp tells why the work on a file was given up.
func (s *server) givenUp(v *visit, id study.UploadID) (reason string, given bool) {
	err := s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		reason, given, err = r.UploadGivenUp(v.ctx(), id)
		return err
	})
	if err != nil {
		s.log.Error("look whether an upload was given up", "err", err) // the page can do without
	}
	return v.failureText(reason), given
}

func percentOf(u study.Upload, f *found) int {
	if f == nil || f.total() == 0 {
		return 0
	}
	return min(99, u.Read*100/f.total())
}

// uploadState says how far a file is.
func (v *visit) uploadState(u study.Upload, f *found) string {
	total := 0
	if f != nil {
		total = f.total()
	}
	done, of := v.words.Number(float64(u.Read)), v.words.Number(float64(total))
	switch {
	case u.State == study.UploadLooking && u.Read > 0:
		return v.words.T("import.upload.read", "n", done)
	case u.State == study.UploadStoring && u.Batch != "":
		return v.words.T("import.upload.stored_rows", "n", done, "m", of)
	case u.State == study.UploadPaused:
		return v.words.T("import.upload.resting", "n", done, "m", of)
	}
	return v.words.T("import.upload." + string(u.State))
}

// unready answers a step's page when it has nothing to show yet: how far the file is, as a
// page or for the page script. It reports whether it answered.
func (s *server) unready(v *visit, u study.Upload, f *found, p step) (bool, error) {
	switch {
	case v.wantsJSON():
		state := "done"
		if p.Waiting {
			state = "running"
		}
		v.JSON(http.StatusOK, map[string]any{"state": state, "progress": p.Percent, "text": p.State})
		return true, nil
	case p.CanChange:
		return false, nil
	case f != nil && f.Form != nil && u.State != study.UploadLooking:
		return true, v.see(uploadHref(u.ID)) // there it is stored, or told how far that is
	}
	return true, s.render(v, http.StatusOK, "unit/upload_wait", struct{ step }{p})
}

// remap keeps a changed mapping and lets a worker look again.
func (s *server) remap(v *visit, id study.UploadID, m *study.Mapping) error {
	for i := range m.Columns {
		m.Columns[i].How = "" // the suggestion's reason is not that of a decision
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.DecideUpload(ctx, id, string(text)); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "import.decided", string(id), "")
	})
	if err == nil {
		s.poke()
	}
	return err
}
