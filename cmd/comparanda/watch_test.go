package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms/xlsform"
)

// file writes a file as of a second, so that no test depends on the clock of the disk.
func file(t *testing.T, name, text string, second int64) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, time.Time{}, time.Unix(second, 0)); err != nil {
		t.Fatal(err)
	}
}

// take reads what is watched, as a preview does.
func take(t *testing.T, w *watched) {
	t.Helper()
	stamp := describe(w.sheets())
	f, problems, err := xlsform.Read(w.name)
	if err != nil {
		t.Fatal(err, problems)
	}
	w.taken(f, stamp)
}

func wantChanged(t *testing.T, w *watched, when string, want ...bool) {
	t.Helper()
	for i, one := range want {
		if got := w.changed(); got != one {
			t.Errorf("%s, look %d: changed is %v, want %v", when, i+1, got, one)
		}
	}
}

// A change counts once, and only when two looks have found the same: a program that is
// still writing has not finished by then.
func TestWatchedWaitsUntilAFileIsWhole(t *testing.T) {
	t.Parallel()
	w := &watched{name: filepath.Join(t.TempDir(), "f.md")}
	form := "| survey | type | name |\n| | text | a |\n"
	file(t, w.name, form, 1)
	take(t, w)
	wantChanged(t, w, "at rest", false, false)
	file(t, w.name, form[:20], 2)
	wantChanged(t, w, "half written", false)
	file(t, w.name, form+"| | text | b |\n", 2)
	wantChanged(t, w, "whole", false, true, false)
	if err := os.Remove(w.name); err != nil {
		t.Fatal(err)
	}
	wantChanged(t, w, "taken away for a moment", false)
	file(t, w.name, form, 3)
	wantChanged(t, w, "put back anew", false, true, false)
}

// A file that was written while it was read is read again.
func TestWatchedReadsAgainWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	w := &watched{name: filepath.Join(t.TempDir(), "f.md")}
	file(t, w.name, "| survey | type | name |\n| | text | a |\n", 1)
	stamp := describe(w.sheets())
	file(t, w.name, "| survey | type | name |\n| | text | b |\n", 2)
	w.taken(nil, stamp)
	wantChanged(t, w, "after reading", false, true, false)
}

// Of a folder every sheet counts, of any form the lists beside it, also one that comes
// to lie there later; other files do not.
func TestWatchedKnowsTheFilesOfAForm(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := &watched{name: filepath.Join(dir, "f")}
	file(t, filepath.Join(w.name, "survey.csv"), "type,name,label,calculation\nselect_one_from_file towns.csv,t,T,\ncalculate,c,,\"pulldata('rates', 'a', 'b', 'c')\"\n", 1)
	take(t, w)
	file(t, filepath.Join(w.name, "choices.csv"), "list_name,name,label\n", 2)
	wantChanged(t, w, "a sheet came", false, true)
	take(t, w)
	for _, name := range []string{"f/media/towns.csv", "f/rates.csv"} {
		file(t, filepath.Join(dir, name), "name,label\n", 3)
		wantChanged(t, w, name+" came", false, true, false)
	}
	file(t, filepath.Join(dir, "notes.txt"), "", 4)
	file(t, filepath.Join(w.name, "notes.txt"), "", 4)
	wantChanged(t, w, "another file came", false, false)
}
