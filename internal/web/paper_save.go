package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// saveOutcome says what became of the changes of one save.
type saveOutcome struct {
	stale map[string]bool // answer paths that became proposals
}

// save stores changes of one person. It answers after the commit.
func (s *server) save(v *visit, p *paper, changes []study.Change) (saveOutcome, error) {
	outcome := saveOutcome{stale: map[string]bool{}}
	if len(changes) == 0 {
		return outcome, nil
	}
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		_, proposals, err := tx.SaveAnswers(ctx, p.response.ID, v.person, v.channel(), changes)
		for _, one := range proposals {
			outcome.stale[one.Path] = true
		}
		return err
	})
	if err != nil {
		return outcome, fmt.Errorf("save answers of %s: %w", p.response.ID, err)
	}
	return outcome, nil
}

// channel is the door that the visitor came through.
func (v *visit) channel() study.Channel {
	if v.machine {
		return study.API
	}
	return study.Web
}

// choose settles a conflict with the current answer, the proposed one, or what stands
// in the field.
func (s *server) choose(v *visit, p *paper, proposal study.Proposal, choice string, field *typed) error {
	var chosen *study.Change
	switch {
	case choice == "proposed":
		chosen = &study.Change{Value: &proposal.Value, Reason: &proposal.Reason, Note: &proposal.Note}
	case choice == "combined" && field != nil:
		reason := study.ReasonCode(field.Reason)
		chosen = &study.Change{Value: &field.Value, Reason: &reason, Note: &field.Note}
	}
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error { return tx.Resolve(ctx, p.response.ID, proposal.Path, v.person, chosen) })
	if err != nil {
		return fmt.Errorf("settle %s of %s: %w", proposal.Path, p.response.ID, err)
	}
	return nil
}

// snapshot freezes the return as it stands: every question of the form in document
// order with its answer, its reason, or the mark that it was not asked. Answers of
// hidden questions stay in the history only (F92).
func (p *paper) snapshot() study.Snapshot {
	snap := study.Snapshot{FormID: p.response.FormID, FormVersion: p.response.FormVersion, Country: p.response.Country, Round: p.response.Round,
		Lang: study.Lang(p.v.lang())}
	for _, st := range p.all() {
		if st.Node.Kind != forms.Question || (!isAsked(st.Node) && st.Node.Type != "calculate") {
			continue
		}
		draft := p.drafts[st.Path]
		e := study.Entry{Path: st.Path}
		switch {
		case !st.Relevant:
			e.NotAsked = true
		case st.Node.Type == "calculate":
			e.Value = st.Value
		default:
			e.Value, e.Reason, e.Note, e.Version, e.Channel = draft.Value, draft.Reason, draft.Note, draft.Version, draft.Channel
			e.Lang = p.writtenIn(draft)
		}
		snap.Entries = append(snap.Entries, e)
		if !e.NotAsked {
			snap.Attachments = append(snap.Attachments, p.files[st.Path]...)
		}
	}
	for _, i := range p.items {
		if i.RemovedAt.IsZero() {
			snap.Items = append(snap.Items, i)
		}
	}
	return snap
}

// writtenIn is the language of whoever typed an answer, where it is not the signer's. What
// was filled in beforehand was typed by nobody here.
func (p *paper) writtenIn(d study.DraftAnswer) study.Lang {
	if d.Value == "" && d.Note == "" || d.Channel == study.Prefill || d.Channel == study.Import || d.ByLang == study.Lang(p.v.lang()) {
		return ""
	}
	return d.ByLang
}

// frozen is the canonical form of a snapshot and its hash.
func frozen(snap study.Snapshot) (body []byte, hash string, err error) {
	if body, err = json.Marshal(snap); err != nil {
		return nil, "", fmt.Errorf("encode snapshot: %w", err)
	}
	sum := sha256.Sum256(body)
	return body, hex.EncodeToString(sum[:]), nil
}

// signReturn stores the signature and promises the normalization, provided that
// nothing changed since the return was evaluated.
func (s *server) signReturn(v *visit, p *paper, name, post, token string) (study.Submission, error) {
	body, hash, err := frozen(p.snapshot())
	if err != nil {
		return study.Submission{}, err
	}
	state := study.Signed
	if p.response.Kind == study.InterviewKind {
		state = study.Recorded
	}
	sub := study.Submission{ResponseID: p.response.ID, State: state, Hash: hash, SignedBy: v.person.ID, SignedName: name,
		SignedPost: post, Channel: v.channel(), Snapshot: body}
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		now := &paper{drafts: map[string]study.DraftAnswer{}}
		drafts, err := tx.DraftAnswers(ctx, p.response.ID)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			now.drafts[d.Path] = d
		}
		if now.items, err = tx.Items(ctx, p.response.ID, true); err != nil {
			return err
		}
		proposals, err := tx.Proposals(ctx, p.response.ID)
		if err != nil {
			return err
		}
		if len(proposals) > 0 || now.seen() != p.seen() {
			return errChangedMeanwhile
		}
		signed, first, err := tx.Submit(ctx, sub, token)
		if err != nil {
			return err
		}
		sub = signed
		if !first {
			return nil
		}
		return tx.Log(ctx, v.person.ID, "return.signed", string(sub.ID), reference(sub))
	})
	if err != nil {
		return sub, err
	}
	s.poke()
	return sub, nil
}

var errChangedMeanwhile = &study.Problem{Kind: study.Conflict, Key: "problem.changed_since"}

// signedBefore finds the version that a page token already made.
func (s *server) signedBefore(v *visit, p *paper, token string) (int, bool, error) {
	if !p.readOnly || strings.TrimSpace(token) == "" {
		return 0, false, nil
	}
	version := 0
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		response, err := tx.Response(ctx, p.response.ID)
		if err != nil || db.Editable(response.State) {
			return err // open again meanwhile: the token, if it signed, signed an older version
		}
		old, _, err := tx.Submit(ctx, study.Submission{ResponseID: p.response.ID}, token)
		version = old.Version
		return err
	})
	if isKind(err, study.Conflict) {
		return 0, false, nil
	}
	return version, version > 0, err
}
