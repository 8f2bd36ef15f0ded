package legacy

import (
	"slices"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Input reads all files of an import into a sink, the same each time.
type Input func(Sink) error

// Options of an import.
type Options struct {
	Form    *forms.Form // nil: infer one
	Mapping *Mapping    // nil: as suggested
	Country study.ISO3  // of responses whose file does not name theirs
	Round   string
	Now     time.Time // what the form's rules take for now, when a file does not say when it was answered
}

// Prepare looks at the files and plans what becomes of them. Problems are those of the
// mapping.
func Prepare(name string, read Input, o Options) (*Plan, []Problem, error) {
	look := &Look{Mapping: o.Mapping}
	if err := read(look); err != nil {
		return nil, nil, err
	}
	found := look.Done()
	if !slices.ContainsFunc(found.Tables, func(t *Table) bool { return t.Orientation != Other }) {
		return nil, nil, refuse("file.no_answers")
	}
	skips(o.Mapping, &found)
	var p *Plan
	if o.Form == nil {
		p = Infer(name, found)
	} else {
		p = Match(found, o.Form)
	}
	return p, p.Apply(o.Mapping), nil
}

// Each hands on the responses of the files, in their order.
func (p *Plan) Each(read Input, o Options, emit func(*Response) error) error {
	country, round := o.Country, o.Round
	if o.Mapping != nil {
		if country == "" {
			country = o.Mapping.Country
		}
		if round == "" {
			round = o.Mapping.Round
		}
	}
	t := NewTaker(p, country, round, emit)
	t.evaluator = p.evaluator(o.Now)
	if t.HasItems() {
		t.Gather()
		if err := read(t); err != nil {
			return err
		}
	}
	t.Respond()
	if err := read(t); err != nil {
		return err
	}
	return t.Done()
}

// Try is an import that stores nothing: what would be created, and every problem.
func Try(name string, read Input, o Options) (*Result, *Plan, error) {
	p, problems, err := Prepare(name, read, o)
	if err != nil {
		return nil, nil, err
	}
	r := NewResult(name, p)
	for _, problem := range problems {
		r.Add(problem)
	}
	err = p.Each(read, o, func(response *Response) error {
		r.Count(response)
		return nil
	})
	r.Close()
	return r, p, err
}
