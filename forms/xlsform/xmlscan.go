package xlsform

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
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
}

type xmlToken uint8

const (
	xmlEnd xmlToken = iota // of the document
	xmlOpen
	xmlClose
	xmlText
)

var errXML = errors.New("not well-formed XML")

func (s *xmlScanner) next() (xmlToken, error) {
	if s.empty {
		s.empty = false
		return xmlClose, nil
	}
	for s.pos < len(s.data) {
		rest := s.data[s.pos:]
		if rest[0] != '<' {
			end := bytes.IndexByte(rest, '<')
			if end < 0 {
				end = len(rest)
			}
			s.text, s.cdata = rest[:end], false
			s.pos += end
			return xmlText, nil
		}
		switch {
		case bytes.HasPrefix(rest, []byte("<?")):
			if !s.skip(rest, "?>") {
				return xmlEnd, errXML
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			if !s.skip(rest, "-->") {
				return xmlEnd, errXML
			}
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			end := bytes.Index(rest, []byte("]]>"))
			if end < 0 {
				return xmlEnd, errXML
			}
			s.text, s.cdata = rest[len("<![CDATA["):end], true
			s.pos += end + 3
			return xmlText, nil
		case bytes.HasPrefix(rest, []byte("<!")):
			return xmlEnd, errXML // a document type has no business in a workbook
		default:
			return s.tag(rest)
		}
	}
	return xmlEnd, nil
}

func (s *xmlScanner) skip(rest []byte, until string) bool {
	end := bytes.Index(rest, []byte(until))
	s.pos += end + len(until)
	return end >= 0
}

func (s *xmlScanner) tag(rest []byte) (xmlToken, error) {
	end := tagEnd(rest)
	if end < 2 {
		return xmlEnd, errXML
	}
	s.pos += end + 1
	inside := rest[1:end]
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

// tagEnd finds the ">" that ends a tag; one inside an attribute's quotes does not.
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
			return i
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
