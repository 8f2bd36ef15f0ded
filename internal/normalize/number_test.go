package normalize

import "testing"

func TestPlainNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		typed   string
		decimal bool
		mark    string
		want    string
	}{
		{"plain digits", "1250000", false, ".", "1250000"},
		{"groups by space", "1 250 000", false, ".", "1250000"},
		{"groups by narrow space", "1\u202f250\u202f000", false, ".", "1250000"},
		{"groups by apostrophe", "1'250'000", false, ".", "1250000"},
		{"groups by repeated point", "1.250.000", false, ".", "1250000"},
		{"groups by repeated comma", "1,250,000", true, ",", "1250000"},
		{"point and comma", "1.250.000,50", true, ".", "1250000.50"},
		{"comma and point", "1,250.5", true, ",", "1250.5"},
		{"one mark and three digits in a whole number", "57.569", false, ".", "57569"},
		{"the country's mark and three digits in a decimal number", "1,234", true, ",", "1.234"},
		{"a point and three digits in a decimal number", "1.234", true, ",", "1.234"},
		{"a comma and three digits where the point is decimal", "1,234", true, ".", "1234"},
		{"zero before the mark is no group", "0.125", true, ",", "0.125"},
		{"a decimal comma", "12,5", true, ".", "12.5"},
		{"a fraction of a whole number is left to the evaluator", "12.5", false, ".", "12.5"},
		{"a negative number with a typographic minus", "\u22125", false, ".", "-5"},
		{"spaces that do not group by three are left", "10 20", false, ".", "10 20"},
		{"words are left as they are", "1.2 millones", false, ".", "1.2 millones"},
		{"groups that are none are left", "1.25.000", false, ".", "1.25.000"},
		{"a range is left", "100-200", false, ".", "100-200"},
		{"nothing", "", false, ".", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := PlainNumber(tt.typed, tt.decimal, tt.mark); got != tt.want {
				t.Errorf("PlainNumber(%q, %v, %q) = %q, want %q", tt.typed, tt.decimal, tt.mark, got, tt.want)
			}
		})
	}
}
