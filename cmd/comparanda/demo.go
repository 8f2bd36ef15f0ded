package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/kit"
	"github.com/comparanda/comparanda/internal/study"
)

// examples fills the folder with the kit's example returns and interviews. They come
// through the same doors as real ones: example persons draft and sign them at the
// machine door, the workers normalize them. What is there already is left alone, so a
// start that was interrupted is completed by the next.
func (s *service) examples(definition study.Study) error {
	folder, found := kit.Shipped(definition.ID)
	if !found {
		return nil // the examples went with their kit
	}
	k, problems, err := kit.LoadFS(folder, ".")
	if err != nil || k == nil {
		return fmt.Errorf("read the examples: %v %w", problems, err)
	}
	people, err := s.examplePeople(definition, k.Examples)
	if err != nil {
		return err
	}
	signed, err := s.signedExamples()
	if err != nil {
		return err
	}
	for _, e := range k.Examples {
		by, title := people[e.Country], ""
		if e.Kind == study.InterviewKind {
			by, title = people[""], e.Key
		}
		if signed[signedKey{e.FormID, e.Country, e.Round, title}] {
			continue
		}
		if err := s.example(e, by, title); err != nil {
			return fmt.Errorf("example %s: %w", e.Key, err)
		}
	}
	return nil
}

// signedKey tells one return or interview from others.
type signedKey struct {
	formID  string
	country study.ISO3
	round   string
	title   string
}

func (s *service) signedExamples() (map[signedKey]bool, error) {
	signed := map[signedKey]bool{}
	err := s.store.View(s.ctx, func(r *db.Reader) error {
		all, err := r.Responses(s.ctx, db.ResponseFilter{})
		for _, one := range all {
			signed[signedKey{one.FormID, one.Country, one.Round, one.Title}] = one.Version > 0
		}
		return err
	})
	return signed, err
}

// examplePeople makes sure of everybody an example needs: a researcher, a focal point
// for each country with an example return, and a focal point and a contributor for
// three countries that people may play. It returns who signs, by country; the
// researcher stands under "".
func (s *service) examplePeople(definition study.Study, examples []kit.Example) (map[study.ISO3]study.Person, error) {
	signed := map[study.ISO3]bool{}
	for _, e := range examples {
		signed[e.Country] = signed[e.Country] || e.Kind == study.Questionnaire
	}
	played := playedCountries(definition, signed)
	signers := map[study.ISO3]study.Person{}
	err := s.store.Update(s.ctx, func(tx *db.Tx) error {
		there, err := tx.People(s.ctx, "")
		if err != nil {
			return err
		}
		ensure := func(role study.Role, c study.Country) (study.Person, error) {
			at := slices.IndexFunc(there, func(p study.Person) bool {
				return p.Example && p.Role == role && p.Country == c.ISO3
			})
			if at >= 0 {
				return there[at], nil
			}
			return tx.CreatePerson(s.ctx, newPerson(definition, role, c))
		}
		if signers[""], err = ensure(study.Researcher, study.Country{}); err != nil {
			return err
		}
		for _, c := range definition.Countries {
			plays := slices.Contains(played, c.ISO3)
			if !signed[c.ISO3] && !plays {
				continue
			}
			if signers[c.ISO3], err = ensure(study.FocalPoint, c); err != nil {
				return err
			}
			if plays {
				if _, err = ensure(study.Contributor, c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return signers, err
}

// playedCountries picks the countries whose sign-in links are printed: one with a
// signed return, the others with one still to be filled in.
func playedCountries(definition study.Study, signed map[study.ISO3]bool) []study.ISO3 {
	var done, open []study.ISO3
	for _, c := range definition.Countries {
		switch {
		case !c.InStudy:
		case signed[c.ISO3]:
			done = append(done, c.ISO3)
		default:
			open = append(open, c.ISO3)
		}
	}
	played := append(slices.Clone(open[:min(len(open), demoCountries-1)]), done...)
	return played[:min(len(played), demoCountries)]
}

// example drafts and signs one example.
func (s *service) example(e kit.Example, by study.Person, title string) (err error) {
	secret := account.Secret()
	err = s.store.Update(s.ctx, func(tx *db.Tx) error { return tx.CreateToken(s.ctx, by.ID, account.Hash(secret), "example") })
	if err != nil {
		return err
	}
	defer func() {
		ctx := context.WithoutCancel(s.ctx)
		if endErr := s.store.Update(ctx, func(tx *db.Tx) error { return tx.RevokeTokens(ctx, by.ID) }); err == nil {
			err = endErr
		}
	}()
	door := &door{ctx: s.ctx, handler: s.handler, base: s.settings.BaseURL, token: secret}
	var opened struct {
		ID string `json:"id"`
	}
	err = door.call(http.MethodPost, "/api/v1/forms/"+e.FormID+"/responses", map[string]any{"country": e.Country, "round": e.Round, "title": title}, &opened)
	if err != nil {
		return err
	}
	if err := door.fillIn(opened.ID, e.Changes); err != nil {
		return err
	}
	signature := map[string]any{"name": by.Name, "post": by.Name, "declaration": true}
	return door.call(http.MethodPost, "/api/v1/responses/"+opened.ID+"/signature", signature, nil)
}

// wishExampleReports asks for the comparison workbook of the examples, in each language,
// once all of them are normalized, so that it is ready to download. It ends early when ctx does; the
// next start asks again.
func (s *service) wishExampleReports(ctx context.Context) error {
	definition, err := studyOf(ctx, s.store)
	if err != nil || !definition.Example {
		return err
	}
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		settled, wished, by, err := s.exampleReportState(ctx)
		if ctx.Err() != nil {
			return nil // the next start asks
		}
		if err != nil || wished || by == "" {
			return err
		}
		if settled {
			return s.store.Update(ctx, func(tx *db.Tx) error {
				for _, lang := range definition.Languages {
					if _, err := tx.PutReport(ctx, study.Report{Name: "comparison", Lang: lang, Round: definition.Rounds[0].ID, By: by}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}

// exampleReportState tells whether all submissions are normalized, whether there is a
// report already, and who asks for one.
func (s *service) exampleReportState(ctx context.Context) (settled, wished bool, by study.PersonID, err error) {
	err = s.store.View(ctx, func(r *db.Reader) error {
		reports, err := r.Reports(ctx, 1)
		if err != nil {
			return err
		}
		wished = len(reports) > 0
		people, err := r.People(ctx, "")
		if err != nil {
			return err
		}
		for _, p := range people {
			if p.Example && p.Role == study.Researcher {
				by = p.ID
			}
		}
		submissions, err := r.Submissions(ctx, db.SubmissionFilter{})
		settled = len(submissions) > 0
		for _, one := range submissions {
			settled = settled && !one.NormalizedAt.IsZero()
		}
		return err
	})
	return settled, wished, by, err
}
