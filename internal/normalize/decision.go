package normalize

import (
	"github.com/comparanda/comparanda/internal/study"
)

// Key is the form of a text in which decisions are compared: case, accents and
// signs at word borders do not matter.
func Key(text string) string { return bare(clean(text)) }

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

// resultOf is the value that a person decided on.
func resultOf(d study.Decision, kind study.ValueKind) Result {
	return Result{Kind: kind, Text: d.Code, Reason: d.Reason, Rule: "decision/1"}
}
