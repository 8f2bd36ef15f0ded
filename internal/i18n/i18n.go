// Package i18n holds the words of the interface: one catalog per language, read from
// the TOML files under catalog/, with plurals, numbers, dates and sorting.
//
// A language's files are merged; a key given twice is an error. Questionnaire texts
// are not here: they belong to the form.
package i18n

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

//go:embed catalog
var files embed.FS

// Fallback is the language used when another is asked for that has no catalog.
const Fallback = "en"

// Bundle is all catalogs together.
type Bundle struct {
	catalogs map[string]*Catalog
}

// Catalog is the words and habits of one language. It is read only and may be shared.
type Catalog struct {
	lang     string
	messages map[string]message
	decimal  string
	fallback *Catalog
}

// message is one text by plural category: one, many, other.
type message map[string]string

// Load reads the embedded catalogs.
func Load() (*Bundle, error) {
	sub, err := fs.Sub(files, "catalog")
	if err != nil {
		return nil, fmt.Errorf("open catalogs: %w", err)
	}
	return load(sub)
}

func load(fsys fs.FS) (*Bundle, error) {
	b := &Bundle{catalogs: map[string]*Catalog{}}
	langs, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("list catalogs: %w", err)
	}
	for _, dir := range langs {
		c := &Catalog{lang: dir.Name(), messages: map[string]message{}, decimal: "."}
		names, err := fs.Glob(fsys, dir.Name()+"/*.toml")
		if err != nil {
			return nil, fmt.Errorf("list catalog %s: %w", dir.Name(), err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(fsys, name)
			if err != nil {
				return nil, fmt.Errorf("read catalog %s: %w", name, err)
			}
			if err := parse(name, string(text), c.messages); err != nil {
				return nil, err
			}
		}
		b.catalogs[c.lang] = c
	}
	for lang, c := range b.catalogs {
		if lang != Fallback {
			c.fallback = b.catalogs[Fallback]
		}
	}
	return b, nil
}

var shared = sync.OnceValue(func() *Bundle {
	b, err := Load()
	if err != nil {
		panic(err) // the catalogs are part of the program text
	}
	return b
})

// For returns the catalog of a language tag ("es", "es-CR"), or the fallback's.
func For(lang string) *Catalog { return shared().For(lang) }

// Languages lists the languages that have a catalog, sorted.
func Languages() []string { return shared().Languages() }

// For returns the catalog of a language tag, or the fallback's.
func (b *Bundle) For(lang string) *Catalog {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if c, ok := b.catalogs[base]; ok {
		return c
	}
	return b.catalogs[Fallback]
}

// Languages lists the languages that have a catalog, sorted.
func (b *Bundle) Languages() []string { return slices.Sorted(maps.Keys(b.catalogs)) }

// Lang returns the language tag, for the lang attribute.
func (c *Catalog) Lang() string { return c.lang }

// WithDecimalMark returns a copy that writes "," or "." before decimals.
func (c *Catalog) WithDecimalMark(mark string) *Catalog {
	if mark != "," && mark != "." {
		return c
	}
	d := *c
	d.decimal = mark
	return &d
}

// Has reports whether the language itself has the key.
func (c *Catalog) Has(key string) bool { _, ok := c.messages[key]; return ok }

// Keys lists the language's own keys, sorted.
func (c *Catalog) Keys() []string { return slices.Sorted(maps.Keys(c.messages)) }

// T returns the text of key with {name} replaced by the argument after "name".
// Arguments come in pairs. A key that no catalog has comes back as ⟦key⟧.
func (c *Catalog) T(key string, args ...any) string {
	m, ok := c.find(key)
	if !ok {
		return "⟦" + key + "⟧"
	}
	return fill(m["other"], args)
}

// N is T for a text that depends on a count; {n} is the count, formatted.
func (c *Catalog) N(key string, n int, args ...any) string {
	m, ok := c.find(key)
	if !ok {
		return "⟦" + key + "⟧"
	}
	text, ok := m[plural(c.lang, n)]
	if !ok {
		text = m["other"]
	}
	return fill(text, append([]any{"n", c.Number(float64(n))}, args...))
}

func (c *Catalog) find(key string) (message, bool) {
	m, ok := c.messages[key]
	if !ok && c.fallback != nil {
		m, ok = c.fallback.messages[key]
	}
	return m, ok
}

func fill(text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// plural gives the CLDR category of a whole number. Spanish and French have "many"
// for whole millions ("1 millón de respuestas").
//
// Source: CLDR plural rules for en, es, fr.
func plural(lang string, n int) string {
	n = max(n, -n)
	switch {
	case n == 1, n == 0 && lang == "fr":
		return "one"
	case n != 0 && n%1_000_000 == 0 && lang != "en":
		return "many"
	}
	return "other"
}

// Compare orders two texts as the language's readers expect: accents count only
// between equal letters, ñ comes after n.
func (c *Catalog) Compare(a, b string) int {
	if n := collate.New(language.Make(c.lang), collate.Loose).CompareString(a, b); n != 0 {
		return n
	}
	return cmp.Compare(a, b)
}
