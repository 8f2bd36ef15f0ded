package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// doubtsListed is how many doubtful answers one page of the list shows, and offersShown
// how many readings of each.
const (
	doubtsListed = 50
	offersShown  = 3
)

type doubtsPage struct {
	layout
	Heading, Total    string
	Countries, Rounds []option
	Rows              []doubtRow
	NextHref          string
	Decisions         string // how many decisions hold
}

// doubtRow is one answer that waits for a person.
type doubtRow struct {
	Href, Country, Round, Question, Raw, Lang string
	Why, Offers                               []string
}

// doubt is a stored answer with all that is needed to say what it may mean.
type doubt struct {
	db.Doubt
	form     *forms.Form
	node     *forms.Node
	numbers  numbering
	options  normalize.Options
	ever     []study.Decision // also those that ended
	language study.Lang       // in which it was written, "" when unknown
}

// doubts lists the answers whose meaning nobody has decided.
func (s *server) doubts(v *visit) error {
	filter := db.DoubtFilter{Country: study.ISO3(v.Query("country")), Round: v.Query("round")}
	page := doubtsPage{layout: s.layout(v, v.words.T("doubt.title")), Countries: v.countryOptions(filter.Country), Rounds: v.rounds(filter.Round)}
	page.Heading = page.Title
	from := v.from()
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		count, err := r.CountDoubts(v.ctx(), filter)
		if err != nil {
			return err
		}
		page.Total = v.words.N("doubt.count", count)
		if from+doubtsListed < count {
			page.NextHref = v.nextPage(from + doubtsListed)
		}
		all, err := r.Doubts(v.ctx(), filter, doubtsListed, from)
		if err != nil {
			return err
		}
		found, err := s.laidOut(v, r, all)
		for _, d := range found {
			page.Rows = append(page.Rows, d.row(v))
			page.Decisions = v.words.N("decision.count", holding(d.ever))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list doubtful answers: %w", err)
	}
	return s.render(v, http.StatusOK, "unit/doubts", page)
}

func holding(ever []study.Decision) (n int) {
	for _, d := range ever {
		if d.UndoneAt.IsZero() {
			n++
		}
	}
	return n
}

// laidOut finds out what belongs to each answer: its question, its language, and what
// was decided before. Answers of a submission stand together, so each is read once.
func (s *server) laidOut(v *visit, r *db.Reader, all []db.Doubt) ([]doubt, error) {
	ever, err := r.Decisions(v.ctx(), true)
	if err != nil {
		return nil, err
	}
	var found []doubt
	var snap study.Snapshot
	for i, one := range all {
		if i == 0 || one.SubmissionID != all[i-1].SubmissionID {
			if snap, err = snapshotAt(v.ctx(), r, one.SubmissionID); err != nil {
				return nil, err
			}
		}
		c, err := s.plan(v.ctx(), r, one.FormID, one.FormVersion)
		if err != nil {
			return nil, err
		}
		d := doubt{Doubt: one, form: c.form, node: c.form.Find(one.Path), numbers: c.numbers, ever: ever, language: languageOf(snap, one.Path)}
		d.options = normalize.Options{Country: v.country(one.Country), Lang: d.language, Institutions: v.study.Institutions}
		found = append(found, d)
	}
	return found, nil
}

func snapshotAt(ctx context.Context, r *db.Reader, id study.SubmissionID) (snap study.Snapshot, err error) {
	sub, err := r.Submission(ctx, id)
	if err == nil {
		err = json.Unmarshal(sub.Snapshot, &snap)
	}
	if err != nil {
		return snap, fmt.Errorf("read snapshot of %s: %w", id, err)
	}
	return snap, nil
}

// languageOf is the language in which an answer was written, "" when nothing tells.
func languageOf(snap study.Snapshot, path string) study.Lang {
	for _, e := range snap.Entries {
		if e.Path == path {
			return snap.LangOf(e, "")
		}
	}
	return snap.Lang
}

func (d *doubt) href() string { return "/unit/doubts/" + string(d.SubmissionID) + escapedPath(d.Path) }

func (d *doubt) row(v *visit) doubtRow {
	row := doubtRow{Href: d.href(), Country: v.countryName(d.Country), Round: d.Round, Question: d.question(v), Raw: shorten(d.Raw, 200),
		Lang: v.languageName(d.language), Why: d.why(v)}
	for _, o := range d.offers() {
		if len(row.Offers) < offersShown {
			row.Offers = append(row.Offers, d.meaning(v, o.Code, o.Reason))
		}
	}
	return row
}

// question is the number and label of the question.
func (d *doubt) question(v *visit) string {
	if d.node == nil {
		return d.Path
	}
	label, _ := d.node.Label.In(d.form, v.lang())
	return strings.TrimSpace(d.numbers[d.node.Path] + " " + shorten(plainText(label), 100))
}

// why says in words what makes an answer doubtful. A cross-field check says it itself.
func (d *doubt) why(v *visit) []string {
	var why []string
	for _, flag := range d.Flags {
		key := "doubt.why." + strings.ToLower(flag)
		switch {
		case flag == normalize.Review:
		case v.words.Has(key):
			why = append(why, v.words.T(key))
		default:
			why = append(why, flag)
		}
	}
	return why
}

// offers are the readings to choose from.
func (d *doubt) offers() []normalize.Offer {
	if d.node == nil {
		return nil
	}
	return normalize.Offers(d.form, d.node, d.options, d.ever, d.Raw)
}

// languageName is a language in words, its code when the catalogs do not know it.
func (v *visit) languageName(code study.Lang) string {
	if code != "" && v.words.Has("language."+string(code)) {
		return v.words.T("language." + string(code))
	}
	return string(code)
}
