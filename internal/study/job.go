package study

import "time"

// Job is work promised in the transaction that needs it. Its payload holds ids only.
type Job interface {
	// JobName is the exact asynq task name.
	JobName() string
}

// NormalizeSubmission turns the raw answers of one submission into tidy ones.
type NormalizeSubmission struct {
	ID SubmissionID `json:"id"`
}

// BuildReport writes one workbook.
type BuildReport struct {
	ID ReportID `json:"id"`
}

// JobName implements Job.
func (NormalizeSubmission) JobName() string { return "submission:normalize" }

// JobName implements Job.
func (BuildReport) JobName() string { return "report:build" }

// JobState is what the jobs page shows.
type JobState string

// The states of a promise.
const (
	Waiting   JobState = "waiting" // written, not handed to the queue yet
	Sent      JobState = "sent"    // handed to the queue
	Running   JobState = "running"
	Done      JobState = "done"
	Failed    JobState = "failed"
	Cancelled JobState = "cancelled"
)

// Promise is one row of the outbox.
type Promise struct {
	ID         PromiseID
	Job        string // JobName
	Payload    []byte
	Subject    string // the id in the payload
	State      JobState
	Generation int // raised when a task must be sent again under a new name
	Attempts   int
	Failure    string // last reason, for the jobs page
	CreatedAt  time.Time
	SentAt     time.Time
	StartedAt  time.Time
	DoneAt     time.Time
}
