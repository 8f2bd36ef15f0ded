package xform

import "strings"

// rewrite replaces every ${name} of an expression by a path as ODK clients expect it.
// Paths are absolute, except that inside a repeat another answer of the same item is
// reached by a relative path: an absolute one would mean the answers of all items.
//
//	from    the node whose expression it is
//	current true when the expression is evaluated at the items of another instance, as
//	        choice filters are: the way back to from begins with current()
func (b *builder) rewrite(expr string, from *node, current bool) string {
	if !strings.Contains(expr, "${") {
		return expr
	}
	var out strings.Builder
	s := scope{}
	for _, t := range lex(expr) {
		s.see(t)
		if t.kind != refToken {
			out.WriteString(t.text)
			continue
		}
		out.WriteString(b.pathOf(t.text, from, current || s.inForeignPredicate(), s.wantsAbsolute()))
	}
	return out.String()
}

// pathOf gives the path for one reference, with a space on both sides as clients that
// search for paths in texts expect.
func (b *builder) pathOf(ref string, from *node, current, absolute bool) string {
	name, lastSaved := refName(ref)
	target := b.lookup(name)
	switch {
	case target == nil:
		return ref
	case lastSaved:
		b.last = true
		return " instance('__last-saved')" + target.path + " "
	case absolute || from == nil:
		return " " + target.path + " "
	}
	relative, ok := relativePath(from, target)
	if !ok {
		return " " + target.path + " "
	}
	if current {
		return " current()/" + relative + " "
	}
	return " " + relative + " "
}

// relativePath goes from one node up to their nearest common group and down again. It
// reports false when no repeat lies around both: then the absolute path means the same.
func relativePath(from, to *node) (string, bool) {
	shared := to.repeat()
	for shared != nil && (from == shared || !from.within(shared)) {
		shared = shared.repeat()
	}
	if shared == nil {
		return "", false
	}
	up := 0
	meet := from
	for meet == from || !to.within(meet) {
		meet = meet.parent
		up++
	}
	down := strings.TrimPrefix(to.path, meet.path)
	return strings.TrimSuffix(strings.Repeat("../", up), "/") + down, true
}

// scope follows the brackets of an expression, to know where a reference stands.
type scope struct {
	stack []frame
	last  token // last token that is not space
	head  bool  // the path being read begins with instance(…)
}

// frame is an open bracket or parenthesis.
type frame struct {
	call      string // function called; "" for brackets and plain parentheses
	args      int    // commas seen
	predicate bool
	foreign   bool // predicate of another instance's path
	head      bool // head of the path around it
}

func (s *scope) see(t token) {
	switch t.kind {
	case spaceToken:
		return
	case openParen:
		f := frame{head: s.head}
		if s.last.kind == callToken {
			f.call = s.last.text
		}
		s.stack = append(s.stack, f)
		s.head = false
	case openBracket:
		s.stack = append(s.stack, frame{predicate: true, foreign: s.head, head: s.head})
		s.head = false
	case closeParen, closeBracket:
		if n := len(s.stack); n > 0 {
			f := s.stack[n-1]
			s.stack = s.stack[:n-1]
			s.head = f.head || f.call == "instance"
		}
	case callToken, nameToken:
		if !s.continues() {
			s.head = false
		}
	case otherToken:
		if t.text == "," && len(s.stack) > 0 {
			s.stack[len(s.stack)-1].args++
		}
		if t.text != "/" && t.text != "." && t.text != "@" && t.text != ":" {
			s.head = false
		}
	default:
		s.head = false
	}
	s.last = t
}

// continues reports whether a name goes on with the path before it.
func (s *scope) continues() bool {
	return s.last.kind == otherToken && (s.last.text == "/" || s.last.text == "@" || s.last.text == ":")
}

// inForeignPredicate reports whether "." is now an item of another instance.
func (s *scope) inForeignPredicate() bool {
	for _, f := range s.stack {
		if f.predicate && f.foreign {
			return true
		}
	}
	return false
}

// wantsAbsolute reports whether the reference names the nodes of all items: the first
// argument of indexed-repeat and each repeat after it. The indexes between are values.
func (s *scope) wantsAbsolute() bool {
	for i := len(s.stack) - 1; i >= 0; i-- {
		if f := s.stack[i]; f.call == "indexed-repeat" {
			return i == len(s.stack)-1 && (f.args == 0 || f.args%2 == 1)
		}
	}
	return false
}

// mixed turns a text for people into content: each ${name}, and each path into another
// instance, is an output element. A text with outputs has a space at both ends, as
// clients' own forms have.
func (b *builder) mixed(text string, from *node) []any {
	var content []any
	if start, end := nextOutput(text); start != end {
		text = " " + text + " "
	}
	plain := func(s string) {
		if s != "" {
			content = append(content, s)
		}
	}
	for text != "" {
		start, end := nextOutput(text)
		plain(text[:start])
		if start == end {
			break
		}
		content = append(content, el("output", "value", b.rewrite(text[start:end], from, false)))
		text = text[end:]
	}
	return content
}

// nextOutput finds the next reference or instance path of a text; both are its length
// when there is none.
func nextOutput(text string) (start, end int) {
	for i := 0; i < len(text); i++ {
		if text[i] == '$' {
			if n := refLen(text[i:]); n > 0 {
				return i, i + n
			}
		}
		if text[i] == 'i' && strings.HasPrefix(text[i:], "instance(") && (i == 0 || !isNameByte(text[i-1])) {
			if n := instancePathLen(text[i:]); n > 0 {
				return i, i + n
			}
		}
	}
	return len(text), len(text)
}

func isNameByte(c byte) bool {
	return c == '-' || c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// maxPathBytes is the longest instance path that a text for people may hold.
const maxPathBytes = 4096

// instancePathLen is the length of instance('…')/step/step[…] at the beginning of s, 0
// when there is none with at least one step.
func instancePathLen(s string) int {
	// A text may say "instance(" at every turn; none of them is looked at to its end.
	s = s[:min(len(s), maxPathBytes)]
	tokens := lex(s)
	i := skipGroup(tokens, 1, openParen, closeParen)
	if i < 0 {
		return 0
	}
	steps := 0
	for i < len(tokens) {
		t := tokens[i]
		switch {
		case t.kind == openBracket:
			if i = skipGroup(tokens, i, openBracket, closeBracket); i < 0 {
				return 0
			}
			continue
		case t.text == "/" && i+1 < len(tokens) && (tokens[i+1].kind == nameToken || tokens[i+1].text == "*" || tokens[i+1].text == "." || tokens[i+1].text == "/" || tokens[i+1].text == "@"):
			steps++
			i += 2
			continue
		case (t.kind == nameToken) && i > 0 && (tokens[i-1].text == "/" || tokens[i-1].text == "@"):
			i++
			continue
		case t.kind == callToken && i > 0 && tokens[i-1].text == "/":
			if i = skipGroup(tokens, i+1, openParen, closeParen); i < 0 {
				return 0
			}
			continue
		}
		break
	}
	if steps == 0 {
		return 0
	}
	if i < len(tokens) {
		return tokens[i].pos
	}
	return len(s)
}

// skipGroup returns the index behind the bracket that closes the one at i, -1 when
// there is none.
func skipGroup(tokens []token, i int, open, close tokenKind) int {
	if i >= len(tokens) || tokens[i].kind != open {
		return -1
	}
	depth := 0
	for ; i < len(tokens); i++ {
		switch tokens[i].kind {
		case open:
			depth++
		case close:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
