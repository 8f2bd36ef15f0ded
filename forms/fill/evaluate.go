package fill

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
		in.turned(e.t, onValue) // it may have been passed over just now
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
	if in.env.Client && e.t.isQuestion() && e.value != "" && in.unoffered(e) != e.dropped {
		in.remember(e)
		e.dropped = !e.dropped
		e.show()
		in.follow(e)
		in.fire(e)
	}
	readonly := e.parent.readonly || in.isReadOnly(e)
	required := !e.n.Hidden && e.t.required != nil && in.eval(e.t.required, e).Boolean()
	if locked := readonly != e.readonly; locked || required != e.required {
		in.remember(e)
		e.readonly, e.required = readonly, required
		if locked {
			for _, c := range e.children {
				in.doubt(c)
			}
		}
	}
	if !e.t.isQuestion() {
		return
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
