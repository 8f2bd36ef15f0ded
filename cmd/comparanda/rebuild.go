package main

import (
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/worker"
)

// rebuild makes all normalized answers again. The same raw answers and rules give the
// same rows.
func rebuild(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	dryRun := c.flags.Bool("dry-run", false, "show the cells that would change, and change nothing")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return withStore(c.ctx, data, func(store *db.Store) error {
		if *dryRun {
			return previewRules(c, store)
		}
		count := 0
		err := worker.Rebuild(c.ctx, store, func(done, _ int) { count = done })
		if err == nil {
			fmt.Fprintf(c.stdout, "Made the answers of %d submissions again.\n", count)
		}
		return err
	})
}

// previewRules prints each answer that the current rules read differently, and then each
// cell of a report that would move with it.
func previewRules(c *call, store *db.Store) error {
	answers, cells := 0, 0
	err := worker.Preview(c.ctx, store, func(m worker.Move) error {
		answers++
		path := m.New.Path
		if path == "" {
			path = m.Old.Path
		}
		_, err := fmt.Fprintf(c.stdout, "%s %s %s: %s -> %s\n", m.Country, m.FormID, path, cell(m.Old), cell(m.New))
		return err
	})
	if err != nil {
		return err
	}
	definition, err := studyOf(c.ctx, store)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "%d answers would be read differently.\n", answers)
	err = worker.PreviewReports(c.ctx, store, definition.DefaultLanguage, func(m worker.CellMove) error {
		cells++
		about := strings.Trim(m.Row+"; "+m.Column, "; ")
		_, err := fmt.Fprintf(c.stdout, "%s %s, sheet %q, %s (%s): %s -> %s\n", m.Report, m.Round, m.Sheet, m.Cell, about, orBlank(m.Old), orBlank(m.New))
		return err
	})
	if err == nil {
		fmt.Fprintf(c.stdout, "%d cells would change.\n", cells)
	}
	return err
}

func orBlank(s string) string {
	if s == "" {
		return "blank"
	}
	return s
}

// cell is an answer as one would write it in a report: value or reason, then flags.
func cell(a study.Answer) string {
	s := a.Text
	if a.Reason != "" {
		s = string(a.Reason)
	}
	if a.Qualifier != "" && a.Qualifier != "exact" {
		s += " (" + a.Qualifier + ")"
	}
	if s == "" {
		s = "blank"
	}
	if len(a.Flags) > 0 {
		s += " [" + strings.Join(a.Flags, "; ") + "]"
	}
	return s
}
