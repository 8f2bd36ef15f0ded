// Package report writes the comparison workbook: tidy answers in, one .xlsx out.
//
// It is pure. The same input and options give the same bytes, so that two builds can
// be compared; the time in the file is that of the newest fact in it. A sheet is first
// made as plain data (book.go) and then written (write.go), the only file that knows
// excelize.
//
// Three rules hold on every sheet: a missing answer is a mark in words and never an
// empty cell or a zero; what somebody typed stays text, whatever it begins with;
// every answer leads to its page on the web.
package report

import (
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Input is everything that a comparison shows.
type Input struct {
	Study      study.Study
	Round      string      // id of the round compared
	Form       *forms.Form // the country questionnaire whose questions are the rows
	Returns    []Return    // the chosen version of each country, at most one per country
	Guide      *forms.Form // the interview guide; nil: the study has none
	Interviews []Return
	BaseURL    string    // the program's own address; "" or not http(s): no links to the web
	NewestAt   time.Time // newest fact in the data; zero: the newest signature
}

// Return is one signed return or closed interview with its tidy answers.
type Return struct {
	Submission study.Submission // its Snapshot is not needed
	State      study.State      // of the response now; "": as in the submission
	Title      string           // interviews: "INT-003"
	Answers    []study.Answer   // in document order
}

// Options choose what a comparison shows.
type Options struct {
	Lang      study.Lang   `json:"lang"`
	Countries []study.ISO3 `json:"countries,omitempty"` // none: every country of the study
	Sections  []string     `json:"sections,omitempty"`  // names of top-level groups and repeats; none: all
}

func (r *Return) state() study.State {
	if r.State != "" {
		return r.State
	}
	return r.Submission.State
}

// newest is the time of the newest fact.
func (in *Input) newest() time.Time {
	newest := in.NewestAt
	for _, list := range [][]Return{in.Returns, in.Interviews} {
		for _, r := range list {
			if in.NewestAt.IsZero() && r.Submission.At.After(newest) {
				newest = r.Submission.At
			}
		}
	}
	return newest.UTC().Truncate(time.Second)
}

// example reports whether any of it is example data.
func (in *Input) example() bool {
	for _, list := range [][]Return{in.Returns, in.Interviews} {
		for _, r := range list {
			if r.Submission.Example {
				return true
			}
		}
	}
	return in.Study.Example
}
