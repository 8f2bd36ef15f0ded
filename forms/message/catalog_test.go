package message

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Everything that the program says to authors is in the catalog, and nothing else is.
func TestCatalogIsWhatTheProgramSays(t *testing.T) {
	t.Parallel()
	s := readSource(t)
	for _, fault := range s.faults {
		t.Error(fault)
	}
	if len(s.formats) < 150 {
		t.Errorf("only %d formats found in the program", len(s.formats))
	}
	entries := mustEntries(t)
	for _, e := range entries {
		if s.formats[e["en"]] == "" {
			t.Errorf("nothing says %q", e["en"])
		}
	}
	have := map[string]bool{}
	for _, e := range entries {
		if have[e["en"]] {
			t.Errorf("%q is there twice", e["en"])
		}
		have[e["en"]] = true
	}
	for _, format := range slices.Sorted(maps.Keys(s.formats)) {
		if !have[format] {
			t.Errorf("%s: the catalog has not\nen %s\nes \nfr \n", s.formats[format], format)
		}
	}
}

func mustEntries(t *testing.T) []entry {
	t.Helper()
	entries, err := readEntries()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// A translation says all that the English says: every argument, and every word that
// stands in quotes because an author writes it like that.
func TestTranslationsAreWhole(t *testing.T) {
	t.Parallel()
	quoted := regexp.MustCompile(`'[A-Za-z_.:()=-]+'|\b[a-z]+_[a-z_]+\b|\.xlsx|\b[a-z-]+\(\.*\)`)
	for _, e := range mustEntries(t) {
		if len(e) != len(Languages()) {
			t.Errorf("%q: not every language is there, or there is another", e["en"])
			continue
		}
		want := argumentsOf(t, e["en"])
		for _, lang := range Languages()[1:] {
			if got := argumentsOf(t, e[lang]); !slices.Equal(got, want) {
				t.Errorf("%s %q has the arguments %v, English has %v", lang, e[lang], got, want)
			}
			for _, word := range quoted.FindAllString(e["en"], -1) {
				if !strings.Contains(e[lang], strings.Trim(word, "'")) {
					t.Errorf("%s %q does not name %s", lang, e[lang], word)
				}
			}
		}
	}
}

// argumentsOf lists the arguments that a format uses, in order of their numbers. In a
// translation each is a text already.
func argumentsOf(t *testing.T, format string) []int {
	t.Helper()
	var list []int
	for i, verb := range verbsOf(format) {
		n := i + 1
		if inside, ok := strings.CutPrefix(verb, "%["); ok {
			number, _, _ := strings.Cut(inside, "]")
			var err error
			if n, err = strconv.Atoi(number); err != nil {
				t.Errorf("%q: %s is no verb", format, verb)
			}
		}
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list
}

func TestTranslationsAreTexts(t *testing.T) {
	t.Parallel()
	verb := regexp.MustCompile(`^%(\[\d\])?s$`)
	for _, e := range mustEntries(t) {
		for _, lang := range Languages()[1:] {
			verbs := verbsOf(e[lang])
			numbered := 0
			for _, v := range verbs {
				if !verb.MatchString(v) {
					t.Errorf("%s %q: the verb %s is none of %%s and %%[1]s", lang, e[lang], v)
				}
				if strings.HasPrefix(v, "%[") {
					numbered++
				}
			}
			if numbered != 0 && numbered != len(verbs) {
				t.Errorf("%s %q: number all verbs or none", lang, e[lang])
			}
		}
	}
}

// Typography: French has a no-break space before : ; ? ! and inside « », Spanish has
// “” nowhere and opens its questions.
func TestTypography(t *testing.T) {
	t.Parallel()
	french := regexp.MustCompile(`[^\x{a0}][;?!»](?:\s|$)|[^\x{a0}:]:(?:\s|$)|«[^\x{a0}]|[“”]`)
	code := regexp.MustCompile(`\(\?|\+ \p{L}+ \?|^[;!]`) // signs of the language that the texts speak of
	for _, e := range mustEntries(t) {
		if found := french.FindString(code.ReplaceAllString(e["fr"], "X")); found != "" {
			t.Errorf("fr %q: no no-break space in %q", e["fr"], found)
		}
		spanish := code.ReplaceAllString(e["es"], "X")
		if strings.Count(spanish, "?") != strings.Count(spanish, "¿") || strings.ContainsAny(spanish, "“”") {
			t.Errorf("es %q: ¿ and ? do not go together, or the quotes are not «»", e["es"])
		}
		for _, lang := range Languages()[1:] {
			if strings.Contains(e[lang], "  ") || strings.HasSuffix(e[lang], " ") || strings.HasSuffix(e[lang], ".") {
				t.Errorf("%s %q: spaces or a full stop too many", lang, e[lang])
			}
		}
	}
}
