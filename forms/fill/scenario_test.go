package fill_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/forms/xpath"
	"golang.org/x/tools/txtar"
)

// TestScenarios runs the stories of testdata/scenarios: a form as its author writes it,
// steps, and what is expected after "->". testdata/scenarios/README says how to write one.
func TestScenarios(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(names) < 40 {
		t.Fatalf("%d scenarios found (%v), want at least 40", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(strings.TrimSpace(string(archive.Comment))) == 0 {
				t.Error("the scenario does not say what it shows")
			}
			newScenario(t, archive).run()
		})
	}
}

// scenario is one story under way.
type scenario struct {
	t       *testing.T
	plan    *fill.Plan
	env     fill.Env
	in      *fill.Instance
	steps   string
	refused []forms.Problem // the form itself was refused
	line    string          // being run, for messages
	lang    string
	err     error // of the last step
}

func newScenario(t *testing.T, archive *txtar.Archive) *scenario {
	s := &scenario{t: t}
	files := map[string]*xpath.Node{}
	saved := map[string]string{}
	s.env = fill.Env{
		Now:       func() time.Time { return time.Date(2026, 1, 15, 10, 30, 0, 0, time.UTC) },
		File:      func(id string) *xpath.Node { return files[id] },
		LastSaved: func(path string) string { return saved[path] },
	}
	var form *forms.Form
	for _, f := range archive.Files {
		switch f.Name {
		case "form.md":
			form, s.refused = xlsform.Parse(f.Name, f.Data)
		case "steps":
			s.steps = string(f.Data)
		case "env":
			s.setEnv(string(f.Data), saved)
		default:
			list, err := fill.ReadMedia(f.Name, f.Data)
			if err != nil {
				t.Fatal(err)
			}
			files[strings.TrimSuffix(f.Name, filepath.Ext(f.Name))] = list
		}
	}
	if form != nil {
		s.plan, s.refused = fill.Compile(form)
	}
	if s.plan != nil {
		s.in = s.plan.New(s.env)
	}
	return s
}

// setEnv reads the lines of the env file: client, lang CODE, saved PATH=VALUE, metadata
// TYPE=VALUE.
func (s *scenario) setEnv(text string, saved map[string]string) {
	metadata := map[string]string{}
	s.env.Metadata = func(n *forms.Node) string { return metadata[n.Type] }
	for line := range strings.Lines(text) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		key, value, _ := strings.Cut(rest, "=")
		switch word {
		case "client":
			s.env.Client = true
		case "lang":
			s.env.Lang, s.lang = rest, rest
		case "saved":
			saved[key] = value
		case "metadata":
			metadata[key] = value
		default:
			s.t.Fatalf("env: %q is not known", line)
		}
	}
}

func (s *scenario) run() {
	for line := range strings.Lines(s.steps) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.line = line
		step, expected, _ := strings.Cut(line, "->")
		s.do(strings.TrimSpace(step))
		for e := range strings.SplitSeq(expected, ";") {
			if e = strings.TrimSpace(e); e != "" {
				s.expect(e)
			}
		}
		if s.err != nil {
			s.fail("%v", s.err)
		}
		if s.t.Failed() {
			return // what follows would only repeat the fault
		}
	}
}

func (s *scenario) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf("%s\n\t"+format, append([]any{s.line}, args...)...)
}

// do takes one step. A form that is refused has one step only: refused.
func (s *scenario) do(step string) {
	word, rest, _ := strings.Cut(step, " ")
	if s.in == nil {
		if word != "refused" {
			s.t.Fatalf("the form is refused: %v", s.refused)
		}
		return
	}
	path, value, _ := strings.Cut(strings.TrimSpace(rest), " ")
	switch word {
	case "set":
		s.err = s.in.Set(path, strings.TrimSpace(value))
	case "reason":
		s.err = s.in.SetReason(path, strings.TrimSpace(value))
	case "add":
		_, s.err = s.in.AddItem(path, strings.TrimSpace(value))
	case "remove":
		s.err = s.in.RemoveItem(path)
	case "lang":
		s.lang = path
	case "reopen":
		s.reopen()
	case "submit", "check":
	default:
		s.t.Fatalf("%s: no such step", step)
	}
}

// reopen stores the answers and items and loads them into a new instance.
func (s *scenario) reopen() {
	var items []fill.Item
	s.in.Walk(func(st fill.State) bool {
		if i := strings.LastIndexByte(st.Path, '['); i >= 0 && strings.HasSuffix(st.Path, "]") {
			items = append(items, fill.Item{Repeat: st.Path[:i], Key: st.Path[i+1 : len(st.Path)-1]})
		}
		return true
	})
	answers := s.in.Entries()
	s.in = s.plan.New(s.env)
	s.err = s.in.Load(answers, items)
}
