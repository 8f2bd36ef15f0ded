package normalize

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

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

// TestLongTextIsQuick: the work grows with the text and not with its square, whatever it
// repeats. It counts allocations, since clocks of shared machines tell little.
func TestLongTextIsQuick(t *testing.T) {
	for _, piece := range []string{"a", "1 ", "1,", "mil ", "- ", "(", "entre 1 y ", "2010: 3, ", "a y b, ", "no se ", " ", "Ã", "de "} {
		text := strings.Repeat(piece, 30000/len(piece))
		for _, kind := range allKinds {
			c := kitContext(t, kind, "CRI")
			Read(kind, text[:100], c)
			work := func(length int) float64 {
				return testing.AllocsPerRun(1, func() { Read(kind, text[:length], c) })
			}
			const most = 8 // fourfold is linear, sixteenfold quadratic
			for _, length := range []int{longest - 10, len(text)} {
				if part, whole := work(length/4), work(length); whole > most*part+1000 {
					t.Errorf("Read(%q) of %d characters of %q allocates %v times, of a quarter %v times", kind, length, piece, whole, part)
				}
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
