package web

import (
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// home leads each role to where its work begins. For officials of a country that has
// not begun it shows a button: opening a page changes nothing (F03).
func (s *server) home(v *visit) error {
	switch v.person.Role {
	case study.Researcher:
		return v.see("/unit")
	case study.Administrator:
		return v.see("/admin/people")
	}
	response, err := s.ownReturn(v)
	if isKind(err, study.NotFound) {
		page := homePage{layout: s.layout(v, v.words.T("hub.title", "country", v.countryName(v.person.Country))), Deadline: v.deadline(v.round())}
		page.Heading = page.Title
		if page.Loaded, err = s.loadedWords(v); err != nil {
			return err
		}
		return s.render(v, http.StatusOK, "official/home", page)
	}
	if err != nil {
		return err
	}
	address := "/returns/" + string(response.ID)
	if did := v.Query("did"); noticeKeys[did] {
		address += "?did=" + did
	}
	return v.see(address)
}

type homePage struct {
	layout
	Heading, Deadline string
	Loaded            string // answers that imports brought in, counted
}

// loadedWords says how many answers wait in a questionnaire that nobody has opened yet.
func (s *server) loadedWords(v *visit) (words string, err error) {
	form := v.questionnaire()
	if form == "" {
		return "", nil
	}
	err = s.store.View(v.ctx(), func(r *db.Reader) error {
		loaded, _, err := r.LoadedFor(v.ctx(), form, v.person.Country, v.round())
		if len(loaded) > 0 {
			words = v.words.N("loaded.home", len(loaded))
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("look for imported answers of %s: %w", v.person.Country, err)
	}
	return words, nil
}

// round is the newest round of the study: the one that is answered now.
func (v *visit) round() string {
	if n := len(v.study.Rounds); n > 0 {
		return v.study.Rounds[n-1].ID
	}
	return ""
}

// ownReturn is the country's questionnaire of the current round, if somebody opened it.
func (s *server) ownReturn(v *visit) (study.Response, error) {
	var found study.Response
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		all, err := r.Responses(v.ctx(), db.ResponseFilter{Kind: study.Questionnaire, Country: v.person.Country, Round: v.round()})
		if err != nil {
			return fmt.Errorf("look for the return of %s: %w", v.person.Country, err)
		}
		for _, one := range all {
			if one.InstanceID == "" { // what arrived whole is no return that people work on
				found = one
				return nil
			}
		}
		return &study.Problem{Kind: study.NotFound, Key: "problem.no_page"}
	})
	return found, err
}

// begin opens the questionnaire of the person's country; if somebody did so a moment
// ago, it is the same one.
func (s *server) begin(v *visit) error {
	form := v.questionnaire()
	if form == "" {
		return &study.Problem{Kind: study.NotFound, Key: "problem.no_questionnaire"}
	}
	response, err := s.openOrCreate(v, form, v.person.Country, v.round())
	if err != nil {
		return fmt.Errorf("open the return of %s: %w", v.person.Country, err)
	}
	return v.see("/returns/" + string(response.ID))
}
