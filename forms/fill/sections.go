package fill

import "github.com/comparanda/comparanda/forms"

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
		in.walkOf(in.root, t, func(st State) bool {
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
