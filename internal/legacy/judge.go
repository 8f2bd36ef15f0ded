package legacy

import (
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

// evaluator lets the form itself judge a response: what was not to be asked, and what its
// constraints refuse. Types and choices were judged when the cells were read.
type evaluator struct {
	plan *fill.Plan
	now  time.Time // of responses whose file does not say when they were sent
}

// evaluator compiles the form; nil for one that was inferred, which has no rules, and for
// one that does not compile.
func (p *Plan) evaluator(now time.Time) *evaluator {
	if p.Inferred {
		return nil
	}
	plan, problems := fill.Compile(p.Form)
	if forms.Refused(problems) {
		return nil
	}
	return &evaluator{plan, now}
}

// origin is the cell that an answer came from.
type origin struct {
	column *Column
	number int
}

// judge marks the answers that the form would not have asked for, and finds those that a
// constraint refuses.
func (a *assembly) judge() {
	e := a.taker.evaluator
	if e == nil || len(a.out.Entries) == 0 {
		return
	}
	now := a.out.SubmittedAt
	if now.IsZero() {
		now = e.now
	}
	in := e.plan.New(fill.Env{Now: func() time.Time { return now }})
	answers := make([]fill.Answer, len(a.out.Entries))
	for i, entry := range a.out.Entries {
		answers[i] = fill.Answer{Path: entry.Path, Value: entry.Value, Reason: string(entry.Reason)}
	}
	items := make([]fill.Item, len(a.out.Items))
	for i, item := range a.out.Items {
		items[i] = fill.Item{Repeat: item.Repeat, Key: item.Key}
	}
	if err := in.Load(answers, items); err != nil {
		return // more items than a form may have: they stay as they are
	}
	for i := range a.out.Entries {
		a.judgeEntry(in, &a.out.Entries[i])
	}
}

func (a *assembly) judgeEntry(in *fill.Instance, entry *study.Entry) {
	state, ok := in.State(entry.Path)
	if !ok {
		return
	}
	entry.NotAsked = !state.Relevant
	from, known := a.from[entry.Path]
	if !known || state.Problem == nil || !state.Relevant {
		return
	}
	switch state.Problem.Key {
	case "constraint":
		said := fault("value.constraint", "text", shorten(entry.Value, 60))
		if state.Problem.Message != nil {
			said = fault("value.constraint.why", "text", shorten(entry.Value, 60), "why", state.Problem.Message(a.taker.plan.Form.DefaultLanguage))
		}
		a.problem(from.column, from.number, said)
	case "choice.exclusive":
		a.problem(from.column, from.number, fault("choice.exclusive"))
	}
}
