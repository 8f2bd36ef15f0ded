package drive

import (
	"fmt"

	"github.com/comparanda/comparanda/forms"
)

// do takes a step and tells what came of it.
func (s *session) do(step Step) map[string]any {
	var result map[string]any
	var err error
	switch {
	case step.Set != nil:
		result, err = s.set(*step.Set, step.Value)
	case step.Get != nil:
		result, err = s.get(*step.Get)
	case step.Add != nil:
		err = s.add(*step.Add)
	case step.Remove != nil:
		err = s.remove(*step.Remove)
	case step.Count != nil:
		result, err = s.count(*step.Count)
	case step.Attr != nil:
		result, err = s.attribute(*step.Attr, step.Name)
	case step.Lang != nil:
		s.lang = *step.Lang
	case step.Validate:
		result = map[string]any{"violations": s.violations()}
	case step.XML:
		var text string
		text, err = s.submission()
		result = map[string]any{"xml": text}
	default:
		result = map[string]any{"skip": true}
	}
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	if result == nil {
		result = map[string]any{}
	}
	return result
}

func (s *session) set(ref string, value any) (map[string]any, error) {
	path, err := s.path(ref)
	if err != nil {
		return nil, err
	}
	st, ok := s.in.State(path)
	if !ok || st.Node.Kind != forms.Question {
		return nil, fmt.Errorf("%s is no question", ref)
	}
	if err := s.in.Set(path, written(st.Node, textOf(value))); err != nil {
		return nil, err
	}
	return s.get(ref)
}

func (s *session) add(ref string) error {
	path, err := s.path(ref)
	if err != nil {
		return err
	}
	_, err = s.in.AddItem(path, "")
	return err
}

func (s *session) remove(ref string) error {
	path, err := s.path(ref)
	if err != nil {
		return err
	}
	return s.in.RemoveItem(path)
}

func (s *session) count(ref string) (map[string]any, error) {
	path, err := s.path(ref)
	if err != nil {
		return nil, err
	}
	return map[string]any{"count": len(s.in.Items(path))}, nil
}

func (s *session) attribute(ref, name string) (map[string]any, error) {
	path, err := s.path(ref)
	if err != nil {
		return nil, err
	}
	return map[string]any{"value": s.in.Value(path + "/@" + name)}, nil
}

// get tells what holds at a path, with its texts and choices.
func (s *session) get(ref string) (map[string]any, error) {
	path, err := s.path(ref)
	if err != nil {
		return nil, err
	}
	st, ok := s.in.State(path)
	if !ok {
		return nil, fmt.Errorf("there is nothing at %s", ref)
	}
	status := s.status(st)
	result := map[string]any{
		"value": status.Value, "relevant": status.Relevant, "required": status.Required, "readonly": status.ReadOnly, "violation": status.Violation,
		"label": s.in.Label(path, s.lang).String, "hint": s.in.Hint(path, s.lang).String,
	}
	choices := [][2]string{}
	for _, c := range s.in.Choices(path) {
		choices = append(choices, [2]string{c.Name, s.in.ChoiceLabel(path, c, s.lang).String})
	}
	if len(choices) > 0 {
		result["choices"] = choices
	}
	return result, nil
}
