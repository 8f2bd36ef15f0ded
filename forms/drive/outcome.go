package drive

import (
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
)

// status is a state as clients tell it: a value that is not relevant is empty.
func (s *session) status(st fill.State) Status {
	out := Status{Relevant: st.Relevant, Required: st.Required, ReadOnly: st.ReadOnly}
	if isLeaf(st.Node) {
		value := written(st.Node, s.in.Value(st.Path))
		out.Value = &value
		out.Violation = violation(st.Problem)
	}
	return out
}

// isLeaf tells what holds a value: a question, or an entity that has attributes only.
func isLeaf(n *forms.Node) bool {
	for _, c := range n.Children {
		if !strings.HasPrefix(c.Name, "@") {
			return false
		}
	}
	return n.Kind == forms.Question || n.Kind == forms.Group && len(n.Children) > 0
}

// violation is the rule of the form that an answer breaks.
func violation(p *fill.Problem) *string {
	if p == nil || p.Key != "constraint" && p.Key != "required" {
		return nil
	}
	return &p.Key
}

// visit walks over what a client sees: parked items are not there for it. ref is the path
// with positions; item tells an item of a repeat from the repeat.
func (s *session) visit(see func(st fill.State, ref string, item bool) bool) {
	refs := map[string]string{"": "/" + s.root}
	places := map[string]int{}
	s.in.Walk(func(st fill.State) bool {
		at := strings.LastIndexByte(st.Path, '/')
		ref := refs[st.Path[:at]] + "/" + st.Node.Name
		item := strings.HasSuffix(st.Path, "]")
		if item {
			repeat := st.Path[:strings.LastIndexByte(st.Path, '[')]
			if s.isParked(repeat, st) {
				return false
			}
			places[repeat]++
			ref = fmt.Sprintf("%s[%d]", ref, places[repeat])
		}
		refs[st.Path] = ref
		return see(st, ref, item)
	})
}

func (s *session) isParked(repeat string, st fill.State) bool {
	if st.Relevant || st.HiddenBy != st.Node.Path {
		return false
	}
	for _, path := range s.in.Parked(repeat) {
		if path == st.Path {
			return true
		}
	}
	return false
}

func (s *session) final() map[string]Status {
	final := map[string]Status{"/" + s.root: {Relevant: true}}
	s.visit(func(st fill.State, ref string, _ bool) bool {
		if !strings.HasPrefix(st.Node.Name, "@") {
			final[ref] = s.status(st)
		}
		return true
	})
	return final
}

// violations lists the rules that are broken, in document order.
func (s *session) violations() []map[string]string {
	list := []map[string]string{}
	s.visit(func(st fill.State, ref string, _ bool) bool {
		if v := violation(st.Problem); v != nil {
			list = append(list, map[string]string{"ref": ref, "condition": *v})
		}
		return st.Relevant
	})
	return list
}

// submission is the instance as it would be sent: without what is not relevant.
func (s *session) submission() (string, error) {
	root := &xform.Element{}
	at := map[string]*xform.Element{"/" + s.root: root}
	s.visit(func(st fill.State, ref string, item bool) bool {
		if !st.Relevant {
			return false
		}
		parent := at[ref[:strings.LastIndexByte(ref, '/')]]
		switch {
		case st.Node.Kind == forms.Repeat && !item:
			return true
		case strings.HasPrefix(st.Node.Name, "@"):
			parent.Attrs = append(parent.Attrs, [2]string{st.Node.Name[1:], s.in.Value(st.Path)})
			return true
		}
		e := &xform.Element{Name: st.Node.Name}
		if st.Node.Kind == forms.Question {
			e.Text = written(st.Node, s.in.Value(st.Path))
		}
		parent.Children = append(parent.Children, e)
		at[ref] = e
		return true
	})
	var text strings.Builder
	err := xform.WriteInstance(&text, s.form, root.Children)
	return text.String(), err
}
