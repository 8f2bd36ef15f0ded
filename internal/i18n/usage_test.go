package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// quoted finds the string literals of Go files and templates that look like keys or
// like the beginning of one: lower case words joined by dots.
var quoted = regexp.MustCompile("[\"`]([a-z][a-z0-9_]*(?:\\.[a-zA-Z0-9_-]+)*\\.?)[\"`]")

// called finds keys given to T and N directly.
var called = regexp.MustCompile("(?:\\.T|\\.N|\\bT|\\bN) ?\\(?[\"`]([a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)+)[\"`]")

// TestKeysAreUsedAndExist compares the catalogs with the program text: a key that
// nobody names is dead, and a named key that no catalog has would show as ⟦key⟧. A
// literal that ends in a dot is the beginning of keys that are put together.
func TestKeysAreUsedAndExist(t *testing.T) {
	t.Parallel()
	literals, calls := map[string]bool{}, map[string]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "../.." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "data" || d.Name() == "i18n") {
			return filepath.SkipDir
		}
		ext := filepath.Ext(path)
		if d.IsDir() || strings.HasSuffix(path, "_test.go") || ext != ".go" && ext != ".html" && ext != ".js" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			literals[m[1]] = true
		}
		for _, m := range called.FindAllStringSubmatch(string(text), -1) {
			calls[m[1]] = path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c := For(Fallback)
	for _, key := range c.Keys() {
		if !used(key, literals) {
			t.Errorf("nothing uses the key %s", key)
		}
	}
	for key, path := range calls {
		if !c.Has(key) {
			t.Errorf("%s uses the key %s, which no catalog has", path, key)
		}
	}
}

func used(key string, literals map[string]bool) bool {
	if literals[key] {
		return true
	}
	for i, r := range key {
		if r == '.' && literals[key[:i+1]] {
			return true
		}
	}
	return false
}
