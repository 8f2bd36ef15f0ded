package fill

import (
	"strings"

	"github.com/comparanda/comparanda/forms/xpath"
)

// quotes lists the expressions that a text for people quotes, as they are written in it:
// each ${name}, and each path into a list such as instance('towns')/root/item[...]/label.
func quotes(text string) []string {
	var found []string
	for i := 0; i < len(text); {
		n := 0
		switch {
		case strings.HasPrefix(text[i:], "${"):
			n = strings.IndexByte(text[i:], '}') + 1
		case strings.HasPrefix(text[i:], "instance(") && (i == 0 || !inName(text[i-1])):
			n = instancePath(text[i:])
		}
		if n == 0 {
			i++
			continue
		}
		found = append(found, text[i:i+n])
		i += n
	}
	return found
}

func inName(c byte) bool {
	return c == '-' || c == '_' || c == '.' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// maxQuote is the longest path that a text may quote.
const maxQuote = 4096

// instancePath is the length of the path that s begins with; 0 when it has no step, or
// cannot be read.
func instancePath(s string) int {
	s = s[:min(len(s), maxQuote)]
	i := group(s, strings.IndexByte(s, '('))
	steps := 0
	for i > 0 && i < len(s) {
		if s[i] == '[' {
			i = group(s, i)
			continue
		}
		if s[i] != '/' {
			break
		}
		end := i + 1
		for end < len(s) && (inName(s[end]) || strings.IndexByte("/@*:", s[end]) >= 0) {
			end++
		}
		end = i + len(strings.TrimRight(s[i:end], "./:")) // the end of the sentence is none of the path
		if end <= i+1 {
			break
		}
		i = end
		steps++
	}
	if i <= 0 || steps == 0 {
		return 0
	}
	if _, err := xpath.Parse(s[:i]); err != nil {
		return 0
	}
	return i
}

// group returns the index behind the bracket that closes the one at i, -1 when there is
// none. What stands in quotes does not count.
func group(s string, i int) int {
	depth, quote := 0, byte(0)
	for ; i >= 0 && i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
