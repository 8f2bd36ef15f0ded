package study

import "time"

// BatchID names a batch. It derives from the files and from what was asked, so the same
// import asked for twice is the same batch.
type BatchID string

// BatchState is how far a batch has come.
type BatchState string

// The states of a batch.
const (
	BatchRunning BatchState = "running" // stored up to Rows; an interruption is taken up again from there
	BatchDone    BatchState = "done"
	BatchUndone  BatchState = "undone" // its layer is gone; importing again brings it back
)

// Batch is one import of old answers from files: a layer that can be taken off again.
type Batch struct {
	ID          BatchID
	Name        string
	FormID      string
	FormVersion int
	Kind        InstrumentKind
	Options     string // canonical JSON of what was asked
	Files       []BatchFile
	State       BatchState
	Rows        int // responses of the files that are done
	Counts      BatchCounts
	Left        []BatchLeft // of an undone one, the first MaxLeft
	By          PersonID
	CreatedAt   time.Time
	DoneAt      time.Time // zero while it runs
}

// BatchFile is one file of a batch; its bytes are kept under their SHA-256.
type BatchFile struct {
	Name      string `json:"name"`
	SHA256    string `json:"sha256"`
	SizeBytes int64  `json:"size"`
}

// BatchCounts counts responses by what became of them, and the answers stored.
type BatchCounts struct {
	Create, Change, Identical, Skip, Error, Answers int
}

// BatchRow is one response of a batch that is stored: new, or a new version of one that
// was there.
type BatchRow struct {
	Row         int    // position among the responses of the files, from 0
	Place       string // sheet and cell it begins at
	InstanceID  string // what makes it the same response in another file
	Country     ISO3
	Round       string
	Submitter   string    // who sent it, as the file says
	SubmittedAt time.Time // and when; zero when the file does not say
	Personal    string    // JSON of the personal data kept apart, by header; "" for none
	Hash        string
	Snapshot    []byte
}

// BatchLeft is a response from which an undone batch's layer was taken, or would be, and
// what stays of it.
type BatchLeft struct {
	Response ResponseID `json:"response"`
	Country  ISO3       `json:"country,omitempty"`
	Place    string     `json:"place"`
	Version  int        `json:"version"` // newest that stays, from elsewhere; 0: none
	Why      LeftReason `json:"why"`
	// Confirmed counts the answers that people of the country took over as their own into
	// its return, Return. They stay.
	Confirmed int        `json:"confirmed,omitempty"`
	Return    ResponseID `json:"return,omitempty"`
}

// LeftReason is why a response stays when a batch is taken off.
type LeftReason string

// The reasons.
const (
	LeftLater   LeftReason = "later"   // a version that came on top of the batch's
	LeftEarlier LeftReason = "earlier" // the version from before the batch counts again
	LeftBegun   LeftReason = "begun"   // somebody works on it

	LeftConfirmed LeftReason = "confirmed" // it goes, and what the country took over from it stays
)

// MaxLeft is how many of them a batch remembers.
const MaxLeft = 1000

// NormalizeImport turns the raw answers of a range of a batch's rows into tidy ones: those
// from From up to but not including To, at most 500.
type NormalizeImport struct {
	ID   BatchID `json:"id"`
	From int     `json:"from"`
	To   int     `json:"to"`
}

// JobName implements Job.
func (NormalizeImport) JobName() string { return "import:normalize" }
