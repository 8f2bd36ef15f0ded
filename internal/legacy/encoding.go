package legacy

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is an encoding by the name that people know.
type charset struct {
	name string
	skip int // bytes of a byte order mark
}

const (
	utf8Name    = "UTF-8"
	utf8BOMName = "UTF-8 with BOM"
	utf16LEName = "UTF-16LE"
	utf16BEName = "UTF-16BE"
	cp1252Name  = "Windows-1252"
	latin1Name  = "ISO-8859-1"
)

// findCharset reads a text to its end and decides how it is encoded. Marks at its
// beginning decide; NULs in every other byte are UTF-16; text that is valid UTF-8, or has
// ten proper letters for each broken one, is UTF-8; the rest is Windows-1252, which is
// ISO-8859-1 when it has no byte between 0x80 and 0x9f.
func findCharset(r io.Reader) (charset, error) {
	var t tally
	buffer := make([]byte, 256<<10)
	for {
		n, err := r.Read(buffer)
		t.add(buffer[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return charset{}, err
		}
	}
	return t.verdict()
}

// tally counts what tells encodings apart.
type tally struct {
	head           []byte
	rest           []byte // the beginning of a letter at the end of the last block
	odd, even      int    // NULs in the first block
	nuls, size     int
	proper, broken int // letters of several bytes; bytes that are none
	c1             int // bytes between 0x80 and 0x9f
}

func (t *tally) add(b []byte) {
	if t.head == nil && len(b) > 0 {
		t.head = bytes.Clone(b[:min(len(b), 4)])
		for i, c := range b[:min(len(b), 4096)] {
			if c == 0 && i%2 == 0 {
				t.even++
			} else if c == 0 {
				t.odd++
			}
		}
	}
	t.size += len(b)
	t.nuls += bytes.Count(b, []byte{0})
	if len(t.rest) > 0 {
		b = append(t.rest, b...)
		t.rest = nil
	}
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		if !utf8.FullRune(b) {
			t.rest = bytes.Clone(b)
			return
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			t.broken++
			if b[0] <= 0x9f {
				t.c1++
			}
		} else {
			t.proper++
		}
		b = b[n:]
	}
}

func (t *tally) verdict() (charset, error) {
	t.broken += len(t.rest)
	few := min(t.size, 4096) / 4
	switch {
	case bytes.HasPrefix(t.head, []byte("\xef\xbb\xbf")):
		return charset{utf8BOMName, 3}, nil
	case bytes.HasPrefix(t.head, []byte("\xff\xfe")):
		return charset{utf16LEName, 2}, nil
	case bytes.HasPrefix(t.head, []byte("\xfe\xff")):
		return charset{utf16BEName, 2}, nil
	case t.odd > few && t.odd > 4*t.even:
		return charset{utf16LEName, 0}, nil
	case t.even > few && t.even > 4*t.odd:
		return charset{utf16BEName, 0}, nil
	case t.nuls > t.size/100+16:
		return charset{}, refuse("file.kind.zeros")
	case t.broken == 0 || t.proper > 10*t.broken:
		return charset{utf8Name, 0}, nil
	case t.c1 > 0:
		return charset{cp1252Name, 0}, nil
	default:
		return charset{latin1Name, 0}, nil
	}
}

// decode turns a text into UTF-8.
func (c charset) decode(r io.Reader) (io.Reader, error) {
	if c.skip > 0 {
		if _, err := io.CopyN(io.Discard, r, int64(c.skip)); err != nil {
			return nil, err
		}
	}
	switch c.name {
	case utf16LEName:
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()), nil
	case utf16BEName:
		return transform.NewReader(r, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()), nil
	case cp1252Name, latin1Name:
		return transform.NewReader(r, charmap.Windows1252.NewDecoder()), nil
	}
	return r, nil
}

// mend reads the bytes that are no UTF-8 as Windows-1252, which is where they come from
// when a file was put together from two; it reports whether there were any.
func mend(text []byte) ([]byte, bool) {
	if utf8.Valid(text) {
		return text, false
	}
	var out []byte
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(text[0])
		}
		out = utf8.AppendRune(out, r)
		text = text[n:]
	}
	return out, true
}
