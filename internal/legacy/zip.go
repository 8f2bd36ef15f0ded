package legacy

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/comparanda/comparanda/forms/xlsform"
)

// readZip tells workbooks, which are zip files too, from zip files of tables.
func readZip(name string, r io.ReaderAt, size int64, sink Sink, zips bool) error {
	parts, err := xlsform.OpenParts(r, size)
	if err != nil {
		return err
	}
	switch {
	case parts.Has("mimetype") && parts.Has("content.xml"):
		return readODS(name, parts, sink)
	case parts.Has("[Content_Types].xml"), parts.Has("xl/workbook.xml"), parts.Has("xl/workbook.bin"):
		return readXLSX(name, r, size, sink)
	case !zips:
		return refuse("zip.nested", "name", name)
	}
	return readMembers(parts, sink)
}

// readMembers reads the tables of a zip in order of name, shorter folders first: the
// tables of repeats come after the one they belong to. Media and lock files are passed
// over.
func readMembers(parts *xlsform.Parts, sink Sink) error {
	read := 0
	for _, name := range parts.Names() {
		if !tableName(name) {
			continue
		}
		if err := readMember(parts, name, sink); err != nil {
			return err
		}
		read++
	}
	if read == 0 {
		return refuse("zip.empty")
	}
	return nil
}

func tableName(name string) bool {
	base := path.Base(name)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || strings.HasPrefix(name, "__MACOSX/") {
		return false
	}
	switch strings.ToLower(path.Ext(base)) {
	case ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".ods", ".xls":
		return true
	}
	return false
}

func readMember(parts *xlsform.Parts, name string, sink Sink) error {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv", ".tab":
		return readDelimited(name, func() (io.ReadCloser, error) { return parts.Open(name) }, sink)
	}
	member, err := parts.Open(name)
	if err != nil {
		return err
	}
	defer member.Close() //nolint:errcheck // what was read is checked by its sum
	data, err := io.ReadAll(io.LimitReader(member, maxMember+1))
	if err != nil {
		return err
	}
	if len(data) > maxMember {
		return refuse("file.large.member", "name", name, "n", maxMember>>20)
	}
	return read(name, bytes.NewReader(data), int64(len(data)), sink, false)
}

// readXLSX reads the sheets of a workbook.
func readXLSX(name string, r io.ReaderAt, size int64, sink Sink) error {
	b := &bookSink{file: name, to: sink}
	notes, err := xlsform.Stream(name, r, size, b)
	if err == nil {
		err = b.flush()
	}
	if err != nil {
		return err
	}
	for _, n := range notes {
		text, remedy := cutRemedy(n.Text)
		p := Problem{File: name, Sheet: n.Place.Sheet, Cell: fmt.Sprintf("%s%d", n.Place.Column, n.Place.Row), Code: n.Key, Says: inBook(n.Key), Text: text, Remedy: remedy}
		if err := sink.Note(p); err != nil {
			return err
		}
	}
	return nil
}

// bookSink puts a workbook's cells together as rows, and repeats what merged blocks show.
type bookSink struct {
	file   string
	to     Sink
	row    Row
	merged spreader
}

func (b *bookSink) Sheet(name string, hidden bool, spans []xlsform.Span) error {
	if err := b.flush(); err != nil {
		return err
	}
	b.row = Row{}
	b.merged = newSpreader(spans)
	return b.to.Sheet(Sheet{File: b.file, Name: name, Format: "xlsx", Hidden: hidden})
}

func (b *bookSink) Row(number int) error {
	if err := b.flush(); err != nil {
		return err
	}
	b.row = Row{Number: number, Cells: b.row.Cells[:0]}
	return nil
}

func (b *bookSink) Cell(column int, text string, kind xlsform.CellKind) error {
	if column > maxColumns {
		return refuse("file.columns.beyond", "row", b.row.Number)
	}
	b.row.Cells = append(b.row.Cells, Cell{Column: column, Text: text, Kind: Kind(kind)})
	return nil
}

func (b *bookSink) flush() error {
	if b.row.Number == 0 || len(b.row.Cells) == 0 {
		return nil // a row that merged blocks cover wholly says nothing of its own
	}
	b.merged.spread(&b.row)
	err := b.to.Row(b.row)
	b.row.Number = 0
	return err
}
