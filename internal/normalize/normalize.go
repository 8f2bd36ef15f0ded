// Package normalize turns raw answers into values that can be counted and compared.
//
// It is pure: the same raw answer, question and country give the same value, today
// and after a rebuild. Raw text is never replaced, only read. What cannot be read is
// kept as text and flagged Review, so that no statistic uses it before a person
// decides. It does not decide what is relevant or required: that is forms/fill.
package normalize

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// RuleVersion changes whenever any rule may give another result for the same raw
// answer. It is stored with the answers, so that old ones can be found and redone.
const RuleVersion = "3"

// Flags that the rules of this package set. The closed list of flags is the study's.
const (
	Review        = "REVIEW"        // a person has to decide; left out of counts until then
	Unparsed      = "UNPARSED"      // not a value of the question's type
	Contradiction = "CONTRADICTION" // "none" or "no data" beside other choices
)

// Result is one normalized value.
type Result struct {
	Kind      study.ValueKind
	Text      string           // canonical text: code or codes, trimmed text, ISO date or time
	Number    *float64         // for numbers
	Date      string           // "2019", "2019-05" or "2019-05-31"
	Reason    study.ReasonCode // the value itself means that there is none
	Qualifier string           // exact, approx, at_least, at_most, range; "" when it does not apply
	Note      string           // what stood beside the value
	Flags     []string
	Rule      string // rule that decided, with its version: "integer/1"
}

// Submission normalizes every entry of a snapshot, in document order: by the form's
// order of questions, and by item order inside a repeat. Entries that have no place in
// the form are kept as text at the end, rule "unknown/1". Notes that carry nothing are
// left out, since nobody answers them.
func Submission(f *forms.Form, country study.Country, snap study.Snapshot, id study.SubmissionID) []study.Answer {
	return SubmissionIn(f, Options{Country: country}, snap, id)
}

// SubmissionIn is Submission with all that is known beside the form.
func SubmissionIn(f *forms.Form, o Options, snap study.Snapshot, id study.SubmissionID) []study.Answer {
	entries := inOrder(f, snap)
	answers := make([]study.Answer, 0, len(entries))
	fallback := o.Lang
	for _, e := range entries {
		o.Lang = snap.LangOf(e, fallback)
		q := f.Find(e.Path)
		if q != nil && (q.Kind != forms.Question || q.Type == "note") && e.Value == "" && e.Reason == "" && e.Note == "" {
			continue
		}
		a := answer(f, o, q, e)
		a.SubmissionID, a.Ordinal = id, len(answers)
		answers = append(answers, a)
	}
	return answers
}

func answer(f *forms.Form, o Options, q *forms.Node, e study.Entry) study.Answer {
	a := study.Answer{
		Path: e.Path, Question: forms.QuestionPath(e.Path), Item: innermostKey(e.Path),
		Raw: e.Value, Note: e.Note, NotAsked: e.NotAsked, Version: e.Version,
	}
	r := Result{Rule: "unknown/1"}
	switch {
	case e.NotAsked:
		// The parked value stays in Raw and counts for nothing.
		a.Rule = "not_asked/1"
		return a
	case e.Reason != "":
		a.Reason, a.Rule = e.Reason, "reason/1"
		return a
	case q == nil:
		r = text(e.Value, r.Rule)
	default:
		r = ValueIn(f, q, o, e.Value)
	}
	a.Kind, a.Text, a.Number, a.Date = r.Kind, r.Text, r.Number, r.Date
	a.Reason, a.Qualifier, a.Flags, a.Rule = r.Reason, r.Qualifier, r.Flags, r.Rule
	if a.Note == "" {
		a.Note = r.Note
	}
	return a
}

// innermostKey gives the key of the last item in an answer path, "" outside repeats.
func innermostKey(path string) string {
	open := strings.LastIndexByte(path, '[')
	if open < 0 {
		return ""
	}
	key, _, _ := strings.Cut(path[open+1:], "]")
	return key
}
