package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/comparanda/comparanda/internal/kit"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// maxRequestBytes is how long a line may be: a long text, all of it escaped.
const maxRequestBytes = 4 << 20

// request is one line in. Choices are codes, or objects with code or name, label or
// labels, and variants; without them the kit's list of that name is taken.
type request struct {
	ID        string          `json:"id"`
	FieldType string          `json:"field_type"`
	Country   string          `json:"country"`
	Input     *string         `json:"input"`
	Lang      string          `json:"lang"`
	Choices   json.RawMessage `json:"choices"`
}

// answerLine is one line out; a line that is no request has an error instead.
type answerLine struct {
	ID    string         `json:"id"`
	Value map[string]any `json:"value"`
	Flags []string       `json:"flags"`
	Rule  string         `json:"rule"`
	Note  string         `json:"note,omitempty"`
}

type errorLine struct {
	ID    string `json:"id,omitempty"`
	Error string `json:"error"`
}

// normalizeLines reads messy answers as JSON lines and writes what they mean.
func normalizeLines(c *call) error {
	name := "regularization"
	c.flags.StringVar(&name, "kit", name, "the kit that gives lists and the register of institutions")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	k, problems, err := kit.Load(name)
	if err != nil {
		return input(err)
	}
	if k == nil {
		return input(fmt.Errorf("the kit %s has %d faults; comparanda study load shows them", name, len(problems)))
	}
	out := bufio.NewWriter(c.stdout)
	err = eachLine(c.stdin, func(line []byte, tooLong bool) error {
		if tooLong {
			return writeLine(out, errorLine{Error: fmt.Sprintf("the line is longer than %d bytes: split the text", maxRequestBytes)})
		}
		return writeLine(out, readRequest(k, line))
	})
	return errors.Join(err, out.Flush())
}

// eachLine calls do for each line that is not empty. Of a line that is too long only
// its end is looked for.
func eachLine(r io.Reader, do func(line []byte, tooLong bool) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var line []byte
	long := false
	for {
		chunk, err := in.ReadSlice('\n')
		if long = long || len(line)+len(chunk) > maxRequestBytes; !long {
			line = append(line, chunk...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(bytes.TrimSpace(line)) > 0 || long {
			if err := do(bytes.TrimSpace(line), long); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return input(fmt.Errorf("read requests: %w", err))
		}
		line, long = line[:0], false
	}
}

func writeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// readRequest answers one line.
func readRequest(k *kit.Kit, line []byte) any {
	var q request
	if err := json.Unmarshal(bytes.TrimPrefix(line, []byte("\ufeff")), &q); err != nil {
		return errorLine{q.ID, "not a request: " + err.Error() + `; write {"id","field_type","country","input"}`}
	}
	if q.Input == nil {
		return errorLine{q.ID, `the field "input" is missing: write the raw text, "" for a blank`}
	}
	c := normalize.Context{Country: strings.ToUpper(strings.TrimSpace(q.Country)), Lang: q.Lang, Institutions: k.Study.Institutions, Member: memberOf(k.Study)}
	choices, err := choicesFor(k, q)
	if err != nil {
		return errorLine{q.ID, err.Error()}
	}
	c.Choices = choices
	r, known := normalize.Read(strings.ToLower(strings.TrimSpace(q.FieldType)), *q.Input, c)
	if !known {
		return errorLine{q.ID, fmt.Sprintf("the field type %q is not known: use %s, one:LIST or multi:LIST", q.FieldType, strings.Join(normalize.Kinds, ", "))}
	}
	if r.Flags == nil {
		r.Flags = []string{}
	}
	return answerLine{q.ID, r.Value, r.Flags, r.Rule, r.Note}
}

func memberOf(s study.Study) func(string) bool {
	members := map[string]bool{}
	for _, c := range s.Countries {
		members[string(c.ISO3)] = true
	}
	return func(iso3 string) bool { return members[iso3] }
}

// choicesFor takes the choices of the request, or the kit's list that the type names.
func choicesFor(k *kit.Kit, q request) ([]normalize.Choice, error) {
	_, list, _ := strings.Cut(q.FieldType, ":")
	var kept []normalize.Choice
	for _, f := range k.Forms {
		if l := f.Lists[list]; l != nil && list != "" {
			kept = normalize.ChoicesOf(l)
			break
		}
	}
	if len(q.Choices) == 0 || string(q.Choices) == "null" {
		return kept, nil
	}
	given, err := givenChoices(q.Choices)
	if err != nil {
		return nil, err
	}
	for i := range given { // the kit knows more words for its own codes
		for _, ch := range kept {
			if ch.Code == given[i].Code {
				given[i].Labels = append(given[i].Labels, ch.Labels...)
				given[i].Variants = append(given[i].Variants, ch.Variants...)
			}
		}
	}
	return given, nil
}

func givenChoices(raw json.RawMessage) ([]normalize.Choice, error) {
	var codes []string
	if json.Unmarshal(raw, &codes) == nil {
		var all []normalize.Choice
		for _, code := range codes {
			all = append(all, normalize.Choice{Code: code})
		}
		return all, nil
	}
	var objects []struct {
		Code, Name, Label string
		Labels, Variants  []string
	}
	if err := json.Unmarshal(raw, &objects); err != nil {
		return nil, errors.New(`"choices" is neither a list of codes nor a list of objects {"code","label"}`)
	}
	var all []normalize.Choice
	for _, o := range objects {
		ch := normalize.Choice{Code: o.Code, Labels: o.Labels, Variants: o.Variants}
		if ch.Code == "" {
			ch.Code = o.Name
		}
		if o.Label != "" {
			ch.Labels = append(ch.Labels, o.Label)
		}
		all = append(all, ch)
	}
	return all, nil
}
