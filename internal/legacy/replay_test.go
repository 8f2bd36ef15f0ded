package legacy

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/internal/study"
)

// eachFile runs a test with each file of the suite.
func eachFile(t *testing.T, test func(t *testing.T, name string, read Input)) {
	t.Helper()
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if filepath.Ext(name) == ".json" {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			test(t, filepath.Base(name), inputOf(filepath.Base(name), string(data)))
		})
	}
}

// responsesOf reads all responses of a file.
func responsesOf(t *testing.T, name string, read Input, o Options) (p *Plan, all []Response) {
	t.Helper()
	p, problems, err := Prepare(name, read, o)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	err = p.Each(read, o, func(r *Response) error {
		all = append(all, *r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, all
}

// TestSavedMappingChangesNothing saves what was suggested for each file and reads the file
// by it: every response is the same.
func TestSavedMappingChangesNothing(t *testing.T) {
	t.Parallel()
	eachFile(t, func(t *testing.T, name string, read Input) {
		p, want := responsesOf(t, name, read, Options{})
		text, err := json.Marshal(p.Mapping())
		if err != nil {
			t.Fatal(err)
		}
		m, err := study.ParseMapping(text)
		if err != nil {
			t.Fatal(err)
		}
		again, got := responsesOf(t, name, read, Options{Mapping: m})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("read by its own mapping (-suggested +replayed):\n%s", diff)
		}
		if diff := cmp.Diff(p.Preview("en"), again.Preview("en")); diff != "" {
			t.Errorf("shown by its own mapping (-suggested +replayed):\n%s", diff)
		}
	})
}

// TestEveryLayoutIsRead reads each file in every way that a person may say, also wrong
// ones: it is read or refused.
func TestEveryLayoutIsRead(t *testing.T) {
	t.Parallel()
	eachFile(t, func(t *testing.T, name string, read Input) {
		for _, orientation := range []study.Orientation{"", Rows, Columns, Pairs, Other} {
			for _, header := range []int{-1, 1, 3, study.MaxHeaderRow} {
				for _, deep := range []int{0, 10} {
					said := study.SheetMapping{Orientation: orientation, HeaderRow: header, HeaderRows: deep}
					o := Options{Mapping: &Mapping{Version: 1, Sheets: []SheetMapping{said}}}
					result, p, err := Try(name, read, o)
					if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
						continue
					}
					if err != nil || result.Form == nil {
						t.Fatalf("%+v: %v", said, err)
					}
					p.Preview("es")
					p.Mapping()
				}
			}
		}
	})
}
