package db

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// PutFile stores bytes under their SHA-256 and returns it with their number. The file
// is durable before PutFile returns, so that a row may name it. More than limit bytes
// are a TooLarge problem and leave nothing behind.
func (s *Store) PutFile(r io.Reader, limit int64) (sum string, sizeBytes int64, err error) {
	dir := filepath.Join(s.dir, "files")
	hit("before-file-write")
	temp, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, temp.Close(), ignoreMissing(os.Remove(temp.Name())))
		}
	}()
	hash := sha256.New()
	sizeBytes, err = io.Copy(io.MultiWriter(temp, hash), io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	if sizeBytes > limit {
		return "", 0, &study.Problem{Kind: study.TooLarge, Key: "file.too_large", Args: map[string]any{"limit": limit}}
	}
	hit("before-file-sync")
	if err = temp.Sync(); err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	if err = temp.Close(); err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	hit("before-file-rename")
	if err = os.Rename(temp.Name(), filepath.Join(dir, sum)); err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	hit("before-folder-sync")
	if err = syncFolder(dir); err != nil {
		return "", 0, err
	}
	hit("after-folder-sync")
	return sum, sizeBytes, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

var isSum = regexp.MustCompile(`^[0-9a-f]{64}$`)

// OpenFile opens a stored file. A name that is no SHA-256 or not there is NotFound.
func (s *Store) OpenFile(sum string) (*os.File, error) {
	if !isSum.MatchString(sum) {
		return nil, unknown("file", sum)
	}
	f, err := os.Open(filepath.Join(s.dir, "files", sum))
	if errors.Is(err, os.ErrNotExist) {
		return nil, unknown("file", sum)
	}
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", sum, err)
	}
	return f, nil
}

// hasFile makes sure that a row names only what is there.
func (s *Store) hasFile(sum string) error {
	if !isSum.MatchString(sum) {
		return unknown("file", sum)
	}
	_, err := os.Stat(filepath.Join(s.dir, "files", sum))
	if errors.Is(err, os.ErrNotExist) {
		return unknown("file", sum)
	}
	return err
}

// sweepTemp removes what interrupted uploads left behind. A worker may be writing at
// this moment; only what nobody can be writing any more goes.
func (s *Store) sweepTemp() error {
	entries, err := os.ReadDir(filepath.Join(s.dir, "files"))
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "new-") {
			continue
		}
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < longestUpload {
			continue // gone meanwhile, or young
		}
		if err := os.Remove(filepath.Join(s.dir, "files", e.Name())); err != nil {
			return fmt.Errorf("remove an unfinished upload: %w", err)
		}
	}
	return nil
}

// longestUpload is the age at which an unfinished file is given up.
const longestUpload = 24 * time.Hour
