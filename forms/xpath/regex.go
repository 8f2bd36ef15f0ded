package xpath

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
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
		return nil, fmt.Errorf("the pattern is longer than %d characters", maxPattern)
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

// explainRegex says in an author's words why a pattern cannot be used.
func explainRegex(pattern string, err error) error {
	switch {
	case lookAround.MatchString(pattern):
		return errors.New("look-ahead and look-behind are not supported; use several conditions joined by and")
	case backReference.MatchString(pattern):
		return errors.New(`back-references such as \1 are not supported; compare the parts with substr() instead`)
	case strings.Contains(err.Error(), "invalid repeat count"):
		return errors.New("a part may be repeated at most 1000 times")
	}
	return fmt.Errorf("the pattern %q cannot be read: %w", pattern, err)
}

// foreignRegex are constructs that read differently on other clients.
var foreignRegex = []struct {
	found *regexp.Regexp
	msg   string
}{
	{regexp.MustCompile(`\[[^\]]*&&`), "&& inside [ ] is an intersection for some clients and two characters for others"},
	{regexp.MustCompile(`\[\[:`), "a class such as [[:alpha:]] is not known to all clients; write the characters, as in [A-Za-z]"},
	{regexp.MustCompile(`\(\?[imsU-]+[:)]`), "a flag such as (?i) is not known to all clients; write [Aa] instead"},
	{regexp.MustCompile(`\(\?P<`), "a named group is not known to all clients, and none is needed"},
	{regexp.MustCompile(`\\[AzQEC]`), "an escape such as \\A or \\Q is not known to all clients"},
}

// warnRegex says what other clients may read differently in a pattern that is fine here.
func warnRegex(pattern string) []string {
	var list []string
	for _, f := range foreignRegex {
		if f.found.MatchString(pattern) {
			list = append(list, f.msg)
		}
	}
	return list
}
