package fill

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Problem is what is wrong with an answer.
type Problem struct {
	Key     string                   // "type.integer", "choice.unknown", "constraint", "required", ...
	Message func(lang string) string // the form's own words; nil when it has none
}

// wrong judges an answer: type first, then choices, then the form's constraint. It
// returns the key of the Problem, "" when nothing is wrong.
func (in *Instance) wrong(e *element) string {
	n := e.t.node
	switch {
	case e.reason != "":
		return ""
	case e.value == "" || e.dropped:
		if e.required {
			return "required"
		}
		return ""
	}
	if key := badType(n, e.value); key != "" {
		return key
	}
	if key := in.badChoice(e); key != "" {
		return key
	}
	if e.t.constraint != nil && !in.eval(e.t.constraint, e).Boolean() {
		return "constraint"
	}
	return ""
}

// trouble is the problem of an element with the words that the form has for it.
func (in *Instance) trouble(e *element) *Problem {
	if e.problem == "" {
		return nil
	}
	p := &Problem{Key: e.problem}
	switch e.problem {
	case "required":
		p.Message = in.words(e, e.t.node.RequiredMessage)
	case "constraint":
		p.Message = in.words(e, e.t.node.ConstraintMessage)
	}
	return p
}

func (in *Instance) words(e *element, t forms.Text) func(string) string {
	if t.Empty() {
		return nil
	}
	return func(lang string) string { return in.text(e, t, lang).String }
}

// isSelect tells the questions whose answer is one code, or several, of a list that is
// known here. A list that lives elsewhere (search(), a file that is not there) cannot
// be held against an answer.
func (in *Instance) isSelect(e *element) (yes, multiple bool) {
	n := e.t.node
	multiple = strings.HasPrefix(n.Type, "select_multiple") || n.Type == "rank"
	if !multiple && !strings.HasPrefix(n.Type, "select_one") || strings.Contains(n.Appearance, "search(") {
		return false, false
	}
	switch {
	case n.From != "":
		return true, multiple
	case n.File != "":
		return in.instance(fileID(n.File)) != noFile, multiple
	}
	return in.plan.list(n) != nil, multiple
}

func (in *Instance) badChoice(e *element) string {
	yes, multiple := in.isSelect(e)
	if !yes {
		return ""
	}
	codes := []string{e.value}
	if multiple {
		codes = strings.Fields(e.value)
	}
	offered := in.offer(e)
	for _, code := range codes {
		at := slices.IndexFunc(offered, func(c *forms.Choice) bool { return c.Name == code })
		if at < 0 && !(e.t.node.Or && code == "other") {
			return "choice.unknown"
		}
		if at >= 0 && len(codes) > 1 && yesNo(offered[at].Extra["exclusive"]) == "true()" {
			return "choice.exclusive"
		}
	}
	return ""
}

// unoffered reports whether a select's filter has taken away what was answered.
func (in *Instance) unoffered(e *element) bool {
	if e.t.filter == nil && e.t.node.From == "" || e.reason != "" {
		return false
	}
	return in.badChoice(e) == "choice.unknown"
}
