package study

import "fmt"

// Kind classifies a Problem; the web maps it to a status, the worker to an outcome.
type Kind uint8

// The kinds of Problem. Zero means: no problem.
const (
	Invalid  Kind = iota + 1 // the input is at fault
	NotFound                 // or not visible to this person
	Forbidden
	Conflict
	TooLarge
	TooMany
	Gone
)

// Problem is a failure that a person can act on. It carries a message key and
// arguments, never prose; internal/i18n has the words.
type Problem struct {
	Kind Kind
	Key  string
	Path string // question concerned, "" when none
	Args map[string]any
}

// Error implements error, for logs.
func (p *Problem) Error() string {
	if p.Path != "" {
		return fmt.Sprintf("%s at %s %v", p.Key, p.Path, p.Args)
	}
	return fmt.Sprintf("%s %v", p.Key, p.Args)
}
