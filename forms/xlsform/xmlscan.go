package xlsform

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/comparanda/comparanda/forms/message"
)

// xmlScanner walks through a part of a workbook without building anything: the parts
// are large and simple, and encoding/xml is an order of magnitude slower on them.
// It knows elements, attributes, text, CDATA, comments and the five entities and
// character references; a DOCTYPE is refused. Prefixes are dropped from names.
type xmlScanner struct {
	data  []byte
	pos   int
	name  []byte // local name of the element that token reported
	attrs []byte // its attributes, raw
	text  []byte // raw text that token reported
	cdata bool   // the text is CDATA: nothing to decode
	empty bool   // the element is empty: its end follows

	src io.Reader // where data goes on; nil when it is all there
	err error     // why src gave no more; nil at its end
}

// maxTokenBytes bounds one tag or text of a part that is read as a stream.
const maxTokenBytes = 4 << 20

// fill reads on from src and drops what was consumed, so that slices handed out before
// are no longer valid. It reports false at the end, and sets err when that is early.
func (s *xmlScanner) fill() bool {
	const chunk = 256 << 10
	if s.src == nil || s.err != nil {
		return false
	}
	s.data = append(s.data[:0], s.data[s.pos:]...)
	s.pos = 0
	if len(s.data) > maxTokenBytes {
		s.err = errLong
		return false
	}
	s.data = slices.Grow(s.data, chunk)
	for {
		n, err := s.src.Read(s.data[len(s.data) : len(s.data)+chunk])
		s.data = s.data[:len(s.data)+n]
		if err != nil {
			s.src = nil
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
}

// broken is what next returns when the part ends inside a token.
func (s *xmlScanner) broken() (xmlToken, error) {
	if s.err != nil {
		return xmlEnd, s.err
	}
	return xmlEnd, errXML
}

type xmlToken uint8

const (
	xmlEnd xmlToken = iota // of the document
	xmlOpen
	xmlClose
	xmlText
)

var (
	errXML  = message.New("not well-formed XML")
	errLong = refuse("file.cell", "a cell holds more than %d KiB of text: shorten it", maxCellBytes>>10)
)

func (s *xmlScanner) next() (xmlToken, error) {
	if s.empty {
		s.empty = false
		return xmlClose, nil
	}
	const longestMark = 9 // <![CDATA[
	for s.pos < len(s.data) || s.fill() {
		rest := s.data[s.pos:]
		if len(rest) < longestMark && s.fill() {
			continue
		}
		if rest[0] != '<' {
			end := bytes.IndexByte(rest, '<')
			if end < 0 {
				if s.fill() {
					continue
				}
				if s.err != nil {
					return xmlEnd, s.err
				}
				end = len(rest)
			}
			s.text, s.cdata = rest[:end], false
			s.pos += end
			return xmlText, nil
		}
		end := markEnd(rest)
		if end < 0 {
			if s.fill() {
				continue
			}
			return s.broken()
		}
		switch {
		case rest[1] == '?', bytes.HasPrefix(rest, []byte("<!--")):
			s.pos += end
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			s.text, s.cdata = rest[len("<![CDATA["):end-len("]]>")], true
			s.pos += end
			return xmlText, nil
		case rest[1] == '!':
			return xmlEnd, errXML // a document type has no business in a workbook
		default:
			return s.tag(rest[:end])
		}
	}
	return xmlEnd, s.err
}

// markEnd finds where the mark that b begins with ends; -1 when that is not in b. The
// length of a document type does not matter: it is refused.
func markEnd(b []byte) int {
	until := ""
	switch {
	case bytes.HasPrefix(b, []byte("<?")):
		until = "?>"
	case bytes.HasPrefix(b, []byte("<!--")):
		until = "-->"
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		until = "]]>"
	case bytes.HasPrefix(b, []byte("<!")):
		return len("<!")
	default:
		return tagEnd(b)
	}
	i := bytes.Index(b, []byte(until))
	if i < 0 {
		return -1
	}
	return i + len(until)
}

// tag reads a whole tag, from "<" to ">".
func (s *xmlScanner) tag(whole []byte) (xmlToken, error) {
	if len(whole) < len("<a>") {
		return xmlEnd, errXML
	}
	s.pos += len(whole)
	inside := whole[1 : len(whole)-1]
	if inside[0] == '/' {
		s.name = localName(bytes.TrimSpace(inside[1:]))
		return xmlClose, nil
	}
	if inside[len(inside)-1] == '/' {
		s.empty = true
		inside = inside[:len(inside)-1]
	}
	name := inside
	s.attrs = nil
	if i := bytes.IndexAny(inside, " \t\r\n"); i >= 0 {
		name, s.attrs = inside[:i], inside[i:]
	}
	s.name = localName(name)
	if len(s.name) == 0 {
		return xmlEnd, errXML
	}
	return xmlOpen, nil
}

// tagEnd finds the end of a tag, behind its ">"; one inside an attribute's quotes does
// not end it.
func tagEnd(b []byte) int {
	var quote byte
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return -1
}

func localName(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// attr returns an attribute of the element reported last, by its local name.
func (s *xmlScanner) attr(name string) (string, bool) {
	rest := s.attrs
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		eq := bytes.IndexByte(rest, '=')
		if eq <= 0 {
			return "", false
		}
		key := localName(bytes.TrimSpace(rest[:eq]))
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 || (rest[0] != '"' && rest[0] != '\'') {
			return "", false
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return "", false
		}
		value := rest[1 : 1+end]
		rest = rest[end+2:]
		if string(key) == name {
			return unescape(value), true
		}
	}
}

// value decodes the text reported last.
func (s *xmlScanner) value() string {
	if s.cdata {
		return strings.ToValidUTF8(string(s.text), "\uFFFD")
	}
	return unescape(s.text)
}

// unescape resolves character references and the five entities. Others stay as they
// are written: nothing in a workbook may define them.
func unescape(raw []byte) string {
	text := strings.ToValidUTF8(string(raw), "\uFFFD")
	if !strings.Contains(text, "&") {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "&")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		const longest = 10 // of an entity's name: without it, a text of “&” is searched to its end for each
		name, _, closed := strings.Cut(after[:min(len(after), longest)], ";")
		rest := after[min(len(name)+1, len(after)):]
		r, known := entity(name)
		if !closed || !known {
			b.WriteByte('&')
			text = after
			continue
		}
		b.WriteRune(r)
		text = rest
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, numeric := strings.CutPrefix(name, "#")
	if !numeric || len(digits) > 8 {
		return 0, false
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
