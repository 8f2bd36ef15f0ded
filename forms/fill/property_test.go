package fill_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/google/go-cmp/cmp"
)

const (
	randomForms = 60
	stepsEach   = 40
)

// TestIncrementalIsFromScratch: after any steps at any form, what the instance says is
// what a new one says that is given the same answers; and Changed lists what differs.
func TestIncrementalIsFromScratch(t *testing.T) {
	t.Parallel()
	for seed := range uint64(randomForms) {
		r := rand.New(rand.NewPCG(seed, 1))
		f := randomForm(r)
		plan, problems := fill.Compile(f)
		if plan == nil {
			t.Fatalf("form %d is refused: %v", seed, problems)
		}
		in := plan.New(fill.Env{})
		before := picture(in)
		var steps []string
		for range stepsEach {
			steps = append(steps, randomStep(r, in))
			after := picture(in)
			if diff := cmp.Diff(picture(fromScratch(t, plan, in)), after); diff != "" {
				t.Fatalf("form %d after %s\n%s\n(-from scratch +incremental)\n%s", seed, strings.Join(steps, "\n"), listing(f), diff)
			}
			if diff := cmp.Diff(differing(before, after), known(in.Changed(), before)); diff != "" {
				t.Fatalf("form %d after %s\n%s\n(-differs +Changed)\n%s", seed, strings.Join(steps, "\n"), listing(f), diff)
			}
			before = after
		}
	}
}

// TestRefreshChangesNothing: at a client, too, nothing is left that would come out
// differently if it were evaluated again.
func TestRefreshChangesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(randomForms) {
		r := rand.New(rand.NewPCG(seed, 3))
		f := randomForm(r)
		plan, problems := fill.Compile(f)
		if plan == nil {
			t.Fatalf("form %d is refused: %v", seed, problems)
		}
		in := plan.New(fill.Env{Client: true})
		var steps []string
		for range stepsEach {
			steps = append(steps, randomStep(r, in))
			before := picture(in)
			if err := in.Refresh(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(picture(in), before); diff != "" {
				t.Fatalf("form %d after %s\n%s\n(-refreshed +before)\n%s", seed, strings.Join(steps, "\n"), listing(f), diff)
			}
		}
	}
}

// picture is all that an instance says, by path.
func picture(in *fill.Instance) map[string]string {
	all := map[string]string{}
	in.Walk(func(st fill.State) bool {
		key := ""
		if !st.Relevant && st.Node.Calculation != "" {
			st.Value = "" // what it was when it last counted; nobody typed it
		}
		if st.Problem != nil {
			key = st.Problem.Key
		}
		said := fmt.Sprintf("%q %q relevant=%t required=%t readonly=%t %s", st.Value, st.Reason, st.Relevant, st.Required, st.ReadOnly, key)
		if st.Node.List != "" || st.Node.From != "" {
			for _, c := range in.Choices(st.Path) {
				all[st.Path+" choices"] += c.Name + " "
			}
		}
		if st.Node.Kind == forms.Repeat && !strings.HasSuffix(st.Path, "]") {
			all[st.Path+" as a whole"] = said // Changed lists its items
			return true
		}
		all[st.Path] = said
		all[st.Path+" hidden by"] = st.HiddenBy
		return true
	})
	return all
}

func differing(before, after map[string]string) []string {
	paths := []string{}
	for path, was := range before {
		now, there := after[path]
		if there && now != was && !strings.Contains(path, " ") {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

func known(changed []string, before map[string]string) []string {
	paths := []string{}
	for _, path := range changed {
		if _, there := before[path]; there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// fromScratch gives a new instance the answers and items of another.
func fromScratch(t *testing.T, plan *fill.Plan, in *fill.Instance) *fill.Instance {
	t.Helper()
	fresh := plan.New(fill.Env{})
	if err := fresh.Load(in.Entries(), itemsOf(in)); err != nil {
		t.Fatal(err)
	}
	if len(fresh.Orphans()) > 0 {
		t.Fatalf("orphans: %v", fresh.Orphans())
	}
	return fresh
}

func itemsOf(in *fill.Instance) []fill.Item {
	var items []fill.Item
	in.Walk(func(st fill.State) bool {
		if i := strings.LastIndexByte(st.Path, '['); i >= 0 && strings.HasSuffix(st.Path, "]") {
			items = append(items, fill.Item{Repeat: st.Path[:i], Key: st.Path[i+1 : len(st.Path)-1]})
		}
		return true
	})
	return items
}

// listing shows the rules of a form, for messages.
func listing(f *forms.Form) string {
	var b strings.Builder
	f.Walk(func(n *forms.Node) bool {
		fmt.Fprintf(&b, "%s %s relevant=%q calculation=%q count=%q constraint=%q required=%q readonly=%q filter=%q\n", n.Path, n.Type,
			n.Relevant, n.Calculation, n.RepeatCount, n.Constraint, n.Required, n.ReadOnly, n.ChoiceFilter)
		return true
	})
	return b.String()
}

// TestSubmissionOutAndIn: a submission that is written, read, loaded and written again is
// the same, byte by byte.
func TestSubmissionOutAndIn(t *testing.T) {
	t.Parallel()
	for seed := range uint64(randomForms) {
		r := rand.New(rand.NewPCG(seed, 2))
		f := randomForm(r)
		plan, problems := fill.Compile(f)
		if plan == nil {
			t.Fatalf("form %d is refused: %v", seed, problems)
		}
		in := plan.New(fill.Env{})
		for range stepsEach {
			randomStep(r, in)
		}
		first := written(t, f, in)
		s, unknown, err := xform.ReadSubmission(strings.NewReader(first), f)
		if err != nil || len(unknown) > 0 {
			t.Fatalf("form %d: %v %v\n%s", seed, err, unknown, first)
		}
		again := plan.New(fill.Env{})
		load(t, again, s)
		if diff := cmp.Diff(first, written(t, f, again)); diff != "" {
			t.Fatalf("form %d\n%s\n(-first +again)\n%s", seed, listing(f), diff)
		}
	}
}

// written is the submission of an instance: what is relevant.
func written(t *testing.T, f *forms.Form, in *fill.Instance) string {
	t.Helper()
	s := xform.Submission{InstanceID: "uuid:1"}
	in.Walk(func(st fill.State) bool {
		switch {
		case !st.Relevant:
			return false
		case st.Node.Kind == forms.Question:
			s.Answers = append(s.Answers, xform.Answer{Path: st.Path, Value: in.Value(st.Path)})
		case strings.HasSuffix(st.Path, "]"):
			s.Answers = append(s.Answers, xform.Answer{Path: st.Path})
		}
		return true
	})
	var b strings.Builder
	if err := xform.WriteSubmission(&b, f, s, xform.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// load puts a submission into an instance; items stand in the order of their answers.
func load(t *testing.T, in *fill.Instance, s xform.Submission) {
	t.Helper()
	var answers []fill.Answer
	var items []fill.Item
	for _, a := range s.Answers {
		for i, c := range a.Path {
			if c == ']' {
				open := strings.LastIndexByte(a.Path[:i], '[')
				item := fill.Item{Repeat: a.Path[:open], Key: a.Path[open+1 : i]}
				if !slices.Contains(items, item) {
					items = append(items, item)
				}
			}
		}
		if !strings.HasSuffix(a.Path, "]") {
			answers = append(answers, fill.Answer{Path: a.Path, Value: a.Value})
		}
	}
	if err := in.Load(answers, items); err != nil {
		t.Fatal(err)
	}
}
