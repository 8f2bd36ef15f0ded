package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/library"
	"github.com/comparanda/comparanda/internal/kit"
	"github.com/comparanda/comparanda/internal/study"
)

// begin gives an empty folder the shipped study, with example data when asked for, and
// an administrator. On a folder that has them it changes nothing.
func (s *service) begin() error {
	definition, err := studyOf(s.ctx, s.store)
	switch {
	case isNone(err):
		if definition, err = s.loadDefault(); err != nil {
			return err
		}
	case err != nil:
		return err
	case s.settings.Demo && !definition.Example:
		return input(fmt.Errorf("the folder %s holds a real study, which --demo would mix with examples; choose an empty folder with --data", s.settings.Data))
	}
	if err := s.store.Update(s.ctx, func(tx *db.Tx) error { return ensureAdministrator(s.ctx, tx, definition) }); err != nil {
		return err
	}
	if s.settings.Demo {
		return s.examples(definition)
	}
	return nil
}

// loadDefault stores the shipped kit in an empty folder.
func (s *service) loadDefault() (study.Study, error) {
	k, problems, err := kit.Load(library.Default)
	if err != nil {
		return study.Study{}, err
	}
	if k == nil {
		return study.Study{}, fmt.Errorf("the shipped kit has problems: %v", problems)
	}
	k.Study.Example = s.settings.Demo
	return k.Study, s.store.Update(s.ctx, func(tx *db.Tx) error { return putKit(s.ctx, tx, k) })
}

// putKit stores a kit: the study, its forms, and what returns begin with.
func putKit(ctx context.Context, tx *db.Tx, k *kit.Kit) error {
	if err := tx.PutStudy(ctx, k.Study); err != nil {
		return err
	}
	for _, f := range k.Forms {
		content, err := f.Encode()
		if err != nil {
			return fmt.Errorf("encode form %s: %w", f.ID, err)
		}
		if _, err := tx.PutForm(ctx, f.ID, content, f.Source, f.SourceName); err != nil {
			return err
		}
	}
	for _, p := range k.Prefill {
		if err := tx.PutPrefill(ctx, p.FormID, p.Country, p.Changes); err != nil {
			return err
		}
	}
	return nil
}

func studyOf(ctx context.Context, store *db.Store) (study.Study, error) {
	var definition study.Study
	err := store.View(ctx, func(r *db.Reader) (err error) {
		definition, err = r.Study(ctx)
		return err
	})
	return definition, err
}

// isNone reports whether an error says that the folder holds no study.
func isNone(err error) bool {
	var p *study.Problem
	return errors.As(err, &p) && p.Key == "study.none"
}

// ensureAdministrator adds the first administrator to a study that has none.
func ensureAdministrator(ctx context.Context, tx *db.Tx, definition study.Study) error {
	people, err := tx.People(ctx, "")
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Role == study.Administrator && p.RevokedAt.IsZero() {
			return nil
		}
	}
	_, err = tx.CreatePerson(ctx, newPerson(definition, study.Administrator, study.Country{}))
	return err
}
