package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/comparanda/comparanda/db"
)

// openStore opens the data folder of a command: by itself when nobody serves it, else
// beside the serving process.
func openStore(ctx context.Context, dir string) (*db.Store, error) {
	store, err := db.Open(ctx, dir, db.Options{})
	if err == nil {
		return store, nil
	}
	if beside, besideErr := db.Open(ctx, dir, db.Options{Shared: true}); besideErr == nil {
		return beside, nil
	}
	return nil, input(err)
}

// existingStore is openStore for commands that make no sense on an empty folder.
func existingStore(ctx context.Context, dir string) (*db.Store, error) {
	if _, err := os.Stat(filepath.Join(dir, "comparanda.db")); err != nil {
		return nil, input(errors.New("there is no study in the folder " + dir + "; choose another with --data"))
	}
	return openStore(ctx, dir)
}

// withStore opens the data folder, does something with it and closes it.
func withStore(ctx context.Context, dir string, do func(*db.Store) error) error {
	store, err := existingStore(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(do(store), store.Close())
}
