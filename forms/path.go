package forms

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Path is where an answer stands: names from the form's root down, each repeat item
// with its key. The root's own name is not part of it.
type Path []Segment

// Segment is one step of a Path. Key is the item key of a repeat, "" otherwise.
type Segment struct {
	Name string
	Key  string
}

// Limits of a path that somebody may send us.
const (
	maxPathBytes = 4096
	maxKeyBytes  = 36
)

// ErrBadPath is wrapped by every error of ParsePath.
var ErrBadPath = errors.New("not an answer path")

// ParsePath reads an answer path such as "/e[k3f9a]/e_name". A question path, without
// keys, is one too. Keys are 1 to 36 of A-Z, a-z, 0-9, "_" and "-".
func ParsePath(s string) (Path, error) {
	if len(s) > maxPathBytes {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrBadPath, maxPathBytes)
	}
	rest, ok := strings.CutPrefix(s, "/")
	if !ok {
		return nil, fmt.Errorf("%w: %q does not begin with a slash", ErrBadPath, s)
	}
	var path Path
	for _, part := range strings.Split(rest, "/") {
		seg, err := parseSegment(part)
		if err != nil {
			return nil, fmt.Errorf("%w: %q: %w", ErrBadPath, s, err)
		}
		path = append(path, seg)
	}
	return path, nil
}

func parseSegment(part string) (Segment, error) {
	name, key, keyed := strings.Cut(part, "[")
	if !ValidName(name) {
		return Segment{}, fmt.Errorf("%q is not a name", name)
	}
	if !keyed {
		return Segment{Name: name}, nil
	}
	key, closed := strings.CutSuffix(key, "]")
	if !closed || !validKey(key) {
		return Segment{}, fmt.Errorf("%q has no proper item key", part)
	}
	return Segment{Name: name, Key: key}, nil
}

func validKey(key string) bool {
	if key == "" || len(key) > maxKeyBytes {
		return false
	}
	for _, c := range []byte(key) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '-':
		default:
			return false
		}
	}
	return true
}

// String gives the path back as ParsePath reads it.
func (p Path) String() string {
	var b strings.Builder
	for _, seg := range p {
		b.WriteByte('/')
		b.WriteString(seg.Name)
		if seg.Key != "" {
			b.WriteString("[" + seg.Key + "]")
		}
	}
	return b.String()
}

// Question is the path without its keys, as in Node.Path.
func (p Path) Question() string {
	var b strings.Builder
	for _, seg := range p {
		b.WriteByte('/')
		b.WriteString(seg.Name)
	}
	return b.String()
}

// QuestionPath takes the item keys out of an answer path: "/e[a]/name" gives "/e/name".
func QuestionPath(answerPath string) string {
	if !strings.Contains(answerPath, "[") {
		return answerPath
	}
	var b strings.Builder
	inKey := false
	for _, c := range answerPath {
		switch {
		case c == '[':
			inKey = true
		case c == ']' && inKey:
			inKey = false
		case !inKey:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// ValidName reports whether a question, group or repeat may be called so: an XML name,
// with at most one colon between a prefix and the rest.
func ValidName(name string) bool {
	prefix, local, qualified := strings.Cut(name, ":")
	if qualified {
		return validNCName(prefix) && validNCName(local)
	}
	return validNCName(name)
}

// validNCName follows the XML 1.0 production in spirit: letters of any script, digits
// and marks, and no digit, hyphen or dot in front.
func validNCName(name string) bool {
	for i, r := range name {
		switch {
		case unicode.IsLetter(r) || r == '_':
		case i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r) || r == '-' || r == '.' || r == '·'):
		default:
			return false
		}
	}
	return name != ""
}
