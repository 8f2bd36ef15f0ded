package kit

import (
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/library"
)

// An example can be signed as it stands: every question that applies has a value or a
// reason, every constraint holds, and nothing is answered that is not asked.
func TestExamplesAreComplete(t *testing.T) {
	t.Parallel()
	k := shipped(t, library.Default)
	plans := map[string]*fill.Plan{}
	for _, f := range k.Forms {
		plan, problems := fill.Compile(f.Form)
		for _, p := range problems {
			t.Errorf("%s: %v", f.ID, p)
		}
		if plan == nil {
			t.Fatalf("%s does not compile", f.ID)
		}
		plans[f.ID] = plan
	}
	for _, e := range k.Examples {
		t.Run(e.Key, func(t *testing.T) {
			t.Parallel()
			in := plans[e.FormID].New(fill.Env{Now: func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }, Zone: time.UTC})
			answers, items := contentOf(e)
			if err := in.Load(answers, items); err != nil {
				t.Fatal(err)
			}
			answered := map[string]bool{}
			for _, a := range answers {
				answered[a.Path] = true
			}
			in.Walk(func(st fill.State) bool {
				if st.Node.Kind != forms.Question || st.Node.Type == "note" || st.Node.Type == "calculate" {
					return true
				}
				switch {
				case st.Problem != nil && st.Relevant:
					t.Errorf("%s: %s (value %q, reason %q)", st.Path, st.Problem.Key, st.Value, st.Reason)
				case st.Relevant && !answered[st.Path]:
					t.Errorf("%s: applies and has no answer", st.Path)
				case !st.Relevant && answered[st.Path]:
					t.Errorf("%s: is answered and does not apply", st.Path)
				}
				return true
			})
		})
	}
}

// contentOf lists the answers of an example, and the items that their paths name.
func contentOf(e Example) (answers []fill.Answer, items []fill.Item) {
	seen := map[string]bool{}
	for _, c := range e.Changes {
		for at, r := range c.Path {
			if r != ']' || seen[c.Path[:at]] {
				continue
			}
			seen[c.Path[:at]] = true
			open := strings.LastIndexByte(c.Path[:at], '[')
			items = append(items, fill.Item{Repeat: c.Path[:open], Key: c.Path[open+1 : at]})
		}
		a := fill.Answer{Path: c.Path}
		if c.Value != nil {
			a.Value = *c.Value
		}
		if c.Reason != nil {
			a.Reason = string(*c.Reason)
		}
		answers = append(answers, a)
	}
	return answers, items
}
