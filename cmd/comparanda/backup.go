package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/config"
)

// backup copies a study, also while it is being served. The copy counts only once it
// was opened again and checked.
func backup(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	out := c.flags.String("o", "", "`file` to write")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	if *out == "" {
		return usage("-o FILE is missing")
	}
	return withStore(c.ctx, data, func(store *db.Store) error {
		m, err := store.Backup(c.ctx, *out)
		if err != nil {
			return input(err)
		}
		fmt.Fprintf(c.stdout, "Backed up to %s and checked: %d submissions, %d answers, %d files.\n", *out, m.Rows["submission"], m.Rows["answer"], len(m.Files))
		return nil
	})
}

// restore makes a data folder from a backup. The folder must be absent or empty.
func restore(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	m, err := db.Restore(c.ctx, args[0], data)
	if err != nil {
		return input(err)
	}
	fmt.Fprintf(c.stdout, "Restored the backup of %s to %s. Sign-in links and tokens of before do not work any more.\n", m.MadeAt.Format("2006-01-02 15:04 UTC"), data)
	return nil
}

// verify checks a study's data, also while it is being served.
func verify(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	f, err := db.Verify(c.ctx, data)
	if err != nil {
		return input(err)
	}
	if f.Database != "" {
		fmt.Fprintln(c.stderr, f.Database)
	}
	for _, name := range f.Damaged {
		fmt.Fprintf(c.stderr, "%s is missing or damaged\n", name)
	}
	for _, name := range f.Unnamed {
		fmt.Fprintf(c.stdout, "%s belongs to nothing (harmless)\n", name)
	}
	if !f.Sound() {
		return errSaid
	}
	for _, table := range slices.Sorted(maps.Keys(f.Rows)) {
		fmt.Fprintf(c.stdout, "%-14s %d\n", table, f.Rows[table])
	}
	fmt.Fprintf(c.stdout, "Sound: schema %d, %d files.\n", f.Schema, f.Files)
	return nil
}
