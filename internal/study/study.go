// Package study holds the nouns of a study, the jobs it promises, the rules of a
// return's life, and problems that a person can act on. It imports nothing of ours.
package study

import "time"

// Identifiers. All are UUIDv7 text except the natural keys.
type (
	PersonID     string
	ResponseID   string
	SubmissionID string
	PromiseID    string
	ReportID     string
	AttachmentID string
	ISO3         string // ISO 3166-1 alpha-3, upper case: "CRI"
	Lang         string // BCP 47: "es", "en"
)

// Text is one text by language.
type Text map[Lang]string

// Study is what a kit defines: who is asked what, and when.
type Study struct {
	ID              string // kit's id: "regularization"
	Title           Text
	Languages       []Lang
	DefaultLanguage Lang
	Countries       []Country // in the kit's order
	Rounds          []Round
	Reasons         []Reason // missing reasons offered, in order
	Declaration     Text     // what the focal point declares when signing
	Instruments     []Instrument
	Codebook        []Code
	Institutions    []Institution // the register, in the kit's order
	Checks          []Check
	Example         bool // loaded by --demo: the folder holds example data only
}

// Country of a study.
type Country struct {
	ISO3        ISO3
	Name        Text
	InStudy     bool   // covered by the study, not only a member of the body
	TimeZone    string // IANA name, for dates shown to its people
	DecimalMark string // "." or ","
}

// Round is one wave of a study.
type Round struct {
	ID         string // "2021"
	Title      Text
	DeadlineAt time.Time // zero: none; otherwise the end of the day in UTC
}

// InstrumentKind tells a country questionnaire from an interview guide.
type InstrumentKind string

// The kinds of instrument.
const (
	Questionnaire InstrumentKind = "questionnaire"
	InterviewKind InstrumentKind = "interview"
)

// Instrument is one form of a study.
type Instrument struct {
	FormID string
	Kind   InstrumentKind
	Title  Text
}

// Reason is why a question has no value.
type Reason struct {
	Code  ReasonCode
	Mark  string // what reports print: "N/A"
	Label Text
}

// ReasonCode is a missing reason. The empty code means: none given.
type ReasonCode string

// The closed list of missing reasons.
const (
	NA      ReasonCode = "NA"
	ND      ReasonCode = "ND"
	CONF    ReasonCode = "CONF"
	Pending ReasonCode = "PENDING"
	Ref     ReasonCode = "REF"
	Blank   ReasonCode = "BLANK" // drafts only
)

// Code is one row of the codebook for interviews.
type Code struct {
	Code, Family string
	Label, Rule  Text
}

// Role of a person. It decides, with the country, what they may see and do.
type Role string

// The roles.
const (
	Administrator Role = "administrator"
	Researcher    Role = "researcher"
	FocalPoint    Role = "focal_point"
	Contributor   Role = "contributor"
)

// Person is somebody with access. Country is empty for the administrator and the research unit.
type Person struct {
	ID         PersonID
	Name       string // how colleagues see them; example people are called by their role
	Email      string
	Role       Role
	Country    ISO3
	Language   Lang
	Example    bool
	CreatedAt  time.Time
	RevokedAt  time.Time // zero: has access
	LastSeenAt time.Time
}
