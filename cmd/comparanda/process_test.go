package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// command runs the program to its end and returns what it wrote on both streams.
func (c *chaos) command(args ...string) string {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), c.program, args...)
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// TestWorkIsDoneByAnotherProcess serves without workers and works in processes of their
// own, on one Redis. The first of them is killed half way; then Redis loses its memory.
func TestWorkIsDoneByAnotherProcess(t *testing.T) {
	t.Parallel()
	redis := testkit.StartRedis(t)
	c := newChaos(t, 0)
	c.flags = []string{"--redis", redis.URL(), "--workers", "0"}
	serving := c.serve()
	work := func() *testkit.Process {
		return testkit.Start(t, c.program, nil, "worker", "--data", c.dir, "--redis", redis.URL(), "--base-url", "http://"+c.address)
	}
	send := func(from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			if err := c.submit(t.Context(), fmt.Sprint("s", i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	store, err := db.Open(t.Context(), c.dir, db.Options{Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	send(0, 30)
	first := work()
	testkit.Until(t, 60*time.Second, "the first worker works", func() bool {
		done := 0
		err := store.View(t.Context(), func(r *db.Reader) error {
			counts, err := r.CountPromises(t.Context())
			done = counts[study.Done]
			return err
		})
		return err == nil && done > 0
	})
	send(30, 60)
	first.Kill()
	second := work()
	killed := time.Now()
	c.drained(store)
	if took := time.Since(killed); took > 50*time.Second {
		t.Errorf("all was done %v after a worker was killed", took)
	}
	if err := second.Stop(); err != nil {
		t.Errorf("a worker that was asked to end: %v\n%s", err, second.Output())
	}
	send(60, 80)
	redis.Flush()
	third := work()
	var wished study.Report
	err = store.Update(t.Context(), func(tx *db.Tx) error {
		wished, err = tx.PutReport(t.Context(), study.Report{Name: "comparison", Lang: "es", Round: "2027"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.drained(store)
	err = store.View(t.Context(), func(r *db.Reader) error {
		wished, err = r.Report(t.Context(), wished.ID)
		return err
	})
	if err := errors.Join(err, store.Close(), third.Stop()); err != nil || wished.State != study.Done {
		t.Errorf("the report is %+v, %v", wished, err)
	}
	c.check(serving)
}

// TestReportIsTheSameBytes builds the comparison of the examples twice at the prompt;
// both are the bytes that the workers of the service published.
func TestReportIsTheSameBytes(t *testing.T) {
	t.Parallel()
	c := &chaos{t: t, program: testkit.Program(t), dir: t.TempDir(), address: testkit.FreeAddress(t), flags: []string{"--demo"}}
	serving := c.serve()
	store, err := db.Open(t.Context(), c.dir, db.Options{Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	var reports []study.Report
	testkit.Until(t, 60*time.Second, "the example workbooks are built", func() bool {
		err := store.View(t.Context(), func(r *db.Reader) (err error) {
			reports, err = r.Reports(t.Context(), 10)
			return err
		})
		done := 0
		for _, one := range reports {
			if one.State == study.Done {
				done++
			}
		}
		return err == nil && done == 2
	})
	if err := errors.Join(store.Close(), serving.Stop()); err != nil {
		t.Fatal(err)
	}
	for _, published := range reports {
		for i := range 2 {
			out := filepath.Join(t.TempDir(), fmt.Sprint(i, ".xlsx"))
			c.command("report", "comparison", "--data", c.dir, "--lang", string(published.Lang), "--base-url", "http://"+c.address, "-o", out)
			content, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != published.SHA256 {
				t.Errorf("%s, build %d: other bytes than %s", published.Lang, i+1, published.FileName)
			}
		}
	}
}

// TestBackupWhileServing backs a study up while clients send to it, restores the copy,
// and finds in it whatever was acknowledged before the backup began.
func TestBackupWhileServing(t *testing.T) {
	t.Parallel()
	c := newChaos(t, 0)
	serving := c.serve()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	for client := range 4 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := c.submit(ctx, fmt.Sprintf("b%d-%d", client, i)); err != nil && ctx.Err() == nil {
					t.Errorf("client %d during the backup: %v", client, err)
					return
				}
			}
		})
	}
	c.outlive(40)
	c.mu.Lock()
	before := slices.Clone(c.sent)
	c.mu.Unlock()
	copied, restored := filepath.Join(t.TempDir(), "copy.tar"), filepath.Join(t.TempDir(), "restored")
	c.command("backup", "--data", c.dir, "-o", copied)
	c.command("verify", "--data", c.dir)
	stop()
	wg.Wait()
	c.check(serving)
	c.command("restore", copied, "--data", restored)
	c.command("verify", "--data", restored)
	again := &chaos{t: t, program: c.program, dir: restored, address: testkit.FreeAddress(t), token: c.token, client: c.client, sent: before}
	again.check(again.serve())
}
