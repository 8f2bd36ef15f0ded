package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

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
	if u.Failed.SizeBytes > 0 && (u.State == study.UploadSeen || u.State == study.UploadStored) {
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
	case u.Read > 0 && (u.State == study.UploadLooking || u.State == study.UploadStoring && u.Batch == ""): // it is compared once more before it is stored
		return v.words.T("import.upload.read", "n", done)
	case u.State == study.UploadStoring && u.Batch != "" && total > 0:
		return v.words.T("import.upload.stored_rows", "n", done, "m", of)
	case u.State == study.UploadPaused && total > 0:
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

// beginChange opens a step for what was posted to it. The mapping is nil when the answer
// is given already: there is nothing to change yet, or somebody else decided meanwhile.
func (s *server) beginChange(v *visit, at int) (study.Upload, *found, step, *study.Mapping, error) {
	u, f, err := s.uploadOf(v)
	if err != nil {
		return u, f, step{}, nil, err
	}
	p := s.step(v, u, f, at)
	if done, err := s.unready(v, u, f, p); done {
		return u, f, p, nil, err
	}
	if v.PostForm("revision") != strconv.Itoa(u.Revision) {
		return u, f, p, nil, v.see(p.Self + "?did=looked_again")
	}
	m, err := study.ParseMapping([]byte(u.Mapping))
	if err != nil {
		return u, f, p, nil, fmt.Errorf("read mapping of upload %s: %w", u.ID, err)
	}
	return u, f, p, m, nil
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
