package fill_test

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xpath"
)

// expect checks one expectation of a scenario.
func (s *scenario) expect(text string) {
	s.t.Helper()
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	if strings.HasPrefix(word, "/") {
		s.expectAnswer(text)
		return
	}
	path, more, _ := strings.Cut(rest, " ")
	more = strings.TrimSpace(more)
	switch word {
	case "error":
		if s.err == nil || !strings.Contains(s.err.Error(), rest) {
			s.fail("got error %v, want one with %q", s.err, rest)
		}
		s.err = nil
	case "refused":
		s.expectRefused(rest)
	case "only":
		s.expectSubmission(rest)
	case "hidden", "shown", "required", "optional", "readonly", "open", "accept", "refuse", "hiddenby", "message", "reads":
		s.expectState(word, path, more)
	case "choices":
		s.equal("choices", s.choices(path), more)
	case "choicelabel":
		code, want, _ := strings.Cut(more, " ")
		for _, c := range s.in.Choices(path) {
			if c.Name == code {
				s.equal("label of "+code, s.in.ChoiceLabel(path, c, s.lang).String, want)
			}
		}
	case "label":
		s.equal("label", s.in.Label(path, s.lang).String, more)
	case "hint":
		s.equal("hint", s.in.Hint(path, s.lang).String, more)
	case "guidance":
		s.equal("guidance", s.in.Guidance(path, s.lang).String, more)
	case "items":
		s.equal("items", strings.Join(s.in.Items(path), " "), more)
	case "parked":
		s.equal("parked", strings.Join(s.in.Parked(path), " "), more)
	case "changed":
		s.equal("changed", strings.Join(s.in.Changed(), " "), rest)
	case "orphans":
		s.equal("orphans", s.orphans(), rest)
	case "section":
		s.equal("section", s.section(path), more)
	default:
		s.t.Fatalf("%s: no such expectation", text)
	}
}

func (s *scenario) equal(what, got, want string) {
	s.t.Helper()
	if got != want {
		s.fail("%s: got %q, want %q", what, got, want)
	}
}

// expectAnswer checks PATH=VALUE, the value as it was typed or calculated.
func (s *scenario) expectAnswer(text string) {
	s.t.Helper()
	path, want, _ := strings.Cut(text, "=")
	st, ok := s.in.State(strings.TrimSpace(path))
	if !ok {
		s.fail("there is nothing at %s", path)
		return
	}
	s.equal(path, st.Value, strings.TrimSpace(want))
}

func (s *scenario) expectState(word, path, want string) {
	s.t.Helper()
	st, ok := s.in.State(path)
	if !ok {
		s.fail("there is nothing at %s", path)
		return
	}
	key, message := "", ""
	if st.Problem != nil {
		key = st.Problem.Key
		if st.Problem.Message != nil {
			message = st.Problem.Message(s.lang)
		}
	}
	switch word {
	case "hidden", "shown":
		s.holds(word, path, st.Relevant == (word == "shown"))
	case "required", "optional":
		s.holds(word, path, st.Required == (word == "required"))
	case "readonly", "open":
		s.holds(word, path, st.ReadOnly == (word == "readonly"))
	case "accept":
		s.equal("problem of "+path, key, "")
	case "refuse":
		s.equal("problem of "+path, key, want)
	case "message":
		s.equal("message of "+path, message, want)
	case "hiddenby":
		s.equal("what hides "+path, st.HiddenBy, want)
	case "reads":
		s.equal("what rules read at "+path, s.in.Value(path), want)
	}
}

func (s *scenario) holds(what, path string, ok bool) {
	s.t.Helper()
	if !ok {
		s.fail("%s is not %s", path, what)
	}
}

// expectSubmission checks that these answers are sent and no others.
func (s *scenario) expectSubmission(want string) {
	s.t.Helper()
	var sent []string
	for _, a := range s.in.Entries() {
		if !a.Hidden && a.Value != "" && a.Reason == "" {
			sent = append(sent, a.Path+"="+a.Value)
		}
	}
	s.equal("submission", strings.Join(sent, ", "), want)
}

func (s *scenario) expectRefused(want string) {
	s.t.Helper()
	if !slices.ContainsFunc(s.refused, func(p forms.Problem) bool { return strings.Contains(p.Text, want) }) {
		s.fail("got problems %v, want one with %q", s.refused, want)
	}
}

func (s *scenario) choices(path string) string {
	var codes []string
	for _, c := range s.in.Choices(path) {
		codes = append(codes, c.Name)
	}
	return strings.Join(codes, " ")
}

func (s *scenario) orphans() string {
	var list []string
	for _, a := range s.in.Orphans() {
		list = append(list, a.Path+"="+a.Value)
	}
	return strings.Join(list, " ")
}

// section tells of one: answered/applicable, with a value, and what is missing or wrong.
func (s *scenario) section(path string) string {
	for _, sec := range s.in.Sections() {
		if sec.Path == path {
			return describe(sec)
		}
	}
	return "none"
}

func describe(s fill.Section) string {
	parts := []string{itoa(s.Answered) + "/" + itoa(s.Applicable) + " answered", itoa(s.WithValue) + " with a value"}
	if len(s.Missing) > 0 {
		parts = append(parts, "missing "+strings.Join(s.Missing, " "))
	}
	if len(s.Invalid) > 0 {
		parts = append(parts, "invalid "+strings.Join(s.Invalid, " "))
	}
	return strings.Join(parts, ", ")
}

func itoa(n int) string { return xpath.FormatNumber(float64(n)) }
