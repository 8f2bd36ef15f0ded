package main

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/report"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/worker"
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
			in, err = worker.ComparisonInput(c.ctx, r, *round)
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
		err = report.Comparison(c.ctx, &file, in, report.Options{Lang: study.Lang(*lang)}, func(int, int) {})
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
