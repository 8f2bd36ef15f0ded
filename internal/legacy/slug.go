package legacy

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/comparanda/comparanda/forms"
)

// loose takes case, accents and doubled spaces away, and keeps signs: "> 60" and "60" are
// two choices.
func loose(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), " ")
	for _, c := range []byte(s) {
		if c >= 0x80 {
			t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
			if plain, _, err := transform.String(t, s); err == nil {
				return plain
			}
			return s
		}
	}
	return s
}

var (
	coded      = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9_]{0,30})[.:]\s+(\S.*)$`) // LimeSurvey: socio1. In which country…
	identifier = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_.-]{0,63}$`)
	pathLike   = regexp.MustCompile(`^[A-Za-z0-9_./\[\]-]+$`)
	codeText   = regexp.MustCompile(`^[\p{L}\p{N}_.-]{1,40}$`)
	signs      = strings.NewReplacer(">", " gt ", "<", " lt ", "+", " plus ", "≥", " ge ", "≤", " le ", "%", " pct ", "$", " usd ")
)

// maxNameRunes bounds names made of labels.
const maxNameRunes = 40

// slug makes a name of a label.
func slug(s string) string {
	words := strings.ReplaceAll(fold(s), " ", "_")
	if r := []rune(words); len(r) > maxNameRunes {
		words = string(r[:maxNameRunes])
		if i := strings.LastIndexByte(words, '_'); i > maxNameRunes/2 {
			words = words[:i]
		}
	}
	words = strings.Trim(words, "_")
	if !forms.ValidName(words) {
		words = "q_" + words
	}
	if !forms.ValidName(words) {
		words = "q"
	}
	return words
}

// nameAndLabel cuts a header into the name that the survey program gave the question and
// its text; the name is made of the text when there is none.
func nameAndLabel(f *Field) (name, label string) {
	label = f.Header
	if isImportRow(f) && f.Parts[1] != "" {
		return slugOr(f.Parts[0]), f.Parts[1]
	}
	if m := coded.FindStringSubmatch(label); m != nil {
		return m[1], m[2]
	}
	if m := codedSub.FindStringSubmatch(label); m != nil && m[3] != "" {
		return slugOr(m[1] + "_" + m[2]), m[3]
	}
	base := label
	if i := strings.LastIndexByte(base, '/'); i >= 0 && pathLike.MatchString(base) {
		base = base[i+1:]
	}
	return slugOr(base), label
}

func slugOr(s string) string {
	if identifier.MatchString(s) && forms.ValidName(s) {
		return s
	}
	return slug(s)
}

// namer makes names unique.
type namer map[string]int

func (n namer) take(name string) string {
	key := strings.ToLower(name)
	n[key]++
	if n[key] == 1 {
		return name
	}
	for {
		again := fmt.Sprintf("%s_%d", name, n[key])
		if n[strings.ToLower(again)] == 0 {
			n[strings.ToLower(again)] = 1
			return again
		}
		n[key]++
	}
}

// listOf makes a choice list of texts. Texts that differ in case, accents or spaces only
// are one choice. values finds a choice's code by the text, as loose writes it.
func listOf(name string, texts []string) (list *forms.List, values map[string]string) {
	list = &forms.List{Name: name}
	values = map[string]string{}
	names := namer{}
	for _, text := range texts {
		key := loose(text)
		if _, known := values[key]; known {
			continue
		}
		code := text
		if !codeText.MatchString(text) {
			code = strings.TrimPrefix(slug(signs.Replace(text)), "q_")
			if code == "" {
				code = "other_text"
			}
		}
		code = names.take(code)
		values[key] = code
		list.Choices = append(list.Choices, &forms.Choice{Name: code, Label: forms.Text{"": strings.TrimSpace(text)}})
	}
	return list, values
}
