package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// rules is what raw answers are read by, beside their form. Signed, recorded and imported
// answers are read by the same, so that making them again changes nothing.
type rules struct {
	study   study.Study
	options normalize.Options
	edition string // of the decisions, see unchanged
}

func readRules(ctx context.Context, r *db.Reader) (u rules, err error) {
	if u.study, err = r.Study(ctx); err != nil {
		return u, err
	}
	u.options.Institutions = u.study.Institutions
	if len(u.study.Languages) == 1 {
		u.options.Lang = u.study.Languages[0] // of answers that do not say theirs
	}
	if u.options.Decisions, err = r.Decisions(ctx, false); err != nil {
		return u, err
	}
	u.edition, err = r.DecisionEdition(ctx)
	return u, err
}

// answers are the tidy answers of a submission.
func (u rules) answers(form *forms.Form, s study.Submission) ([]study.Answer, error) {
	var snapshot study.Snapshot
	if err := json.Unmarshal(s.Snapshot, &snapshot); err != nil {
		return nil, fmt.Errorf("read snapshot of %s: %w", s.ID, err)
	}
	options := u.options
	options.Country = countryOf(u.study, s.Country)
	answers := normalize.SubmissionIn(form, options, snapshot, s.ID)
	normalize.CheckAnswers(u.study.Checks, answers)
	return answers, nil
}

// errDecided says that a decision was made or undone while answers were being read: what
// was read by the earlier ones must not be stored over what the decision's own job made.
var errDecided = errors.New("a decision was made meanwhile")

// unchanged is errDecided when the decisions are no longer those of the rules.
func (u rules) unchanged(ctx context.Context, tx *db.Tx) error {
	now, err := tx.DecisionEdition(ctx)
	if err == nil && now != u.edition {
		err = errDecided
	}
	return err
}

// untilUnchanged runs a reading and its storing again while decisions overtake it.
func untilUnchanged(ctx context.Context, do func() error) error {
	for {
		if err := do(); !errors.Is(err, errDecided) || ctx.Err() != nil {
			return err
		}
	}
}
