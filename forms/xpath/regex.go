package xpath

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/comparanda/comparanda/forms/message"
)

// Limits on regular expressions (I9), in bytes.
const (
	maxPattern = 1 << 10
	maxMatched = 64 << 10
	maxCached  = 1000 // patterns; those made of answers must not fill the memory
)

var regexCache struct {
	sync.RWMutex
	compiled map[string]*regexp.Regexp
}

// compileRegex compiles an ODK pattern, which must match the whole value. RE2 runs in
// linear time; what it lacks (look-around, back-references) is refused by name.
func compileRegex(pattern string) (*regexp.Regexp, error) {
	regexCache.RLock()
	re := regexCache.compiled[pattern]
	regexCache.RUnlock()
	if re != nil {
		return re, nil
	}
	if len(pattern) > maxPattern {
		return nil, message.New("the pattern is longer than %d characters: use several conditions joined by and", maxPattern)
	}
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		return nil, explainRegex(pattern, err)
	}
	regexCache.Lock()
	if regexCache.compiled == nil || len(regexCache.compiled) >= maxCached {
		regexCache.compiled = map[string]*regexp.Regexp{}
	}
	regexCache.compiled[pattern] = re
	regexCache.Unlock()
	return re, nil
}

var (
	lookAround    = regexp.MustCompile(`\(\?<?[=!]`)
	backReference = regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*\\(?:[1-9]|k<)`)
)

// explainRegex says, as a message.Text, in an author's words why a pattern cannot be used.
func explainRegex(pattern string, err error) error {
	switch {
	case lookAround.MatchString(pattern):
		return message.New("look-ahead and look-behind are not supported; use several conditions joined by and")
	case backReference.MatchString(pattern):
		return message.New(`back-references such as \1 are not supported; compare the parts with substr() instead`)
	case strings.Contains(err.Error(), "invalid repeat count"):
		return message.New("a part of a pattern may be repeated at most %d times", 1000)
	}
	return message.New("the pattern %q cannot be read: %s", pattern, regexFault(err))
}

// regexFaults are the faults of a pattern, in an author's words.
var regexFaults = map[syntax.ErrorCode]message.Text{
	syntax.ErrInvalidCharClass:      message.New("a class in [ ] holds what cannot stand there"),
	syntax.ErrInvalidCharRange:      message.New("a range in [ ] runs backward, as in [z-a]"),
	syntax.ErrInvalidEscape:         message.New("a backslash stands before a letter that has no meaning with it"),
	syntax.ErrInvalidPerlOp:         message.New("what follows (? has no meaning"),
	syntax.ErrInvalidRepeatOp:       message.New("two of *, + and ? follow each other"),
	syntax.ErrInvalidUTF8:           message.New("it is not text"),
	syntax.ErrMissingBracket:        message.New("a closing ] is missing"),
	syntax.ErrMissingParen:          message.New("a closing ) is missing"),
	syntax.ErrMissingRepeatArgument: message.New("there is nothing before *, + or ? to repeat"),
	syntax.ErrTrailingBackslash:     message.New("it ends with a backslash"),
	syntax.ErrUnexpectedParen:       message.New("a ) closes nothing"),
	syntax.ErrNestingDepth:          message.New("it nests too deep"),
	syntax.ErrLarge:                 message.New("it is too large"),
}

func regexFault(err error) message.Text {
	var bad *syntax.Error
	if errors.As(err, &bad) {
		if text, ok := regexFaults[bad.Code]; ok {
			return text
		}
	}
	return message.Given(err.Error())
}

// foreignRegex are constructs that read differently on other clients.
var foreignRegex = []struct {
	found *regexp.Regexp
	msg   message.Text
}{
	{regexp.MustCompile(`\[[^\]]*&&`), message.New("&& inside [ ] is an intersection for some clients and two characters for others")},
	{regexp.MustCompile(`\[\[:`), message.New("a class such as [[:alpha:]] is not known to all clients; write the characters, as in [A-Za-z]")},
	{regexp.MustCompile(`\(\?[imsU-]+[:)]`), message.New("a flag such as (?i) is not known to all clients; write [Aa] instead")},
	{regexp.MustCompile(`\(\?P<`), message.New("a named group is not known to all clients, and none is needed")},
	{regexp.MustCompile(`\\[AzQEC]`), message.New("an escape such as \\A or \\Q is not known to all clients")},
}

// warnRegex says what other clients may read differently in a pattern that is fine here.
func warnRegex(pattern string) []message.Text {
	var list []message.Text
	for _, f := range foreignRegex {
		if f.found.MatchString(pattern) {
			list = append(list, f.msg)
		}
	}
	return list
}
