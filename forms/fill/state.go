package fill

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// State is what holds for one question, group or item now.
type State struct {
	Path     string
	Node     *forms.Node
	Value    string
	Reason   string
	Relevant bool
	Required bool
	ReadOnly bool
	Problem  *Problem // nil when nothing is wrong
	HiddenBy string   // question path of the node whose relevant hides it
}

// Problem is what is wrong with an answer.
type Problem struct {
	Key     string                   // "type.integer", "choice.unknown", "constraint", "required", ...
	Message func(lang string) string // the form's own words; nil when it has none
}

// State returns the state at a path; false when there is nothing.
func (in *Instance) State(path string) (State, bool) {
	e := in.byPath[path]
	if e == nil {
		return State{}, false
	}
	return in.state(e), true
}

func (in *Instance) state(e *element) State {
	s := State{Path: e.path, Node: e.t.node, Value: e.value, Reason: e.reason, Relevant: !e.n.Hidden}
	if e.n.Hidden {
		for a := e; a.parent != nil; a = a.parent {
			if !a.relevant {
				s.HiddenBy = a.t.node.Path
			}
		}
		return s
	}
	s.ReadOnly = e.t.calculation != nil && e.t.node.Type == "calculate" || e.t.readonly != nil && in.eval(e.t.readonly, e).Boolean()
	s.Required = e.t.required != nil && in.eval(e.t.required, e).Boolean()
	s.Problem = in.problem(e, s)
	return s
}

// problem judges an answer: type first, then choices, then the form's constraint.
func (in *Instance) problem(e *element, s State) *Problem {
	n := e.t.node
	if n.Kind != forms.Question {
		return nil
	}
	if e.value == "" || e.reason != "" {
		if s.Required && e.value == "" && e.reason == "" {
			return &Problem{Key: "required", Message: in.words(e, n.RequiredMessage)}
		}
		return nil
	}
	if key := badType(n, e.value); key != "" {
		return &Problem{Key: key}
	}
	if key := in.badChoice(e); key != "" {
		return &Problem{Key: key}
	}
	if e.t.constraint != nil && !in.eval(e.t.constraint, e).Boolean() {
		return &Problem{Key: "constraint", Message: in.words(e, n.ConstraintMessage)}
	}
	return nil
}

func (in *Instance) words(e *element, t forms.Text) func(string) string {
	if t.Empty() {
		return nil
	}
	return func(lang string) string { return in.text(e, t, lang).String }
}

func (in *Instance) badChoice(e *element) string {
	n := e.t.node
	multiple := n.Type == "select_multiple" || n.Type == "rank"
	if n.List == "" || n.File != "" || n.Type != "select_one" && !multiple || in.plan.form.Lists[n.List] == nil {
		return ""
	}
	codes := []string{e.value}
	if multiple {
		codes = strings.Fields(e.value)
	}
	offered := in.Choices(e.path)
	for _, code := range codes {
		at := slices.IndexFunc(offered, func(c *forms.Choice) bool { return c.Name == code })
		if at < 0 && !(n.Or && code == "other") {
			return "choice.unknown"
		}
		if at >= 0 && len(codes) > 1 && yesNo(offered[at].Extra["exclusive"]) == "true()" {
			return "choice.exclusive"
		}
	}
	return ""
}

// Walk visits groups, items and questions in document order. When visit returns false,
// what is inside is left out.
func (in *Instance) Walk(visit func(State) bool) {
	var walk func(e *element)
	walk = func(e *element) {
		for _, t := range e.t.children {
			if t.isRepeat() {
				if !visit(in.repeatState(e, t)) {
					continue
				}
			}
			for _, c := range e.children {
				if c.t == t && visit(in.state(c)) {
					walk(c)
				}
			}
		}
	}
	walk(in.root)
}

// repeatState stands for a repeat as a whole, which has no element of its own.
func (in *Instance) repeatState(parent *element, t *template) State {
	s := State{Path: parent.path + "/" + t.node.Name, Node: t.node, Relevant: !parent.n.Hidden}
	if !s.Relevant {
		s.HiddenBy = in.state(parent).HiddenBy
	} else if t.relevant != nil && !in.eval(t.relevant, parent).Boolean() {
		s.Relevant, s.HiddenBy = false, t.node.Path
	}
	return s
}

// Choices lists the choices that a question offers now, in the order to show.
func (in *Instance) Choices(path string) []*forms.Choice {
	e := in.byPath[path]
	if e == nil || e.t.node.List == "" {
		return nil
	}
	instance := in.plan.lists[e.t.node.List]
	if instance == nil {
		return nil
	}
	var choices []*forms.Choice
	for i, item := range instance.Children[0].Children {
		if e.t.filter != nil {
			in.context.Node, in.context.Current = item, e.n
			in.context.Position, in.context.Size = i+1, len(instance.Children[0].Children)
			v, err := e.t.filter.Eval(&in.context)
			in.context.Position, in.context.Size = 0, 0
			if err != nil || !v.Boolean() {
				continue
			}
		}
		choices = append(choices, item.Data.(*forms.Choice))
	}
	if yesNo(e.t.node.Parameters["randomize"]) == "true()" {
		seed := in.seedOf(path)
		if n, err := strconv.ParseFloat(e.t.node.Parameters["seed"], 64); err == nil {
			seed = n
		}
		xpath.Shuffle(len(choices), seed, func(i, j int) { choices[i], choices[j] = choices[j], choices[i] })
	}
	return choices
}

// Text is a text as a person reads it, and the language that it is in.
type Text struct {
	String string
	Lang   string
}

// Label returns the label of a question, group or item with the answers it quotes.
func (in *Instance) Label(path, lang string) Text {
	return in.textOf(path, lang, func(n *forms.Node) forms.Text { return n.Label })
}

// Hint returns the hint likewise.
func (in *Instance) Hint(path, lang string) Text {
	return in.textOf(path, lang, func(n *forms.Node) forms.Text { return n.Hint })
}

// Guidance returns the guidance hint likewise.
func (in *Instance) Guidance(path, lang string) Text {
	return in.textOf(path, lang, func(n *forms.Node) forms.Text { return n.Guidance })
}

func (in *Instance) textOf(path, lang string, pick func(*forms.Node) forms.Text) Text {
	if e := in.byPath[path]; e != nil && e.t.node != nil {
		return in.text(e, pick(e.t.node), lang)
	}
	if parent, t, err := in.repeatAt(path); err == nil {
		text, used := pick(t.node).In(in.plan.form, lang)
		_ = parent
		return Text{text, used}
	}
	return Text{}
}

func (in *Instance) text(e *element, t forms.Text, lang string) Text {
	s, used := t.In(in.plan.form, lang)
	for name, x := range e.t.outputs {
		if strings.Contains(s, name) && x != nil {
			s = strings.ReplaceAll(s, name, in.eval(x, e).String())
		}
	}
	return Text{s, used}
}

// remember keeps the state that an element had when it was last reported.
func (in *Instance) remember(e *element) {
	if in.silent || e == in.root {
		return
	}
	if _, known := in.changed[e]; !known {
		in.changed[e] = in.state(e)
	}
}

// Changed lists the paths whose state is another than at the last call, in document order.
func (in *Instance) Changed() []string {
	var paths []string
	for e, was := range in.changed {
		now := in.state(e)
		problem := func(p *Problem) string {
			if p == nil {
				return ""
			}
			return p.Key
		}
		if was.Value != now.Value || was.Reason != now.Reason || was.Relevant != now.Relevant || was.Required != now.Required ||
			was.ReadOnly != now.ReadOnly || problem(was.Problem) != problem(now.Problem) {
			paths = append(paths, e.path)
		}
	}
	in.changed = map[*element]State{}
	slices.Sort(paths)
	return paths
}

// Entries lists all answers in document order, calculated and hidden ones too.
func (in *Instance) Entries() []Answer {
	var list []Answer
	in.Walk(func(s State) bool {
		if s.Node.Kind == forms.Question {
			list = append(list, Answer{Path: s.Path, Value: s.Value, Reason: s.Reason, Hidden: !s.Relevant, Calculated: s.Node.Calculation != ""})
		}
		return true
	})
	return list
}

// Section is a top-level group or repeat, or the loose questions between them.
type Section struct {
	Path       string      // of the group or repeat; of the first question when they are loose
	Node       *forms.Node // nil for loose questions
	Applicable int         // questions that are asked
	Answered   int         // of these, with a value or a reason
	WithValue  int         // of these, with a value
	Missing    []string    // required and without an answer
	Invalid    []string
}

// Sections tells how far each section is.
func (in *Instance) Sections() []Section {
	var list []Section
	loose := -1
	for _, t := range in.plan.root.children {
		path := "/" + t.node.Name
		if t.node.Kind == forms.Question {
			if loose < 0 {
				loose = len(list)
				list = append(list, Section{Path: path})
			}
		} else {
			loose = -1
			list = append(list, Section{Path: path, Node: t.node})
		}
		s := &list[len(list)-1]
		in.Walk(func(st State) bool {
			if st.Path != path && !strings.HasPrefix(st.Path, path+"/") && !strings.HasPrefix(st.Path, path+"[") {
				return false
			}
			s.count(st)
			return true
		})
	}
	return list
}

func (s *Section) count(st State) {
	n := st.Node
	if n.Kind != forms.Question || !st.Relevant || !isAsked(n) {
		return
	}
	s.Applicable++
	if st.Value != "" || st.Reason != "" {
		s.Answered++
	}
	if st.Value != "" && st.Reason == "" {
		s.WithValue++
	}
	switch {
	case st.Problem == nil:
	case st.Problem.Key == "required":
		s.Missing = append(s.Missing, st.Path)
	default:
		s.Invalid = append(s.Invalid, st.Path)
	}
}

// isAsked tells questions that a person answers from notes, calculations and metadata.
func isAsked(n *forms.Node) bool {
	switch n.Type {
	case "note", "calculate", "hidden", "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username",
		"email", "audit", "start-geopoint", "background-audio", "background-geopoint", "xml-external", "csv-external":
		return false
	}
	return n.Calculation == ""
}
