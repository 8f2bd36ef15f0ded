package kit

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/library"
	"github.com/comparanda/comparanda/internal/study"
)

// asked lists the questions of a form that people answer.
func asked(f *forms.Form) []*forms.Node {
	var list []*forms.Node
	f.Walk(func(n *forms.Node) bool {
		if n.Kind == forms.Question && n.Type != "note" && n.Type != "calculate" {
			list = append(list, n)
		}
		return true
	})
	return list
}

// The instrument has 100 questions, 73 of them core. Eleven were added, each "other:
// which?" behind a list that has the choice "other" (8 behind core questions), and the
// language of the answers became core, because it is required.
func TestQuestionnaireCounts(t *testing.T) {
	t.Parallel()
	f := shipped(t, library.Default).Forms[0]
	original, core, added, addedCore, repeats := 0, 0, 0, 0, 0
	for _, n := range asked(f.Form) {
		isCore := n.Extra["core"] == "1"
		switch {
		case strings.HasSuffix(n.Name, "_other") && n.Type == "text":
			added++
			if isCore {
				addedCore++
			}
		default:
			original++
			if isCore {
				core++
			}
		}
	}
	f.Walk(func(n *forms.Node) bool {
		if n.Kind == forms.Repeat {
			repeats++
		}
		return true
	})
	choices := 0
	for _, list := range f.Lists {
		choices += len(list.Choices)
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"questions of the instrument", original, 100}, {"of them core", core, 74}, {"questions added", added, 11},
		{"of them core", addedCore, 8}, {"repeats", repeats, 5}, {"lists", len(f.Lists), 40}, {"choices", choices, 331},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
}

func TestFormsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	for _, f := range shipped(t, library.Default).Forms {
		check := func(what string, text forms.Text, must bool) {
			t.Helper()
			if must && text.Empty() {
				t.Errorf("%s: %s is missing", f.ID, what)
			}
			if !text.Empty() && (text["English (en)"] == "" || text["Español (es)"] == "" || text[""] != "") {
				t.Errorf("%s: %s is not in both languages: %v", f.ID, what, text)
			}
		}
		f.Walk(func(n *forms.Node) bool {
			check("label of "+n.Name, n.Label, n.Type != "calculate")
			check("hint of "+n.Name, n.Hint, false)
			check("constraint message of "+n.Name, n.ConstraintMessage, n.Constraint != "")
			unit := forms.Text{"English (en)": n.Extra["unit::English (en)"], "Español (es)": n.Extra["unit::Español (es)"]}
			check("unit of "+n.Name, unit, false)
			return true
		})
		for _, list := range f.Lists {
			for _, c := range list.Choices {
				check("label of choice "+list.Name+"/"+c.Name, c.Label, true)
			}
		}
		if f.Title == "" || f.Version == "" || f.DefaultLanguage != "Español (es)" {
			t.Errorf("%s: title %q, version %q, default language %q", f.ID, f.Title, f.Version, f.DefaultLanguage)
		}
	}
}

// A page has 25 questions at most; an item of a repeat is shown by its groups.
func TestPagesAreShort(t *testing.T) {
	t.Parallel()
	for _, f := range shipped(t, library.Default).Forms {
		f.Walk(func(n *forms.Node) bool {
			own := 0
			for _, child := range n.Children {
				if child.Kind == forms.Question && child.Type != "note" && child.Type != "calculate" {
					own++
				}
			}
			if own > 25 {
				t.Errorf("%s: %s has %d questions of its own", f.ID, n.Path, own)
			}
			return true
		})
	}
}

func TestChoicesThatAreReasonsOrExclusive(t *testing.T) {
	t.Parallel()
	f := shipped(t, library.Default).Forms[0]
	reasons := map[string]string{}
	exclusive := map[string]bool{}
	for _, list := range f.Lists {
		for _, c := range list.Choices {
			if r := c.Extra["reason"]; r != "" {
				reasons[list.Name+"."+c.Name] = r
			}
			if c.Extra["exclusive"] == "yes" {
				exclusive[list.Name+"."+c.Name] = true
			}
		}
	}
	for name, want := range map[string]string{"ynpx.nd": "ND", "ynpx.na": "NA", "evaluation.nd": "ND", "est_method.unknown": "ND", "figq.none": "ND", "regsys.none": "ND"} {
		if reasons[name] != want {
			t.Errorf("choice %s stands for the reason %q, want %q", name, reasons[name], want)
		}
	}
	for _, name := range []string{"target.any", "waiver.none", "right.none", "disagg.none", "group.none", "covid.none", "support.none"} {
		if !exclusive[name] {
			t.Errorf("choice %s is not exclusive", name)
		}
	}
	// A list that has "no data" as a choice does not offer that reason beside it again.
	for _, n := range asked(f.Form) {
		for _, c := range listOf(f.Form, n) {
			if r := c.Extra["reason"]; r != "" && slices.Contains(strings.Fields(n.Extra["reasons"]), r) || r != "" && n.Extra["reasons"] == "" {
				t.Errorf("%s offers the reason %s twice", n.Name, r)
			}
		}
	}
}

func listOf(f *forms.Form, n *forms.Node) []*forms.Choice {
	if list := f.Lists[n.List]; list != nil {
		return list.Choices
	}
	return nil
}

// Every list with "other" is followed by a question for what it is; the most important
// challenge is one of those marked before, so its "other" was told there.
func TestOtherIsAsked(t *testing.T) {
	t.Parallel()
	for _, f := range shipped(t, library.Default).Forms {
		for _, n := range asked(f.Form) {
			hasOther := slices.ContainsFunc(listOf(f.Form, n), func(c *forms.Choice) bool { return c.Name == "other" })
			if !hasOther || n.Name == "j_chal1" {
				continue
			}
			which := f.ByName(n.Name + "_other")
			if len(which) != 1 || !strings.Contains(which[0].Relevant, n.Name+"}") {
				t.Errorf("%s: nothing asks what %s's “other” is", f.ID, n.Name)
			}
		}
	}
}

// Prefill says of each of 20 instruments what the depositary's table says, or that it
// is not in that table, and never invents a date.
func TestTreatiesAreFilledIn(t *testing.T) {
	t.Parallel()
	k := shipped(t, library.Default)
	if len(k.Study.Countries) != 11 || len(k.Prefill) != 11 {
		t.Fatalf("%d countries, %d with prefill; want 11", len(k.Study.Countries), len(k.Prefill))
	}
	inStudy, fromTable, elsewhere, open := 0, 0, 0, 0
	for _, c := range k.Study.Countries {
		if c.InStudy {
			inStudy++
		}
	}
	for _, p := range k.Prefill {
		status := map[string]study.Change{}
		for _, c := range p.Changes {
			if strings.HasSuffix(c.Path, "/d_t_status") {
				status[c.Path] = c
			}
		}
		if len(status) != 20 {
			t.Errorf("%s: %d instruments, want 20", p.Country, len(status))
		}
		for path, c := range status {
			switch {
			case c.Note == nil:
				t.Errorf("%s %s: no source", p.Country, path)
			case strings.Contains(*c.Note, "2015-03-14"):
				fromTable++
			case c.Value != nil:
				elsewhere++
			default:
				open++
			}
		}
	}
	if inStudy != 8 || fromTable != 176 || elsewhere != 13 || open != 31 {
		t.Errorf("in study %d, from the table %d, from another source %d, open %d; want 8, 176, 13, 31", inStudy, fromTable, elsewhere, open)
	}
}

var cited = regexp.MustCompile(`\[([SUM][0-9A-Za-z]{2})\]`)

// What an example says has its source; what it does not say has a reason and says so.
func TestExamplesNameTheirSources(t *testing.T) {
	t.Parallel()
	k := shipped(t, library.Default)
	sources := map[string]bool{}
	for _, s := range k.Sources {
		sources[s.ID] = true
	}
	countries, interviews := map[study.ISO3]bool{}, 0
	for _, e := range k.Examples {
		if e.Kind == study.InterviewKind {
			interviews++
		} else {
			countries[e.Country] = true
		}
		for _, c := range e.Changes {
			note := ""
			if c.Note != nil {
				note = *c.Note
			}
			for _, m := range cited.FindAllStringSubmatch(note, -1) {
				if !sources[m[1]] {
					t.Errorf("%s %s: the source [%s] is not on the sources sheet", e.Key, c.Path, m[1])
				}
			}
			marked := cited.MatchString(note) || strings.Contains(note, "example") || strings.Contains(note, "ejemplo") || strings.Contains(note, "depositary")
			taken := strings.HasPrefix(c.Path, "/d/d_treaty[") || strings.HasSuffix(c.Path, "_country")
			if !marked && !taken {
				t.Errorf("%s %s: neither a source nor the mark of an example: %q", e.Key, c.Path, note)
			}
			if c.Value == nil && c.Reason == nil {
				t.Errorf("%s %s: neither value nor reason", e.Key, c.Path)
			}
		}
	}
	if len(countries) < 5 || interviews != 2 {
		t.Errorf("examples of %d countries and %d interviews, want 5 or more and 2", len(countries), interviews)
	}
}
