package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/web"
)

// bench measures, each time on a fresh folder, and prints figures with a ratio.
//
//   - submissions: whole submissions of 100 questions through the machine door over
//     HTTP, each answered after its commit; then the same rows written straight to
//     SQLite, one transaction with synchronous=FULL each.
//   - serve: time and memory until the service answers on an empty folder.
//   - report: time from the last signature to a finished comparison workbook.
//   - import: a file of old answers, beside plain inserts and beside only parsing.
func bench(c *call) error {
	count := c.flags.Int("n", 4000, "`submissions` to send")
	rows := c.flags.Int("rows", 20_000, "`rows` of 30 columns to import")
	format := c.flags.String("format", "csv", "csv or xlsx: the `kind` of file to import")
	clients := c.flags.Int("clients", 16, "`clients` that send at once")
	dir := c.flags.String("dir", "", "`folder` on the disk to measure; the system's temporary one when empty")
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	measures := map[string]func(dir string) error{
		"submissions": func(dir string) error { return benchSubmissions(c.ctx, c.stdout, dir, *count, *clients) },
		"serve":       func(dir string) error { return benchServe(c.ctx, c.stdout, dir) },
		"import":      func(dir string) error { return benchImport(c.ctx, c.stdout, dir, *format, *rows) },
		"report":      func(dir string) error { return benchReport(c.ctx, c.stdout, dir) },
	}
	measure, ok := measures[args[0]]
	if !ok {
		return usage(fmt.Sprintf("there is no measurement “%s”", args[0]))
	}
	if *count < 1 || *clients < 1 || *rows < 1 {
		return usage("-n, --rows and --clients must be 1 or more")
	}
	temp, err := os.MkdirTemp(*dir, "comparanda-bench-*")
	if err != nil {
		return input(err)
	}
	return errors.Join(measure(temp), os.RemoveAll(temp))
}

func benchSubmissions(ctx context.Context, w io.Writer, dir string, count, clients int) error {
	door, err := newBenchStore(ctx, filepath.Join(dir, "door"), 1)
	if err != nil {
		return err
	}
	defer door.Close() //nolint:errcheck // a folder that is thrown away
	viaDoor, err := benchDoor(ctx, door, count, clients)
	if err != nil {
		return err
	}
	straight, err := newBenchStore(ctx, filepath.Join(dir, "straight"), 1)
	if err != nil {
		return err
	}
	defer straight.Close() //nolint:errcheck // likewise
	viaSQL, err := benchStraight(ctx, door, straight)
	if err != nil {
		return err
	}
	rate := func(d time.Duration) float64 { return float64(count) / d.Seconds() }
	fmt.Fprintf(w, "machine door   %7.0f submissions/s  (%d of %d questions, %d clients, HTTP, evaluated, committed)\n", rate(viaDoor), count, benchQuestions, clients)
	fmt.Fprintf(w, "straight SQL   %7.0f submissions/s  (the same rows, one writer, one synchronous=FULL transaction each)\n", rate(viaSQL))
	fmt.Fprintf(w, "ratio          %7.2f\n", rate(viaDoor)/rate(viaSQL))
	return nil
}

// benchDoor sends submissions over loopback and returns how long all of them took.
func benchDoor(ctx context.Context, store *db.Store, count, clients int) (time.Duration, error) {
	secret := account.Secret()
	err := store.Update(ctx, func(tx *db.Tx) error {
		p, err := tx.CreatePerson(ctx, study.Person{Name: "bench", Role: study.Researcher})
		if err != nil {
			return err
		}
		return tx.CreateToken(ctx, p.ID, account.Hash(secret), "bench")
	})
	if err != nil {
		return 0, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	base := "http://" + listener.Addr().String()
	handler, err := web.New(web.Config{Store: store, BaseURL: base, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	defer server.Close() //nolint:errcheck // nothing is under way any more
	go server.Serve(listener)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	var next atomic.Int64
	failed := make(chan error, clients)
	var wg sync.WaitGroup
	begin := time.Now()
	for range clients {
		wg.Go(func() {
			for i := int(next.Add(1)); i <= count; i = int(next.Add(1)) {
				if err := sendBench(ctx, client, base, secret, i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(begin)
	select {
	case err := <-failed:
		return 0, err
	default:
		return took, nil
	}
}

// benchStraight writes the rows of one store to another, one transaction for each
// submission, and returns how long that took.
func benchStraight(ctx context.Context, from, to *db.Store) (time.Duration, error) {
	var submissions []study.Submission
	responses := map[study.ResponseID]study.Response{}
	err := from.View(ctx, func(r *db.Reader) error {
		all, err := r.Responses(ctx, db.ResponseFilter{})
		if err != nil {
			return err
		}
		for _, one := range all {
			responses[one.ID] = one
		}
		list, err := r.Submissions(ctx, db.SubmissionFilter{})
		for _, one := range list {
			whole, err := r.Submission(ctx, one.ID)
			if err != nil {
				return err
			}
			submissions = append(submissions, whole)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	var by study.Person
	err = to.Update(ctx, func(tx *db.Tx) (err error) {
		by, err = tx.CreatePerson(ctx, study.Person{Name: "bench", Role: study.Researcher})
		return err
	})
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	for _, one := range submissions {
		response := responses[one.ResponseID]
		response.ID, one.ID, one.ResponseID, one.SignedBy = "", "", "", by.ID
		if err := to.Update(ctx, func(tx *db.Tx) error {
			_, _, err := tx.Receive(ctx, response, one)
			return err
		}); err != nil {
			return 0, fmt.Errorf("write straight: %w", err)
		}
	}
	return time.Since(begin), nil
}
