package fill

// recount is a repeat whose items are to be counted, in one element.
type recount struct {
	parent *element
	t      *template
}

func (in *Instance) recount(parent *element, t *template) {
	if t.count != nil {
		in.counts = append(in.counts, recount{parent, t})
	}
}

// countItems makes as many items as repeat_count asks for, and parks those beyond. It
// never takes one away, so that a slip of the count loses nothing.
func (in *Instance) countItems(parent *element, t *template) {
	if parent.gone {
		return
	}
	n := in.eval(t.count, parent).Number(in.env.Zone)
	want := 0
	if n >= 1 { // not for NaN
		want = int(min(n, maxItems))
	}
	for i, e := range parent.of(t) {
		if parked := i >= want; parked != e.parked {
			e.parked = parked
			in.mark(e)
			in.follow(e)
		}
	}
	prefix := parent.path() + "/" + t.node.Name
	var last *element
	for have := len(parent.of(t)); have < want && in.room(have); have++ {
		last = in.add(parent, t, in.itemKey(prefix, have+1), false)
	}
	if last != nil {
		in.announce(last)
	}
}
