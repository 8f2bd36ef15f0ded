// Package kit reads a study kit: a folder of tables and questionnaires, or one
// workbook with the same sheets, that defines a whole study.
//
// A kit is written by hand, so everything that is wrong with it is said in one go,
// each fault with its sheet, row and column. The kit's format is described in
// forms/library/regularization/README.md. This package stores nothing.
package kit

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/library"
	"github.com/comparanda/comparanda/internal/study"
)

// Kit is a study, ready to be stored.
type Kit struct {
	Study    study.Study
	Forms    []Form    // in the order of Study.Instruments
	Sources  []Source  // what the notes of prefill and examples refer to, "[U01]"
	Prefill  []Prefill // by form and country, in the kit's order
	Examples []Example
}

// Form is one instrument's questionnaire.
type Form struct {
	*forms.Form
	Kind       study.InstrumentKind
	Source     []byte // the author's file; a folder of CSV files is kept as a zip of them
	SourceName string
}

// Source is a document that facts were taken from.
type Source struct {
	ID, Title, Address string
}

// Prefill is what a country's return begins with. Every Base is 0.
type Prefill struct {
	FormID  string
	Country study.ISO3
	Changes []study.Change
}

// Example is a return or an interview made of public facts. It is always shown as an
// example, never as a country's own answer.
type Example struct {
	Key     string // names it within the kit: "CRI", "INT-001"
	FormID  string
	Kind    study.InstrumentKind
	Country study.ISO3
	Round   string
	Changes []study.Change
}

// Load reads the kit in a folder or workbook on disk, or a shipped one by its name
// when the disk has nothing of that name. The kit is nil when a problem is an Error;
// err is only for what could not be read.
func Load(name string) (*Kit, []forms.Problem, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return LoadFS(os.DirFS(name), ".")
	case err == nil:
		return LoadFS(os.DirFS(filepath.Dir(name)), filepath.Base(name))
	}
	if shipped, found := Shipped(name); found {
		return LoadFS(shipped, ".")
	}
	return nil, nil, fmt.Errorf("read kit: %w", err)
}

// Shipped is the folder of a kit that the program brings along.
func Shipped(name string) (fs.FS, bool) {
	if !fs.ValidPath(name) || name == "." {
		return nil, false
	}
	if _, err := fs.Stat(library.Kits(), name+"/study.csv"); err != nil {
		return nil, false
	}
	folder, err := fs.Sub(library.Kits(), name)
	return folder, err == nil
}

// LoadFS is Load in a file system; name "." is the folder itself.
func LoadFS(fsys fs.FS, name string) (*Kit, []forms.Problem, error) {
	r := &reader{fsys: fsys, name: name, kit: &Kit{}, byID: map[string]*Form{}}
	if err := r.open(); err != nil {
		return nil, nil, err
	}
	if !forms.Refused(r.problems) {
		r.study()
		if err := r.instruments(); err != nil {
			return nil, nil, err
		}
		r.institutions()
		r.variants()
		r.checks()
		r.codebook()
		r.sources()
		r.prefill()
		r.examples()
	}
	if forms.Refused(r.problems) {
		return nil, r.problems, nil
	}
	return r.kit, r.problems, nil
}
