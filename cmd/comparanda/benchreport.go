package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/report"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/web"
	"github.com/comparanda/comparanda/worker"
)

// reportCountries is how many returns are compared.
const reportCountries = 11

// benchReport signs eleven returns of 100 questions and measures from the last signature
// to the published workbook; the workbook alone, built in memory, is the reference.
func benchReport(ctx context.Context, w io.Writer, dir string) (err error) {
	store, err := newBenchStore(ctx, filepath.Join(dir, "data"), reportCountries)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log := slog.New(slog.DiscardHandler)
	jobs, err := worker.New(ctx, worker.Config{Store: store, Concurrency: 2, Log: log})
	if err != nil {
		return err
	}
	const base = "http://127.0.0.1:8080"
	handler, err := web.New(web.Config{Store: store, BaseURL: base, Log: log, Poke: jobs.Poke})
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- jobs.Run(working) }()
	took, err := signatureToWorkbook(ctx, store, handler, base)
	stop()
	if err := errors.Join(err, <-ended); err != nil {
		return err
	}
	alone, err := workbookAlone(ctx, store)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "signature      %7.0f ms to a published workbook  (%d countries x %d questions, normalized and built by the workers)\n", took.Seconds()*1000, reportCountries, benchQuestions)
	fmt.Fprintf(w, "workbook alone %7.0f ms  (read and built in memory)\n", alone.Seconds()*1000)
	fmt.Fprintf(w, "ratio          %7.2f\n", took.Seconds()/alone.Seconds())
	return nil
}

// signatureToWorkbook fills in and signs one return a country, the last one on the clock.
func signatureToWorkbook(ctx context.Context, store *db.Store, handler http.Handler, base string) (time.Duration, error) {
	var begin time.Time
	for i, country := range benchCountries(reportCountries) {
		through, err := benchOfficial(ctx, store, handler, base, country.ISO3)
		if err != nil {
			return 0, err
		}
		var opened struct {
			ID string `json:"id"`
		}
		err = through.call(http.MethodPost, "/api/v1/forms/"+benchForm+"/responses", map[string]any{"country": country.ISO3, "round": "1"}, &opened)
		if err != nil {
			return 0, err
		}
		var changes []study.Change
		for path, value := range benchAnswers(i) {
			changes = append(changes, study.Change{Path: path, Value: &value})
		}
		if err := through.fillIn(opened.ID, changes); err != nil {
			return 0, err
		}
		begin = time.Now()
		err = through.call(http.MethodPost, "/api/v1/responses/"+opened.ID+"/signature", map[string]any{"name": "Bench", "post": "Bench", "declaration": true}, nil)
		if err != nil {
			return 0, err
		}
	}
	if err := published(ctx, store); err != nil {
		return 0, err
	}
	return time.Since(begin), nil
}

// benchOfficial is a focal point at the machine door.
func benchOfficial(ctx context.Context, store *db.Store, handler http.Handler, base string, country study.ISO3) (*door, error) {
	secret := account.Secret()
	err := store.Update(ctx, func(tx *db.Tx) error {
		p, err := tx.CreatePerson(ctx, study.Person{Name: "Bench", Role: study.FocalPoint, Country: country})
		if err != nil {
			return err
		}
		return tx.CreateToken(ctx, p.ID, account.Hash(secret), "bench")
	})
	return &door{ctx: ctx, handler: handler, base: base, token: secret}, err
}

// published waits until all is normalized, asks for the workbook and waits for it.
func published(ctx context.Context, store *db.Store) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	done := func(reader *db.Reader) (bool, error) {
		counts, err := reader.CountPromises(ctx)
		if counts[study.Failed] > 0 {
			err = errors.Join(err, errors.New("a job failed"))
		}
		return counts[study.Waiting]+counts[study.Sent]+counts[study.Running] == 0, err
	}
	if err := untilTrue(ctx, store, done); err != nil {
		return err
	}
	err := store.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.PutReport(ctx, study.Report{Name: "comparison", Lang: "en", Round: "1"})
		return err
	})
	if err != nil {
		return err
	}
	return untilTrue(ctx, store, done)
}

func untilTrue(ctx context.Context, store *db.Store, holds func(*db.Reader) (bool, error)) error {
	every := time.NewTicker(2 * time.Millisecond)
	defer every.Stop()
	for {
		var ok bool
		err := store.View(ctx, func(r *db.Reader) (err error) {
			ok, err = holds(r)
			return err
		})
		if err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
		}
	}
}

func workbookAlone(ctx context.Context, store *db.Store) (time.Duration, error) {
	begin := time.Now()
	var in report.Input
	err := store.View(ctx, func(r *db.Reader) (err error) {
		in, err = worker.ComparisonInput(ctx, r, "1")
		return err
	})
	if err != nil {
		return 0, err
	}
	if len(in.Returns) != reportCountries {
		return 0, fmt.Errorf("%d of %d returns were signed", len(in.Returns), reportCountries)
	}
	var file bytes.Buffer
	err = report.Comparison(ctx, &file, in, report.Options{Lang: "en"}, nil)
	return time.Since(begin), err
}
