package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/kit"
	"github.com/comparanda/comparanda/internal/study"
)

// studyLoad stores a kit, or its next edition, in the data folder. Forms whose content
// did not change keep their version.
func studyLoad(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	k, problems, err := kit.Load(args[0])
	if err != nil {
		return input(err)
	}
	if k != nil {
		for _, f := range k.Forms {
			_, more := fill.Compile(f.Form)
			problems = append(problems, more...)
		}
	}
	printProblems(c.stderr, problems)
	if forms.Refused(problems) {
		return errSaid
	}
	store, err := openStore(c.ctx, data)
	if err != nil {
		return err
	}
	err = store.Update(c.ctx, func(tx *db.Tx) error {
		if before, err := tx.Study(c.ctx); err == nil {
			k.Study.Example = before.Example
		} else if !isNone(err) {
			return err
		}
		return putKit(c.ctx, tx, k)
	})
	if err == nil {
		fmt.Fprintf(c.stdout, "Loaded %s: %d countries, %d forms.\n", k.Study.Title[k.Study.DefaultLanguage], len(k.Study.Countries), len(k.Forms))
	}
	return errors.Join(err, store.Close())
}

func printProblems(w io.Writer, problems []forms.Problem) {
	for _, p := range problems {
		fmt.Fprintln(w, p)
	}
}

// studyShow prints what the folder's study is.
func studyShow(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return withStore(c.ctx, data, func(store *db.Store) error {
		return store.View(c.ctx, func(r *db.Reader) error { return showStudy(c.ctx, c.stdout, r) })
	})
}

func showStudy(ctx context.Context, w io.Writer, r *db.Reader) error {
	s, err := r.Study(ctx)
	if err != nil {
		return err
	}
	title := s.Title[s.DefaultLanguage]
	if s.Example {
		title += " (example data)"
	}
	fmt.Fprintf(w, "%s: %s\n", s.ID, title)
	for _, i := range s.Instruments {
		f, err := r.Form(ctx, i.FormID, 0)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %-14s %s, version %d, %s\n", i.Kind, i.FormID, f.Version, f.Hash[:12])
	}
	for _, round := range s.Rounds {
		fmt.Fprintf(w, "  %-14s %s\n", "round", round.ID)
	}
	responses, err := r.Responses(ctx, db.ResponseFilter{})
	if err != nil {
		return err
	}
	for _, c := range s.Countries {
		state := string(study.NotStarted)
		for _, one := range responses {
			if one.Country == c.ISO3 && one.Kind == study.Questionnaire {
				state = string(one.State)
				if one.Example {
					state += " (example)"
				}
			}
		}
		fmt.Fprintf(w, "  %s %-28s %s\n", c.ISO3, c.Name[s.DefaultLanguage], state)
	}
	return nil
}

// studyRemoveExamples takes out what --demo put in. The study's definition stays.
func studyRemoveExamples(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return withStore(c.ctx, data, func(store *db.Store) error {
		err := store.Update(c.ctx, func(tx *db.Tx) error { return tx.RemoveExamples(c.ctx) })
		if err == nil {
			fmt.Fprintln(c.stdout, "The example data is gone; the study itself is still there.")
		}
		return err
	})
}
