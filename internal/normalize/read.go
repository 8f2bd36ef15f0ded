package normalize

import (
	"strings"
)

// longest is how long a text may be that holds one figure, date or name. Longer ones
// tell a story, and a person has to read them.
const longest = 2000

// Kinds are the kinds of messy answer that Read knows; "multi:LIST" and "one:LIST"
// beside them take choices.
var Kinds = []string{"count", "money", "date", "duration", "percent", "yesno", "country", "institution", "legal", "text"}

// Read gives the meaning of a messy answer of one kind. It reports false for a kind
// that it does not know. It never fails: what it cannot read is flagged Review.
func Read(kind, raw string, c Context) (Reading, bool) {
	raw = strings.ToValidUTF8(raw, "\uFFFD")
	var r Reading
	list, choose := "", false
	for _, prefix := range []string{"multi:", "one:"} {
		if rest, found := strings.CutPrefix(kind, prefix); found {
			kind, list, choose = strings.TrimSuffix(prefix, ":"), rest, true
		}
	}
	s := fold(strings.Trim(clean(raw), "\u200b\ufeff"))
	switch {
	case kind == "yesno":
		r = readYesNo(head(s))
	case kind == "text":
		if m, ok := readTextMissing(s); ok {
			r = m
		} else {
			r = readText(raw)
		}
	case choose:
		r = readList(kind, list, raw, s, c)
	default:
		read := readers[kind]
		if read == nil {
			return r, false
		}
		if m, ok := readMissing(s); ok && !codeBeforeReason(kind, s) {
			r = m
		} else if len(s) > longest {
			r = review(nullValue, Unparsed)
		} else {
			r = read(s, c)
		}
	}
	all := r.Flags
	r.Flags = nil
	r.flag(all...) // each once
	r.Rule = kind + "/2"
	return r, true
}

// codeBeforeReason keeps answers that look like a reason: "NI" is Nicaragua, and what
// has no price has one.
func codeBeforeReason(kind, s string) bool {
	if kind == "money" {
		_, found := cutPhrase(s, free)
		return found != "" // "no tiene costo"
	}
	if kind != "country" {
		return false
	}
	_, ok := countryCodes[strings.ToUpper(s)]
	return ok && s != "na"
}

func head(s string) string {
	if len(s) > longest {
		return s[:longest]
	}
	return s
}

var readers = map[string]func(string, Context) Reading{
	"count": readCount, "money": readMoney, "date": readWhen, "duration": readSpan, "percent": readPercent,
	"country": readCountry, "institution": readInstitution, "legal": readLegal,
}
