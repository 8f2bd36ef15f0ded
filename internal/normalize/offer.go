package normalize

import (
	"regexp"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Offer is one reading that a person may choose for a doubtful text.
type Offer struct {
	Code    string
	Reason  study.ReasonCode
	Earlier study.Decision // the decision that it comes from; ID 0: found in the text
}

// mostOffers is how many readings are worth choosing from.
const mostOffers = 8

// Offers lists readings of a doubtful text, the likeliest first: what was decided about
// the same text before (for this country and language first, then elsewhere, then what
// holds no longer), then what the rules see in it without being sure.
func Offers(f *forms.Form, q *forms.Node, o Options, ever []study.Decision, raw string) []Offer {
	var offers []Offer
	add := func(one Offer) {
		same := func(x Offer) bool { return x.Code == one.Code && x.Reason == one.Reason }
		if (one.Code != "" || one.Reason != "") && len(offers) < mostOffers && !slices.ContainsFunc(offers, same) {
			offers = append(offers, one)
		}
	}
	for _, d := range sameText(DecisionKind(q), o, ever, raw) {
		add(Offer{Code: d.Code, Reason: d.Reason, Earlier: d})
	}
	for _, meaning := range seenIn(f, q, o, raw) {
		if code, ok := Decide(f, q, o, meaning); ok {
			add(Offer{Code: code})
		}
	}
	return offers
}

// sameText lists the decisions about a text, the nearest first.
func sameText(kind string, o Options, ever []study.Decision, raw string) []study.Decision {
	key := Key(raw)
	var found []study.Decision
	for _, d := range ever {
		if d.Kind == kind && d.Text == key {
			found = append(found, d)
		}
	}
	near := func(d study.Decision) int {
		n := 0
		if d.UndoneAt.IsZero() {
			n += 4
		}
		if d.Country == o.Country.ISO3 || d.Country == "" {
			n += 2
		}
		if d.Lang == o.Lang || d.Lang == "" {
			n++
		}
		return n
	}
	slices.SortStableFunc(found, func(a, b study.Decision) int {
		if n := near(b) - near(a); n != 0 {
			return n
		}
		return b.At.Compare(a.At)
	})
	return found
}

var (
	inDigits  = regexp.MustCompile(`\d[\d.,' ]*\d|\d`)
	slashDate = regexp.MustCompile(`\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b`)
)

// seenIn lists what the rules see in a text without being sure.
func seenIn(f *forms.Form, q *forms.Node, o Options, raw string) []string {
	kind := kindOf(q)
	c := Context{Country: string(o.Country.ISO3), Lang: string(o.Lang), Institutions: o.Institutions}
	if strings.Contains(kind, ":") {
		c.Choices = ChoicesOf(f.Lists[q.List])
	}
	var seen []string
	if r, known := Read(kind, raw, c); known {
		r.Flags = slices.DeleteFunc(r.Flags, func(flag string) bool { return flag == Review })
		if guess := r.result(raw); guess.Kind != study.TextValue {
			seen = append(seen, guess.Text)
		}
	}
	text := head(clean(raw))
	switch {
	case len(c.Choices) > 0:
		seen = append(seen, choicesNamed(text, c.Choices)...)
	case kind == "institution":
		seen = append(seen, institutionsNamed(text, c)...)
	case kind == "date":
		for _, m := range slashDate.FindAllStringSubmatch(text, 3) {
			seen = append(seen, isoDay(m[3], m[2], m[1]), isoDay(m[3], m[1], m[2]))
		}
	case isNumber(q) || q.Type == "text" && kind != "":
		for _, digits := range inDigits.FindAllString(text, 5) {
			digits = strings.TrimSpace(digits)
			seen = append(seen, PlainNumber(digits, false, ""), PlainNumber(digits, true, ","), PlainNumber(digits, true, "."))
		}
	}
	return seen
}

// isoDay is a day, or "" when the calendar has none.
func isoDay(year, month, day string) string {
	pad := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	iso := year + "-" + pad(month) + "-" + pad(day)
	if _, ok := readDate(iso, ""); !ok {
		return ""
	}
	return iso
}

// choicesNamed are the choices with which a text shares a word of some length.
func choicesNamed(text string, choices []Choice) []string {
	var codes []string
	for _, ch := range choices {
		if sharesWord(text, append(slices.Clone(ch.Labels), ch.Variants...)) {
			codes = append(codes, ch.Code)
		}
	}
	return codes
}

// institutionsNamed are the country's institutions that a text may mean.
func institutionsNamed(text string, c Context) []string {
	var ids []string
	for _, i := range c.Institutions {
		if c.Country != "" && i.Country != "" && string(i.Country) != c.Country {
			continue
		}
		names := slices.Concat(i.Names, i.Former, i.Nicknames, i.Generic)
		if slices.Contains(words(fold(text)), bare(i.Acronym)) || sharesWord(text, names) {
			ids = append(ids, i.ID)
		}
	}
	return ids
}

// sharesWord compares by the beginnings of longer words.
func sharesWord(text string, names []string) bool {
	for _, w := range stems(fold(text)) {
		for _, n := range names {
			if len(w) >= 4 && slices.Contains(stems(fold(n)), w) {
				return true
			}
		}
	}
	return false
}
