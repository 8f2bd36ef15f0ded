package normalize

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/internal/study"
)

func figures1(values ...float64) []Fact {
	var facts []Fact
	for _, v := range values {
		facts = append(facts, Fact{Number: &v})
	}
	return facts
}

func dates(values ...string) []Fact {
	var facts []Fact
	for _, v := range values {
		facts = append(facts, Fact{Date: v})
	}
	return facts
}

// TestCheckCases holds the real cases Q01 to Q16 of domain 6.3.
func TestCheckCases(t *testing.T) {
	t.Parallel()
	unit := func(v float64, unit string) Fact { return Fact{Number: &v, Unit: unit} }
	for _, tt := range []struct {
		name  string
		kind  study.CheckKind
		facts []Fact
		code  string
		gap   float64
		rates []float64
	}{
		{"Q01 a share that is not the part of the whole", study.CheckShare, figures1(2235, 1667, 52), "PCT_MISMATCH", -22.59, []float64{74.59}},
		{"Q02 parts make the whole", study.CheckParts, figures1(642685, 553197, 20311, 69177), "OK", 0, nil},
		{"Q03 approved, accepted, received: two rates", study.CheckOrder, figures1(553197, 642685, 673417), "OK", 0, []float64{86.1, 82.1}},
		{"Q04 shares that do not make 100", study.CheckShares, figures1(36.54, 29.65, 32.95), "SHARES_GAP", 0.86, nil},
		{"Q05 shares that make 100", study.CheckShares, figures1(63.50, 36.50), "OK", 0, nil},
		{"Q05 again", study.CheckShares, figures1(34.28, 65.72), "OK", 0, nil},
		{"Q05 and again", study.CheckShares, figures1(98.04, 1.96), "OK", 0, nil},
		{"Q06 parts beyond their total", study.CheckParts, figures1(4680, 5371), "PARTS_EXCEED", -691, nil},
		{"Q07 a list that names some of the parts", study.CheckPartial, figures1(11091, 10659), "OK", 432, nil},
		{"Q08 two parts", study.CheckParts, figures1(452, 190, 262), "OK", 0, nil},
		{"Q10 open again after its end", study.CheckPhases, dates("2021-05-12", "2021-09"), "NEEDS_PHASES", 0, nil},
		{"Q10 start before end", study.CheckDates, dates("2021-04-12", "2021-05-12"), "OK", 0, nil},
		{"Q10 start after end", study.CheckDates, dates("2021-05-12", "2021-04-12"), "DATES_REVERSED", 0, nil},
		{"Q11 one fact, two dates", study.CheckSame, dates("2005-08-09", "2005-08-11"), "CONFLICT", 0, nil},
		{"Q12 enquiries are not applications", study.CheckUnit, []Fact{unit(1375, "enquiries"), unit(106, "applications")}, "UNIT_DIFFERS", 0, nil},
		{"Q13 cumulative figures grow", study.CheckGrowing, figures1(68814, 240000, 288466), "OK", 0, nil},
		{"cumulative figures that fall", study.CheckGrowing, figures1(68814, 240000, 239999), "NOT_GROWING", 0, nil},
		{"Q14 a rounded copy", study.CheckSame, figures1(42952, 43000), "SAME", -48, nil},
		{"two figures that differ", study.CheckSame, figures1(42952, 42000), "CONFLICT", 952, nil},
		{"Q15 uptake of a range is a range", study.CheckUptake, append(figures1(12765), Fact{Low: 40000, High: 60000}), "OK", 0, []float64{21.3, 31.9}},
		{"Q15 uptake of one figure", study.CheckUptake, figures1(42952, 115000), "OK", 0, []float64{37.3}},
		{"Q16 a range that is reversed", study.CheckRange, figures1(500, 300), "RANGE_REVERSED", 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, ok := RunCheck(study.Check{Kind: tt.kind}, tt.facts)
			if !ok || f.Code != tt.code || round2(f.Gap) != tt.gap || cmp.Diff(tt.rates, f.Rates) != "" {
				t.Errorf("RunCheck(%s) = %s, gap %v, rates %v, %v; want %s, gap %v, rates %v", tt.kind, f.Code, f.Gap, f.Rates, ok, tt.code, tt.gap, tt.rates)
			}
		})
	}
}

// Q09: the day that April does not have comes from the rules for dates.
func TestCheckInvalidDay(t *testing.T) {
	t.Parallel()
	r, _ := Read("date", "31 April 2015", Context{Country: "HND"})
	a := study.Answer{Path: "/e/e_start", Question: "/e/e_start", Flags: r.Flags}
	found := CheckAnswers([]study.Check{{Kind: study.CheckDay, Questions: []string{"/e/e_start"}}}, []study.Answer{a})
	if len(found) != 1 || found[0].Code != "INVALID_DAY" {
		t.Errorf("found %v, want INVALID_DAY", found)
	}
}

func TestCheckAnswersComparesItemByItem(t *testing.T) {
	t.Parallel()
	answers := []study.Answer{
		{Path: "/e[a]/applied", Question: "/e/applied", Number: num(100)},
		{Path: "/e[a]/approved", Question: "/e/approved", Number: num(90)},
		{Path: "/e[b]/applied", Question: "/e/applied", Number: num(50)},
		{Path: "/e[b]/approved", Question: "/e/approved", Number: num(60)},
		{Path: "/e[c]/applied", Question: "/e/applied", Number: num(50), Flags: []string{Review}},
		{Path: "/e[c]/approved", Question: "/e/approved", Number: num(60)},
	}
	check := study.Check{ID: "approved", Kind: study.CheckOrder, Questions: []string{"/e/approved", "/e/applied"}}
	if found := CheckAnswers([]study.Check{check}, answers); len(found) != 1 {
		t.Fatalf("found %d, want 1", len(found))
	}
	for i, a := range answers {
		flagged := strings.Contains(strings.Join(a.Flags, " "), "ORDER: /e[b]/approved=60, /e[b]/applied=50")
		if flagged != (i == 2 || i == 3) {
			t.Errorf("%s has flags %v", a.Path, a.Flags)
		}
	}
}
