package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// saveSection stores what was entered on a section's page. The same address serves the
// buttons of the page and the page script's autosave.
func (s *server) saveSection(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	if p.readOnly {
		return errLocked
	}
	if !s.saves.allow(string(v.person.ID)) {
		return &study.Problem{Kind: study.TooMany, Key: "problem.too_fast"}
	}
	all, err := readFields(p.form, s.stillAsked(p.form, v.Request.PostForm))
	if err != nil {
		return err
	}
	then, argument, _ := strings.Cut(v.PostForm("then"), ":")
	if then == "clear" {
		all = cleared(all, argument)
	}
	outcome, err := s.save(v, p, changesOf(all))
	if err != nil {
		return err
	}
	if key := v.PostForm("kept"); key != "" {
		if err := s.forgetKept(v, key); err != nil {
			return err
		}
	}
	if v.wantsJSON() {
		return s.answerAutosave(v, p, all, outcome)
	}
	if err := s.markDone(v, p); err != nil {
		return err
	}
	return s.afterSave(v, p, all, then, argument)
}

// cleared empties the answer to one question, whatever was chosen (F79).
func cleared(all []typed, path string) []typed {
	for i := range all {
		if all[i].Path == path {
			all[i].Value, all[i].Touched = "", true
		}
	}
	return all
}

// afterSave sends the browser on: to the next section, to the same page when something
// there wants attention, or to what the button asked for.
func (s *server) afterSave(v *visit, before *paper, all []typed, then, argument string) error {
	path := v.Param("path")
	here := before.href("/sections" + path)
	switch then {
	case "lang":
		if err := s.chooseFor(v, argument); err != nil {
			return err
		}
		return v.see(here + "?did=language")
	case "clear":
		return v.see(here + "?did=saved#" + study.Anchor(argument))
	case "resolve":
		return s.resolve(v, before, argument, here, all)
	case "confirm":
		notice, err := s.takeOver(v, before, before.picksOf(v, argument, all))
		if err != nil {
			return err
		}
		here += "?did=" + notice
		if argument != "" {
			here += "#" + study.Anchor(argument)
		}
		return v.see(here)
	case "continue":
		p, err := s.openPaper(v)
		if err != nil {
			return err
		}
		for _, t := range all {
			if p.holds(t) {
				return v.see(here)
			}
		}
		return v.see(p.next(path))
	}
	return v.see(here + "?did=saved")
}

// holds tells an answer that the person should look at before going on: one with an error
// that the page has not shown yet (autosave may have stored it without a word, F09), or
// one that was changed into an error or a conflict.
func (p *paper) holds(t typed) bool {
	st, ok := p.in.State(t.Path)
	if !ok {
		return false
	}
	if p.errorAt(st) != "" {
		return t.Touched || !t.Warned
	}
	return t.Touched && len(p.proposals[t.Path]) > 0
}

// resolve settles a conflict: the current answer, the other one, or what the person
// wrote in the field.
func (s *server) resolve(v *visit, p *paper, argument, here string, all []typed) error {
	id, rest, _ := strings.Cut(argument, ":")
	choice, path, _ := strings.Cut(rest, ":")
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return &study.Problem{Kind: study.Invalid, Key: "problem.no_question"}
	}
	proposal, ok := p.proposal(number)
	if !ok {
		return v.see(here) // somebody settled it already
	}
	var field *typed
	for i := range all {
		if all[i].Path == path && path == proposal.Path {
			field = &all[i]
		}
	}
	if err := s.choose(v, p, proposal, choice, field); err != nil {
		return err
	}
	return v.see(here + "?did=resolved#" + study.Anchor(proposal.Path))
}

// markDone stores the answer to "Have you completed this section?" when it changed.
func (s *server) markDone(v *visit, p *paper) error {
	now, shown := v.PostForm("done"), v.PostForm("done-shown")
	if now == "" || now == shown {
		return nil
	}
	return s.setDone(v, p, v.Param("path"), now == "yes")
}

func (s *server) setDone(v *visit, p *paper, path string, done bool) error {
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error { return tx.MarkSection(ctx, p.response.ID, path, done, v.person.ID) })
	if err != nil {
		return fmt.Errorf("mark section %s: %w", path, err)
	}
	return nil
}

// autosaved is the answer to the page script. It holds what changed on the page and no
// rules: the script shows and hides, and nothing else.
type autosaved struct {
	Saved     []savedMark     `json:"saved"`
	Conflicts []conflictPatch `json:"conflicts,omitempty"`
	States    []statePatch    `json:"states"`
	Said      string          `json:"said"`
}

type savedMark struct {
	Path string `json:"path"`
	Mark string `json:"mark"`
}

type conflictPatch struct {
	ID   string `json:"id"`
	HTML string `json:"html"`
}

type statePatch struct {
	Path       string  `json:"path"`
	Relevant   bool    `json:"relevant"`
	Understood *string `json:"understood,omitempty"`
	HTML       string  `json:"html,omitempty"` // the whole question, when its words or choices changed
}

func (s *server) answerAutosave(v *visit, before *paper, all []typed, outcome saveOutcome) error {
	after, err := s.openPaper(v)
	if err != nil {
		return err
	}
	path := v.Param("path")
	if strings.HasSuffix(path, "]") {
		before.itemName = before.nameOfItem(path)
		after.itemName = before.itemName
	}
	answer := autosaved{Saved: []savedMark{}, Said: v.words.T("save.saved", "time", v.words.Clock(v.now, v.zone()))}
	sent := map[string]bool{}
	for _, t := range all {
		sent[t.Path] = true
		version := after.drafts[t.Path].Version
		if outcome.stale[t.Path] {
			version = t.Base
		}
		answer.Saved = append(answer.Saved, savedMark{t.Path, shownMark(version, t.Value, t.Reason, t.Note)})
	}
	looks := before.looks(path)
	for _, st := range after.statesUnder(path) {
		q, shown := after.entry(st, nil)
		if !shown {
			continue
		}
		patch := statePatch{Path: st.Path, Relevant: st.Relevant}
		if sent[st.Path] {
			patch.Understood = &q.Understood
			if len(q.Conflicts) > 0 {
				box, err := s.fragment(v, "conflicts", q)
				if err != nil {
					return err
				}
				answer.Conflicts = append(answer.Conflicts, conflictPatch{q.ID + "-conflict", box})
			}
		}
		if looks[st.Path] != q.look() {
			if patch.HTML, err = s.fragment(v, "question", q); err != nil {
				return err
			}
		}
		answer.States = append(answer.States, patch)
	}
	v.JSON(http.StatusOK, answer)
	return nil
}

// looks remembers how every question of a page looked, to find those that a change
// elsewhere has altered.
func (p *paper) looks(path string) map[string]string {
	looks := map[string]string{}
	for _, st := range p.statesUnder(path) {
		if q, shown := p.entry(st, nil); shown {
			looks[st.Path] = q.look()
		}
	}
	return looks
}

// look is what a reader sees of a question besides the answer itself.
func (q question) look() string {
	parts := []string{string(q.Label), string(q.Hint)}
	for _, c := range q.Choices {
		parts = append(parts, c.Value, string(c.Label))
	}
	if q.Widget == string(asCalculation) {
		parts = append(parts, q.Value)
	}
	return strings.Join(parts, "\x00")
}

// fragment renders one part of a page for the page script.
func (s *server) fragment(v *visit, name string, data any) (string, error) {
	var b bytes.Buffer
	if err := s.pages[v.lang()]["official/section"].ExecuteTemplate(&b, name, data); err != nil {
		return "", fmt.Errorf("render %s: %w", name, err)
	}
	return b.String(), nil
}
