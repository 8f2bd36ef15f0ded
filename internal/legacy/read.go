package legacy

import (
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms/xlsform"
)

// Read reads every table of a file into sink. The content decides what the file is; the
// name is for messages and for what the content does not say. A *Refusal names what is
// wrong with the file and the remedy.
func Read(name string, r io.ReaderAt, size int64, sink Sink) (err error) {
	// The readers are written not to panic. Should one do so after all, the owner of a
	// strange file gets a message, not a stack trace; fuzzing looks for the panic.
	defer func() {
		if recover() != nil {
			err = refuse("file.damaged", saveAnew, "the file is damaged in a way that this program does not understand")
		}
	}()
	return refused(read(name, r, size, &counting{to: sink}, true))
}

const (
	saveAnew = "open it in your spreadsheet program and save it anew as .xlsx"
	saveCSV  = "open it in the program that made it and save it as .csv or .xlsx"
)

// refused makes a Refusal of what the workbook reader found.
func refused(err error) error {
	var e *xlsform.StreamError
	if !errors.As(err, &e) {
		return err
	}
	text, remedy, cut := strings.Cut(e.Text, ": ")
	if !cut {
		remedy = saveAnew
	}
	p := Problem{Sheet: e.Sheet, Code: e.Key, Text: text, Remedy: remedy, Error: true}
	if e.Row > 0 {
		p.Cell = address(1, e.Row)
	}
	return &Refusal{p}
}

func read(name string, r io.ReaderAt, size int64, sink Sink, zips bool) error {
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	ext := strings.ToLower(path.Ext(name))
	switch {
	case size == 0:
		return refuse("file.empty", "export it again", "the file is empty")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return readZip(name, r, size, sink, zips)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return readOLE(name, r, size, sink)
	}
	if what, remedy := foreign(head); what != "" {
		return refuse("file.kind", remedy, "this is %s, whatever its name says", what)
	}
	if ext == ".xlsx" || ext == ".xlsm" || ext == ".ods" || ext == ".zip" {
		return refuse("file.damaged", "get it again, or "+saveAnew, "this is not a workbook, or it was cut off on its way")
	}
	return readDelimited(name, func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(r, 0, size)), nil
	}, sink)
}

// foreign recognizes files that are no table of text.
func foreign(head []byte) (what, remedy string) {
	for _, f := range []struct{ mark, what, remedy string }{
		{"%PDF", "a PDF", "export the answers from the survey program as .csv or .xlsx"},
		{"\x1f\x8b", "a gzip file", "unpack it first"},
		{"7z\xbc\xaf", "a 7z file", "unpack it first, or pack it as .zip"},
		{"Rar!", "a RAR file", "unpack it first, or pack it as .zip"},
		{"$FL2", "an SPSS file", "save it as .csv or .xlsx from SPSS or PSPP"},
		{"$FL3", "an SPSS file", "save it as .csv or .xlsx from SPSS or PSPP"},
		{"<stata_dta>", "a Stata file", "export it as .csv from Stata"},
		{"PAR1", "a Parquet file", "export it as .csv"},
		{"SQLite format 3", "a SQLite database", "export the table as .csv"},
		{"\x89PNG", "a picture", "export the answers as .csv or .xlsx"},
		{"\xff\xd8\xff", "a picture", "export the answers as .csv or .xlsx"},
		{"{\\rtf", "a text document", "export the answers as .csv or .xlsx"},
		{"\x7fELF", "a program", "choose the file with the answers"},
	} {
		if bytes.HasPrefix(head, []byte(f.mark)) {
			return f.what, f.remedy
		}
	}
	text := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")))
	switch {
	case strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"), strings.HasPrefix(text, "<table"):
		return "a web page", saveAnew
	case strings.HasPrefix(text, "<?xml"):
		return "an XML file", saveCSV
	case strings.HasPrefix(text, "{\""), strings.HasPrefix(text, "[{"), strings.HasPrefix(text, "{\n"), strings.HasPrefix(text, "{\r"):
		return "a JSON file", saveCSV
	}
	return "", ""
}

// counting holds the limits that count over a whole file.
type counting struct {
	to                  Sink
	sheets, rows, notes int
}

func (c *counting) Sheet(s Sheet) error {
	if c.sheets++; c.sheets > maxSheets {
		return refuse("file.sheets", "keep only the sheets with answers", "the file has more than %d sheets", maxSheets)
	}
	return c.to.Sheet(s)
}

func (c *counting) Row(r Row) error {
	if len(r.Cells) == 0 || c.sheets == 0 {
		return nil
	}
	r.Cells = inOrder(r.Cells)
	if c.rows++; c.rows > maxRows {
		return refuse("file.rows", "split the file", "the file has more than %d rows", maxRows)
	}
	return c.to.Row(r)
}

// inOrder sorts cells by column; of two in one column the first stays.
func inOrder(cells []Cell) []Cell {
	byColumn := func(a, b Cell) int { return a.Column - b.Column }
	if slices.IsSortedFunc(cells, byColumn) && distinctColumns(cells) {
		return cells
	}
	slices.SortStableFunc(cells, byColumn)
	return slices.CompactFunc(cells, func(a, b Cell) bool { return a.Column == b.Column })
}

func distinctColumns(cells []Cell) bool {
	for i := 1; i < len(cells); i++ {
		if cells[i].Column == cells[i-1].Column {
			return false
		}
	}
	return true
}

func (c *counting) Note(p Problem) error {
	if c.notes++; c.notes > maxNotes {
		return nil
	}
	return c.to.Note(p)
}
