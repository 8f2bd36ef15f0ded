package web

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// reopen gives a signed return, or a recorded interview, back for corrections. The
// reason is shown to those who answer.
func (s *server) reopen(v *visit, p *paper, reason string) error {
	switch p.response.State {
	case study.Signed, study.InReview, study.Accepted, study.Recorded:
	default:
		return &study.Problem{Kind: study.Conflict, Key: "response.state"}
	}
	if p.response.InstanceID != "" {
		return &study.Problem{Kind: study.Conflict, Key: "response.received"} // it has no draft to correct
	}
	return s.move(v, p, study.Reopened, "return.reopened", reason)
}

// accept ends the life of a signed return.
func (s *server) accept(v *visit, p *paper) error {
	if p.response.State != study.Signed && p.response.State != study.InReview {
		return &study.Problem{Kind: study.Conflict, Key: "response.state"}
	}
	return s.move(v, p, study.Accepted, "return.accepted", "")
}

func (s *server) move(v *visit, p *paper, to study.State, action, reason string) error {
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.SetState(ctx, p.response.ID, p.response.State, to, v.person.ID, reason); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, action, string(p.response.ID), "")
	})
	if err != nil {
		return fmt.Errorf("move %s to %s: %w", p.response.ID, to, err)
	}
	return nil
}

// code is how an interview is called: never by a person's name (domain: identity is
// kept apart).
var code = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

func isCode(text string) bool { return code.MatchString(text) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
