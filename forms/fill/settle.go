package fill

import "math/bits"

// queue holds the elements to evaluate: a list for each rank, and a bit for each list
// that holds something. Elements of one rank come out in the order they went in.
type queue struct {
	head, tail []*element
	bits       []uint64
	low        int // no bit is set in words before it
}

func newQueue(ranks int) queue {
	return queue{head: make([]*element, ranks), tail: make([]*element, ranks), bits: make([]uint64, ranks/64+1)}
}

func (q *queue) push(e *element) {
	r := e.t.rank
	if q.head[r] == nil {
		q.head[r] = e
		q.bits[r/64] |= 1 << (r % 64)
		q.low = min(q.low, r/64)
	} else {
		q.tail[r].next = e
	}
	q.tail[r] = e
}

// pop takes out the first element of the lowest rank; nil when there is none.
func (q *queue) pop() *element {
	for q.low < len(q.bits) && q.bits[q.low] == 0 {
		q.low++
	}
	if q.low == len(q.bits) {
		return nil
	}
	r := q.low*64 + bits.TrailingZeros64(q.bits[q.low])
	e := q.head[r]
	q.head[r], e.next = e.next, nil
	if q.head[r] == nil {
		q.tail[r] = nil
		q.bits[q.low] &^= 1 << (r % 64)
	}
	return e
}

// mark puts an element in the queue of those to evaluate.
func (in *Instance) mark(e *element) {
	if !e.queued && !e.gone {
		e.queued = true
		in.dirty.push(e)
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

// What one change may set off. Dependencies have no cycles, but triggers may chase each
// other, and an innocent rule over ten thousand items is dear in each of them.
const (
	maxTurns = 100_000
	maxWork  = 50_000_000 // nodes visited by expressions
)

// settle evaluates what is marked, each element after what it reads, until nothing is
// left: values first, then items, then computed defaults, then judgments, then triggers.
func (in *Instance) settle() error {
	in.work = in.context.Spent + maxWork
	for range maxTurns {
		if in.tired() {
			break
		}
		if !in.turn() {
			return nil
		}
	}
	in.drop()
	return ErrTooMuch
}

// drop leaves all that is still to be done.
func (in *Instance) drop() {
	for e := in.dirty.pop(); e != nil; e = in.dirty.pop() {
		e.queued = false
	}
	for _, e := range in.doubts {
		e.doubted = false
	}
	in.counts, in.initials, in.doubts, in.fired = nil, nil, nil, nil
}

// tired reports that one change has set off too much.
func (in *Instance) tired() bool { return in.context.Spent > in.work }

// turn does the next thing that is due; false when there is none.
func (in *Instance) turn() bool {
	if e := in.dirty.pop(); e != nil {
		for ; e != nil; e = in.dirty.pop() {
			e.queued = false
			if in.tired() {
				return true
			}
			if !e.gone {
				in.evaluate(e)
			}
		}
		return true
	}
	switch {
	case len(in.counts) > 0:
		due := in.counts
		in.counts = nil
		seen := map[recount]bool{}
		for _, c := range due {
			if !seen[c] {
				seen[c] = true
				in.countItems(c.parent, c.t)
			}
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
			if !e.gone && !in.tired() {
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
	relevant := e.t.relevant == nil || in.eval(e.t.relevant, e).Boolean()
	hidden := !relevant || e.parked || e.parent.n.Hidden
	flipped := hidden != e.n.Hidden
	if flipped || relevant != e.relevant {
		in.remember(e)
		e.relevant, e.n.Hidden = relevant, hidden
	}
	if flipped {
		for _, c := range e.children {
			in.mark(c)
			in.doubt(c)
		}
	}
	if in.calculate(e) || flipped {
		in.doubt(e)
		queued := e.queued
		e.queued = true // what reads itself is not evaluated for ever
		in.follow(e)
		e.queued = queued
	}
}

// calculate computes an element's value and reports whether it is another than before.
func (in *Instance) calculate(e *element) bool {
	if e.t.calculation == nil || e.n.Hidden || e.t.node.Trigger != "" && e.t.isQuestion() {
		return false
	}
	value := in.eval(e.t.calculation, e).String()
	if value == e.value && e.reason == "" && !e.dropped {
		return false
	}
	in.remember(e)
	e.reason, e.dropped = "", false
	e.set(value)
	in.fire(e)
	return true
}

// judge decides whether an element is required, read only, and right.
func (in *Instance) judge(e *element) {
	if e.parent == nil {
		return
	}
	readonly := e.parent.readonly || in.isReadOnly(e)
	required := !e.n.Hidden && e.t.required != nil && in.eval(e.t.required, e).Boolean()
	if readonly != e.readonly {
		for _, c := range e.children {
			in.doubt(c)
		}
	}
	if readonly != e.readonly || required != e.required {
		in.remember(e)
		e.readonly, e.required = readonly, required
	}
	if !e.t.isQuestion() {
		return
	}
	if in.env.Client && e.value != "" && in.unoffered(e) != e.dropped {
		in.remember(e)
		e.dropped = !e.dropped
		e.show()
		in.follow(e)
		in.fire(e)
	}
	problem := ""
	if !e.n.Hidden {
		problem = in.wrong(e)
	}
	if problem != e.problem {
		in.remember(e)
		e.problem = problem
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
func (in *Instance) Refresh() error {
	in.markAll(in.root)
	return in.settle()
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
