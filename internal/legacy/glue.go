package legacy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// joinKnown puts pieces together again that are one known choice with the separator in
// its label, the longest first: "Legal aid, free".
func joinKnown(pieces []string, split string, known func(string) bool) []string {
	joined := pieces[:0:0]
	for from := 0; from < len(pieces); {
		to := len(pieces)
		for to > from+1 && !known(strings.Join(pieces[from:to], split)) {
			to--
		}
		joined = append(joined, strings.Join(pieces[from:to], split))
		from = to
	}
	return joined
}

// glued reports the choices that a comma has cut in two: a piece in lower case that always
// follows the same one, which never stands without it. Forms write choices that people
// tick in one case, and join them with commas.
func glued(t *Tally, split string) map[string]bool {
	if split != ", " {
		return nil
	}
	counts, pairs := map[string]int{}, map[[2]string]int{}
	for _, s := range t.Order {
		pieces := splitChoices(s, split)
		for i, p := range pieces {
			counts[p] += t.Distinct[s]
			if i > 0 {
				pairs[[2]string{pieces[i-1], p}] += t.Distinct[s]
			}
		}
	}
	whole := map[string]bool{}
	for pair, n := range pairs {
		if n > 1 && n == counts[pair[0]] && n == counts[pair[1]] && startsLower(pair[1]) && !startsLower(pair[0]) {
			whole[pair[0]+split+pair[1]] = true
		}
	}
	return whole
}

func startsLower(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(c)
}
