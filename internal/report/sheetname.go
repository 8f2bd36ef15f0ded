package report

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// sheetNames gives out names that Excel takes: at most 31 UTF-16 units, without
// : \ / ? * [ ], no apostrophe at either end, unique without regard to case.
type sheetNames map[string]bool

const maxSheetName = 31

func (taken sheetNames) name(want string) string {
	want = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`:\/?*[]`, r):
			return '-'
		case r < ' ' || r > 0xFFFF: // beyond the plane Excel counts two units
			return -1
		}
		return r
	}, want)
	if want = strings.Join(strings.Fields(want), " "); strings.Trim(want, "' ") == "" {
		want = "-"
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = " " + strconv.Itoa(n)
		}
		name := strings.Trim(cutWords(want, maxSheetName-len(suffix)), "' ") + suffix
		// "History" is Excel's own.
		if id := strings.ToLower(name); name != suffix && id != "history" && !taken[id] {
			taken[id] = true
			return name
		}
	}
}

// cutWords shortens at the end of a word where that loses little.
func cutWords(s string, units int) string {
	if utf16Len(s) <= units {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if utf16Len(b.String())+len(utf16.Encode([]rune{r})) > units {
			break
		}
		b.WriteRune(r)
	}
	cut := b.String()
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;.(")
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// tableName makes a legal, ASCII name for an Excel table.
func tableName(prefix, name string) string {
	var b strings.Builder
	b.WriteString("T_" + prefix)
	for _, r := range name {
		if r < 0x80 && (r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z') {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	return b.String()
}
