package normalize

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms/library"
	"github.com/comparanda/comparanda/internal/study"
)

// table reads a CSV file as one map a row.
func table(t testing.TB, fsys fs.FS, name string) []map[string]string {
	t.Helper()
	file, err := fsys.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, cell := range row {
			m[rows[0][i]] = cell
		}
		all = append(all, m)
	}
	return all
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '|' })
}

// kitContext is what the shipped kit gives to the rules.
func kitContext(t testing.TB, kind, country string) Context {
	t.Helper()
	c := Context{Country: country}
	for _, row := range table(t, library.Kits(), "regularization/institutions.csv") {
		c.Institutions = append(c.Institutions, study.Institution{ID: row["id"], Country: study.ISO3(row["country"]), Acronym: row["acronym"],
			Names: list(row["names"]), Former: list(row["former"]), Nicknames: list(row["nicknames"]), Generic: list(row["generic"]), Actor: row["actor"]})
	}
	_, name, _ := strings.Cut(kind, ":")
	variants := map[string]string{}
	for _, row := range table(t, library.Kits(), "regularization/variants.csv") {
		if row["list"] == name {
			variants[row["code"]] = row["variants"]
		}
	}
	for _, row := range table(t, library.Kits(), "regularization/questionnaire/choices.csv") {
		if row["list_name"] == name {
			c.Choices = append(c.Choices, Choice{Code: row["name"], Labels: []string{row["label::English (en)"], row["label::Español (es)"]},
				Variants: list(variants[row["name"]]), Reason: study.ReasonCode(strings.ToUpper(row["reason"]))})
		}
	}
	return c
}

// TestGold holds every case of the gold file: the value exactly, REVIEW and the missing
// reason exactly; the other flags explain, and a more exact reading may add one.
func TestGold(t *testing.T) {
	t.Parallel()
	for _, row := range table(t, os.DirFS("testdata"), "normalization_gold.csv") {
		t.Run(row["id"], func(t *testing.T) {
			t.Parallel()
			checkCase(t, row["field_type"], row["country_context"], row["input"], row["expected_json"], row["flags"])
		})
	}
}

func checkCase(t *testing.T, kind, country, input, want, flags string) {
	t.Helper()
	r, ok := Read(kind, input, kitContext(t, kind, country))
	if !ok {
		t.Fatalf("kind %q is not known", kind)
	}
	got, err := json.Marshal(r.Value)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decoded(t, want), decoded(t, string(got))); diff != "" {
		t.Errorf("Read(%q, %q, %s) (-want +got):\n%s", kind, input, country, diff)
	}
	wanted := list(strings.ReplaceAll(flags, ";", "|"))
	if slices.Contains(wanted, Review) != r.Doubtful() {
		t.Errorf("Read(%q, %q, %s) has flags %v, want %v", kind, input, country, r.Flags, wanted)
	}
	for _, f := range wanted {
		if !slices.Contains(r.Flags, f) {
			t.Logf("Read(%q, %q, %s) has flags %v; the gold file has %s too", kind, input, country, r.Flags, f)
		}
	}
}

func decoded(t *testing.T, s string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", s, err))
	}
	return v
}
