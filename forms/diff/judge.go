package diff

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// followEffect tells a row of another name or in another place: answers belong to paths.
func followEffect(o, n *forms.Node) Effect {
	if o.Path == n.Path || !answered(o) {
		return ""
	}
	return NotFollowed
}

// follows reports whether answers to a question stand at the same path in both forms: so
// do the groups and repeats around it.
func follows(o, n *forms.Node) bool {
	for o != nil && n != nil && o.Name == n.Name && (o.Kind == forms.Repeat) == (n.Kind == forms.Repeat) {
		o, n = o.Parent, n.Parent
	}
	return o == nil && n == nil
}

// answered reports whether persons answer a question, or one in a group or repeat.
func answered(n *forms.Node) bool {
	found := false
	n.Walk(func(c *forms.Node) bool {
		found = found || waits(c)
		return !found
	})
	return found
}

// waits reports whether a question waits for an answer of a person.
func waits(n *forms.Node) bool { return n.Asked() && n.Calculation == "" }

func removedEffect(o *forms.Node, toNew map[*forms.Node]*forms.Node) Effect {
	effect := Effect("")
	o.Walk(func(n *forms.Node) bool {
		if waits(n) && toNew[n] == nil {
			effect = KeptApart
		}
		return effect == ""
	})
	return effect
}

// addedEffect is the strongest among the questions that came.
func (c *comparison) addedEffect(n *forms.Node) Effect {
	effect := Effect("")
	n.Walk(func(q *forms.Node) bool {
		switch {
		case !waits(q) || c.pairing.toOld[q] != nil:
		case required(q) && len(q.Repeats()) == 0: // a repeat may have no entries
			effect = Missing
		case effect == "":
			effect = Unanswered
		}
		return true
	})
	return effect
}

func required(n *forms.Node) bool { return n.Required != "" && n.Required != "false()" }

// typeEffect tells whether answers fit another type.
func (c *comparison) typeEffect(o, n *forms.Node) Effect {
	switch {
	case o.Kind != n.Kind:
		if answered(o) {
			return Reshaped
		}
		return ""
	case n.Kind != forms.Question || !waits(o) || !follows(o, n):
		return ""
	case n.Calculation != "":
		return Computed
	case !waits(n):
		return NotAsked
	case fits(o, n) || c.offersAll(o, n):
		return Fits
	}
	return Judged
}

// fits reports whether every answer of one type is one of another.
func fits(o, n *forms.Node) bool {
	switch n.Type {
	case "integer", "int", "date", "time", "dateTime", "datetime", "geopoint", "geoshape", "acknowledge", "trigger":
		return n.Type == o.Type
	case "decimal", "range":
		return o.Type == "integer" || o.Type == "int" || o.Type == "decimal" || o.Type == "range"
	case "geotrace":
		return o.Type == "geopoint" || o.Type == "geotrace"
	case "file", "image", "audio", "video":
		return o.Type == "file" || o.Type == "image" || o.Type == "audio" || o.Type == "video"
	}
	return !strings.HasPrefix(n.Type, "select") && n.Type != "rank"
}

// offersAll reports whether a select offers every code that another one did.
func (c *comparison) offersAll(o, n *forms.Node) bool {
	before, after := c.before.Lists[o.List], c.after.Lists[n.List]
	if before == nil || after == nil || n.File != "" || n.From != "" || n.ChoiceFilter != "" {
		return false
	}
	if strings.HasPrefix(o.Type, "select_multiple") && !strings.HasPrefix(n.Type, "select_multiple") || n.Type == "rank" {
		return false
	}
	offered := map[string]bool{"other": n.Or}
	for _, choice := range after.Choices {
		offered[choice.Name] = choice.Extra["exclusive"] == "" || strings.HasPrefix(n.Type, "select_one")
	}
	for _, choice := range before.Choices {
		if !offered[choice.Name] {
			return false
		}
	}
	return true
}

// ruleEffect tells what another rule means to answers.
func ruleEffect(column string, o, n *forms.Node) Effect {
	if !answered(n) && column != "calculation" {
		return ""
	}
	if !follows(o, n) { // there are no answers to speak of
		return either(column == "required" && required(n), Missing, "")
	}
	switch column {
	case "relevant":
		return either(n.Relevant != "", Parked, Applies)
	case "constraint":
		return either(n.Constraint != "", Judged, Freed)
	case "required":
		return either(required(n), Missing, NotNeeded)
	case "calculation":
		switch {
		case n.Calculation != "":
			return Computed
		case n.Asked() && o.Kind == forms.Question:
			return either(required(n), Missing, Unanswered)
		}
	case "choice_filter":
		return either(n.ChoiceFilter != "", UnknownChoice, "")
	case "repeat_count":
		return either(n.RepeatCount != "", ItemsParked, "")
	case "read_only":
		return either(n.ReadOnly != "" && n.ReadOnly != "false()", Locked, "")
	case "default":
		return either(n.Default != "", Default, "")
	}
	return ""
}

func either(yes bool, one, other Effect) Effect {
	if yes {
		return one
	}
	return other
}
