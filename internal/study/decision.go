package study

import "time"

// Decision is what a person said a text means: remembered with language and country,
// applied to the same text in the same kind of question until it is undone.
type Decision struct {
	ID       int64
	Kind     string // "one:ynpx", "multi:right": the list that the code is of
	Country  ISO3   // "" for every country
	Lang     Lang   // "" for every language
	Text     string // folded, as normalize.Key gives it
	Code     string // code, or codes separated by spaces
	Reason   ReasonCode
	By       PersonID
	ByName   string
	At       time.Time
	UndoneAt time.Time // zero: it holds
}

// ApplyDecision reads again the answers that a decision is about, made or undone, some
// submissions at a time: those that came after After.
type ApplyDecision struct {
	ID    string `json:"id"`
	After int64  `json:"after,omitempty"`
}

// JobName implements Job.
func (ApplyDecision) JobName() string { return "decision:apply" }
