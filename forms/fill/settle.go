package fill

import "container/heap"

// queue holds the elements to evaluate, by rank.
type queue []*element

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].t.rank < q[j].t.rank }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(*element)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// mark puts an element in the queue of those to evaluate.
func (in *Instance) mark(e *element) {
	if !e.queued && !e.gone {
		e.queued = true
		heap.Push(&in.dirty, e)
	}
}

// doubt has an element judged again: required, read only, right.
func (in *Instance) doubt(e *element) {
	if !e.doubted && !e.gone {
		e.doubted = true
		in.doubts = append(in.doubts, e)
	}
}

// follow marks what reads an element, and the groups that it stands in, whose text it
// is part of. The items of repeats are not among those: they would be marked with every
// answer in them, and nobody reads the text of an item.
func (in *Instance) follow(e *element) {
	in.followOne(e)
	for a := e.parent; a != nil && a.item == ""; a = a.parent {
		in.followOne(a)
	}
}

func (in *Instance) followOne(e *element) {
	for _, f := range e.t.feeds {
		from := in.root
		if f.near {
			from = e
			if e.item != "" {
				from = e.parent // from another item, too, all items are seen
			}
		}
		if f.on == onCount {
			for _, parent := range in.under(from, f.to.parent) {
				in.recount(parent, f.to)
			}
			continue
		}
		for _, x := range in.under(from, f.to) {
			if f.on == onState {
				in.doubt(x)
			} else {
				in.mark(x)
			}
		}
	}
}

func (in *Instance) followBelow(e *element) {
	for _, c := range e.children {
		in.followOne(c)
		in.followBelow(c)
	}
}

// maxTurns bounds what one change may set off. Dependencies have no cycles, but triggers
// may chase each other.
const maxTurns = 100_000

// settle evaluates what is marked, each element after what it reads, until nothing is
// left: values first, then items, then computed defaults, then judgments, then triggers.
func (in *Instance) settle() {
	for turn := 0; turn < maxTurns && in.turn(); turn++ {
	}
	in.fired = in.fired[:0]
}

// turn does the next thing that is due; false when there is none.
func (in *Instance) turn() bool {
	switch {
	case in.dirty.Len() > 0:
		for in.dirty.Len() > 0 {
			e := heap.Pop(&in.dirty).(*element)
			e.queued = false
			if !e.gone {
				in.evaluate(e)
			}
		}
	case len(in.counts) > 0:
		due := in.counts
		in.counts = nil
		for _, c := range due {
			in.countItems(c.parent, c.t)
		}
	case len(in.initials) > 0:
		e := in.initials[0]
		in.initials = in.initials[1:]
		if !e.given && !e.gone {
			in.put(e, in.eval(e.t.initial, e).String(), "")
			e.given = false
		}
	case len(in.doubts) > 0:
		due := in.doubts
		in.doubts = nil
		for _, e := range due {
			e.doubted = false
			if !e.gone {
				in.judge(e)
			}
		}
	case len(in.fired) > 0:
		e := in.fired[0]
		in.fired = in.fired[1:]
		in.trigger(e)
	default:
		return false
	}
	return true
}

// evaluate decides whether an element is relevant, and computes its value.
func (in *Instance) evaluate(e *element) {
	if e.parent == nil {
		return
	}
	hidden, text := e.n.Hidden, e.n.Text
	in.remember(e)
	e.relevant = e.t.relevant == nil || in.eval(e.t.relevant, e).Boolean()
	e.n.Hidden = !e.relevant || e.parked || e.parent.n.Hidden
	if e.t.calculation != nil && (e.t.node.Trigger == "" || !e.t.isQuestion()) && !e.n.Hidden {
		e.reason = ""
		e.set(in.eval(e.t.calculation, e).String())
	}
	if e.n.Hidden != hidden {
		for _, c := range e.children {
			in.mark(c)
			in.doubt(c)
		}
	}
	if e.n.Hidden != hidden || e.n.Text != text {
		in.doubt(e)
		queued := e.queued
		e.queued = true // what reads itself is not evaluated for ever
		in.follow(e)
		e.queued = queued
	}
	if e.n.Text != text {
		in.fire(e)
	}
}

// judge decides whether an element is required, read only, and right.
func (in *Instance) judge(e *element) {
	if e.parent == nil {
		return
	}
	in.remember(e)
	readonly := e.readonly
	e.readonly = e.parent.readonly || in.isReadOnly(e)
	e.required = !e.n.Hidden && e.t.required != nil && in.eval(e.t.required, e).Boolean()
	if e.readonly != readonly {
		for _, c := range e.children {
			in.doubt(c)
		}
	}
	if !e.t.isQuestion() {
		return
	}
	if in.env.Client && e.value != "" && in.unoffered(e) != e.dropped {
		e.dropped = !e.dropped
		e.show()
		in.follow(e)
		in.fire(e)
	}
	e.problem = ""
	if !e.n.Hidden {
		e.problem = in.wrong(e)
	}
}

// isReadOnly reports whether a question's own rule locks it. A calculate is nobody's to
// answer; clients say so only where its row does.
func (in *Instance) isReadOnly(e *element) bool {
	if e.t.node.Type == "calculate" && !in.env.Client {
		return true
	}
	return e.t.readonly != nil && in.eval(e.t.readonly, e).Boolean()
}

// Refresh evaluates everything again, for rules that depend on the time of day.
func (in *Instance) Refresh() {
	in.markAll(in.root)
	in.settle()
}

func (in *Instance) markAll(e *element) {
	for _, t := range e.t.children {
		in.recount(e, t)
	}
	for _, c := range e.children {
		in.mark(c)
		in.doubt(c)
		in.markAll(c)
	}
}
