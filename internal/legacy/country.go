package legacy

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/comparanda/comparanda/internal/study"
)

// countries are all names and codes of countries in English, Spanish and French, folded.
// Two-letter codes are not among them: "ES" is Spain or El Salvador.
var countries = sync.OnceValue(func() map[string]study.ISO3 {
	m := map[string]study.ISO3{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			region, err := language.ParseRegion(string([]rune{a, b}))
			if err != nil || !region.IsCountry() || region.String() != string([]rune{a, b}) || region.Canonicalize() != region {
				continue
			}
			iso3 := study.ISO3(region.ISO3())
			m[fold(string(iso3))] = iso3
			for _, tag := range []language.Tag{language.English, language.Spanish, language.French} {
				if name := display.Regions(tag).Name(region); name != "" {
					m[fold(name)] = iso3
				}
			}
		}
	}
	for name, iso3 := range map[string]study.ISO3{
		"usa": "USA", "us": "USA", "eeuu": "USA", "ee uu": "USA", "ee uu a": "USA", "estados unidos de america": "USA", "united states of america": "USA", "etats unis d amerique": "USA",
		"uk": "GBR", "great britain": "GBR", "england": "GBR", "republica dominicana": "DOM", "rep dominicana": "DOM", "estados unidos mexicanos": "MEX",
		"uae": "ARE", "russia": "RUS", "south korea": "KOR", "bolivia": "BOL", "venezuela": "VEN", "tanzania": "TZA", "ivory coast": "CIV", "syria": "SYR", "vietnam": "VNM", "viet nam": "VNM", "iran": "IRN", "moldova": "MDA",
	} {
		m[name] = iso3
	}
	return m
})

// CountryOf recognizes a country by its name in English, Spanish or French, or by its
// three-letter code. The mark of a footnote behind it does not count.
func CountryOf(text string) (study.ISO3, bool) {
	if len(text) < 2 || len(text) > 60 {
		return "", false
	}
	iso3, ok := countries()[fold(text)]
	if bare := footnoteMark.ReplaceAllString(text, ""); !ok && bare != text {
		iso3, ok = countries()[fold(bare)]
	}
	return iso3, ok
}

// footnoteMark leads from a name to a note below its table: "Bolivia (1)", "Chile 2/".
var footnoteMark = regexp.MustCompile(`\s*(?:[(\[](?:\d{1,2}|[a-z])[)\]]|\s\d{1,2}/|[¹²³⁴⁵⁶⁷⁸⁹]+)\s*$`)

// nearestCountry is the country whose name is most like a text, "" when none is, or
// when two are: "Dominicana" is not guessed.
func nearestCountry(text string) study.ISO3 {
	const enough, margin = 0.7, 0.05
	folded := fold(text)
	best, second, found := enough, 0.0, study.ISO3("")
	if len(folded) < 4 || len(folded) > 60 {
		return ""
	}
	for name, iso3 := range countries() {
		switch s := likeness(name, folded); {
		case s > best && iso3 == found:
			best = s
		case s > best:
			best, second, found = s, best, iso3
		case s > second && iso3 != found:
			second = s
		}
	}
	if best-second < margin {
		return ""
	}
	return found
}

// fold takes case, accents and punctuation away: what is left compares texts that people
// typed.
func fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	t := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	if plain, _, err := transform.String(t, s); err == nil {
		s = plain
	}
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// foldASCII is fold for the common case, without tables.
func foldASCII(s string) (string, bool) {
	out := make([]byte, 0, len(s))
	gap := false
	for _, c := range []byte(s) {
		switch {
		case c >= 0x80:
			return "", false
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		default:
			gap = len(out) > 0
			continue
		}
		if gap {
			out = append(out, ' ')
			gap = false
		}
		out = append(out, c)
	}
	return string(out), true
}
