package legacy

import (
	"bytes"
)

// next takes the next record; false at the end. Its fields are in fields and scratch.
func (p *splitter) next() (bool, error) {
	p.fields, p.scratch = p.fields[:0], p.scratch[:0]
	if p.pos >= len(p.data) && !p.ended {
		if err := p.fill(); err != nil {
			return false, err
		}
	}
	if p.pos >= len(p.data) && p.ended {
		return false, nil
	}
	p.record++
	for {
		last, err := p.field()
		if err != nil || last {
			return err == nil, err
		}
		if len(p.fields) >= maxColumns {
			return false, refuse("csv.columns", "row", p.record, "n", maxColumns)
		}
	}
}

// field takes one field and reports whether it was the record's last.
func (p *splitter) field() (last bool, err error) {
	from := len(p.scratch)
	if err := p.skipSpace(); err != nil {
		return true, err
	}
	if c, ok, err := p.peek(0); err != nil {
		return true, err
	} else if ok && c == '"' && !p.unquoted {
		if err := p.quoted(); err != nil {
			return true, err
		}
	}
	for {
		end := plainEnd(p.data[p.pos:], p.delimiter)
		if err := p.take(p.pos + end); err != nil {
			return true, err
		}
		c, ok, err := p.peek(0)
		if err != nil {
			return true, err
		}
		if ok && c != p.delimiter && c != '\n' && c != '\r' {
			continue // the text went on behind what had been read
		}
		p.fields = append(p.fields, field{from, len(p.scratch)})
		if !ok {
			return true, nil
		}
		p.pos++
		if c == p.delimiter {
			return false, nil
		}
		if next, ok, err := p.peek(0); err == nil && ok && c == '\r' && next == '\n' {
			p.pos++
		} else if err != nil {
			return true, err
		}
		return true, nil
	}
}

// skipSpace passes over the space before a quotation mark: files written by hand have
// one behind each comma.
func (p *splitter) skipSpace() error {
	if p.delimiter == '\t' || p.unquoted {
		return nil
	}
	if c, ok, err := p.peek(0); err != nil || !ok || c != ' ' {
		return err
	}
	if c, ok, err := p.peek(1); err != nil || !ok || c != '"' {
		return err
	}
	p.pos++
	return nil
}

// plainEnd is where a field without quotation marks ends in b.
func plainEnd(b []byte, delimiter byte) int {
	for i, c := range b {
		if c == delimiter || c == '\n' || c == '\r' {
			return i
		}
	}
	return len(b)
}

// peek looks at a byte ahead; ok is false behind the end of the text.
func (p *splitter) peek(ahead int) (c byte, ok bool, err error) {
	for p.pos+ahead >= len(p.data) {
		if p.ended {
			return 0, false, nil
		}
		if err := p.fill(); err != nil {
			return 0, false, err
		}
	}
	return p.data[p.pos+ahead], true, nil
}

// take moves the text up to end into the record. NULs are dropped.
func (p *splitter) take(end int) error {
	part := p.data[p.pos:end]
	if bytes.IndexByte(part, 0) >= 0 {
		part = bytes.ReplaceAll(part, []byte{0}, nil)
	}
	p.scratch = append(p.scratch, part...)
	p.pos = end
	if len(p.scratch) > maxRowBytes {
		return refuse("csv.long", "row", p.record, "n", maxRowBytes>>20)
	}
	return nil
}

// quoted takes a field in quotation marks; a doubled mark stands for one.
func (p *splitter) quoted() error {
	p.pos++
	for {
		end := bytes.IndexByte(p.data[p.pos:], '"')
		if end < 0 {
			if err := p.take(len(p.data)); err != nil {
				return err
			}
			if _, ok, err := p.peek(0); err != nil {
				return err
			} else if !ok {
				return refuse("csv.quote", "row", p.record)
			}
			continue
		}
		if err := p.take(p.pos + end); err != nil {
			return err
		}
		next, ok, err := p.peek(1)
		if err != nil {
			return err
		}
		if !ok || next != '"' {
			p.pos++
			return nil
		}
		p.scratch = append(p.scratch, '"')
		p.pos += 2
	}
}
