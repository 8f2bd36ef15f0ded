package legacy

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// What a child that reads a file writes: frames of a kind and a body.
const (
	sheetFrame   = 'S' // JSON of Sheet
	noteFrame    = 'N' // JSON of note
	refusalFrame = 'F' // JSON of note; nothing follows
	rowFrame     = 'R' // see frameSink.Row
	endFrame     = 'E' // the file was read to its end
)

// maxFrameBytes bounds one frame: a row and the numbers beside its cells.
const maxFrameBytes = 256 << 20

// note carries the fields of a Problem that its JSON leaves out.
type note struct {
	Problem
	File  string
	Error bool
	Says  Says
}

// Worker is Read for a process of its own, as internal/confine runs it: it writes what
// ReadVia reads. A refusal is part of what it writes, not an error.
func Worker(name string, file *os.File, out io.Writer) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	f := &frameSink{to: out}
	err = Read(name, file, info.Size(), f)
	var r *Refusal
	if errors.As(err, &r) {
		return f.json(refusalFrame, note{r.Problem, r.File, true, r.Says})
	}
	if err != nil {
		return err
	}
	return f.frame(endFrame)
}

// frameSink writes what it takes as frames.
type frameSink struct {
	to   io.Writer
	body []byte
}

func (f *frameSink) frame(kind byte) error {
	head := binary.AppendUvarint([]byte{kind}, uint64(len(f.body)))
	if _, err := f.to.Write(head); err != nil {
		return err
	}
	_, err := f.to.Write(f.body)
	f.body = f.body[:0]
	return err
}

func (f *frameSink) json(kind byte, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	f.body = append(f.body[:0], body...)
	return f.frame(kind)
}

func (f *frameSink) Sheet(s Sheet) error { return f.json(sheetFrame, s) }

func (f *frameSink) Note(p Problem) error { return f.json(noteFrame, note{p, p.File, p.Error, p.Says}) }

// Row writes the row's number and how many cells it has; of each cell its column, its
// kind (twice, and one more when it is spread) and its length; then all texts together.
func (f *frameSink) Row(r Row) error {
	b := binary.AppendUvarint(f.body[:0], uint64(r.Number))
	b = binary.AppendUvarint(b, uint64(len(r.Cells)))
	for _, c := range r.Cells {
		kind := uint64(c.Kind) << 1
		if c.Spread {
			kind |= 1
		}
		b = binary.AppendUvarint(b, uint64(c.Column))
		b = append(b, byte(kind))
		b = binary.AppendUvarint(b, uint64(len(c.Text)))
	}
	for _, c := range r.Cells {
		b = append(b, c.Text...)
	}
	f.body = b
	return f.frame(rowFrame)
}

// ReadVia is Read through run, which lets Worker read the file somewhere safe and lets
// consume read what Worker writes. When run fails the file asked for more than it may
// have, and is refused.
func ReadVia(run func(consume func(io.Reader) error) error, sink Sink) error {
	var inner error
	ended := false
	err := run(func(r io.Reader) error {
		ended, inner = decodeFrames(bufio.NewReaderSize(r, 256<<10), sink)
		return inner
	})
	switch {
	case inner != nil && !errors.Is(inner, io.ErrUnexpectedEOF):
		return inner
	case err != nil:
		return refuse("file.limits.stopped", "why", err)
	case !ended:
		return refuse("file.limits.early")
	}
	return nil
}

var errFrame = errors.New("the file's reader wrote something unreadable")

// decodeFrames hands on what Worker wrote; ended tells that it came to its end.
func decodeFrames(r *bufio.Reader, sink Sink) (ended bool, err error) {
	var body []byte
	var cells []Cell
	for {
		kind, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return false, io.ErrUnexpectedEOF
		}
		if err != nil {
			return false, err
		}
		size, err := binary.ReadUvarint(r)
		if err != nil || size > maxFrameBytes {
			return false, io.ErrUnexpectedEOF
		}
		if uint64(cap(body)) < size {
			body = make([]byte, size)
		}
		body = body[:size]
		if _, err := io.ReadFull(r, body); err != nil {
			return false, io.ErrUnexpectedEOF
		}
		switch kind {
		case endFrame:
			return true, nil
		case rowFrame:
			var row Row
			if row, err = decodeRow(body, cells); err == nil {
				cells = row.Cells
				err = sink.Row(row)
			}
		default:
			err = decodeNote(kind, body, sink)
		}
		if err != nil {
			return false, err
		}
	}
}

func decodeNote(kind byte, body []byte, sink Sink) error {
	if kind == sheetFrame {
		var s Sheet
		if err := json.Unmarshal(body, &s); err != nil {
			return errFrame
		}
		return sink.Sheet(s)
	}
	var n note
	if err := json.Unmarshal(body, &n); err != nil {
		return errFrame
	}
	p := n.Problem
	p.File, p.Error, p.Says = n.File, n.Error, n.Says
	if kind == refusalFrame {
		return &Refusal{p}
	}
	return sink.Note(p)
}

// decodeRow reads a row; its texts are parts of one string.
func decodeRow(body []byte, cells []Cell) (Row, error) {
	number, body, ok1 := uvarint(body)
	n, body, ok2 := uvarint(body)
	if !ok1 || !ok2 || n > maxColumns {
		return Row{}, errFrame
	}
	cells = cells[:0]
	lengths := make([]int, 0, n)
	total, last := 0, uint64(0)
	for range n {
		column, rest, ok := uvarint(body)
		if !ok || len(rest) == 0 || column <= last || column > maxColumns {
			return Row{}, errFrame
		}
		kind := rest[0]
		length, rest, ok := uvarint(rest[1:])
		if !ok || length > uint64(maxFrameBytes) {
			return Row{}, errFrame
		}
		body, last = rest, column
		total += int(length)
		lengths = append(lengths, int(length))
		cells = append(cells, Cell{Column: int(column), Kind: Kind(kind >> 1), Spread: kind&1 == 1})
	}
	if total != len(body) {
		return Row{}, errFrame
	}
	whole := string(body)
	for i, length := range lengths {
		cells[i].Text, whole = whole[:length], whole[length:]
	}
	return Row{Number: int(number), Cells: cells}, nil
}

func uvarint(b []byte) (uint64, []byte, bool) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, b, false
	}
	return v, b[n:], true
}
