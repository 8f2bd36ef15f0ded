package i18n

import (
	"maps"
	"regexp"
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

func TestCatalogsAgree(t *testing.T) {
	t.Parallel()
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	want := b.For(Fallback)
	for _, lang := range b.Languages() {
		c := b.For(lang)
		for _, key := range want.Keys() {
			if !c.Has(key) {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
		for _, key := range c.Keys() {
			if !want.Has(key) {
				t.Errorf("%s has %s, which %s lacks", lang, key, Fallback)
				continue
			}
			if c.messages[key]["other"] == "" {
				t.Errorf("%s: %s has no text", lang, key)
			}
			if got, want := variables(c.messages[key]), variables(want.messages[key]); !slices.Equal(got, want) {
				t.Errorf("%s: %s uses %v, %s uses %v", lang, key, got, Fallback, want)
			}
		}
	}
}

var variable = regexp.MustCompile(`\{\w+\}`)

// variables lists the names in a message's main text; "one" may leave {n} out.
func variables(m message) []string {
	names := map[string]bool{}
	for _, v := range variable.FindAllString(m["other"], -1) {
		names[v] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"a text without quotes", "a.b = x", "en/a.toml:1: the text must stand in double quotes on one line"},
		{"a key given twice", "a.b = \"x\"\na.b = \"y\"", "en/a.toml:2: key a.b is given twice"},
		{"a foreign key inside a table", "[a.b]\nfew = \"x\"", "en/a.toml:2: a table holds one, many and other; keys with dots stand before the first table"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := load(fstest.MapFS{"en/a.toml": {Data: []byte(tt.text)}})
			if err == nil || err.Error() != tt.want {
				t.Errorf("load = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	b, err := load(fstest.MapFS{
		"en/a.toml": {Data: []byte("[x]\none = \"{n} answer\"\nother = \"{n} answers\"\n")},
		"es/a.toml": {Data: []byte("[x]\none = \"{n} respuesta\"\nmany = \"{n} de respuestas\"\nother = \"{n} respuestas\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "1 answer"}, {"en", 0, "0 answers"}, {"en", 12345, "12,345 answers"},
		{"es", 1, "1 respuesta"}, {"es", 1_000_000, "1\u202f000\u202f000 de respuestas"}, {"es-CR", 1234, "1234 respuestas"},
	} {
		if got := b.For(tt.lang).N("x", tt.n); got != tt.want {
			t.Errorf("N(%s, %d) = %q, want %q", tt.lang, tt.n, got, tt.want)
		}
	}
	if got := b.For("en").T("no.such"); got != "⟦no.such⟧" {
		t.Errorf("T of an unknown key = %q", got)
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	en, es := For("en"), For("es")
	for _, tt := range []struct{ got, want string }{
		{en.Number(1234567.8), "1,234,567.8"},
		{es.Number(1234), "1234"},
		{es.WithDecimalMark(",").Number(12345.5), "12\u202f345,5"},
		{es.Number(-3), "\u22123"},
		{es.Date("2019-05-31"), "31 de mayo de 2019"},
		{es.Date("2019-05"), "mayo de 2019"},
		{en.Date("2019-05-31"), "31 May 2019"},
		{en.Date("2019"), "2019"},
		{en.Date("soon"), "soon"},
		{es.Time(time.Date(2026, 3, 12, 16, 42, 0, 0, time.UTC), time.FixedZone("", -6*3600)), "12 de marzo de 2026, 10:42 (UTC\u22126)"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestMonth(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Month{
		"3": 3, "03": 3, "marzo": 3, "Mar.": 3, "MARS": 3, "set": 9, "dic": 12, "août": 8, "ene": 1, "agosto": 8,
	} {
		if got, ok := Month(in); !ok || got != want {
			t.Errorf("Month(%q) = %v, %v, want %v", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "13", "0", "ma", "jui", "x"} {
		if got, ok := Month(in); ok {
			t.Errorf("Month(%q) = %v, want none", in, got)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	names := []string{"Panamá", "Ñuble", "Nunavut", "Óbidos", "México"}
	slices.SortFunc(names, For("es").Compare)
	if want := []string{"México", "Nunavut", "Ñuble", "Óbidos", "Panamá"}; !slices.Equal(names, want) {
		t.Errorf("sorted = %q, want %q", names, want)
	}
}
