package fill

import "slices"

// summary is what a state was when it was last reported.
type summary struct {
	value, reason, problem       string
	relevant, required, readonly bool
}

func (e *element) summary() summary {
	s := summary{value: e.value, reason: e.reason, relevant: !e.n.Hidden}
	if s.relevant { // what is hidden has no other state
		s.problem, s.required, s.readonly = e.problem, e.required, e.readonly
	} else if e.t.calculation != nil {
		s.value = "" // what it last was, which nobody typed
	}
	return s
}

// remember keeps what an element was before it changes.
func (in *Instance) remember(e *element) {
	if in.silent {
		return
	}
	if _, known := in.changed[e]; !known {
		in.changed[e] = e.summary()
	}
}

// Changed lists the paths whose state is another than at the last call, in the order of
// the form. Of a repeat it lists the items, not the repeat as a whole.
func (in *Instance) Changed() []string {
	var list []*element
	for e, was := range in.changed {
		if e.summary() != was {
			list = append(list, e)
		}
	}
	clear(in.changed)
	slices.SortFunc(list, before)
	paths := make([]string, len(list))
	for i, e := range list {
		paths[i] = e.path()
	}
	return paths
}

// before compares two elements by document order.
func before(a, b *element) int {
	if a == b {
		return 0
	}
	for len(a.t.lineage) > len(b.t.lineage) {
		if a = a.parent; a == b {
			return 1
		}
	}
	for len(b.t.lineage) > len(a.t.lineage) {
		if b = b.parent; a == b {
			return -1
		}
	}
	for a.parent != b.parent {
		a, b = a.parent, b.parent
	}
	if a.t != b.t {
		return a.t.id - b.t.id
	}
	return place(&a.n) - place(&b.n)
}
