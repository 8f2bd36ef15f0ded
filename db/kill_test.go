package db

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// steps are all the places at which hit is called on the way of a save, a file and a
// signature.
var steps = []string{
	"before-begin", "after-begin", "before-write", "before-commit", "after-commit", "before-answer",
	"before-file-write", "before-file-sync", "before-file-rename", "before-folder-sync", "after-folder-sync",
}

// TestKilledAtEveryStep kills an official's process at each step in turn, for as long as
// the step is reached; then the client tries again (R1).
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	kills := 0
	for _, step := range steps {
		for n := 1; ; n++ {
			dir := t.TempDir()
			acknowledged, killed := child(t, "official", dir, fmt.Sprintf("COMPARANDA_FAULT=%s:%d", step, n))
			if !killed {
				if n == 1 {
					t.Errorf("step %s was never reached", step)
				}
				break
			}
			kills++
			where := fmt.Sprintf("%s:%d", step, n)
			checkOfficial(t, where, dir, acknowledged, false)
			child(t, "official", dir)
			checkOfficial(t, where+", tried again", dir, acknowledged, true)
		}
	}
	t.Logf("%d kills", kills)
	if kills < 40 {
		t.Errorf("only %d kills", kills)
	}
}

// checkOfficial looks for everything that was acknowledged. Complete: the whole way has
// been gone, and each thing must be there once.
func checkOfficial(t *testing.T, where, dir string, acknowledged []string, complete bool) {
	t.Helper()
	findings, err := Verify(t.Context(), dir)
	if err != nil || !findings.Sound() {
		t.Fatalf("%s: %+v, %v", where, findings, err)
	}
	was := func(word string) bool {
		return slices.ContainsFunc(acknowledged, func(line string) bool { return strings.HasPrefix(line, word) })
	}
	for _, tt := range []struct {
		word, table string
		most        int64
	}{
		{"begun", "person", 1}, {"begun", "form_version", 1}, {"saved", "draft", 2}, {"saved", "revision", 2}, {"saved", "attachment", 1},
		{"signed", "submission", 1}, {"signed", "promise", 1}, {"signed", "event", 1}, {"received", "response", 2},
	} {
		most := tt.most
		if tt.table == "submission" || tt.table == "promise" {
			most = 2 // one signed, one received
		}
		got := findings.Rows[tt.table]
		if was(tt.word) && got < tt.most || got > most || complete && got != most {
			t.Errorf("%s: %d rows in %s after %q", where, got, tt.table, acknowledged)
		}
	}
	if findings.Rows["submission"] != findings.Rows["promise"] {
		t.Errorf("%s: %d submissions and %d promises", where, findings.Rows["submission"], findings.Rows["promise"])
	}
	for _, line := range acknowledged {
		if sum, ok := strings.CutPrefix(line, "file "); ok {
			if p, err := partOf(filepath.Join(dir, "files", sum), sum); err != nil || p.SHA256 != sum {
				t.Errorf("%s: an acknowledged file: %v, %v", where, p, err)
			}
		}
	}
}

// TestKilledUnderLoad kills a writing process at random, again and again, on one folder:
// nothing that was answered may be lost, doubled or half (R2).
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Env = append(os.Environ(), "DB_TEST_CHILD=writer", "DB_TEST_DIR="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		left := 1 + random.IntN(60) // answers until the kill
		for scan := bufio.NewScanner(out); scan.Scan(); {
			if _, err := strconv.Atoi(scan.Text()); err != nil {
				t.Fatal(scan.Text())
			}
			acknowledged[scan.Text()] = true
			if left--; left == 0 {
				time.AfterFunc(time.Duration(random.IntN(3000))*time.Microsecond, func() {
					if err := cmd.Process.Kill(); err != nil {
						t.Error(err)
					}
				})
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the writer ended by itself")
		}
	}
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	lost, half := missing(t, s, acknowledged)
	t.Logf("%d answered, %d lost, %d half", len(acknowledged), lost, half)
	if lost+half > 0 {
		t.Errorf("%d of %d answered changes lost, %d half", lost, len(acknowledged), half)
	}
	if err := checkDatabase(t.Context(), s.writer); err != nil {
		t.Error(err)
	}
}

// missing counts acknowledged pairs that are not there, and pairs of which one row is.
func missing(t *testing.T, s *Store, acknowledged map[string]bool) (lost, half int) {
	t.Helper()
	logged, promised := map[string]int{}, map[string]int{}
	err := s.View(t.Context(), func(r *Reader) error {
		entries, err := r.LogEntries(t.Context(), 1<<30)
		if err != nil {
			return err
		}
		for _, e := range entries {
			logged[e.Subject]++
		}
		promises, err := r.Promises(t.Context(), study.Waiting, 1<<30)
		for _, p := range promises {
			promised[p.Subject]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range acknowledged {
		if logged[n] != 1 || promised[n] != 1 {
			lost++
		}
	}
	for n, times := range logged {
		if times != 1 || promised[n] != 1 {
			half++
		}
	}
	return lost, half + max(0, len(promised)-len(logged))
}

// TestKilledBackupAndRestore kills both at each step: a file of the backup's name is
// always a whole backup, a folder of the restored one's name a whole folder (R25).
func TestKilledBackupAndRestore(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"before-backup-copy", "before-backup-sync", "before-restore-write", "before-backup-rename", "before-restore-rename", "after-restore-remove"} {
		for n := 1; ; n++ {
			dir := t.TempDir()
			child(t, "official", filepath.Join(dir, "data"))
			_, killed := child(t, "backup", dir, fmt.Sprintf("COMPARANDA_FAULT=%s:%d", step, n))
			backup, restored := filepath.Join(dir, "backup.tar"), filepath.Join(dir, "restored")
			if _, err := os.Stat(backup); err == nil {
				if _, err := Restore(t.Context(), backup, filepath.Join(dir, "again")); err != nil {
					t.Errorf("%s:%d left a backup that cannot be restored: %v", step, n, err)
				}
			}
			if _, err := os.Stat(restored); err == nil {
				if findings, err := Verify(t.Context(), restored); err != nil || !findings.Sound() {
					t.Errorf("%s:%d left a folder that is not sound: %+v, %v", step, n, findings, err)
				}
			}
			if !killed {
				if n == 1 {
					t.Errorf("step %s was never reached", step)
				}
				break
			}
			child(t, "backup", dir) // tried again
		}
	}
}
