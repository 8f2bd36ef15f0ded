package legacy

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

// readDelimited reads text whose fields stand between delimiters. The text is read
// twice: once for its encoding, once for its rows.
func readDelimited(name string, open func() (io.ReadCloser, error), sink Sink) error {
	code, err := charsetOf(open)
	if err != nil {
		return err
	}
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // only read
	text, err := code.decode(r)
	if err != nil {
		return err
	}
	p := &splitter{from: text}
	if err := p.begin(strings.ToLower(path.Ext(name))); err != nil {
		return err
	}
	base := path.Base(name)
	sheet := Sheet{File: name, Name: strings.TrimSuffix(base, path.Ext(base)), Format: "csv", Encoding: code.name, Delimiter: string(p.delimiter)}
	if err := sink.Sheet(sheet); err != nil {
		return err
	}
	return p.rows(sheet.Name, sink)
}

func charsetOf(open func() (io.ReadCloser, error)) (charset, error) {
	r, err := open()
	if err != nil {
		return charset{}, err
	}
	defer r.Close() //nolint:errcheck // only read
	return findCharset(r)
}

// splitter takes records out of a text.
type splitter struct {
	from      io.Reader
	data      []byte // read and not consumed, from pos on
	pos       int
	ended     bool
	delimiter byte
	unquoted  bool // quotation marks are text like any other

	record  int
	fields  []field
	scratch []byte // text of the fields of the record under way
}

type field struct{ from, to int } // in scratch

// begin reads the first part of the text and decides what stands between fields.
func (p *splitter) begin(ext string) error {
	for len(p.data) < sampleBytes && !p.ended {
		if err := p.fill(); err != nil {
			return err
		}
	}
	if rest, ok := bytes.CutPrefix(p.data, []byte("sep=")); ok && len(rest) > 1 && (rest[1] == '\n' || rest[1] == '\r') {
		p.delimiter = rest[0] // as Excel writes for itself
		p.pos += len("sep=x")
		p.record++
		return nil
	}
	p.delimiter, p.unquoted = findDelimiter(p.data[:min(len(p.data), sampleBytes)], ext, p.ended)
	return nil
}

// fill reads on; what was consumed is dropped.
func (p *splitter) fill() error {
	const chunk = 256 << 10
	p.data = append(p.data[:0], p.data[p.pos:]...)
	p.pos = 0
	had := len(p.data)
	p.data = append(p.data, make([]byte, chunk)...)
	n, err := p.from.Read(p.data[had:])
	p.data = p.data[:had+n]
	if errors.Is(err, io.EOF) {
		p.ended = true
		return nil
	}
	return err
}

// rows hands the records on.
func (p *splitter) rows(sheet string, sink Sink) error {
	var cells []Cell
	for {
		more, err := p.next()
		if err != nil {
			return inSheet(err, sheet)
		}
		if !more {
			return nil
		}
		text, mixed := mend(p.scratch)
		if mixed {
			note := say("csv.mixed")
			note.Sheet, note.Cell = sheet, address(1, p.record)
			if err := sink.Note(note); err != nil {
				return err
			}
			p.remeasure()
		}
		cells = cells[:0]
		whole := string(text) // one string for the record; its fields are parts of it
		for i, f := range p.fields {
			if f.to > f.from {
				cells = append(cells, Cell{Column: i + 1, Text: whole[f.from:f.to]})
			}
		}
		if err := sink.Row(Row{Number: p.record, Cells: cells}); err != nil {
			return err
		}
	}
}

// remeasure finds the fields again in text that was mended.
func (p *splitter) remeasure() {
	grown := 0
	for i, f := range p.fields {
		text, _ := mend(p.scratch[f.from:f.to])
		p.fields[i] = field{f.from + grown, f.from + grown + len(text)}
		grown += len(text) - (f.to - f.from)
	}
}

func inSheet(err error, sheet string) error {
	var r *Refusal
	if errors.As(err, &r) {
		r.Sheet = sheet
	}
	return err
}
