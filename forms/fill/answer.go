package fill

import (
	"fmt"

	"github.com/comparanda/comparanda/forms"
)

// find returns the element of a question, making the items that its path names.
func (in *Instance) find(path string) (*element, error) {
	if e := in.elementAt(path); e != nil {
		if !e.t.isQuestion() {
			return nil, fmt.Errorf("%s: %w", path, ErrNoSuchPath)
		}
		return e, nil
	}
	p, err := forms.ParsePath(path)
	if err != nil {
		return nil, err
	}
	if t := in.plan.byPath[p.Question()]; t == nil || !t.isQuestion() {
		return nil, fmt.Errorf("%s: %w", path, ErrNoSuchPath)
	}
	if err := in.reach(p); err != nil {
		return nil, err
	}
	if e := in.elementAt(path); e != nil {
		return e, nil
	}
	return nil, fmt.Errorf("%s: %w", path, ErrNoSuchPath)
}

// reach makes the items that a path names.
func (in *Instance) reach(p forms.Path) error {
	at := ""
	for _, s := range p {
		at += "/" + s.Name
		if s.Key == "" {
			continue
		}
		repeat := at
		if at = itemPath(repeat, s.Key); in.items[at] != nil {
			continue
		}
		parent, t, err := in.repeatAt(repeat)
		if err != nil {
			return err
		}
		if !in.room(len(parent.of(t))) {
			return fmt.Errorf("%s: %w", repeat, ErrTooMuch)
		}
		in.addItem(parent, t, s.Key)
		in.recount(parent, t)
	}
	return nil
}

// Set stores a value; items that the path names are made on the way. Its error is
// ErrNoSuchPath, a path that is none, or ErrTooMuch.
func (in *Instance) Set(path, value string) error {
	e, err := in.find(path)
	if err != nil {
		return err
	}
	in.put(e, value, e.reason)
	return in.settle()
}

// SetReason stores why a question has no value; "" takes that back.
func (in *Instance) SetReason(path, reason string) error {
	e, err := in.find(path)
	if err != nil {
		return err
	}
	in.put(e, e.value, reason)
	return in.settle()
}

// put stores an answer and marks all that follows from it.
func (in *Instance) put(e *element, value, reason string) {
	e.given = true
	if e.value == value && e.reason == reason {
		return
	}
	in.remember(e)
	e.reason = reason
	e.set(value)
	if !in.env.Client { // there, what is typed over a calculation stays until that reads something new
		in.mark(e)
	}
	in.doubt(e)
	in.follow(e)
	in.fire(e)
	in.lightened(e)
}

// fire remembers that an answer has changed, when others wait for that.
func (in *Instance) fire(e *element) {
	if len(e.t.triggers) > 0 && !in.silent {
		in.fired = append(in.fired, e)
	}
}

// trigger computes what a changed answer triggers, as of now.
func (in *Instance) trigger(e *element) {
	for _, t := range e.t.triggers {
		expr := t.calculation
		if expr == nil {
			expr = t.initial
		}
		for _, target := range in.under(e, t) {
			value := ""
			if expr != nil {
				value = in.eval(expr, target).String()
			}
			if !target.gone {
				in.put(target, value, "")
			}
		}
	}
}
