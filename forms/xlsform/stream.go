package xlsform

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// CellKind tells what a cell's text was in the workbook.
type CellKind uint8

// The kinds of cell.
const (
	TextCell   CellKind = iota
	NumberCell          // written with a point, whatever the sheet shows
	DateCell            // ISO 8601, or 15:04:05 for a time of day
	BoolCell            // TRUE or FALSE
)

// Span is a merged block of cells, counted from 1; what it shows stands in its first cell.
type Span struct{ Row, Column, LastRow, LastColumn int }

// Visitor takes a workbook that is too large to hold, sheet by sheet and row by row.
// An error of a visitor ends the reading and comes back.
type Visitor interface {
	Sheet(name string, hidden bool, merged []Span) error
	Row(number int) error // begins a row
	Cell(column int, text string, kind CellKind) error
}

// StreamError is a file that cannot be read. Text ends with the remedy.
type StreamError struct {
	Key, Sheet string
	Row        int
	Text       string
}

func (e *StreamError) Error() string { return e.Text }

// As lets a fault of a part be read as a StreamError, however deep it was wrapped.
func (f *fault) As(target any) bool {
	e, ok := target.(**StreamError)
	if ok {
		*e = &StreamError{Key: f.key, Sheet: f.sheet, Row: f.row, Text: f.text.English}
	}
	return ok
}

// tableLimits are for sheets of answers, whose rows are never all held.
var tableLimits = unzipLimits{total: 1 << 30, part: 768 << 20}

// maxSpans of one sheet are told; what is merged beyond them is read as it stands.
const maxSpans = 20_000

// Stream reads all sheets of an .xlsx workbook of any length. Memory is that of the
// texts that its cells share, at most 64 MiB.
func Stream(name string, r io.ReaderAt, size int64, v Visitor) ([]forms.Problem, error) {
	var notes []forms.Problem
	err := stream(name, r, size, v, &notes)
	return notes, err
}

func stream(name string, r io.ReaderAt, size int64, v Visitor, notes *[]forms.Problem) error {
	z, err := openArchive(r, size, tableLimits)
	if err != nil {
		return err
	}
	w := &workbook{zip: z, out: &streamSink{to: v}, file: name, notes: notes}
	tabs, err := w.begin()
	if err != nil {
		return err
	}
	for _, t := range tabs {
		if t.part == "" {
			continue // a sheet of its own for a chart
		}
		spans, err := w.spans(t)
		if err != nil {
			return err
		}
		if err := v.Sheet(t.name, t.hidden, spans); err != nil {
			return err
		}
		if err := w.readSheet(t); err != nil {
			return err
		}
	}
	return nil
}

// streamSink hands cells on. Empty ones are left out; space around a text is kept.
type streamSink struct {
	to     Visitor
	failed error
}

func (s *streamSink) row(number int)  { s.failed = s.to.Row(number) }
func (s *streamSink) closeRow() error { return s.failed }

func (s *streamSink) cell(column int, text string, kind CellKind) error {
	switch {
	case s.failed != nil:
		return s.failed
	case text == "":
		return nil
	case len(text) > maxCellBytes:
		return longCell(column)
	}
	return s.to.Cell(column, text, kind)
}

// spans reads the merged blocks of a sheet. They stand behind its rows, so the rows are
// passed over as bytes.
func (w *workbook) spans(t tab) ([]Span, error) {
	before := w.zip.left
	part, err := w.zip.open(t.part)
	if errors.Is(err, errNoPart) {
		return nil, nil // reading the rows says so
	}
	if err != nil {
		return nil, err
	}
	defer part.Close() //nolint:errcheck // the rows are read again, and checked
	defer func() { w.zip.left = before }()
	rest, err := behindRows(part)
	if err != nil || rest == nil {
		return nil, err
	}
	s := &xmlScanner{src: rest}
	var spans []Span
	for len(spans) < maxSpans {
		token, err := s.next()
		if err != nil || token == xmlEnd {
			break // reading the rows says what is wrong
		}
		if token != xmlOpen || string(s.name) != "mergeCell" {
			continue
		}
		ref, _ := s.attr("ref")
		if span, ok := spanOf(ref); ok {
			spans = append(spans, span)
		}
	}
	return spans, nil
}

// behindRows reads up to the end of the rows and returns what follows; nil when there
// is no end.
func behindRows(r io.Reader) (io.Reader, error) {
	const mark = "sheetData>"
	const overlap = 80 // a prefix and the mark
	buffer := make([]byte, 0, 256<<10)
	for {
		kept := copy(buffer[:cap(buffer)], buffer[max(0, len(buffer)-overlap):])
		n, err := r.Read(buffer[kept:cap(buffer)])
		buffer = buffer[:kept+n]
		for from := 0; ; {
			i := bytes.Index(buffer[from:], []byte(mark))
			if i < 0 {
				break
			}
			i += from
			if open := bytes.LastIndexByte(buffer[:i], '<'); open >= 0 && open+1 < len(buffer) && buffer[open+1] == '/' {
				return io.MultiReader(bytes.NewReader(buffer[i+len(mark):]), r), nil
			}
			from = i + len(mark)
		}
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// spanOf reads "B2:D2".
func spanOf(ref string) (Span, bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return Span{}, false
	}
	row, column, ok1 := addressOf(from)
	lastRow, lastColumn, ok2 := addressOf(to)
	s := Span{Row: row, Column: column, LastRow: lastRow, LastColumn: lastColumn}
	return s, ok1 && ok2 && row <= lastRow && column <= lastColumn
}

func addressOf(ref string) (row, column int, ok bool) {
	column, ok = columnOf(ref)
	row, err := strconv.Atoi(strings.TrimLeft(ref, "$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
	return row, column, ok && err == nil && row > 0
}

// cellKind tells what cellText makes of a cell.
func (w *workbook) cellKind(c rawCell, style string) CellKind {
	switch c.kind {
	case "b":
		return BoolCell
	case "d":
		return DateCell
	case "", "n":
		i, err := strconv.Atoi(style)
		if err == nil && i >= 0 && i < len(w.dates) && w.dates[i] != notDate {
			return DateCell
		}
		if c.value != "" {
			return NumberCell
		}
	}
	return TextCell
}

// Parts is a zip file that has passed the same examination as a workbook.
type Parts struct{ zip *archive }

// OpenParts examines a zip file before anything is unpacked.
func OpenParts(r io.ReaderAt, size int64) (*Parts, error) {
	z, err := openArchive(r, size, tableLimits)
	return &Parts{zip: z}, err
}

// Names lists the files in it, in order of name.
func (p *Parts) Names() []string {
	names := make([]string, 0, len(p.zip.parts))
	for _, f := range p.zip.parts {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Has reports whether the zip has a file of that name, in whatever case.
func (p *Parts) Has(name string) bool { return p.zip.parts[strings.ToLower(name)] != nil }

// Open reads one file, never more than the limits whatever the directory claims.
func (p *Parts) Open(name string) (io.ReadCloser, error) { return p.zip.open(name) }
