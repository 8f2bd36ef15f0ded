package study

// CheckKind is what a cross-field check compares.
type CheckKind string

// The kinds of check. The questions of a check stand in the order given here.
const (
	CheckShare   CheckKind = "share"   // whole, part, stated share in percent
	CheckParts   CheckKind = "parts"   // total, then all its parts
	CheckPartial CheckKind = "partial" // total, then some of its parts
	CheckShares  CheckKind = "shares"  // shares that make 100 percent
	CheckOrder   CheckKind = "order"   // figures, none less than the one before it
	CheckGrowing CheckKind = "growing" // cumulative figures, oldest first
	CheckDates   CheckKind = "dates"   // start, end
	CheckPhases  CheckKind = "phases"  // end of a programme, then a date when it was open again
	CheckRange   CheckKind = "range"   // low, high
	CheckSame    CheckKind = "same"    // one fact from two sources
	CheckUnit    CheckKind = "unit"    // figures that must count the same thing
	CheckDay     CheckKind = "day"     // a day of the calendar
	CheckUptake  CheckKind = "uptake"  // applied, estimate: the rate is a range when the estimate is one
)

// CheckKinds are all of them.
var CheckKinds = []CheckKind{CheckShare, CheckParts, CheckPartial, CheckShares, CheckOrder, CheckGrowing, CheckDates, CheckPhases, CheckRange, CheckSame, CheckUnit, CheckDay, CheckUptake}

// Check is a cross-field check that a kit declares.
type Check struct {
	ID        string
	Kind      CheckKind
	Questions []string // question paths; those of one repeat are compared item by item
	Tolerance float64  // percentage points for shares, a share of the value for "same"
}
