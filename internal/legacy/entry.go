package legacy

import (
	"fmt"
	"strings"
)

// entry is one question as the tables have it: a field, or the same field of several
// tables that are alike (one sheet per country).
type entry struct {
	Field  // header and tally of all places together
	places []place
	role   Role
}

type place struct {
	table int
	field *Field
}

// alike finds the tables that hold the same questions: by index, the first table of its
// kind. Tables of repeats stand by themselves.
func alike(tables []*Table, repeats map[int]bool) []int {
	kind := make([]int, len(tables))
	var headers []map[string]bool
	for i, t := range tables {
		kind[i] = i
		own := map[string]bool{}
		for _, f := range t.Fields {
			if f.Header != "" {
				own[fold(f.Header)] = true
			}
		}
		headers = append(headers, own)
		if t.Orientation == Other || repeats[i] {
			continue
		}
		for j := range i {
			if kind[j] == j && !repeats[j] && tables[j].Orientation == t.Orientation && similarSets(own, headers[j]) {
				kind[i] = j
				break
			}
		}
	}
	return kind
}

func similarSets(a, b map[string]bool) bool {
	both := 0
	for s := range a {
		if b[s] {
			both++
		}
	}
	all := len(a) + len(b) - both
	return both > 0 && both*2 >= all
}

// entriesOf puts the fields of tables of one kind together by header; a header that comes
// twice in a table is two questions.
func entriesOf(tables []*Table, kind []int, of int) []*entry {
	var entries []*entry
	byKey := map[string]*entry{}
	for i, t := range tables {
		if kind[i] != of {
			continue
		}
		times := map[string]int{}
		for _, f := range t.Fields {
			folded := loose(f.Header)
			times[folded]++
			key := fmt.Sprintf("%s\x00%d", folded, times[folded])
			e := byKey[key]
			if e == nil {
				e = &entry{Field: Field{Position: f.Position, Header: f.Header, Parts: f.Parts, Unit: f.Unit}}
				byKey[key] = e
				entries = append(entries, e)
			}
			e.Seen.merge(&f.Seen)
			e.Vertical = e.Vertical || f.Vertical
			e.places = append(e.places, place{i, f})
		}
	}
	return entries
}

// giveRoles finds the entries that are no questions.
func giveRoles(entries []*entry) {
	country := false
	for i, e := range entries {
		switch {
		case e.Header == "" && i == 0 && e.Seen.share(wholeNumber) == 1:
			e.role = MetaRole // the number of the row
		case isImportRow(&e.Field):
			e.role = metaRole(e.Parts[0])
		default:
			e.role = metaRole(e.Header)
		}
		if e.role == NoRole && len(e.Parts) > 1 {
			e.role = metaRole(e.Parts[0]) // SurveyMonkey writes nothing or "Open-Ended Response" below its own
		}
		h := fold(e.Header)
		switch {
		case e.role != NoRole:
		case countryHeader.MatchString(h) && (e.countries(true) >= 0.5 || e.Seen.Values() == 0):
			e.role, country = CountryRole, true
		case roundHeader.MatchString(h):
			e.role = RoundRole
		case idHeader.MatchString(h) && !e.Seen.Many && len(e.Seen.Distinct) == e.Seen.Values(), idHeader.MatchString(h) && e.Seen.Many:
			e.role = KeyRole
		}
		if e.role == KeyRole && !e.Seen.Many && e.Seen.Values() > 3 && len(e.Seen.Distinct)*2 < e.Seen.Values() {
			e.role = MetaRole // the same for many rows: it tells nothing apart
		}
	}
	if country {
		return
	}
	for _, e := range entries[:min(3, len(entries))] { // a first column of countries says whose rows they are
		if e.role == NoRole && e.Seen.Values() >= 2 && e.countries(false) >= 0.8 && len(strings.Fields(e.Header)) <= 4 {
			e.role = CountryRole
			return
		}
	}
}

// countries is the share of the different texts that are countries. Which one a code of
// two letters means is for normalization to say.
func (e *entry) countries(codes bool) float64 {
	if len(e.Seen.Distinct) == 0 {
		return 0
	}
	n := 0
	for s := range e.Seen.Distinct {
		if _, ok := CountryOf(s); ok {
			n++
		} else if codes && len(s) == 2 && strings.ToUpper(s) == s && strings.ToLower(s) != s {
			n++
		}
	}
	return float64(n) / float64(len(e.Seen.Distinct))
}
