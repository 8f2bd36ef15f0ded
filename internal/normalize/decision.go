package normalize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Key is the form of a text in which decisions are compared: case, accents and
// signs at word borders do not matter.
func Key(text string) string { return bare(clean(text)) }

// DecisionKind is the kind under which decisions about the texts at a question are
// remembered: of all questions with the same list, or of the same kind of figure.
func DecisionKind(q *forms.Node) string {
	if kind := kindOf(q); kind != "" {
		return kind
	}
	return "type:" + q.Type
}

// decisionRule begins the rule of an answer that a person decided; the decision's number
// follows, so that each leads to its answers.
const decisionRule = "decision:"

// DecisionRule is the rule that answers decided by one decision carry.
func DecisionRule(id int64) string { return decisionRule + strconv.FormatInt(id, 10) }

// decided finds what was decided about a text; a decision for the country comes before
// one for every country, and one for the language before one for every language.
func decided(kind, raw string, o Options) (study.Decision, bool) {
	best, rank := study.Decision{}, -1
	if len(o.Decisions) == 0 {
		return best, false
	}
	key := Key(raw)
	for _, d := range o.Decisions {
		if d.Kind != kind || d.Text != key || d.Country != "" && d.Country != o.Country.ISO3 || d.Lang != "" && d.Lang != o.Lang {
			continue
		}
		at := 0
		if d.Country != "" {
			at += 2
		}
		if d.Lang != "" {
			at++
		}
		if at > rank {
			best, rank = d, at
		}
	}
	return best, rank >= 0
}

// resultOf is the value that a person decided on: read as the question's own type reads
// it, else as the kind of messy answer means it.
func resultOf(q *forms.Node, d study.Decision, read reader) Result {
	r, ok := read(d.Code)
	switch {
	case d.Reason != "":
		r = Result{Reason: d.Reason}
	case !ok || r.Kind == study.TextValue:
		r = meant(q, d)
	}
	r.Rule = DecisionRule(d.ID)
	return r
}

// meant is a decided value by its kind alone.
func meant(q *forms.Node, d study.Decision) Result {
	kind, _, _ := strings.Cut(d.Kind, ":")
	switch kind {
	case "count", "money", "percent", "duration":
		if r, ok := readDecimal(d.Code); ok && q.Type != "integer" {
			return r
		}
	case "date":
		if partialDate.MatchString(d.Code) {
			return Result{Kind: study.DateValue, Text: d.Code, Date: d.Code, Qualifier: exact}
		}
	case "one", "country", "institution", "yesno":
		return Result{Kind: study.CodeValue, Text: d.Code}
	case "multi":
		return Result{Kind: study.CodesValue, Text: d.Code}
	}
	return Result{Kind: study.TextValue, Text: d.Code}
}

var partialDate = regexp.MustCompile(`^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`)

// Decide turns what a person wrote as the meaning of a text into the code that a decision
// keeps; false when it is no value of the question.
func Decide(f *forms.Form, q *forms.Node, o Options, meaning string) (code string, ok bool) {
	kind := DecisionKind(q)
	_, read := typeRule(f, q)
	s := clean(meaning)
	if isNumber(q) || kind == "count" || kind == "money" || kind == "percent" || kind == "duration" {
		s = PlainNumber(s, q.Type != "integer", o.Country.DecimalMark)
	}
	r := resultOf(q, study.Decision{Kind: kind, Code: s}, read)
	switch {
	case s == "":
		return "", false
	case r.Kind == study.CodeValue || r.Kind == study.CodesValue:
		return r.Text, decidable(f, q, o, r)
	case r.Kind == study.TextValue:
		return r.Text, kind == "legal" || kind == "text" || q.Type == "text"
	}
	return r.Text, true
}

// YesNo are the values of the kind "yesno".
var YesNo = []string{"yes", "no", "partial"}

// decidable reports whether codes are ones that the question or the register has.
func decidable(f *forms.Form, q *forms.Node, o Options, r Result) bool {
	if q.List != "" {
		list := choicesOf(f, q)
		for _, code := range strings.Fields(r.Text) {
			if _, found := known(q, list, code); !found {
				return false
			}
		}
		return r.Text != ""
	}
	switch kindOf(q) {
	case "country":
		return countryCodes[r.Text] == r.Text
	case "institution":
		for _, i := range o.Institutions {
			if i.ID == r.Text {
				return true
			}
		}
		return false
	case "yesno":
		return slices.Contains(YesNo, r.Text)
	}
	return true
}

// QuestionsOf lists the paths of the questions that decisions of a kind are about.
func QuestionsOf(f *forms.Form, kind string) []string {
	var paths []string
	for _, n := range f.Children {
		n.Walk(func(n *forms.Node) bool {
			if n.Kind == forms.Question && DecisionKind(n) == kind {
				paths = append(paths, n.Path)
			}
			return true
		})
	}
	return paths
}
