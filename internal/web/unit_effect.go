package web

import (
	"errors"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// effectShown is how many answers a preview names, effectCounted how many it looks at:
// beyond, it says that there are more.
const (
	effectShown   = 20
	effectCounted = 2_000
)

// effectView is what a decision would change.
type effectView struct {
	Meaning, Scope, Counts string
	Rows                   []effectRow
	Rest                   string  // how many more there are, in words
	Fields                 []field // hidden, so that what was seen is what is decided
}

type effectRow struct{ Href, Country, Question, Raw, Now string }

// effectOf finds the answers that a decision would read otherwise. It changes nothing.
func (s *server) effectOf(v *visit, d *doubt, decision study.Decision) (*effectView, error) {
	view := &effectView{Meaning: d.meaning(v, decision.Code, decision.Reason), Scope: v.scope(decision)}
	meaning := "code:" + decision.Code
	if decision.Reason != "" {
		meaning = "reason:" + string(decision.Reason)
	}
	view.Fields = []field{{"meaning", meaning}, {"countries", v.PostForm("countries")}, {"langs", v.PostForm("langs")}, {"then", "decide"}}
	countries, count, more := map[study.ISO3]bool{}, 0, false
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		found, cut, err := s.sayingSo(v, r, decision)
		if err != nil {
			return err
		}
		more = cut
		all, err := s.laidOut(v, r, found)
		for _, one := range all {
			if !one.movedBy(decision) {
				continue
			}
			countries[one.Country] = true
			if count++; count <= effectShown {
				view.Rows = append(view.Rows, effectRow{one.href(), v.countryName(one.Country), one.question(v), shorten(one.Raw, 100), one.understood(v)})
			}
		}
		return err
	})
	view.Counts = v.words.N("decision.effect", count, "m", len(countries))
	switch {
	case more:
		view.Rest = v.words.T("decision.at_least")
	case count > effectShown:
		view.Rest = v.words.N("decision.rest", count-effectShown)
	}
	return view, err
}

var errEnough = errors.New("enough")

// sayingSo lists the answers that count and have the text of a decision, to questions of
// its kind; more tells that there were too many to look at.
func (s *server) sayingSo(v *visit, r *db.Reader, d study.Decision) (found []db.Doubt, more bool, err error) {
	questions, err := s.questionsOf(v, r, d.Kind)
	if err != nil {
		return nil, false, err
	}
	for _, q := range questions {
		texts, err := r.TextsTo(v.ctx(), q, d.Country, 0, func(raw string) bool { return normalize.Key(raw) == d.Text })
		if err != nil {
			return nil, false, err
		}
		err = r.EachAnswerTo(v.ctx(), q, d.Country, texts, 0, func(a db.Doubt, _ int64) error {
			if !a.Newest {
				return nil
			}
			if len(found) == effectCounted {
				return errEnough
			}
			found = append(found, a)
			return nil
		})
		if errors.Is(err, errEnough) {
			return found, true, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
	return found, false, nil
}

// questionsOf lists the questions of every form that decisions of a kind are about.
func (s *server) questionsOf(v *visit, r *db.Reader, kind string) ([]db.Question, error) {
	all, err := r.Forms(v.ctx())
	if err != nil {
		return nil, err
	}
	var questions []db.Question
	seen := map[db.Question]bool{}
	for _, f := range all {
		c, err := s.plan(v.ctx(), r, f.FormID, f.Version)
		if err != nil {
			return nil, err
		}
		for _, path := range normalize.QuestionsOf(c.form, kind) {
			if q := (db.Question{FormID: f.FormID, Path: path}); !seen[q] {
				seen[q] = true
				questions = append(questions, q)
			}
		}
	}
	return questions, nil
}

// movedBy reports whether a decision would give the answer another value.
func (d *doubt) movedBy(decision study.Decision) bool {
	if d.node == nil || d.NotAsked || decision.Lang != "" && decision.Lang != d.language {
		return false
	}
	o := d.options
	o.Decisions = []study.Decision{decision}
	for _, one := range d.ever {
		same := one.Kind == decision.Kind && one.Country == decision.Country && one.Lang == decision.Lang && one.Text == decision.Text
		if one.UndoneAt.IsZero() && !same { // the same one ends with the new one
			o.Decisions = append(o.Decisions, one)
		}
	}
	r := normalize.ValueIn(d.form, d.node, o, d.Raw)
	return r.Text != d.Text || r.Kind != d.Kind || r.Reason != d.Answer.Reason || contains(r.Flags, normalize.Review) != contains(d.Flags, normalize.Review)
}
