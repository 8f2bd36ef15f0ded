package study

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Loaded is an answer that an import brought in in a country's name and that nobody of
// the country has signed.
type Loaded struct {
	Entry
	Batch BatchID
	File  string // the batch's name: that of its file
	Place string // sheet and cell at which the response begins
	At    time.Time
}

// Mark stands for the content, so that what is confirmed is what was seen.
func (l Loaded) Mark() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{l.Value, string(l.Reason), l.Note}, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// Pick is a loaded answer that a person takes over: the change to make, and the mark of
// what the person saw.
type Pick struct {
	Change Change
	Seen   string
}

// Taken is what became of picks.
type Taken struct {
	Saved     []Saved
	Proposals []Proposal // somebody had answered meanwhile: nothing was overwritten
	Gone      []string   // paths whose loaded answer is another one by now, or none
}
