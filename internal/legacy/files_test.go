package legacy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
)

var write = flag.Bool("write", false, "write the expected results anew")

// understood is what a file's expected result holds: what was found, and each response.
type understood struct {
	Result    *Result            `json:"result"`
	Responses []understoodAnswer `json:"responses"`
}

type understoodAnswer struct {
	At        string   `json:"at"` // sheet and number of its row or column
	Key       string   `json:"key,omitempty"`
	Country   string   `json:"country,omitempty"`
	Round     string   `json:"round,omitempty"`
	Submitted string   `json:"submitted,omitempty"`
	Submitter string   `json:"submitter,omitempty"`
	Answers   []string `json:"answers"`
}

// TestFiles reads files of every origin and shape, through what a child would write.
func TestFiles(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	tested := 0
	for _, name := range names {
		if filepath.Ext(name) == ".json" {
			continue
		}
		tested++
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, name+".json", understand(t, filepath.Base(name), data))
		})
	}
	if tested < 12 {
		t.Errorf("%d files, want at least 12", tested)
	}
}

func compareGolden(t *testing.T, golden string, got understood) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if *write {
		if err := os.WriteFile(golden, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(want)), string(text)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

// readFramed reads a file as a parent does: what the reader finds goes through frames.
func readFramed(name string, data []byte, sink Sink) error {
	var wire bytes.Buffer
	out := &frameSink{to: &wire}
	if err := Read(name, bytes.NewReader(data), int64(len(data)), out); err != nil {
		return err
	}
	if err := out.frame(endFrame); err != nil {
		return err
	}
	_, err := decodeFrames(bufio.NewReader(&wire), sink)
	return err
}

// understand reads a file and everything in it.
func understand(t *testing.T, name string, data []byte) understood {
	t.Helper()
	look := &Look{}
	if err := readFramed(name, data, look); err != nil {
		t.Fatal(err)
	}
	plan := Infer(name, look.Done())
	if _, problems := fill.Compile(plan.Form); forms.Refused(problems) {
		t.Errorf("the inferred form does not compile: %v", problems)
	}
	u := understood{Result: NewResult(name, plan)}
	taker := NewTaker(plan, "", "", func(r *Response) error {
		u.Result.Count(r)
		u.Responses = append(u.Responses, described(plan, r))
		return nil
	})
	readings := []func(){taker.Respond}
	if taker.HasItems() {
		readings = []func(){taker.Gather, taker.Respond}
	}
	for _, begin := range readings {
		begin()
		if err := readFramed(name, data, taker); err != nil {
			t.Fatal(err)
		}
		if err := taker.Done(); err != nil {
			t.Fatal(err)
		}
	}
	u.Result.Close()
	return u
}

func described(p *Plan, r *Response) understoodAnswer {
	a := understoodAnswer{
		At: p.Found.Tables[r.Table].Name + "!" + address(1, r.Number), Key: r.Key, Country: string(r.Country),
		Round: r.Round, Submitter: r.Submitter, Answers: []string{},
	}
	if p.Found.Tables[r.Table].Orientation != Rows {
		a.At = p.Found.Tables[r.Table].Name + "!" + Letters(r.Number)
	}
	if !r.SubmittedAt.IsZero() {
		a.Submitted = r.SubmittedAt.Format(time.RFC3339)
	}
	for _, e := range r.Entries {
		line := e.Path + " = " + e.Value
		if e.Reason != "" {
			line += " (" + string(e.Reason) + ")"
		}
		if e.Note != "" {
			line += " # " + e.Note
		}
		a.Answers = append(a.Answers, line)
	}
	return a
}
