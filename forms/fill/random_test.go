package fill_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
)

// randomForm makes a form of many kinds of nodes and rules. Values follow from earlier
// nodes only, so that there is no circle; rules that only judge may read any node.
func randomForm(r *rand.Rand) *forms.Form {
	f := &forms.Form{ID: "random", Lists: map[string]*forms.List{"abc": {Name: "abc"}}, ListOrder: []string{"abc"}}
	for _, code := range []string{"a", "b", "c"} {
		f.Lists["abc"].Choices = append(f.Lists["abc"].Choices, &forms.Choice{Name: code, Label: forms.Text{"": code}, Extra: map[string]string{"for": string("xyz"[r.IntN(3)])}})
	}
	m := &formMaker{r: r, inRepeat: map[string]bool{}}
	f.Children = m.nodes(4+r.IntN(8), 0, 0)
	f.Link()
	for _, n := range m.all {
		m.judge(n)
	}
	return f
}

// formMaker makes random nodes; all are those made so far.
type formMaker struct {
	r        *rand.Rand
	all      []*forms.Node
	inRepeat map[string]bool
}

func (m *formMaker) nodes(n, depth, repeats int) []*forms.Node {
	list := make([]*forms.Node, 0, n)
	for range n {
		list = append(list, m.node(depth, repeats))
	}
	return list
}

func (m *formMaker) node(depth, repeats int) *forms.Node {
	n := &forms.Node{Name: fmt.Sprintf("n%d", len(m.all)), Type: "integer"}
	kind := m.r.IntN(12)
	if m.r.IntN(3) == 0 {
		n.Relevant = m.condition(repeats > 0)
	}
	switch {
	case kind == 0 && depth < 3:
		n.Kind, n.Type = forms.Group, ""
	case kind <= 2 && repeats < 2:
		n.Kind, n.Type = forms.Repeat, ""
		if number := m.pick("integer"); number != "" && m.r.IntN(2) == 0 {
			n.RepeatCount = "${" + number + "} mod 5"
		}
	case kind <= 5:
		n.Type, n.Calculation = "calculate", m.number(repeats > 0)
	case kind == 6:
		n.Type, n.List = "select_one", "abc"
	case kind == 7:
		n.Type, n.List = "select_multiple", "abc"
	case kind == 8:
		n.Type = "text"
	case kind == 9:
		if source := m.pick("text", "integer"); source != "" && m.inRepeat[source] {
			n.Type, n.From = "select_one", source
		}
	}
	if n.Kind == forms.Question {
		if n.Calculation == "" && m.r.IntN(6) == 0 {
			n.Default = []string{"2", m.number(repeats > 0) + " + 1"}[m.r.IntN(2)]
		}
		m.all = append(m.all, n)
		m.inRepeat[n.Name] = repeats > 0
		return n
	}
	m.all = append(m.all, n) // its children may count it, but its own rules came before
	if n.Kind == forms.Repeat {
		repeats++
	}
	n.Children = m.nodes(1+m.r.IntN(5), depth+1, repeats)
	return n
}

// judge gives a question rules that judge its answer.
func (m *formMaker) judge(n *forms.Node) {
	if n.Kind != forms.Question {
		return
	}
	repeated := len(n.Repeats()) > 0
	switch m.r.IntN(6) {
	case 0:
		n.Constraint = "string-length(.) < 2 or " + m.condition(repeated)
	case 1:
		n.Required = m.condition(repeated)
	case 2:
		n.ReadOnly = m.condition(repeated)
	case 3:
		if n.List != "" {
			if text := m.pick("text"); text != "" {
				n.ChoiceFilter = "for = ${" + text + "} or name = 'a'"
			}
		}
	}
}

// pick names a node of a type, "" when there is none.
func (m *formMaker) pick(types ...string) string {
	for range 10 {
		if len(m.all) == 0 {
			return ""
		}
		n := m.all[m.r.IntN(len(m.all))]
		for _, t := range types {
			if n.Type == t && n.Kind == forms.Question || t == "repeat" && n.Kind == forms.Repeat {
				return n.Name
			}
		}
	}
	return ""
}

func (m *formMaker) number(repeated bool) string {
	number, repeat := m.pick("integer", "calculate"), m.pick("repeat")
	switch k := m.r.IntN(8); {
	case k == 0 && repeated:
		return "position(..)"
	case k <= 2 && repeat != "":
		return "count(${" + repeat + "})"
	case k == 3 && number != "":
		return "count(//" + number + "[. > 1])"
	case k == 4 && number != "" && repeat != "":
		return "number(indexed-repeat(${" + number + "}, ${" + repeat + "}, 2))"
	case k == 5 && number != "":
		return "coalesce(${" + number + "}, 0) + 1"
	case number != "":
		return "sum(${" + number + "})"
	}
	return "3"
}

func (m *formMaker) condition(repeated bool) string {
	if text := m.pick("text", "select_one", "select_multiple"); text != "" && m.r.IntN(3) == 0 {
		return []string{"${" + text + "} != 'a'", "selected(${" + text + "}, 'b')", "${" + text + "} = ''"}[m.r.IntN(3)]
	}
	switch n := m.number(repeated); m.r.IntN(3) {
	case 0:
		return n + " > 1"
	case 1:
		return "not(" + n + " < 3)"
	default:
		return n + " mod 2 = 1 or " + n + " = 0"
	}
}

// randomStep changes one thing of a response and says what.
func randomStep(r *rand.Rand, in *fill.Instance) string {
	var questions, repeats, items []string
	in.Walk(func(st fill.State) bool {
		switch {
		case st.Node.Kind == forms.Question && st.Node.Calculation == "":
			questions = append(questions, st.Path)
		case strings.HasSuffix(st.Path, "]"):
			if st.Node.RepeatCount == "" { // counted items come and go with the count
				items = append(items, st.Path)
			}
		case st.Node.Kind == forms.Repeat && st.Node.RepeatCount == "" && len(in.Items(st.Path)) < 5:
			repeats = append(repeats, st.Path)
		}
		return true
	})
	switch k := r.IntN(10); {
	case k == 0 && len(items) > 0:
		path := items[r.IntN(len(items))]
		return fmt.Sprint("remove ", path, " ", in.RemoveItem(path))
	case k <= 2 && len(repeats) > 0:
		path := repeats[r.IntN(len(repeats))]
		at, err := in.AddItem(path, "")
		return fmt.Sprint("add ", at, " ", err)
	case len(questions) == 0:
		return "nothing"
	case k == 3:
		path := questions[r.IntN(len(questions))]
		reason := []string{"", "ND"}[r.IntN(2)]
		return fmt.Sprint("reason ", path, "=", reason, " ", in.SetReason(path, reason))
	}
	path := questions[r.IntN(len(questions))]
	value := randomValues[r.IntN(len(randomValues))]
	return fmt.Sprint("set ", path, "=", value, " ", in.Set(path, value))
}

var randomValues = []string{"", "0", "1", "2", "3", "7", "a", "b", "a b", "x", "y", "é <&> \"'\n\t\r ] "}
