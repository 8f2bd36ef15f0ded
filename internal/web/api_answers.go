package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

// maxChanges is how many answers one PATCH may change.
const maxChanges = 2000

type apiChange struct {
	Path   string  `json:"path"`
	Base   int     `json:"base"`
	Value  *string `json:"value"`
	Reason *string `json:"reason"`
	Note   *string `json:"note"`
}

type apiSaved struct {
	Path    string `json:"path"`
	Version int    `json:"version"`
}

// apiConflict is a stale change that waits as a proposal, beside what stands now.
type apiConflict struct {
	ID      int64     `json:"id"`
	Path    string    `json:"path"`
	Base    int       `json:"base"`
	Value   string    `json:"value"`
	Reason  string    `json:"reason,omitempty"`
	Note    string    `json:"note,omitempty"`
	Current apiAnswer `json:"current"`
}

type apiAnswer struct {
	Path    string `json:"path"`
	Version int    `json:"version"`
	Value   string `json:"value"`
	Reason  string `json:"reason,omitempty"`
	Note    string `json:"note,omitempty"`
	By      string `json:"by,omitempty"`
	Channel string `json:"channel,omitempty"`
	At      string `json:"at,omitempty"`
}

type apiState struct {
	Relevant bool        `json:"relevant"`
	Required bool        `json:"required"`
	Problem  *apiProblem `json:"problem"`
}

type apiProblem struct {
	Key  string `json:"key"`
	Text string `json:"text"`
	Path string `json:"path,omitempty"`
}

// patchAnswers stores changes to the draft that a program sends. The state tells, of
// every question sent and of every other that they affected, what applies now.
func (s *server) patchAnswers(v *visit) error {
	before, err := s.openPaper(v)
	if err != nil {
		return err
	}
	var body struct {
		Changes []apiChange `json:"changes"`
	}
	if err := v.readJSON(&body); err != nil {
		return err
	}
	if len(body.Changes) > maxChanges {
		return &study.Problem{Kind: study.TooLarge, Key: "api.too_many", Args: map[string]any{"most": maxChanges}}
	}
	if before.readOnly {
		return before.closedToMe()
	}
	changes, err := before.changesOf(body.Changes)
	if err != nil {
		return err
	}
	saved, proposals, err := s.saveChanges(v, before, changes)
	if err != nil {
		return err
	}
	after, err := s.openPaper(v)
	if err != nil {
		return err
	}
	answer := struct {
		Saved     []apiSaved          `json:"saved"`
		Conflicts []apiConflict       `json:"conflicts"`
		State     map[string]apiState `json:"state"`
	}{[]apiSaved{}, []apiConflict{}, after.changedStates(before, changes)}
	for _, one := range saved {
		answer.Saved = append(answer.Saved, apiSaved{one.Path, one.Version})
	}
	for _, one := range proposals {
		answer.Conflicts = append(answer.Conflicts, apiConflict{ID: one.ID, Path: one.Path, Base: one.Base, Value: one.Value,
			Reason: string(one.Reason), Note: one.Note, Current: apiAnswerOf(after.drafts[one.Path])})
	}
	v.JSON(http.StatusOK, answer)
	return nil
}

// closedToMe says why a return that somebody may read cannot be changed by them.
func (p *paper) closedToMe() error {
	if db.Editable(p.response.State) {
		return &study.Problem{Kind: study.Forbidden, Key: "problem.role"}
	}
	return errLocked
}

// changesOf checks what a program sent against the form. A value that its type does
// not allow is taken and reported in the state; a question that the form does not
// have, or a reason that the study does not offer, is refused.
func (p *paper) changesOf(sent []apiChange) ([]study.Change, error) {
	changes := make([]study.Change, 0, len(sent))
	seen := map[string]bool{}
	for _, c := range sent {
		if _, ok := answerNode(p.form, c.Path); !ok || seen[c.Path] || c.Base < 0 {
			return nil, &study.Problem{Kind: study.Invalid, Key: "api.no_question", Path: c.Path}
		}
		seen[c.Path] = true
		change := study.Change{Path: c.Path, Base: c.Base, Value: c.Value, Note: c.Note}
		if c.Reason != nil {
			reason := study.ReasonCode(*c.Reason)
			if !p.v.knowsReason(reason) {
				return nil, &study.Problem{Kind: study.Invalid, Key: "api.no_reason", Path: c.Path}
			}
			change.Reason = &reason
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// knowsReason reports whether a code is one of the study's missing reasons, or empty.
func (v *visit) knowsReason(code study.ReasonCode) bool {
	return code == "" || code == study.Blank ||
		slices.ContainsFunc(v.study.Reasons, func(r study.Reason) bool { return r.Code == code })
}

// answerNode is the question that an answer path names: one that people answer, with a
// key for each repeat around it and none elsewhere.
func answerNode(f *forms.Form, path string) (*forms.Node, bool) {
	segments, err := forms.ParsePath(path)
	if err != nil {
		return nil, false
	}
	n := f.Find(path)
	if n == nil || n.Kind != forms.Question || !isAsked(n) {
		return nil, false
	}
	at := n
	for i := len(segments) - 1; i >= 0; i-- {
		if at == nil || (at.Kind == forms.Repeat) != (segments[i].Key != "") {
			return nil, false
		}
		at = at.Parent
	}
	return n, at == nil
}

// saveChanges stores changes with the items that their paths name.
func (s *server) saveChanges(v *visit, p *paper, changes []study.Change) (saved []study.Saved, proposals []study.Proposal, err error) {
	if len(changes) == 0 {
		return nil, nil, nil
	}
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if err := addItemsOf(ctx, tx, p.response.ID, changes); err != nil {
			return err
		}
		saved, proposals, err = tx.SaveAnswers(ctx, p.response.ID, v.person, v.channel(), changes)
		return err
	})
	return saved, proposals, err
}

// changedStates is the state of the questions that were sent and of those that changed
// with them.
func (p *paper) changedStates(before *paper, changes []study.Change) map[string]apiState {
	states, old := map[string]apiState{}, map[string]apiState{}
	for _, st := range before.all() {
		old[st.Path] = before.apiState(st)
	}
	sent := map[string]bool{}
	for _, c := range changes {
		sent[c.Path] = true
	}
	for _, st := range p.all() {
		if st.Node.Kind == forms.Question && !isAsked(st.Node) {
			continue
		}
		now := p.apiState(st)
		was, known := old[st.Path]
		if sent[st.Path] || !known || now.Relevant != was.Relevant || now.Required != was.Required || !now.Problem.same(was.Problem) {
			states[st.Path] = now
		}
	}
	return states
}

func (p *apiProblem) same(q *apiProblem) bool {
	return (p == nil) == (q == nil) && (p == nil || p.Key == q.Key)
}

func (p *paper) apiState(st fill.State) apiState {
	state := apiState{Relevant: st.Relevant, Required: st.Required}
	if key := p.troubleAt(st); key != "" {
		state.Problem = &apiProblem{Key: problemKey(key), Text: p.troubleText(st, key)}
	}
	return state
}

func apiAnswerOf(d study.DraftAnswer) apiAnswer {
	return apiAnswer{Path: d.Path, Version: d.Version, Value: d.Value, Reason: string(d.Reason), Note: d.Note, By: d.ByName,
		Channel: string(d.Channel), At: apiTime(d.At)}
}
