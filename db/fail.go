package db

import (
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// Failures of the store that pass: the same change may be sent again later.
var (
	// ErrFull: there is no room for the change; nothing of it was stored.
	ErrFull = errors.New("the disk of the data folder is full")
	// ErrBusy: another process held the file for too long.
	ErrBusy = errors.New("the database is busy")
)

// named adds ErrFull or ErrBusy to what SQLite said.
func named(err error) error {
	e := sqlite3.Error{}
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}
