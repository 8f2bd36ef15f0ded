package xform

import (
	"io"
	"strings"
)

// element is a piece of the document on its way out. Its content is elements and
// strings, in order.
type element struct {
	name    string
	attrs   []attr
	content []any
}

type attr struct{ name, value string }

// el makes an element; attributes come as name, value, name, value.
func el(name string, attrs ...string) *element {
	e := &element{name: name}
	for i := 0; i+1 < len(attrs); i += 2 {
		e.set(attrs[i], attrs[i+1])
	}
	return e
}

// set adds an attribute, or changes it.
func (e *element) set(name, value string) {
	for i := range e.attrs {
		if e.attrs[i].name == name {
			e.attrs[i].value = value
			return
		}
	}
	e.attrs = append(e.attrs, attr{name, value})
}

func (e *element) add(content ...any) *element {
	e.content = append(e.content, content...)
	return e
}

// text adds a string, unless it is empty.
func (e *element) text(s string) *element {
	if s != "" {
		e.content = append(e.content, s)
	}
	return e
}

var (
	escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	escapeAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#10;", "\t", "&#9;", "\r", "&#13;")
)

// write puts the element out, each child on a line of its own where that adds nothing
// to a text.
func (e *element) write(w io.StringWriter) error {
	out := &stringWriter{w: w}
	e.put(out, "\n", false)
	out.put("\n")
	return out.err
}

// stringWriter remembers the first error, so that the code above it need not ask.
type stringWriter struct {
	w   io.StringWriter
	err error
}

func (s *stringWriter) put(parts ...string) {
	for _, p := range parts {
		if s.err == nil && p != "" {
			_, s.err = s.w.WriteString(p)
		}
	}
}

// put writes the element behind the line break and indent that it is given; inline
// says that no line may be broken inside it.
func (e *element) put(w *stringWriter, indent string, inline bool) {
	if !inline {
		w.put(indent)
	}
	w.put("<", e.name)
	for _, a := range e.attrs {
		w.put(" ", a.name, `="`, escapeAttr.Replace(xmlChars(a.value)), `"`)
	}
	if len(e.content) == 0 {
		w.put("/>")
		return
	}
	w.put(">")
	inline = inline || hasText(e.content)
	for _, c := range e.content {
		switch c := c.(type) {
		case string:
			w.put(escapeText.Replace(xmlChars(c)))
		case *element:
			c.put(w, indent+"  ", inline)
		}
	}
	if !inline {
		w.put(indent)
	}
	w.put("</", e.name, ">")
}

func hasText(content []any) bool {
	for _, c := range content {
		if _, ok := c.(string); ok {
			return true
		}
	}
	return false
}

// xmlChars leaves out the control characters that XML cannot carry.
func xmlChars(s string) string {
	bad := func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	}
	if strings.IndexFunc(s, bad) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if bad(r) {
			return -1
		}
		return r
	}, s)
}
