package xform

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// Limits of a submission that a stranger may send.
const (
	maxSubmissionBytes = 5 << 20
	maxDepth           = 64
	maxTokens          = 200_000
	maxAttributes      = 256
)

// ReadSubmission reads instance XML into answers. Items of repeats get the keys 1, 2, …
// in their order; templates are left out. An empty element is no answer, unless its
// question has a default: then somebody has taken that away. Elements that the form does not have are
// returned as problems and not lost: the problem's Name is their path and its Text
// holds their value. err is for XML that is broken, too large, or of another form.
func ReadSubmission(r io.Reader, f *forms.Form) (Submission, []forms.Problem, error) {
	limited := &io.LimitedReader{R: r, N: maxSubmissionBytes + 1}
	in := &submissionReader{form: f, dec: xml.NewDecoder(limited)}
	in.dec.Strict = true
	if err := in.read(); err != nil {
		if limited.N <= 0 {
			err = fmt.Errorf("larger than %d bytes", maxSubmissionBytes)
		}
		return Submission{}, nil, fmt.Errorf("%w: %w", errSubmission, err)
	}
	return in.out, in.problems, nil
}

type submissionReader struct {
	form     *forms.Form
	dec      *xml.Decoder
	tokens   int
	out      Submission
	problems []forms.Problem
}

// token returns the next token that matters, within the limits.
func (in *submissionReader) token() (xml.Token, error) {
	for {
		t, err := in.dec.Token()
		if err != nil {
			return nil, err
		}
		if in.tokens++; in.tokens > maxTokens {
			return nil, errors.New("more than 200,000 elements")
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, errors.New("it has a document type, which no form sends")
		case xml.ProcInst, xml.Comment:
			continue
		case xml.StartElement:
			if len(t.Attr) > maxAttributes {
				return nil, errors.New("an element has more than 256 attributes")
			}
		}
		return t, nil
	}
}

func (in *submissionReader) read() error {
	for {
		t, err := in.token()
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			switch a.Name.Local {
			case "id":
				in.out.FormID = a.Value
			case "version":
				in.out.Version = a.Value
			}
		}
		if in.out.FormID != in.form.ID {
			return fmt.Errorf("it is of the form %q", in.out.FormID)
		}
		return in.children("", in.form.Children, 1)
	}
}

// children reads the elements inside a group, an item or the form itself.
func (in *submissionReader) children(path string, nodes []*forms.Node, depth int) error {
	if depth > maxDepth {
		return errors.New("nested more than 64 deep")
	}
	items := make(map[string]int)
	for {
		t, err := in.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := in.child(path, nodes, items, t, depth); err != nil {
				return err
			}
		}
	}
}

func (in *submissionReader) child(path string, nodes []*forms.Node, items map[string]int, start xml.StartElement, depth int) error {
	name := start.Name.Local
	if path == "" && isMeta(name) {
		return in.meta(depth + 1)
	}
	var n *forms.Node
	for _, c := range nodes {
		if c.Name == name {
			n = c
		}
	}
	switch {
	case n == nil:
		return in.unknown(path+"/"+name, depth+1)
	case n.Kind == forms.Question:
		value, err := in.value(path+"/"+name, depth+1)
		if err == nil && (value != "" || n.Default != "") { // a default that was taken away is an answer
			in.out.Answers = append(in.out.Answers, Answer{path + "/" + name, value})
		}
		return err
	case n.Kind == forms.Repeat:
		for _, a := range start.Attr {
			if a.Name.Local == "template" {
				return in.skip()
			}
		}
		items[name]++
		at := path + "/" + name + "[" + strconv.Itoa(items[name]) + "]"
		before := len(in.out.Answers)
		if err := in.children(at, n.Children, depth+1); err != nil {
			return err
		}
		if len(in.out.Answers) == before {
			in.out.Answers = append(in.out.Answers, Answer{Path: at})
		}
		return nil
	}
	return in.children(path+"/"+name, n.Children, depth+1)
}

// value reads an element's text. Elements inside it are unknown ones.
func (in *submissionReader) value(path string, depth int) (string, error) {
	var text []byte
	for {
		t, err := in.token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			text = append(text, t...)
		case xml.StartElement:
			if err := in.unknown(path+"/"+t.Name.Local, depth+1); err != nil {
				return "", err
			}
		case xml.EndElement:
			return string(text), nil
		}
	}
}

// unknown keeps what the form has no place for as a problem.
func (in *submissionReader) unknown(path string, depth int) error {
	if depth > maxDepth {
		return errors.New("nested more than 64 deep")
	}
	text, err := in.value(path, depth)
	if err != nil {
		return err
	}
	in.problems = append(in.problems, forms.Problem{Severity: forms.Warning, Key: "submission.unknown", Name: path}.Saying(message.Given(text)))
	return nil
}

// skip passes over an element with everything in it, within the limits.
func (in *submissionReader) skip() error {
	for depth := 1; depth > 0; {
		t, err := in.token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

func (in *submissionReader) meta(depth int) error {
	for {
		t, err := in.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			value, err := in.value("/meta/"+t.Name.Local, depth)
			if err != nil {
				return err
			}
			switch t.Name.Local {
			case "instanceID":
				in.out.InstanceID = value
			case "deprecatedID":
				in.out.DeprecatedID = value
			case "instanceName":
				in.out.InstanceName = value
			}
		}
	}
}
