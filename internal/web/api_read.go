package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// maxListed is how many returns one answer of the machine door lists.
const maxListed = 500

type apiResponse struct {
	ID          string `json:"id"`
	Form        string `json:"form"`
	FormVersion int    `json:"form_version"`
	Kind        string `json:"kind"`
	Country     string `json:"country"`
	Round       string `json:"round"`
	State       string `json:"state"`
	Version     int    `json:"version"`
	InstanceID  string `json:"instance_id,omitempty"`
	Title       string `json:"title,omitempty"`
	Example     bool   `json:"example,omitempty"`
	CreatedAt   string `json:"created_at"`
	UpdatedAt   string `json:"updated_at"`
}

func apiResponseOf(r study.Response) apiResponse {
	return apiResponse{ID: string(r.ID), Form: r.FormID, FormVersion: r.FormVersion, Kind: string(r.Kind), Country: string(r.Country),
		Round: r.Round, State: string(r.State), Version: r.Version, InstanceID: r.InstanceID, Title: r.Title, Example: r.Example,
		CreatedAt: apiTime(r.CreatedAt), UpdatedAt: apiTime(r.UpdatedAt)}
}

// openResponse opens a country's return of a round, or an interview under a code of its
// own. When it is there already, it is that one: 200 instead of 201.
func (s *server) openResponse(v *visit) error {
	var body struct {
		Country study.ISO3 `json:"country"`
		Round   string     `json:"round"`
		Title   string     `json:"title"`
	}
	if err := v.readJSON(&body); err != nil {
		return err
	}
	response, _, err := s.responseToOpen(v, body.Country, body.Round)
	if err != nil {
		return err
	}
	if response.Kind == study.Questionnaire && v.person.Country == "" {
		return &study.Problem{Kind: study.Forbidden, Key: "problem.role"} // only a country answers for itself
	}
	response.Title = strings.TrimSpace(body.Title)
	if response.Kind == study.InterviewKind && !isCode(response.Title) {
		return &study.Problem{Kind: study.Invalid, Key: "interview.code_wrong", Path: "title"}
	}
	opened, created, err := s.open(v, response)
	if err != nil {
		return fmt.Errorf("open a response: %w", err)
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	v.JSON(status, apiResponseOf(opened))
	return nil
}

// open begins a return or an interview, with what is known beforehand. An interview is
// known by its code.
func (s *server) open(v *visit, wanted study.Response) (opened study.Response, created bool, err error) {
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		same, err := tx.Responses(ctx, db.ResponseFilter{Kind: wanted.Kind, Country: wanted.Country, Round: wanted.Round, FormID: wanted.FormID})
		if err != nil {
			return err
		}
		at := slices.IndexFunc(same, func(r study.Response) bool { return r.InstanceID == "" && r.Title == wanted.Title })
		if at >= 0 {
			opened = same[at]
			return nil
		}
		created = true
		opened, err = beginReturn(ctx, tx, v.person, wanted)
		return err
	})
	return opened, created, err
}

// listResponses lists the returns that the person may see, by country and age.
func (s *server) listResponses(v *visit) error {
	filter := db.ResponseFilter{Kind: study.InstrumentKind(v.Query("kind")), Country: study.ISO3(v.Query("country")), Round: v.Query("round"),
		FormID: v.Query("form"), InstanceID: v.Query("instance_id")}
	if v.person.Country != "" {
		filter.Country, filter.Kind = v.person.Country, study.Questionnaire
	}
	var all []study.Response
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		all, err = r.Responses(v.ctx(), filter)
		return err
	})
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(v.DefaultQuery("from", "0"))
	if err != nil || from < 0 {
		return badJSON("api.json", "from")
	}
	page := struct {
		Responses []apiResponse `json:"responses"`
		Total     int           `json:"total"`
		Next      int           `json:"next,omitempty"` // value of from for the next page
	}{[]apiResponse{}, len(all), 0}
	for i := from; i < len(all) && i < from+maxListed; i++ {
		page.Responses = append(page.Responses, apiResponseOf(all[i]))
	}
	if from+maxListed < len(all) {
		page.Next = from + maxListed
	}
	v.JSON(http.StatusOK, page)
	return nil
}

// showResponse gives one return with its draft, the state of every question, and its
// signed versions.
func (s *server) showResponse(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	answer := struct {
		apiResponse
		Answers   []apiAnswer         `json:"answers"`
		State     map[string]apiState `json:"questions"`
		Conflicts []apiConflict       `json:"conflicts"`
		Versions  []apiSigned         `json:"versions"`
	}{apiResponseOf(p.response), []apiAnswer{}, map[string]apiState{}, []apiConflict{}, []apiSigned{}}
	for _, st := range p.all() {
		if !isAsked(st.Node) {
			continue
		}
		answer.State[st.Path] = p.apiState(st)
		for _, one := range p.proposals[st.Path] {
			answer.Conflicts = append(answer.Conflicts, apiConflict{ID: one.ID, Path: one.Path, Base: one.Base, Value: one.Value,
				Reason: string(one.Reason), Note: one.Note, Current: apiAnswerOf(p.drafts[one.Path])})
		}
	}
	for _, path := range sortedKeys(p.drafts) {
		answer.Answers = append(answer.Answers, apiAnswerOf(p.drafts[path]))
	}
	for _, sub := range p.versions {
		answer.Versions = append(answer.Versions, s.apiSigned(p, sub))
	}
	v.JSON(http.StatusOK, answer)
	return nil
}

// showReport tells how far a report is, and where its workbook is when it is done.
func (s *server) showReport(v *visit) error {
	var t study.Report
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		t, err = r.Report(v.ctx(), study.ReportID(v.Param("id")))
		return err
	})
	if err != nil {
		return err
	}
	v.JSON(http.StatusOK, s.apiReport(v, t))
	return nil
}

type apiReport struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Lang      string `json:"lang"`
	Round     string `json:"round,omitempty"`
	State     string `json:"state"`
	Progress  int    `json:"progress"`
	Text      string `json:"text"`
	FileName  string `json:"file_name,omitempty"`
	SizeBytes int64  `json:"size_bytes,omitempty"`
	SHA256    string `json:"sha256,omitempty"`
	File      string `json:"file,omitempty"`
	Failure   string `json:"failure,omitempty"`
	CreatedAt string `json:"created_at"`
	DoneAt    string `json:"done_at,omitempty"`
}

func (s *server) apiReport(v *visit, t study.Report) apiReport {
	a := apiReport{ID: string(t.ID), Name: t.Name, Lang: string(t.Lang), Round: t.Round, State: string(t.State), Progress: t.Progress,
		Text: v.reportText(t), FileName: t.FileName, SizeBytes: t.SizeBytes, SHA256: t.SHA256, Failure: t.Failure,
		CreatedAt: apiTime(t.CreatedAt), DoneAt: apiTime(t.DoneAt)}
	if t.State == study.Done {
		a.File = s.base.String() + reportHref(t.ID) + "/file"
	}
	return a
}
