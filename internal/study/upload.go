package study

import "time"

// UploadID names a file that was given on the web to be imported.
type UploadID string

// UploadState is how far such a file has come.
type UploadState string

// The states of an upload.
const (
	UploadLooking    UploadState = "looking"    // a worker finds out what it holds
	UploadSeen       UploadState = "seen"       // Result says what storing it would do
	UploadStoring    UploadState = "storing"    // asked for; a worker stores it
	UploadPaused     UploadState = "paused"     // stored in part, until somebody goes on
	UploadCancelling UploadState = "cancelling" // what was stored is being taken off
	UploadStored     UploadState = "stored"     // as Batch
)

// Upload is a file of old answers on its way into a study.
type Upload struct {
	ID          UploadID
	File        BatchFile
	FormID      string // "": a form is made of the columns
	Country     ISO3   // of all answers, when the file does not say it
	Round       string // likewise
	Lang        Lang   // in which labels and remarks are shown
	Mapping     string // JSON of what becomes of the columns, "" before anybody looked
	Decided     bool   // a person had a say in Mapping; else it is as suggested
	TakeSound   bool   // store the sound rows even when others have errors
	BlankClears bool   // an empty cell takes an earlier answer away
	State       UploadState
	Revision    int    // raised by each wish, so that work on an older one ends
	Read        int    // responses that the work under way has read or stored
	Result      string // JSON of what was found, "" before
	Failed      BatchFile
	Batch       BatchID
	By          PersonID
	CreatedAt   time.Time
}

// LookAtUpload finds out what a file holds and what storing it would do.
type LookAtUpload struct {
	ID UploadID `json:"id"`
}

// StoreUpload stores the answers of a file as a batch.
type StoreUpload struct {
	ID UploadID `json:"id"`
}

// JobName implements Job.
func (LookAtUpload) JobName() string { return "import:look" }

// JobName implements Job.
func (StoreUpload) JobName() string { return "import:store" }
