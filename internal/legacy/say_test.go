package legacy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/internal/i18n"
)

// TestRemarksHaveWords looks for every remark that the program text makes in the catalogs
// of all languages: its text, its remedy, and no text that nothing makes.
func TestRemarksHaveWords(t *testing.T) {
	t.Parallel()
	made := regexp.MustCompile(`(?:say|fault|refuse|Complain|note|faultAt)\((?:[\w.]+, )?"([a-z0-9_.A-Z]+)"`)
	named := regexp.MustCompile(`"((?:column|file\.kind|value|book)\.[a-zA-Z0-9_.]*)"`)
	keys := map[string]bool{"value.": true, "file.kind.": true, "book.": true}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, "../../worker/import.go") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range append(made.FindAllStringSubmatch(string(text), -1), named.FindAllStringSubmatch(string(text), -1)...) {
			keys[m[1]] = true
		}
	}
	for _, lang := range i18n.Languages() {
		c := i18n.For(lang)
		for key := range keys {
			if strings.HasSuffix(key, ".") || strings.Count(key, ".") == 0 && key != "more" {
				continue
			}
			if c.Has("legacy."+key) != c.Has("legacy."+key+".do") || !c.Has("legacy."+key) && !madeWith(c, key) {
				t.Errorf("%s does not say %s, or not what to do", lang, key)
			}
		}
		for _, key := range c.Keys() {
			said, ours := strings.CutPrefix(key, "legacy.")
			said = strings.TrimSuffix(said, ".do")
			if ours && !strings.HasPrefix(said, "kind.") && said != "error" && said != "errors" && !keys[said] && !begins(keys, said) {
				t.Errorf("nothing says %s", key)
			}
		}
	}
}

// madeWith reports a code that stands for the remarks of its variants.
func madeWith(c *i18n.Catalog, code string) bool {
	for _, key := range c.Keys() {
		if strings.HasPrefix(key, "legacy."+code+".") {
			return true
		}
	}
	return false
}

func begins(keys map[string]bool, said string) bool {
	for key := range keys {
		if strings.HasSuffix(key, ".") && strings.HasPrefix(said, key) {
			return true
		}
	}
	return false
}

// TestRemarksAreSaidInSpanish says remarks of cells, of a whole file and of the reader of
// workbooks in Spanish, through what a child process writes.
func TestRemarksAreSaidInSpanish(t *testing.T) {
	t.Parallel()
	o := Options{Form: parsedForm(t, countryForm)}
	result, _, err := Try("a.csv", inputOf("a.csv", "País,m_law,m_year\nPanamá,Sii,hace mucho\nMarte,yes,2001\n"), o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range result.Problems {
		es := p.In("es")
		got = append(got, es.Cell+" "+es.Text+": "+es.Remedy)
	}
	want := []string{
		"B2 «Sii» no es ninguna de las opciones: ¿quiso decir «Sí»? Corrija la celda, o decídalo entre los valores",
		"C2 «hace mucho» no es un número entero: corrija la celda, o decida qué significa su texto entre los valores",
		"A3 «Marte» no es un país conocido: escriba su nombre o su código de tres letras, o decídalo entre los valores",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("said\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	_, _, err = Try("a.csv", inputOf("a.csv", "%PDF-1.4"), o)
	if r := new(Refusal); !asRefusal(err, &r) || r.In("es").Text != "esto es un PDF, diga lo que diga su nombre" || !strings.HasPrefix(r.Text, "this is a PDF") {
		t.Errorf("refused with %v", err)
	}
	_, _, err = Try("a.xlsx", inputOf("a.xlsx", "PK\x03\x04 broken"), o)
	if r := new(Refusal); !asRefusal(err, &r) || !strings.HasPrefix(r.In("es").Text, "el libro está dañado") || r.In("en").Text != r.Text {
		t.Errorf("refused with %v", err)
	}
}

func asRefusal(err error, r **Refusal) bool {
	refusal, ok := err.(*Refusal) //nolint:errorlint // it is never wrapped
	*r = refusal
	return ok
}
