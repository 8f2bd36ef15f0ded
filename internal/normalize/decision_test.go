package normalize

import (
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

func TestDecisionsAreAppliedWhereTheyHold(t *testing.T) {
	t.Parallel()
	decisions := []study.Decision{
		{Kind: "one:yn", Text: Key("Más bien"), Code: "partly"},
		{Kind: "one:yn", Country: "CRI", Text: Key("mas bien"), Code: "yes"},
		{Kind: "one:other", Text: Key("puede ser"), Code: "no"},
	}
	for _, tt := range []struct {
		name, country, raw, want string
	}{
		{"for every country", "PAN", "MÁS BIEN.", "partly"},
		{"the country's own comes first", "CRI", "Más bien", "yes"},
		{"another list's decision says nothing", "PAN", "puede ser", ""},
		{"a code needs no decision", "PAN", "no", "no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := forms.Node{Type: "select_one", List: "yn"}
			r := ValueIn(testForm(), &q, Options{Country: study.Country{ISO3: study.ISO3(tt.country)}, Decisions: decisions}, tt.raw)
			got := ""
			if r.Kind == study.CodeValue {
				got = r.Text
			}
			if got != tt.want {
				t.Errorf("ValueIn(%q) = %q (%v), want %q", tt.raw, r.Text, r.Flags, tt.want)
			}
		})
	}
}
