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

// Worker is Parse for a process of its own, as internal/confine runs it. Its input and
// output are those of ParseVia.
func Worker(input []byte) ([]byte, error) {
	if len(input) < 4 {
		return nil, errors.New("no file to read")
	}
	n := int(binary.BigEndian.Uint32(input))
	if n > len(input)-4 {
		return nil, errors.New("no file to read")
	}
	var out parsed
	out.Form, out.Problems = Parse(string(input[4:4+n]), input[4+n:])
	return json.Marshal(out)
}

// ParseVia is Parse through run, which does Worker's work somewhere safe. When run
// fails, its error is the form's problem: the file asked for more than it may have.
func ParseVia(run func(input []byte) (output []byte, err error), name string, data []byte) (*forms.Form, []forms.Problem) {
	if len(data) > MaxBytes {
		return nil, []forms.Problem{faultProblem(name, largeFile())}
	}
	input := binary.BigEndian.AppendUint32(nil, uint32(len(name)))
	input = append(append(input, name...), data...)
	output, err := run(input)
	if err != nil {
		return nil, []forms.Problem{faultProblem(name, refuse("file.limits", "reading the file was stopped (%v): keep only the questionnaire in it, and save it anew as .xlsx", err))}
	}
	var out parsed
	if err := json.Unmarshal(output, &out); err != nil {
		return nil, []forms.Problem{faultProblem(name, fmt.Errorf("read the form back: %w", err))}
	}
	if out.Form != nil {
		out.Form.Link()
	}
	return out.Form, out.Problems
}
