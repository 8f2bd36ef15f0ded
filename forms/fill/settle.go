package fill

// mark puts an element in the queue of those to evaluate.
func (in *Instance) mark(e *element) {
	if !e.queued && !e.gone {
		e.queued = true
		in.dirty.push(e)
	}
}

// doubt has an element judged again: required, read only, right.
func (in *Instance) doubt(e *element) {
	if !e.doubted && !e.gone && e.doubtful() {
		e.doubted = true
		in.doubts = append(in.doubts, e)
	}
}

// doubtful reports whether an element can be other than right, optional and open to
// answers: most have no rule that says so.
func (e *element) doubtful() bool {
	return e.t.judged || e.problem != "" || e.parent == nil || e.readonly != e.parent.readonly || len(e.value) > maxTextRunes
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
		from, target := in.root, f.to
		if f.near {
			from = e
			if e.item != "" {
				from = e.parent // from another item, too, all items are seen
			}
		}
		if f.on == onCount {
			target = f.to.parent
		}
		scope := from.scope(target)
		if scope == in.root && target.repeated && in.waits(f.to, f.on) {
			continue
		}
		for _, x := range in.under(scope, target) {
			switch f.on {
			case onCount:
				in.recount(x, f.to)
			case onState:
				in.doubt(x)
			default:
				in.mark(x)
			}
		}
	}
}

// waits reports whether all elements of a template are marked already, and none has had
// its turn since. Otherwise the caller marks them. So ten thousand items that change mark
// those who read all of them once.
func (in *Instance) waits(t *template, on bearing) bool {
	bit := uint8(1) << on
	if in.marked[t.id]&bit != 0 {
		return true
	}
	in.marked[t.id] |= bit
	return false
}

// turned notes that an element of a template has its turn.
func (in *Instance) turned(t *template, on bearing) { in.marked[t.id] &^= 1 << on }

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
	maxWork  = 10_000_000 // nodes visited by expressions
)

// settle evaluates what is marked, each element after what it reads, until nothing is
// left: values first, then items, then computed defaults, judgments, triggers, and last the
// items that are let go.
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
	in.counts, in.trims, in.initials, in.doubts, in.fired = nil, nil, nil, nil, nil
	clear(in.marked)
}

// tired reports that one change has set off too much.
func (in *Instance) tired() bool { return in.context.Spent > in.work }

// turn does the next thing that is due; false when there is none.
func (in *Instance) turn() bool {
	if e := in.dirty.pop(); e != nil {
		for ; e != nil; e = in.dirty.pop() {
			e.queued = false
			in.turned(e.t, onValue)
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
			in.turned(c.t, onCount)
		}
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
		in.doubts, in.spare = in.spare[:0], nil
		for _, e := range due {
			in.turned(e.t, onState)
		}
		for _, e := range due {
			e.doubted = false
			if !e.gone && !in.tired() {
				in.judge(e)
			}
		}
		in.spare = due
	case len(in.fired) > 0:
		e := in.fired[0]
		in.fired = in.fired[1:]
		in.trigger(e)
	case len(in.trims) > 0:
		due := in.trims
		in.trims = nil
		for _, c := range due {
			in.trim(c.parent, c.t)
		}
	default:
		return false
	}
	return true
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
