package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/worker"
)

// benchColumns is how wide the measured file is.
const benchColumns = 30

// benchImport measures an import of a CSV file or a workbook, from the file to normalized
// answers, beside only parsing the file and beside plain prepared inserts of its values.
func benchImport(ctx context.Context, w io.Writer, dir, format string, rows int) error {
	write := map[string]func(string, int) error{"csv": writeBenchCSV, "xlsx": writeBenchXLSX}[format]
	if write == nil {
		return usage(fmt.Sprintf("--format is csv or xlsx, not “%s”", format))
	}
	file := filepath.Join(dir, "answers."+format)
	if err := write(file, rows); err != nil {
		return err
	}
	files, err := openTables([]string{file})
	if err != nil {
		return err
	}
	defer files.close()
	parse, err := timed(func() error { return files.read(ctx, ignore{}) })
	if err != nil {
		return err
	}
	plain, err := timed(func() error { return benchPlain(ctx, dir, files) })
	if err != nil {
		return err
	}
	whole, err := timed(func() error { return benchWhole(ctx, filepath.Join(dir, "study"), files) })
	if err != nil {
		return err
	}
	rate := func(d time.Duration) float64 { return float64(rows) / d.Seconds() }
	fmt.Fprintf(w, "%-16s %10.1f s %10.0f rows/s\n", "only parsing", parse.Seconds(), rate(parse))
	fmt.Fprintf(w, "%-16s %10.1f s %10.0f rows/s\n", "plain inserts", plain.Seconds(), rate(plain))
	fmt.Fprintf(w, "%-16s %10.1f s %10.0f rows/s\n", "whole import", whole.Seconds(), rate(whole))
	fmt.Fprintf(w, "%-16s %10.2f of parsing, %.2f of plain inserts\n", "ratio", whole.Seconds()/parse.Seconds(), whole.Seconds()/plain.Seconds())
	fmt.Fprintf(w, "%-16s %10d MiB at its peak\n", "memory", peakMiB())
	return nil
}

func timed(do func() error) (time.Duration, error) {
	begin := time.Now()
	err := do()
	return time.Since(begin), err
}

// ignore is a Sink that keeps nothing.
type ignore struct{}

func (ignore) Sheet(legacy.Sheet) error  { return nil }
func (ignore) Row(legacy.Row) error      { return nil }
func (ignore) Note(legacy.Problem) error { return nil }

// plainSink stores cells as they are.
type plainSink struct {
	ignore
	ctx   context.Context
	table *db.Plain
}

func (p plainSink) Row(r legacy.Row) error {
	if err := p.table.Response(p.ctx); err != nil {
		return err
	}
	for _, c := range r.Cells {
		if err := p.table.Value(p.ctx, c.Column, c.Text); err != nil {
			return err
		}
	}
	return nil
}

func benchPlain(ctx context.Context, dir string, files *tables) error {
	table, err := db.OpenPlain(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(files.read(ctx, plainSink{ctx: ctx, table: table}), table.Close())
}

// benchWhole imports the file into a study of its own.
func benchWhole(ctx context.Context, dir string, files *tables) error {
	store, err := newBenchStore(ctx, dir, 1)
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // a folder that is thrown away
	p, _, err := legacy.Prepare(files.title(), files.input(ctx), legacy.Options{})
	if err != nil {
		return err
	}
	m := &worker.Import{Store: store, Name: files.title(), Plan: p, Read: files.input(ctx), Batch: study.Batch{Name: files.title(), FormID: p.Form.ID, Kind: study.InterviewKind, Options: "{}"}}
	if err := m.Publish(ctx); err != nil {
		return err
	}
	m.Batch.ID = worker.NewBatchID(m.Batch)
	if err := m.StoreAll(ctx); err != nil {
		return err
	}
	return worker.FinishWork(ctx, store)
}

// peakMiB is the most memory that this process held; 0 where the system does not tell.
func peakMiB() int {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(data), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0
	}
	return kib >> 10
}
