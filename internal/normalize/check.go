package normalize

import (
	"fmt"
	"math"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// Fact is one value that a check compares.
type Fact struct {
	Name      string   // path, or what a source calls it
	Number    *float64 // nil when there is none, or only a range
	Low, High float64  // of a range
	Date      string   // ISO, whole or partial
	Unit      string   // what a figure counts: "applications"
	Invalid   bool     // a day that the calendar does not have
	Qualifier string
}

// Finding is what a check found. OK findings carry what follows from the values.
type Finding struct {
	Check string
	Code  string // "OK", "SAME", or what is wrong: "PCT_MISMATCH"
	Gap   float64
	Rates []float64 // shares in percent that follow: one by denominator, or the ends of a range
	Facts []Fact    // the values compared, all kept
}

// Wrong reports a finding that a person has to look at.
func (f Finding) Wrong() bool { return f.Code != "OK" && f.Code != "SAME" }

// Flag is the finding as it is stored with an answer: the code and all values.
func (f Finding) Flag() string {
	var values []string
	for _, fact := range f.Facts {
		values = append(values, fact.Name+"="+fact.text())
	}
	return f.Code + ": " + strings.Join(values, ", ")
}

func (f Fact) text() string {
	switch {
	case f.Number != nil && f.Unit != "":
		return format(*f.Number) + " " + f.Unit
	case f.Number != nil:
		return format(*f.Number)
	case f.Low != 0 || f.High != 0:
		return format(f.Low) + "–" + format(f.High)
	}
	return f.Date
}

// RunCheck compares facts in the order of the check's questions. It reports false when
// a fact is missing: nothing can be said then.
func RunCheck(c study.Check, facts []Fact) (Finding, bool) {
	f := Finding{Check: c.ID, Code: "OK", Facts: facts}
	if len(facts) == 0 {
		return f, false
	}
	switch c.Kind {
	case study.CheckDates, study.CheckPhases:
		return checkDates(c, f)
	case study.CheckDay:
		if facts[0].Invalid {
			f.Code = flagInvalidDay
		}
		return f, true
	case study.CheckUptake:
		return checkUptake(f)
	case study.CheckSame:
		return checkSame(c, f)
	}
	var n []float64
	for _, fact := range facts {
		if fact.Number == nil {
			return f, false
		}
		n = append(n, *fact.Number)
	}
	return checkNumbers(c, f, n)
}

func checkNumbers(c study.Check, f Finding, n []float64) (Finding, bool) {
	switch c.Kind {
	case study.CheckShare:
		return checkShare(c, f, n)
	case study.CheckParts, study.CheckPartial:
		f.Gap = n[0] - sum(n[1:])
		switch {
		case f.Gap < -c.Tolerance:
			f.Code = "PARTS_EXCEED"
		case f.Gap > c.Tolerance && c.Kind == study.CheckParts:
			f.Code = "PARTS_GAP"
		}
		return f, len(n) > 1
	case study.CheckShares:
		f.Gap = round2(100 - sum(n))
		if math.Abs(f.Gap) > max(c.Tolerance, 0.05) {
			f.Code = "SHARES_GAP"
		}
		return f, len(n) > 1
	case study.CheckOrder, study.CheckGrowing, study.CheckRange:
		return checkOrder(c, f, n)
	case study.CheckUnit:
		for _, fact := range f.Facts {
			if fact.Unit != f.Facts[0].Unit {
				f.Code = "UNIT_DIFFERS"
			}
		}
		return f, true
	}
	return f, false
}

func checkShare(c study.Check, f Finding, n []float64) (Finding, bool) {
	if len(n) != 3 || n[0] == 0 {
		return f, false
	}
	share := n[1] / n[0] * 100
	f.Rates, f.Gap = []float64{round2(share)}, round2(n[2]-share)
	if math.Abs(n[2]-share) > max(c.Tolerance, 1) {
		f.Code = "PCT_MISMATCH"
	}
	return f, true
}

// checkOrder tells the first figure as a share of each later one, so that a rate always
// names its denominator.
func checkOrder(c study.Check, f Finding, n []float64) (Finding, bool) {
	for i := 1; i < len(n); i++ {
		if n[i] < n[i-1] {
			f.Code = map[study.CheckKind]string{study.CheckOrder: "ORDER", study.CheckGrowing: "NOT_GROWING", study.CheckRange: "RANGE_REVERSED"}[c.Kind]
		}
		if c.Kind == study.CheckOrder && n[i] > 0 {
			f.Rates = append(f.Rates, round1(n[0]/n[i]*100))
		}
	}
	return f, len(n) > 1
}

func checkDates(c study.Check, f Finding) (Finding, bool) {
	if len(f.Facts) < 2 {
		return f, false
	}
	a, b := f.Facts[0].Date, f.Facts[1].Date
	if a == "" || b == "" {
		return f, false // an open end is no fault
	}
	shared := min(len(a), len(b)) // "2021" and "2021-04-12" do not contradict
	switch {
	case c.Kind == study.CheckPhases && b[:shared] > a[:shared]:
		f.Code = "NEEDS_PHASES"
	case c.Kind == study.CheckDates && a[:shared] > b[:shared]:
		f.Code = "DATES_REVERSED"
	}
	return f, true
}

// checkSame compares one fact from two sources. A rounded copy of an exact figure is
// the same; the exact one stands first in the finding then.
func checkSame(c study.Check, f Finding) (Finding, bool) {
	if len(f.Facts) != 2 {
		return f, false
	}
	a, b := f.Facts[0], f.Facts[1]
	switch {
	case a.Date != "" && b.Date != "":
		shared := min(len(a.Date), len(b.Date))
		f.Code = map[bool]string{true: "SAME", false: "CONFLICT"}[a.Date[:shared] == b.Date[:shared]]
		return f, true
	case a.Number == nil || b.Number == nil:
		return f, false
	}
	x, y := *a.Number, *b.Number
	f.Gap, f.Code = x-y, "CONFLICT"
	if x == y || math.Abs(x-y) <= c.Tolerance*math.Abs(x) || roundedCopy(x, y) || roundedCopy(y, x) {
		f.Code = "SAME"
		if roundedCopy(y, x) && x != y {
			f.Facts = []Fact{b, a}
		}
	}
	return f, true
}

// roundedCopy reports whether y is x to at least two figures, and has zeros behind them.
func roundedCopy(x, y float64) bool {
	for size := 10.0; size*10 <= math.Abs(y); size *= 10 {
		if math.Mod(y, size) != 0 {
			return false
		}
		if math.Round(x/size)*size == y {
			return true
		}
	}
	return false
}

func checkUptake(f Finding) (Finding, bool) {
	if len(f.Facts) != 2 || f.Facts[0].Number == nil {
		return f, false
	}
	applied, estimate := *f.Facts[0].Number, f.Facts[1]
	switch {
	case estimate.Number != nil && *estimate.Number > 0:
		f.Rates = []float64{round1(applied / *estimate.Number * 100)}
	case estimate.Low > 0 && estimate.High >= estimate.Low:
		f.Rates = []float64{round1(applied / estimate.High * 100), round1(applied / estimate.Low * 100)}
	default:
		return f, false
	}
	if f.Rates[0] > 100 {
		f.Code = "PARTS_EXCEED"
	}
	return f, true
}

func sum(n []float64) (total float64) {
	for _, v := range n {
		total += v
	}
	return total
}

func round1(v float64) float64 { return math.Round(v*10) / 10 }
func round2(v float64) float64 { return math.Round(v*100) / 100 }

// CheckAnswers runs the checks over the answers of one submission and adds what is
// wrong to the flags of every answer compared. Questions of one repeat are compared
// item by item, together with those outside it. Doubtful answers are left out.
func CheckAnswers(checks []study.Check, answers []study.Answer) []Finding {
	var wrong []Finding
	for _, c := range checks {
		for _, scope := range scopes(c, answers) {
			at := factsOf(c, answers, scope)
			if at == nil {
				continue
			}
			var facts []Fact
			for _, i := range at {
				facts = append(facts, factOf(answers[i]))
			}
			f, ok := RunCheck(c, facts)
			if !ok || !f.Wrong() {
				continue
			}
			wrong = append(wrong, f)
			for _, i := range at {
				answers[i].Flags = append(answers[i].Flags, f.Flag())
			}
		}
	}
	return wrong
}

// scopes are the repeat items that hold questions of a check, in order; "" when none does.
func scopes(c study.Check, answers []study.Answer) []string {
	var all []string
	seen := map[string]bool{}
	for _, a := range answers {
		if s := scopeOf(a.Path); s != "" && asks(c, a.Question) && !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	if all == nil {
		return []string{""}
	}
	return all
}

func scopeOf(path string) string { return path[:strings.LastIndexByte(path, ']')+1] }

func asks(c study.Check, question string) bool {
	for _, q := range c.Questions {
		if q == question {
			return true
		}
	}
	return false
}

// factsOf gives the answers to the check's questions within a scope, in their order;
// nil when one is missing. Of a partial list the parts that nobody answered are left out.
func factsOf(c study.Check, answers []study.Answer, scope string) []int {
	var at []int
	for n, q := range c.Questions {
		found := -1
		for i, a := range answers {
			if s := scopeOf(a.Path); a.Question == q && (s == scope || s == "") && usable(c, a) {
				found = i
			}
		}
		if found < 0 {
			if c.Kind == study.CheckPartial && n > 0 {
				continue
			}
			return nil
		}
		at = append(at, found)
	}
	return at
}

func usable(c study.Check, a study.Answer) bool {
	if a.NotAsked || a.Reason != "" {
		return false
	}
	for _, f := range a.Flags {
		if f == Review && c.Kind != study.CheckDay {
			return false
		}
	}
	return a.Number != nil || a.Date != "" || a.Qualifier == ranged || c.Kind == study.CheckDay
}

func factOf(a study.Answer) Fact {
	f := Fact{Name: a.Path, Number: a.Number, Date: a.Date, Qualifier: a.Qualifier}
	for _, flag := range a.Flags {
		f.Invalid = f.Invalid || flag == flagInvalidDay
	}
	if a.Qualifier == ranged && a.Number == nil {
		if low, high, found := strings.Cut(a.Text, "–"); found {
			if _, err := fmt.Sscan(low, &f.Low); err != nil {
				return f
			}
			if _, err := fmt.Sscan(high, &f.High); err != nil {
				f.Low = 0
			}
		}
	}
	return f
}
