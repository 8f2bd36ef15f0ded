// Package drive sits at a form as a client of ODK does: it takes the steps of a session
// (set an answer, add an item, ask what is offered), and tells what holds after each, at
// the end, and in the submission. It is how the engine is held against other clients.
//
// What it decides, forms/fill decides: the form is spelled out as clients see it
// (xform.Expand) and filled in. Only the habits of clients are its own: positions instead
// of keys for items, metadata, and the way that typed values are written.
package drive

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Job is one session.
type Job struct {
	ID      string          `json:"id"`
	Form    string          `json:"form"` // a file name
	Root    string          `json:"root"` // of the instance, when the form names none
	Steps   []Step          `json:"steps"`
	Media   json.RawMessage `json:"media"`   // a folder, or {"jr://…": {"status","type","body"}}
	Preload json.RawMessage `json:"preload"` // device properties by name
}

// Step is one thing that the person at the form does, or asks. Paths begin with the
// root's name; items of repeats are counted from 1.
type Step struct {
	Set      *string `json:"set"`
	Add      *string `json:"add"`
	Remove   *string `json:"remove"`
	Lang     *string `json:"lang"`
	Get      *string `json:"get"`
	Count    *string `json:"count"`
	Attr     *string `json:"attr"`
	Validate bool    `json:"validate"`
	XML      bool    `json:"xml"`
	Skip     bool    `json:"skip"`

	Value any    `json:"value"` // with Set
	Name  string `json:"name"`  // with Attr
}

// Answer is what came of a Job.
type Answer struct {
	ID         string            `json:"id"`
	Load       string            `json:"load"` // "success" or "failure"
	Error      string            `json:"error,omitempty"`
	Results    []map[string]any  `json:"results,omitempty"` // one for each step
	Final      map[string]Status `json:"final,omitempty"`   // by path
	Submission string            `json:"submission,omitempty"`
}

// Status is what holds at one path.
type Status struct {
	Value     *string `json:"value,omitempty"` // nil for what holds no value itself
	Relevant  bool    `json:"relevant"`
	Required  bool    `json:"required"`
	ReadOnly  bool    `json:"readonly"`
	Violation *string `json:"violation"` // "constraint", "required", or nil
}

// maxLine is the longest line of Batch.
const maxLine = 64 << 20

// Read reads the form of a job; the form is nil when a problem is an Error.
type Read func(name string) (*forms.Form, []forms.Problem, error)

// Batch runs sessions, a JSON line each, and writes an Answer a line, in their order. A
// session that goes wrong gets an answer that says so; err is only for input and output.
func Batch(r io.Reader, w io.Writer, read Read) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for in.Scan() {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		if err := out.Encode(answerLine(in.Bytes(), read)); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	return nil
}

func answerLine(line []byte, read Read) Answer {
	var job Job
	if err := json.Unmarshal(line, &job); err != nil {
		return Answer{ID: job.ID, Load: "failure", Error: "the line is no session: " + err.Error()}
	}
	return Run(job, read)
}

// Run runs one session. A session never ends the program: a fault of ours is its error.
func Run(job Job, read Read) (a Answer) {
	a = Answer{ID: job.ID, Load: "failure"}
	defer func() {
		if p := recover(); p != nil { // one bad session must not cost the others their answers
			a = Answer{ID: job.ID, Load: "failure", Error: fmt.Sprintf("internal fault: %v", p)}
		}
	}()
	s, err := open(job, read)
	if err != nil {
		a.Error = err.Error()
		return a
	}
	a.Load = "success"
	for _, step := range job.Steps {
		a.Results = append(a.Results, s.do(step))
	}
	a.Final = s.final()
	a.Submission, err = s.submission()
	if err != nil {
		a.Error = err.Error()
	}
	return a
}
