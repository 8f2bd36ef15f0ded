package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/report"
	"github.com/comparanda/comparanda/internal/study"
)

// reportBuild builds a workbook from what is normalized now.
func reportBuild(c *call) error {
	var u userFlags
	u.add(c)
	lang := c.flags.String("lang", "", "`language` of the workbook; the study's own when empty")
	round := c.flags.String("round", "", "`id` of the round; the last one when empty")
	out := c.flags.String("o", "", "`file` to write")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if args[0] != "comparison" {
		return usage(fmt.Sprintf("there is no report “%s”", args[0]))
	}
	if *out == "" {
		return usage("-o FILE is missing")
	}
	if *lang != "" && !slices.Contains(i18n.Languages(), *lang) {
		return usage(fmt.Sprintf("--lang %s: there is no such language", *lang))
	}
	return withStore(c.ctx, u.data, func(store *db.Store) error {
		var in report.Input
		err := store.View(c.ctx, func(r *db.Reader) (err error) {
			in, err = comparisonInput(c.ctx, r, *round)
			return err
		})
		if err != nil {
			return err
		}
		in.BaseURL = u.baseURL
		if *lang == "" {
			*lang = string(in.Study.DefaultLanguage)
		}
		var file bytes.Buffer
		err = report.Comparison(c.ctx, &file, in, report.Options{Lang: study.Lang(*lang)}, func(done, total int) {})
		if err != nil {
			return err
		}
		if err := c.deliver(*out, file.Bytes()); err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "Wrote %s: %d returns, %d interviews.\n", *out, len(in.Returns), len(in.Interviews))
		return nil
	})
}

// comparisonInput reads what a comparison shows of one round, "" for the last.
func comparisonInput(ctx context.Context, r *db.Reader, round string) (in report.Input, err error) {
	if in.Study, err = r.Study(ctx); err != nil {
		return in, err
	}
	if round == "" && len(in.Study.Rounds) > 0 {
		round = in.Study.Rounds[len(in.Study.Rounds)-1].ID
	}
	if !slices.ContainsFunc(in.Study.Rounds, func(one study.Round) bool { return one.ID == round }) {
		return in, input(fmt.Errorf("the study has no round %q", round))
	}
	in.Round = round
	for _, i := range in.Study.Instruments {
		form, returns, err := instrumentInput(ctx, r, i, round)
		switch {
		case err != nil:
			return in, err
		case i.Kind == study.Questionnaire && in.Form == nil:
			in.Form, in.Returns = form, returns
		case i.Kind == study.InterviewKind && in.Guide == nil:
			in.Guide, in.Interviews = form, returns
		}
	}
	if in.Form == nil {
		return in, input(errors.New("the study has no questionnaire for countries"))
	}
	return in, nil
}

// instrumentInput reads the newest form of an instrument, and what was answered to it.
func instrumentInput(ctx context.Context, r *db.Reader, i study.Instrument, round string) (*forms.Form, []report.Return, error) {
	stored, err := r.Form(ctx, i.FormID, 0)
	if err != nil {
		return nil, nil, err
	}
	form, err := forms.Decode(stored.Content)
	if err != nil {
		return nil, nil, fmt.Errorf("decode form %s: %w", i.FormID, err)
	}
	latest, err := r.Latest(ctx, i.FormID, round)
	if err != nil {
		return nil, nil, err
	}
	var returns []report.Return
	for _, sub := range latest {
		answers, err := r.Answers(ctx, sub.ID)
		if err != nil {
			return nil, nil, err
		}
		response, err := r.Response(ctx, sub.ResponseID)
		if err != nil {
			return nil, nil, err
		}
		returns = append(returns, report.Return{Submission: sub, State: response.State, Title: response.Title, Answers: answers})
	}
	return form, returns, nil
}
