package main

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/comparanda/comparanda/internal/confine"
	"github.com/comparanda/comparanda/internal/testkit"
)

// TestMain lets the test binary play the program, for scripts and for tests that kill it.
func TestMain(m *testing.M) {
	registerWorkers()
	confine.Child()
	if filepath.Base(os.Args[0]) == "comparanda" {
		main()
		return
	}
	testscript.Main(m, map[string]func(){"comparanda": main})
}

// TestScripts types what the README tells people to type.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("ADDRESS", testkit.FreeAddress(t))
			e.Setenv("GORACE", "atexit_sleep_ms=0") // no second of waiting at the end of each command
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"ready": ready,
			"exits": exits,
		},
	})
}

// ready waits until a service answers: ready URL.
func ready(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ready URL")
	}
	deadline := time.Now().Add(60 * time.Second)
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for time.Now().Before(deadline) {
		if response, err := http.Get(args[0] + "/healthz"); err == nil {
			response.Body.Close() //nolint:errcheck // only the status counts
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		<-every.C
	}
	ts.Fatalf("%s does not answer", args[0])
}

// exits runs a command that must end with a code: exits CODE COMMAND [ARG...].
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed := (*exec.ExitError)(nil)
		if !errors.As(err, &failed) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		code = failed.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("%s ended with %d, want %s", strings.Join(args[1:], " "), code, args[0])
	}
}
