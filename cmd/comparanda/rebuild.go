package main

import (
	"fmt"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/worker"
)

// rebuild makes all normalized answers again. The same raw answers and rules give the
// same rows.
func rebuild(c *call) error {
	var data string
	config.DataFlag(c.flags, &data)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return withStore(c.ctx, data, func(store *db.Store) error {
		count := 0
		err := worker.Rebuild(c.ctx, store, func(done, _ int) { count = done })
		if err == nil {
			fmt.Fprintf(c.stdout, "Made the answers of %d submissions again.\n", count)
		}
		return err
	})
}
