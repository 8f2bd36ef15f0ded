package normalize

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// choiceReason is the column of the choices sheet that names the missing reason a
// choice stands for ("no data" → ND). The value stays the code.
const choiceReason = "reason"

// choicesOf returns the question's list; nil when the choices come from a file or
// from answers, where any code must be taken.
func choicesOf(f *forms.Form, q *forms.Node) []*forms.Choice {
	if q.File != "" || q.From != "" {
		return nil
	}
	list := f.Lists[q.List]
	if list == nil {
		list = f.External[q.List]
	}
	if list == nil {
		return nil
	}
	return list.Choices
}

// known reports the position of a code in the list. "other" belongs to every question
// declared with or_other. Without a list every code is known, at position 0.
func known(q *forms.Node, list []*forms.Choice, code string) (int, bool) {
	i := slices.IndexFunc(list, func(c *forms.Choice) bool { return c.Name == code })
	switch {
	case i >= 0:
		return i, true
	case q.Or && code == "other":
		return len(list), true
	}
	return 0, list == nil
}

func reasonOf(list []*forms.Choice, code string) study.ReasonCode {
	for _, c := range list {
		if c.Name == code {
			return study.ReasonCode(strings.ToUpper(strings.TrimSpace(c.Extra[choiceReason])))
		}
	}
	return ""
}

func readChoice(f *forms.Form, q *forms.Node, s string) (Result, bool) {
	list := choicesOf(f, q)
	if _, ok := known(q, list, s); !ok {
		return Result{}, false
	}
	return Result{Kind: study.CodeValue, Text: s, Reason: reasonOf(list, s)}, true
}

// readChoices puts the codes into the order of the list, each once, so that equal
// answers compare equal. A choice that means a missing answer is the reason when it
// stands alone; beside others it contradicts them.
func readChoices(f *forms.Form, q *forms.Node, s string) (Result, bool) {
	list := choicesOf(f, q)
	codes, ok := readCodes(q, list, s)
	if !ok {
		return Result{}, false
	}
	slices.SortStableFunc(codes, func(a, b string) int {
		i, _ := known(q, list, a)
		j, _ := known(q, list, b)
		return i - j
	})
	r := Result{Kind: study.CodesValue, Text: strings.Join(codes, " ")}
	if len(codes) == 1 {
		r.Reason = reasonOf(list, codes[0])
	} else if slices.ContainsFunc(codes, func(code string) bool { return reasonOf(list, code) != "" }) {
		r.Flags = []string{Review, Contradiction}
	}
	return r, true
}

// readRank keeps the order that was given: it is the answer.
func readRank(f *forms.Form, q *forms.Node, s string) (Result, bool) {
	codes, ok := readCodes(q, choicesOf(f, q), s)
	return Result{Kind: study.CodesValue, Text: strings.Join(codes, " ")}, ok
}

func readCodes(q *forms.Node, list []*forms.Choice, s string) ([]string, bool) {
	var codes []string
	for _, code := range strings.Fields(s) {
		if _, ok := known(q, list, code); !ok {
			return nil, false
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes, true
}
