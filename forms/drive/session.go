package drive

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xpath"
	"github.com/google/uuid"
)

// session is a form that is open.
type session struct {
	form       *forms.Form // expanded
	root       string      // name of the root element
	in         *fill.Instance
	lang       string
	media      media
	properties map[string]string
	start      time.Time
	instanceID string
}

func open(job Job, read Read) (*session, error) {
	if strings.HasPrefix(strings.TrimSpace(job.Form), "<") {
		return nil, errors.New("the form is XForm XML, which is not read here: name the file of its XLSForm")
	}
	f, problems, err := read(job.Form)
	if err != nil {
		return nil, err
	}
	if err := refusal(problems); err != nil {
		return nil, err
	}
	s := &session{form: xform.Expand(f, xform.Options{Root: job.Root}), start: time.Now().In(zone())}
	s.root = s.form.Settings["name"]
	s.instanceID = "uuid:" + uuid.NewString()
	if s.media, err = newMedia(job.Media); err != nil {
		return nil, err
	}
	s.properties = properties(job.Preload)
	plan, problems := fill.Compile(s.form)
	if err := refusal(problems); err != nil {
		return nil, err
	}
	s.in = plan.New(fill.Env{
		Zone: zone(), InstanceID: s.instanceID, Client: true, File: s.file, Metadata: s.metadata,
		Property: func(name string) string { return s.properties[name] },
	})
	return s, nil
}

func refusal(problems []forms.Problem) error {
	var texts []string
	for _, p := range problems {
		if p.Severity == forms.Error {
			texts = append(texts, p.String())
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return errors.New(strings.Join(texts, "\n"))
}

// zone is that of the machine the session runs on, as clients have it.
func zone() *time.Location {
	if z, err := time.LoadLocation(os.Getenv("TZ")); err == nil && os.Getenv("TZ") != "" {
		return z
	}
	return time.Local
}

// metadata is what a client fills in when a form is opened.
func (s *session) metadata(n *forms.Node) string {
	switch n.Type {
	case "start", "end":
		return xpath.FormatTime(s.start)
	case "today":
		return s.start.Format(time.DateOnly)
	case "deviceid", "username", "email", "phonenumber", "subscriberid", "simserial":
		return s.properties[n.Type]
	}
	if strings.HasSuffix(n.Path, "/meta/instanceID") {
		return s.instanceID
	}
	return ""
}

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
