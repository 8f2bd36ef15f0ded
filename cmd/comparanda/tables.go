package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/worker"
)

// tables are files of answers that are read together, as one.
type tables struct {
	names []string
	files []*os.File
}

func openTables(names []string) (*tables, error) {
	t := &tables{names: names}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.close()
			return nil, input(err)
		}
		t.files = append(t.files, f)
		info, err := f.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is no file: name the files with the answers, or pack them as .zip", name)
		}
		if err != nil {
			t.close()
			return nil, input(err)
		}
	}
	return t, nil
}

func (t *tables) close() {
	for _, f := range t.files {
		f.Close() //nolint:errcheck // only read
	}
}

func (t *tables) title() string {
	bases := make([]string, len(t.names))
	for i, name := range t.names {
		bases[i] = filepath.Base(name)
	}
	return strings.Join(bases, ", ")
}

func (t *tables) input(ctx context.Context) legacy.Input {
	bases := make([]string, len(t.names))
	for i, name := range t.names {
		bases[i] = filepath.Base(name)
	}
	return worker.ReadFiles(ctx, bases, t.files)
}

func (t *tables) read(ctx context.Context, sink legacy.Sink) error { return t.input(ctx)(sink) }
