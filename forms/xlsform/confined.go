package xlsform

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/comparanda/comparanda/forms"
)

// parsed is what Worker hands back.
type parsed struct {
	Form     *forms.Form
	Problems []forms.Problem
}

// sheetsParsed is what SheetsWorker hands back.
type sheetsParsed struct {
	Sheets   []Sheet
	Problems []forms.Problem
}

// Worker is Parse for a process of its own, as internal/confine runs it. Its input and
// output are those of ParseVia.
func Worker(input []byte) ([]byte, error) {
	name, data, err := unpack(input)
	if err != nil {
		return nil, err
	}
	var out parsed
	out.Form, out.Problems = Parse(name, data)
	return json.Marshal(out)
}

// SheetsWorker is Worker for AllSheetsVia.
func SheetsWorker(input []byte) ([]byte, error) {
	name, data, err := unpack(input)
	if err != nil {
		return nil, err
	}
	var out sheetsParsed
	out.Sheets, out.Problems = parse(name, data, everySheet)
	return json.Marshal(out)
}

func pack(name string, data []byte) []byte {
	input := binary.BigEndian.AppendUint32(nil, uint32(len(name)))
	return append(append(input, name...), data...)
}

func unpack(input []byte) (name string, data []byte, err error) {
	if len(input) < 4 {
		return "", nil, errors.New("no file to read")
	}
	n := int(binary.BigEndian.Uint32(input))
	if n > len(input)-4 {
		return "", nil, errors.New("no file to read")
	}
	return string(input[4 : 4+n]), input[4+n:], nil
}

// Runner does a worker's work somewhere safe.
type Runner func(input []byte) (output []byte, err error)

// ParseVia is Parse through run, which does Worker's work. When run fails, its error is
// the form's problem: the file asked for more than it may have.
func ParseVia(run Runner, name string, data []byte) (*forms.Form, []forms.Problem) {
	var out parsed
	if problem := run.into(&out, name, data); problem != nil {
		return nil, problem
	}
	if out.Form != nil {
		out.Form.Link()
	}
	return out.Form, out.Problems
}

// AllSheetsVia reads every sheet of a file through run, which does SheetsWorker's work.
func AllSheetsVia(run Runner, name string, data []byte) ([]Sheet, []forms.Problem) {
	var out sheetsParsed
	if problem := run.into(&out, name, data); problem != nil {
		return nil, problem
	}
	return out.Sheets, out.Problems
}

func (run Runner) into(out any, name string, data []byte) []forms.Problem {
	if len(data) > MaxBytes {
		return []forms.Problem{faultProblem(name, largeFile())}
	}
	output, err := run(pack(name, data))
	if err != nil {
		return []forms.Problem{faultProblem(name, refuse("file.limits", "reading the file was stopped (%v): keep only the questionnaire in it, and save it anew as .xlsx", err))}
	}
	if err := json.Unmarshal(output, out); err != nil {
		return []forms.Problem{faultProblem(name, fmt.Errorf("read the form back: %w", err))}
	}
	return nil
}
