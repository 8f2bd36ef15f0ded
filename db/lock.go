package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// A data folder has two locks. The serving process holds "lock" alone, so that a second
// one refuses. Workers and commands beside it share "lock.shared", which whoever
// migrates an existing file must hold alone: no old program may look on.

// lockServing takes the folder for the one serving process.
func lockServing(dir string) (*os.File, error) {
	f, err := lockFile(dir, "lock", syscall.LOCK_EX)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("data folder %s is in use by another serving process; stop it or choose another with --data", dir)
	}
	return f, err
}

// lockShared joins the others that work beside the serving process.
func lockShared(dir string) (*os.File, error) {
	f, err := lockFile(dir, "lock.shared", syscall.LOCK_SH)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("data folder %s is being migrated; try again when that is done", dir)
	}
	return f, err
}

// lockMigration makes sure that nobody works in the folder while its schema changes.
func lockMigration(dir string) (*os.File, error) {
	f, err := lockFile(dir, "lock.shared", syscall.LOCK_EX)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("data folder %s has to be migrated; stop the workers and commands that use it first", dir)
	}
	return f, err
}

func lockFile(dir, name string, how int) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder %s cannot be written: %w", dir, reason(err))
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
