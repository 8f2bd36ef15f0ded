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

// countItems makes as many items as repeat_count asks for, and parks those beyond, so
// that a slip of the count loses nothing. Items at the end that hold nothing are let go.
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
	if !in.loading {
		in.trims = append(in.trims, recount{parent, t})
	}
}

// trim takes parked items away from the end, as long as they are hollow. It comes last,
// when the count is sure.
func (in *Instance) trim(parent *element, t *template) {
	items := parent.of(t)
	for n := len(items); n > 0 && items[n-1].parked && items[n-1].hollow(); n-- {
		in.take(items[n-1])
	}
}

// take removes an item with all that is in it.
func (in *Instance) take(e *element) {
	in.follow(e)
	in.followBelow(e)
	e.parent.remove(e)
	in.forget(e)
	in.lightened(e.parent)
}

// lightened has the parked items around an element looked at again: they may hold nothing
// any more.
func (in *Instance) lightened(e *element) {
	for a := e; a != nil; a = a.parent {
		if a.parked {
			in.recount(a.parent, a.t)
		}
	}
}

// hollow reports whether nothing in an element was answered: there are only calculations
// and defaults that nobody changed.
func (e *element) hollow() bool {
	if e.t.isQuestion() {
		return e.reason == "" && (e.value == "" || !e.given || e.value == e.t.fixed || e.t.calculation != nil && e.t.node.Trigger == "")
	}
	for _, c := range e.children {
		if c.item != "" && c.t.count == nil || !c.hollow() {
			return false // an item that somebody added is an answer
		}
	}
	return true
}

// recountAll counts the items of all repeats that are counted.
func (in *Instance) recountAll() {
	for _, t := range in.plan.templates[1:] {
		if t.count != nil {
			for _, parent := range in.under(in.root, t.parent) {
				in.recount(parent, t)
			}
		}
	}
}
