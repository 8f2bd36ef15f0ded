package message

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Languages lists what a text can be read in, English first.
func Languages() []string { return []string{"en", "es", "fr"} }

//go:embed catalog/*.txt
var files embed.FS

// catalog is language → English format → format. It is read when the first text is
// wanted in another language than English.
var catalog = sync.OnceValue(func() map[string]map[string]string {
	found := map[string]map[string]string{}
	entries, err := readEntries()
	if err != nil {
		panic(err) // embedded: a fault in the program text
	}
	for _, e := range entries {
		for lang, format := range e {
			if found[lang] == nil {
				found[lang] = map[string]string{}
			}
			found[lang][e["en"]] = format
		}
	}
	return found
})

// entry is one sentence in all languages.
type entry map[string]string

// readEntries reads the catalog: blocks of lines with blank lines between them, each
// line a language and the format in it. Lines that begin with "#" are remarks.
func readEntries() ([]entry, error) {
	names, err := fs.Glob(files, "catalog/*.txt")
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		current := entry{}
		for line := range strings.Lines(string(data) + "\n") {
			line = strings.TrimSuffix(line, "\n")
			lang, format, ok := strings.Cut(line, " ")
			switch {
			case line == "" && len(current) > 0:
				all, current = append(all, current), entry{}
			case line == "" || strings.HasPrefix(line, "#"):
			case !ok || current[lang] != "":
				return nil, fmt.Errorf("%s: %q is no line of a catalog", name, line)
			default:
				current[lang] = format
			}
		}
	}
	return all, nil
}
