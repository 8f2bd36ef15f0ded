// Package dbtest is for tests: a store in a folder of its own, the things that a study
// begins with, and Exercise, the suite that every engine behind package db must pass.
package dbtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// NewStore opens a store in a folder of the test's own and closes it at the end.
func NewStore(t testing.TB) *db.Store {
	t.Helper()
	return OpenStore(t, t.TempDir(), db.Options{})
}

// OpenStore opens a folder and closes it at the end of the test.
func OpenStore(t testing.TB, dir string, o db.Options) *db.Store {
	t.Helper()
	s, err := db.Open(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// FormID is the questionnaire that Begin publishes, GuideID its interview guide.
const (
	FormID  = "country"
	GuideID = "guide"
	Round   = "2026"
)

// Begin makes a study of two countries with a questionnaire and an interview guide, and
// a focal point of the first country.
func Begin(t testing.TB, s *db.Store) study.Person {
	t.Helper()
	var focal study.Person
	Update(t, s, func(ctx context.Context, tx *db.Tx) (err error) {
		err = tx.PutStudy(ctx, study.Study{
			ID: "things", Title: study.Text{"en": "A study of things"}, Languages: []study.Lang{"en"}, DefaultLanguage: "en",
			Countries:   []study.Country{{ISO3: "CRI", Name: study.Text{"en": "Costa Rica"}}, {ISO3: "PAN", Name: study.Text{"en": "Panama"}}},
			Rounds:      []study.Round{{ID: Round}},
			Instruments: []study.Instrument{{FormID: FormID, Kind: study.Questionnaire}, {FormID: GuideID, Kind: study.InterviewKind}},
		})
		if err != nil {
			return err
		}
		for _, id := range []string{FormID, GuideID} {
			if _, err := tx.PutForm(ctx, id, []byte(`{"id":"`+id+`"}`), nil, id+".md"); err != nil {
				return err
			}
		}
		focal, err = tx.CreatePerson(ctx, study.Person{Name: "Focal point", Email: "Focal@example.org", Role: study.FocalPoint, Country: "CRI", Language: "es"})
		return err
	})
	return focal
}

// Return opens the country's return.
func Return(t testing.TB, s *db.Store, country study.ISO3) study.Response {
	t.Helper()
	var r study.Response
	Update(t, s, func(ctx context.Context, tx *db.Tx) (err error) {
		r, _, err = tx.CreateResponse(ctx, study.Response{FormID: FormID, Kind: study.Questionnaire, Country: country, Round: Round})
		return err
	})
	return r
}

// Update runs a change and fails the test when it fails.
func Update(t testing.TB, s *db.Store, f func(context.Context, *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := s.Update(ctx, func(tx *db.Tx) error { return f(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

// View reads and fails the test when that fails.
func View(t testing.TB, s *db.Store, f func(context.Context, *db.Reader) error) {
	t.Helper()
	ctx := context.Background()
	if err := s.View(ctx, func(r *db.Reader) error { return f(ctx, r) }); err != nil {
		t.Fatal(err)
	}
}

// Value is a change of an answer's value.
func Value(path string, base int, value string) study.Change {
	return study.Change{Path: path, Base: base, Value: &value}
}

// refused runs a change that must end in a Problem with the kind and key.
func refused(t testing.TB, s *db.Store, kind study.Kind, key string, f func(context.Context, *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	err := s.Update(ctx, func(tx *db.Tx) error { return f(ctx, tx) })
	isProblem(t, err, kind, key)
}

func isProblem(t testing.TB, err error, kind study.Kind, key string) {
	t.Helper()
	p := (*study.Problem)(nil)
	if !errors.As(err, &p) || p.Kind != kind || p.Key != key {
		t.Errorf("got %v, want a problem of kind %d, %s", err, kind, key)
	}
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// Clock is a time that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at noon of 24 November 2026.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)} }

// Now is the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is what each part of Exercise works with.
type world struct {
	*testing.T
	s     *db.Store
	clock *Clock
	focal study.Person
}

// Exercise calls every method of a store that open opens, with every kind of error it
// can answer with. open is called once a part, with the clock to use.
func Exercise(t *testing.T, open func(t testing.TB, clock *Clock) *db.Store) {
	for name, part := range map[string]func(world){
		"study": exerciseStudy, "people": exercisePeople, "sessions": exerciseSessions, "returns": exerciseReturns,
		"drafts": exerciseDrafts, "proposals": exerciseProposals, "items": exerciseItems, "files": exerciseFiles,
		"submissions": exerciseSubmissions, "answers": exerciseAnswers, "outbox": exerciseOutbox, "relay": exerciseRelay,
		"reports": exerciseReports, "examples": exerciseExamples, "decisions": exerciseDecisions,
		"doubts": exerciseDoubts, "loaded": exerciseLoaded,
		"imports": exerciseImports, "uploads": exerciseUploads,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := NewClock()
			s := open(t, clock)
			part(world{T: t, s: s, clock: clock, focal: Begin(t, s)})
		})
	}
}

// hashOf is a stand-in for a token's hash.
func hashOf(name string) string { return fmt.Sprintf("%064s", strings.ReplaceAll(name, " ", "-")) }
