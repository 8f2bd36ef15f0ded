package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// openOrCreate opens a country's return of a round, with what was filled in
// beforehand. When it is there already, it is that one.
func (s *server) openOrCreate(v *visit, formID string, country study.ISO3, round string) (study.Response, error) {
	var opened study.Response
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		var err error
		opened, err = beginReturn(ctx, tx, v.person, study.Response{FormID: formID, Kind: study.Questionnaire, Country: country, Round: round,
			Example: v.person.Example})
		return err
	})
	return opened, err
}

// beginReturn creates a return and fills in what is known beforehand: answers of the
// channel "prefill", with the items that their paths name.
func beginReturn(ctx context.Context, tx *db.Tx, by study.Person, wanted study.Response) (study.Response, error) {
	response, created, err := tx.CreateResponse(ctx, wanted)
	if err != nil || !created {
		return response, err
	}
	changes, err := tx.Prefill(ctx, response.FormID, response.Country)
	if err != nil {
		return response, err
	}
	if err := addItemsOf(ctx, tx, response.ID, changes); err != nil {
		return response, fmt.Errorf("prefill %s: %w", response.ID, err)
	}
	if len(changes) == 0 {
		return response, nil
	}
	if _, _, err := tx.SaveAnswers(ctx, response.ID, by, study.Prefill, changes); err != nil {
		return response, fmt.Errorf("prefill %s: %w", response.ID, err)
	}
	return response, nil
}

// addItemsOf adds the repeat items that answer paths name, in order of appearance.
func addItemsOf(ctx context.Context, tx *db.Tx, id study.ResponseID, changes []study.Change) error {
	seen := map[string]bool{}
	for _, c := range changes {
		for at, r := range c.Path {
			if r != ']' || seen[c.Path[:at]] {
				continue
			}
			seen[c.Path[:at]] = true
			open := strings.LastIndexByte(c.Path[:at], '[')
			if _, err := tx.AddItem(ctx, id, c.Path[:open], c.Path[open+1:at], ""); err != nil {
				return err
			}
		}
	}
	return nil
}
