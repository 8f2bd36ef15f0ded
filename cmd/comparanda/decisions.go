package main

import (
	"fmt"
	"strconv"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/worker"
)

// normalizeDecisions lists what people decided that texts mean, undoes a decision, or
// remembers one. The answers that it is about are read again.
func normalizeDecisions(c *call) error {
	var data, country, lang, text string
	var d study.Decision
	config.DataFlag(c.flags, &data)
	c.flags.StringVar(&d.Kind, "kind", "", "of add: the kind of field, as in one:ynpx")
	c.flags.StringVar(&country, "country", "", "of add: the country it holds for; empty for all")
	c.flags.StringVar(&lang, "lang", "", "of add: the language it holds for; empty for all")
	c.flags.StringVar(&text, "text", "", "of add: what was written")
	c.flags.StringVar(&d.Code, "code", "", "of add: what it means")
	verb := "list"
	if len(c.args) > 0 && (c.args[0] == "list" || c.args[0] == "undo" || c.args[0] == "add") {
		verb, c.args = c.args[0], c.args[1:]
	}
	rest, err := c.parse(0, 1)
	if err != nil {
		return err
	}
	d.Country, d.Lang, d.Text = study.ISO3(country), study.Lang(lang), normalize.Key(text)
	switch {
	case verb == "undo" && len(rest) == 1:
		id, err := strconv.ParseInt(rest[0], 10, 64)
		if err != nil {
			return usage("undo needs the number of a decision, as list shows it")
		}
		return change(c, data, func(tx *db.Tx) error { return tx.UndoDecision(c.ctx, id) })
	case verb == "add" && len(rest) == 0 && d.Kind != "" && d.Text != "" && d.Code != "":
		return change(c, data, func(tx *db.Tx) error { _, err := tx.PutDecision(c.ctx, d); return err })
	case verb == "list" && len(rest) == 0:
		return withStore(c.ctx, data, func(store *db.Store) error { return listDecisions(c, store) })
	}
	return usage("write list, undo with a number, or add with --kind, --text and --code")
}

func change(c *call, data string, do func(*db.Tx) error) error {
	return withStore(c.ctx, data, func(store *db.Store) error {
		if err := store.Update(c.ctx, do); err != nil {
			return err
		}
		return worker.FinishDecisions(c.ctx, store)
	})
}

func listDecisions(c *call, store *db.Store) error {
	return store.View(c.ctx, func(r *db.Reader) error {
		all, err := r.Decisions(c.ctx, false)
		if err != nil {
			return err
		}
		for _, d := range all {
			if _, err := fmt.Fprintf(c.stdout, "%d  %s  %s %s  %s -> %s\n", d.ID, d.Kind, orAll(string(d.Country)), orAll(string(d.Lang)), d.Text, d.Code+string(d.Reason)); err != nil {
				return err
			}
		}
		return nil
	})
}

func orAll(s string) string {
	if s == "" {
		return "*"
	}
	return s
}
