// Package testkit starts the real things that tests need: a redis-server, a browser,
// and this program as a process that can be killed. Only test files import it.
//
// A program that is not on the machine skips the test with a word, except in CI
// (CI=true), where it fails.
package testkit

import (
	"errors"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// Need returns the path of the first of the programs that is on the machine.
func Need(t testing.TB, programs ...string) string {
	t.Helper()
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Absent(t, programs[0]+" is not installed")
	return ""
}

// Absent skips the test for want of something, or fails it in CI.
func Absent(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// Raced reports whether this test binary was built with the race detector, whose own
// use of time and memory is many times the program's.
func Raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// patience is how many times longer than at rest a busy machine may take.
const patience = 6

// Until waits for a condition, looking often, and fails the test when it does not
// come true in the time that a machine at rest would need, many times over.
func Until(t testing.TB, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	limit *= patience
	deadline := time.Now().Add(limit)
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain: %s", limit, what)
		}
		<-every.C
	}
}

// HasKind reports whether err is a Problem of the kind; kind 0 asks for no error.
func HasKind(err error, kind study.Kind) bool {
	if kind == 0 {
		return err == nil
	}
	p := (*study.Problem)(nil)
	return errors.As(err, &p) && p.Kind == kind
}
