package main

import (
	"context"
	"encoding/json"
	"errors"
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

// importFiles reads files of old answers, says what it found, and stores the answers
// unless that was only to be tried.
func importFiles(c *call) error {
	dry := c.flags.Bool("dry-run", false, "say what would happen and store nothing")
	asJSON := c.flags.Bool("json", false, "print one JSON object")
	names, err := c.parse(1, 100)
	if err != nil {
		return err
	}
	_ = dry
	files, err := openTables(names)
	if err != nil {
		return err
	}
	defer files.close()
	result, err := files.tryOut(c.ctx)
	refusal := (*legacy.Refusal)(nil)
	if errors.As(err, &refusal) {
		result = legacy.Refused(files.title(), refusal)
	} else if err != nil {
		return err
	}
	if *asJSON {
		if err := printJSON(c.stdout, result); err != nil {
			return err
		}
	} else {
		printImport(c.stdout, result)
	}
	if refusal != nil {
		return input(refusal)
	}
	return nil
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

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

// read reads all files into sink, each in a child with limits that grow with its size.
func (t *tables) read(ctx context.Context, sink legacy.Sink) error {
	for i, f := range t.files {
		info, err := f.Stat()
		if err != nil {
			return input(err)
		}
		seconds := 20 + info.Size()>>20
		limits := confine.Limits{CPU: time.Duration(seconds) * time.Second, Wall: 3 * time.Duration(seconds) * time.Second, RSSBytes: 384 << 20}
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

// tryOut says what the files hold and what would become of it.
func (t *tables) tryOut(ctx context.Context) (*legacy.Result, error) {
	look := &legacy.Look{}
	if err := t.read(ctx, look); err != nil {
		return nil, err
	}
	plan := legacy.Infer(t.title(), look.Done())
	result := legacy.NewResult(t.title(), plan)
	taker := legacy.NewTaker(plan, "", "", func(r *legacy.Response) error {
		result.Count(r)
		return nil
	})
	if taker.HasItems() {
		taker.Gather()
		if err := t.read(ctx, taker); err != nil {
			return nil, err
		}
	}
	taker.Respond()
	if err := t.read(ctx, taker); err != nil {
		return nil, err
	}
	if err := taker.Done(); err != nil {
		return nil, err
	}
	result.Close()
	return result, nil
}

func printImport(w io.Writer, r *legacy.Result) {
	for _, s := range r.Sheets {
		fmt.Fprintf(w, "%s: %s, %d header rows, %d rows, %d columns\n", s.Name, s.Orientation, s.HeaderRows, s.Rows, s.Columns)
	}
	for _, c := range r.Columns {
		fmt.Fprintf(w, "  %s!%s %s -> %s (%s)\n", c.Sheet, c.Column, c.Header, c.Question, c.How)
	}
	fmt.Fprintf(w, "create %d, change %d, identical %d, skip %d, error %d; %d answers\n", r.Rows.Create, r.Rows.Change, r.Rows.Identical, r.Rows.Skip, r.Rows.Error, r.Answers)
	for _, p := range r.Problems {
		fmt.Fprintf(w, "%s!%s: %s: %s\n", p.Sheet, p.Cell, p.Text, p.Remedy)
	}
}
