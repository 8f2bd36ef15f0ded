package study

import "time"

// State of a return (design: life of a return).
type State string

// The states. NotStarted is never stored: a country without a response has it.
const (
	NotStarted State = "not_started"
	InProgress State = "in_progress"
	Signed     State = "signed"
	InReview   State = "in_review"
	Reopened   State = "reopened" // the research unit gave a signed return back; ends in the next signed version
	Accepted   State = "accepted"
	Recorded   State = "recorded" // an interview that was closed by the researcher
	Legacy     State = "legacy"   // arrived whole, signed by nobody
)

// Channel is the door that an answer came through.
type Channel string

// The channels.
const (
	Web      Channel = "web"
	Workbook Channel = "workbook"
	Import   Channel = "import"
	API      Channel = "api"
	Prefill  Channel = "prefill"
)

// Response is one return under way: one country's questionnaire in one round, or one interview.
type Response struct {
	ID          ResponseID
	FormID      string
	FormVersion int // our own number of the published form, from 1
	Kind        InstrumentKind
	Country     ISO3
	Round       string
	State       State
	Version     int    // last signed version, 0 before the first
	InstanceID  string // given by a machine that sent it whole, "" otherwise
	Title       string // interviews: a code such as "INT-003"
	Example     bool
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// DraftAnswer is the current answer to one question of a response.
type DraftAnswer struct {
	Path    string // answer path with item keys: "/e[7kq2]/e_name"
	Version int    // from 1, counts every stored change of this answer
	Value   string // as typed or as code(s); never normalized
	Reason  ReasonCode
	Note    string // the official's remark or source
	By      PersonID
	ByName  string
	ByLang  Lang // the language of that person
	Channel Channel
	At      time.Time
}

// Item is one entry of a repeat in a draft. Items have stable keys; order is a field.
type Item struct {
	Repeat    string // path of the repeat with the keys of its ancestors: "/d/d_treaty"
	Key       string // stable, unique within the response
	Order     int
	RemovedAt time.Time // zero: present; removed items can be restored for 30 days
}

// Change is what somebody asks to store. Nil leaves that part as it is.
type Change struct {
	Path   string
	Base   int // version that the person saw; 0: none yet
	Value  *string
	Reason *ReasonCode
	Note   *string
}

// Saved tells the version that a change got, or had already.
type Saved struct {
	Path    string
	Version int
	New     bool // false: the same content was there already
}

// Proposal is a stale save: it waits beside the current answer until somebody chooses.
type Proposal struct {
	ID     int64
	Path   string
	Base   int
	Value  string
	Reason ReasonCode
	Note   string
	By     PersonID
	ByName string
	At     time.Time
}

// Revision is one entry of an answer's history.
type Revision struct {
	Path    string
	Version int
	Value   string
	Reason  ReasonCode
	Note    string
	By      PersonID
	ByName  string
	Channel Channel
	At      time.Time
}

// Entry is one answer inside a Snapshot.
type Entry struct {
	Path     string     `json:"path"`
	Value    string     `json:"value,omitempty"`
	Reason   ReasonCode `json:"reason,omitempty"`
	Note     string     `json:"note,omitempty"`
	Version  int        `json:"version,omitempty"`
	Channel  Channel    `json:"channel,omitempty"`
	NotAsked bool       `json:"not_asked,omitempty"` // hidden by routing when signed: kept in history, counts for nothing
	Lang     Lang       `json:"lang,omitempty"`      // in which it was written, where that is not the snapshot's
}

// Snapshot is the frozen content of a submission, in document order. Its hash covers
// the form version, entries, items and the hashes of attachments (F97).
type Snapshot struct {
	FormID      string       `json:"form_id"`
	FormVersion int          `json:"form_version"`
	Country     ISO3         `json:"country"`
	Round       string       `json:"round"`
	Entries     []Entry      `json:"entries"`
	Items       []Item       `json:"items,omitempty"` // present items, in order
	Attachments []Attachment `json:"attachments,omitempty"`
	Lang        Lang         `json:"lang,omitempty"` // in which the answers were written; "" when unknown
}

// LangOf is the language in which an entry was written, or alt when nothing tells.
func (s Snapshot) LangOf(e Entry, alt Lang) Lang {
	switch {
	case e.Lang != "":
		return e.Lang
	case s.Lang != "":
		return s.Lang
	}
	return alt
}

// Submission is a signed return, a closed interview, or a set of answers that arrived whole.
type Submission struct {
	ID           SubmissionID
	ResponseID   ResponseID
	Kind         InstrumentKind
	FormID       string
	FormVersion  int
	Country      ISO3
	Round        string
	Version      int
	State        State  // Signed, Recorded or Legacy
	Hash         string // hex SHA-256 of the canonical snapshot; receipts show Short
	InstanceID   string
	SignedBy     PersonID
	SignedName   string // as declared
	SignedPost   string
	At           time.Time
	Channel      Channel
	Example      bool
	Snapshot     []byte    // canonical JSON of Snapshot
	NormalizedAt time.Time // zero: not yet
}

// Attachment is a file given as an answer to a `file` question; its bytes lie in
// the data folder under their SHA-256.
type Attachment struct {
	ID        AttachmentID `json:"id"`
	Path      string       `json:"path"`
	Name      string       `json:"name"`
	Type      string       `json:"type"`
	SizeBytes int64        `json:"size"`
	SHA256    string       `json:"sha256"`
	By        PersonID     `json:"-"`
	ByName    string       `json:"-"`
	At        time.Time    `json:"-"`
}

// Answer is one normalized ("tidy") answer of a submission. It is made from raw and
// can be made again: same raw, same rule version, same row.
type Answer struct {
	SubmissionID SubmissionID
	Path         string // with item keys
	Question     string // path without keys: "/e/e_name"
	Ordinal      int    // position of the row in the submission, from 0
	Item         string // key of the innermost item, "" outside repeats
	Raw          string
	Kind         ValueKind
	Text         string   // canonical text: code(s), trimmed text, ISO date
	Number       *float64 // for numbers
	Date         string   // "2019", "2019-05" or "2019-05-31"
	Reason       ReasonCode
	NotAsked     bool
	Qualifier    string // exact, approx, at_least, at_most, range; "" when it does not apply
	Note         string
	Flags        []string
	Rule         string // rule and version that decided: "integer/1"
	Version      int    // version of the draft answer it was made from
}

// ValueKind is what a normalized value is.
type ValueKind string

// The kinds of value.
const (
	NoValue    ValueKind = ""
	TextValue  ValueKind = "text"
	NumValue   ValueKind = "number"
	DateValue  ValueKind = "date"
	TimeValue  ValueKind = "time"
	CodeValue  ValueKind = "code"
	CodesValue ValueKind = "codes"
	GeoValue   ValueKind = "geo"
	FileValue  ValueKind = "file"
)

// Report is a wish for a workbook, and what became of it.
type Report struct {
	ID        ReportID
	Name      string // "comparison"
	Lang      Lang
	Round     string
	Options   string // canonical JSON
	State     JobState
	Progress  int // 0 to 100
	By        PersonID
	ByName    string
	CreatedAt time.Time
	DoneAt    time.Time
	FileName  string
	SizeBytes int64
	SHA256    string
	Failure   string // message key when failed
}
