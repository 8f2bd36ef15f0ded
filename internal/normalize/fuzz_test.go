package normalize

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// TestSiblings holds variations of the gold cases, in the gold file's format.
func TestSiblings(t *testing.T) {
	t.Parallel()
	for _, row := range table(t, os.DirFS("testdata"), "siblings.csv") {
		t.Run(row["id"], func(t *testing.T) {
			t.Parallel()
			checkCase(t, row["field_type"], row["country_context"], row["input"], row["expected_json"], row["flags"])
		})
	}
}

var allKinds = append([]string{"multi:right", "multi:country", "one:actor"}, Kinds...)

func FuzzRead(f *testing.F) {
	for _, row := range table(f, os.DirFS("testdata"), "normalization_gold.csv") {
		f.Add(row["input"], row["country_context"])
	}
	contexts := map[string]Context{}
	for _, kind := range allKinds {
		contexts[kind] = kitContext(f, kind, "")
	}
	f.Fuzz(func(t *testing.T, raw, country string) {
		for _, kind := range allKinds {
			c := contexts[kind]
			c.Country = country
			r, ok := Read(kind, raw, c)
			if !ok || r.Value == nil || r.Rule == "" {
				t.Fatalf("Read(%q, %q) = %v, %v", kind, raw, r, ok)
			}
			if _, err := json.Marshal(r.Value); err != nil {
				t.Fatalf("Read(%q, %q): %v", kind, raw, err)
			}
		}
	})
}

// TestLongTextIsQuick: no text of 30,000 characters takes long, whatever it repeats.
func TestLongTextIsQuick(t *testing.T) {
	for _, piece := range []string{"a", "1 ", "1,", "mil ", "- ", "(", "entre 1 y ", "2010: 3, ", "a y b, ", "no se ", " ", "Ã", "de "} {
		text := strings.Repeat(piece, 30000/len(piece))
		for _, kind := range allKinds {
			c := kitContext(t, kind, "CRI")
			Read(kind, text[:100], c)
			start := time.Now()
			Read(kind, text, c)
			if took := time.Since(start); took > 500*time.Millisecond {
				t.Errorf("Read(%q) of 30,000 characters of %q took %v", kind, piece, took)
			}
			start = time.Now()
			Read(kind, text[:longest-10], c)
			if took := time.Since(start); took > time.Second {
				t.Errorf("Read(%q) of %d characters of %q took %v", kind, longest, piece, took)
			}
		}
	}
}

func BenchmarkValue(b *testing.B) {
	f := testForm()
	for _, bb := range []struct {
		name, raw string
		q         forms.Node
	}{
		{"plain number", "288466", forms.Node{Type: "integer"}},
		{"grouped number", "288,466", forms.Node{Type: "integer"}},
		{"code", "partly", forms.Node{Type: "select_one", List: "yn"}},
		{"date", "2019-05-31", forms.Node{Type: "date"}},
		{"words", "más de ocho mil extranjeros", forms.Node{Type: "integer"}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Value(f, &bb.q, study.Country{ISO3: "HND"}, bb.raw)
			}
		})
	}
}
