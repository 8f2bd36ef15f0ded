package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/comparanda/comparanda/internal/confine"
	"github.com/comparanda/comparanda/internal/legacy"
)

// tableReader reads tables of answers, in a process of its own.
const tableReader = "table"

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
	return func(sink legacy.Sink) error { return t.read(ctx, sink) }
}

// read reads all files into sink, each in a child with limits that grow with its size.
func (t *tables) read(ctx context.Context, sink legacy.Sink) error {
	for i, f := range t.files {
		info, err := f.Stat()
		if err != nil {
			return input(err)
		}
		seconds := 10 + info.Size()>>20
		// Of wall time only what rows cost the store is used up: the child waits for it.
		limits := confine.Limits{CPU: time.Duration(seconds) * time.Second, Wall: 12 * time.Hour, RSSBytes: 384 << 20}
		err = legacy.ReadVia(func(consume func(io.Reader) error) error {
			_, err := confine.Stream(ctx, tableReader, filepath.Base(t.names[i]), f, limits, consume)
			return err
		}, sink)
		if err != nil {
			return err
		}
	}
	return nil
}
