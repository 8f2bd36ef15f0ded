package xpath

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// maxPattern bounds a regular expression's text (I9).
const maxPattern = 1 << 10

var regexCache sync.Map // pattern -> *regexp.Regexp

// compileRegex compiles an ODK pattern, which must match the whole value. RE2 runs in
// linear time; what it lacks (look-around, back-references) is refused by name.
func compileRegex(pattern string) (*regexp.Regexp, error) {
	if re, ok := regexCache.Load(pattern); ok {
		return re.(*regexp.Regexp), nil
	}
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("the pattern is longer than %d characters", maxPattern)
	}
	for _, look := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.Contains(pattern, look) {
			return nil, errors.New("look-ahead and look-behind are not supported; use several conditions joined by and")
		}
	}
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		return nil, fmt.Errorf("the pattern %q cannot be read: %w", pattern, err)
	}
	regexCache.Store(pattern, re)
	return re, nil
}
