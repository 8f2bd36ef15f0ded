package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// watched is a questionnaire on the disk: a file or a folder of CSV files, with the
// lists beside it.
type watched struct {
	name  string
	form  *forms.Form // the last that could be read: its lists are watched too
	last  string      // how things looked at the last look
	shown string      // how they looked when they were read
}

// changed takes a look. It reports a change once, when two looks in a row have found the
// same: a program that is still writing has not finished by then.
func (w *watched) changed() bool {
	now := w.look()
	settled := now == w.last
	w.last = now
	if !settled || now == w.shown {
		return false
	}
	w.shown = now
	return true
}

// taken notes that the form was read, and began to be when the look was stamp. A file
// that was written meanwhile is read again.
func (w *watched) taken(f *forms.Form, stamp string) {
	still := describe(w.sheets()) == stamp
	if f != nil {
		w.form = f
	}
	if w.shown = w.look(); !still {
		w.shown = ""
	}
	w.last = w.shown
}

func (w *watched) look() string { return describe(append(w.sheets(), w.lists()...)) }

// describe tells files by name, size and time of change. Of a folder the name alone
// counts: its time changes with whatever is put into it.
func describe(files []string) string {
	var b strings.Builder
	for _, name := range files {
		info, err := os.Stat(name)
		switch {
		case err != nil:
		case info.IsDir():
			fmt.Fprintln(&b, name)
		default:
			fmt.Fprintln(&b, name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// sheets are the form's own files: one, or a folder and what is in it.
func (w *watched) sheets() []string {
	files := []string{w.name}
	entries, err := fs.Glob(os.DirFS(w.name), "*.[cC][sS][vV]")
	if err != nil { // not so with a pattern that is right
		return files
	}
	for _, e := range entries {
		files = append(files, filepath.Join(w.name, e))
	}
	return files
}

// lists are the places where the form's lists lie, or may come to lie.
func (w *watched) lists() []string {
	if w.form == nil {
		return nil
	}
	var files []string
	dir, folders := listFolders(w.name)
	for _, use := range w.form.FileUses() {
		for _, folder := range folders {
			files = append(files, filepath.Join(dir, folder, filepath.FromSlash(use.Name)))
		}
	}
	return files
}
