package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// maxInstanceID is the longest name that a program may give to a set of answers.
const maxInstanceID = 200

// received is a whole set of answers that a program sends at once.
type received struct {
	InstanceID string                 `json:"instance_id"`
	Country    study.ISO3             `json:"country"`
	Round      string                 `json:"round"`
	Title      string                 `json:"title"` // of an interview
	Answers    map[string]apiAnswered `json:"answers"`
}

// apiAnswered is one answer: a text, a number, or an object with value, reason and note.
type apiAnswered struct {
	Value  string `json:"value"`
	Reason string `json:"reason"`
	Note   string `json:"note"`
}

// UnmarshalJSON takes the short forms too. Numbers keep the digits they came with.
func (a *apiAnswered) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		return nil
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, &a.Value)
	case len(b) > 0 && b[0] == '{':
		type plain apiAnswered
		d := json.NewDecoder(bytes.NewReader(b)) // a method of one's own loses the strictness of the decoder around it
		d.DisallowUnknownFields()
		return d.Decode((*plain)(a))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return errors.New("an answer is a text, a number or an object")
	}
	a.Value = n.String()
	return nil
}

// postSubmission takes a whole set of answers. The instance id makes it safe to send
// again: 201 the first time, 200 for the same content, 409 for other content.
func (s *server) postSubmission(v *visit) error {
	var body received
	if err := v.readJSON(&body); err != nil {
		return err
	}
	if body.InstanceID == "" || len(body.InstanceID) > maxInstanceID {
		return &study.Problem{Kind: study.Invalid, Key: "api.instance_id", Path: "instance_id"}
	}
	response, c, err := s.responseToOpen(v, body.Country, body.Round)
	if err != nil {
		return err
	}
	response.InstanceID, response.Title = body.InstanceID, body.Title
	snap, problems, err := s.judge(v, c, response, body.Answers)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return refuseAnswers(v, problems)
	}
	content, hash, err := frozen(snap)
	if err != nil {
		return err
	}
	sub := study.Submission{State: study.Legacy, Hash: hash, SignedBy: v.person.ID, Channel: study.API, Snapshot: content}
	if response.Kind == study.InterviewKind {
		sub.State = study.Recorded
	}
	first := false
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		sub, first, err = tx.Receive(ctx, response, sub)
		return err
	})
	if err != nil {
		return fmt.Errorf("receive %s: %w", body.InstanceID, err)
	}
	s.showReceived(v, sub, first)
	return nil
}

func (s *server) showReceived(v *visit, sub study.Submission, first bool) {
	status := http.StatusOK
	if first {
		status = http.StatusCreated
		s.poke()
	}
	v.JSON(status, struct {
		ID         string `json:"id"`
		Response   string `json:"response"`
		InstanceID string `json:"instance_id"`
		Version    int    `json:"version"`
		State      string `json:"state"`
		Hash       string `json:"hash"`
	}{string(sub.ID), string(sub.ResponseID), sub.InstanceID, sub.Version, string(sub.State), sub.Hash})
}

// responseToOpen checks form, country and round of the address and body against the
// study and against what the person may do there.
func (s *server) responseToOpen(v *visit, country study.ISO3, round string) (study.Response, *compiled, error) {
	none := study.Response{}
	at := slices.IndexFunc(v.study.Instruments, func(i study.Instrument) bool { return i.FormID == v.Param("form") })
	if at < 0 {
		return none, nil, errNoPage
	}
	kind := v.study.Instruments[at].Kind
	if v.person.Country != "" && (kind != study.Questionnaire || country != v.person.Country) {
		return none, nil, v.stranger()
	}
	if !slices.ContainsFunc(v.study.Countries, func(c study.Country) bool { return c.ISO3 == country }) {
		return none, nil, &study.Problem{Kind: study.Invalid, Key: "api.no_country", Path: "country"}
	}
	if !slices.ContainsFunc(v.study.Rounds, func(r study.Round) bool { return r.ID == round }) {
		return none, nil, &study.Problem{Kind: study.Invalid, Key: "api.no_round", Path: "round"}
	}
	var c *compiled
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		c, err = s.plan(v.ctx(), r, v.Param("form"), 0)
		return err
	})
	if err != nil {
		return none, nil, err
	}
	return study.Response{FormID: v.Param("form"), FormVersion: c.version, Kind: kind, Country: country, Round: round,
		Example: v.person.Example}, c, nil
}

// judge lets the evaluator read the answers and freezes them in document order. Values
// that their type or constraint refuses, and paths that the form does not have, come
// back as problems. A missing answer is none: nobody declares here that all is said.
func (s *server) judge(v *visit, c *compiled, response study.Response, answers map[string]apiAnswered) (study.Snapshot, []apiProblem, error) {
	v.response = response
	p := &paper{v: v, lang: v.lang(), response: response, form: c.form, numbers: c.numbers, drafts: make(map[string]study.DraftAnswer, len(answers))}
	var problems []apiProblem
	paths := make([]string, 0, len(answers))
	for path := range answers {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	drafts := make([]study.DraftAnswer, 0, len(answers))
	for _, path := range paths {
		a := answers[path]
		switch _, ok := answerNode(c.form, path); {
		case !ok:
			problems = append(problems, apiProblem{Key: "api.no_question", Text: v.words.T("api.no_question"), Path: path})
			continue
		case !v.knowsReason(study.ReasonCode(a.Reason)):
			problems = append(problems, apiProblem{Key: "api.no_reason", Text: v.words.T("api.no_reason"), Path: path})
			continue
		}
		d := study.DraftAnswer{Path: path, Value: a.Value, Reason: study.ReasonCode(a.Reason), Note: a.Note, Channel: study.API}
		p.drafts[path] = d
		drafts = append(drafts, d)
	}
	if len(problems) > 0 {
		return study.Snapshot{}, problems, nil
	}
	p.items = itemsOf(paths)
	if err := p.evaluate(c.plan, drafts); err != nil {
		return study.Snapshot{}, nil, err
	}
	for _, st := range p.all() {
		if key := p.troubleAt(st); key != "" && key != "answer_error.required" {
			problems = append(problems, apiProblem{Key: problemKey(key), Text: p.troubleText(st, key), Path: st.Path})
		}
	}
	snap := p.snapshot()
	snap.Lang = ""                   // a program does not say in which language people answered it
	for i, e := range snap.Entries { // a draft keeps what is hidden in its history; this has only the snapshot
		if a, sent := answers[e.Path]; sent && e.NotAsked {
			snap.Entries[i].Value, snap.Entries[i].Reason, snap.Entries[i].Note = a.Value, study.ReasonCode(a.Reason), a.Note
		}
	}
	return snap, problems, nil
}

// itemsOf lists the repeat items that sorted answer paths name. Keys that are numbers
// count: "[2]" comes before "[10]".
func itemsOf(paths []string) []study.Item {
	var items []study.Item
	seen := map[string]bool{}
	for _, path := range paths {
		for at, r := range path {
			if r != ']' || seen[path[:at]] {
				continue
			}
			seen[path[:at]] = true
			open := strings.LastIndexByte(path[:at], '[')
			items = append(items, study.Item{Repeat: path[:open], Key: path[open+1 : at]})
		}
	}
	slices.SortStableFunc(items, func(a, b study.Item) int {
		if n := strings.Compare(a.Repeat, b.Repeat); n != 0 {
			return n
		}
		return compareKeys(a.Key, b.Key)
	})
	order := map[string]int{}
	for i := range items {
		order[items[i].Repeat]++
		items[i].Order = order[items[i].Repeat]
	}
	return items
}

func compareKeys(a, b string) int {
	if isNumber(a) && isNumber(b) && len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }

func refuseAnswers(v *visit, problems []apiProblem) error {
	var body struct {
		machineError
		Problems []apiProblem `json:"problems"`
	}
	body.Problems = problems
	body.Error.Key, body.Error.Text, body.Error.Path = problems[0].Key, problems[0].Text, problems[0].Path
	v.JSON(http.StatusBadRequest, body)
	return nil
}

func apiTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
