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
			err = refuse("file.damaged.odd")
		}
	}()
	return refused(read(name, r, size, &counting{to: sink}, true))
}

// saveAnew is the remedy where the reader of workbooks names none.
const saveAnew = "open it in your spreadsheet program and save it anew as .xlsx"

// refused makes a Refusal of what the workbook reader found.
func refused(err error) error {
	var e *xlsform.StreamError
	if !errors.As(err, &e) {
		return err
	}
	text, remedy := cutRemedy(e.Text)
	if remedy == "" {
		remedy = saveAnew
	}
	p := Problem{Sheet: e.Sheet, Code: e.Key, Says: inBook(e.Key), Text: text, Remedy: remedy, Error: true}
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
		return refuse("file.empty")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return readZip(name, r, size, sink, zips)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return readOLE(name, r, size, sink)
	}
	if what := foreign(head); what != "" {
		return refuse("file.kind." + what)
	}
	if ext == ".xlsx" || ext == ".xlsm" || ext == ".ods" || ext == ".zip" {
		return refuse("file.damaged.whole")
	}
	return readDelimited(name, func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(r, 0, size)), nil
	}, sink)
}

// foreign recognizes files that are no table of text, by the names that the catalogs have
// for them.
func foreign(head []byte) string {
	for _, f := range []struct{ mark, what string }{
		{"%PDF", "pdf"}, {"\x1f\x8b", "gzip"}, {"7z\xbc\xaf", "7z"}, {"Rar!", "rar"}, {"$FL2", "spss"}, {"$FL3", "spss"}, {"<stata_dta>", "stata"},
		{"PAR1", "parquet"}, {"SQLite format 3", "sqlite"}, {"\x89PNG", "picture"}, {"\xff\xd8\xff", "picture"}, {"{\\rtf", "rtf"}, {"\x7fELF", "program"},
	} {
		if bytes.HasPrefix(head, []byte(f.mark)) {
			return f.what
		}
	}
	text := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")))
	switch {
	case strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"), strings.HasPrefix(text, "<table"):
		return "web"
	case strings.HasPrefix(text, "<?xml"):
		return "xml"
	case strings.HasPrefix(text, "{\""), strings.HasPrefix(text, "[{"), strings.HasPrefix(text, "{\n"), strings.HasPrefix(text, "{\r"):
		return "json"
	}
	return ""
}

// counting holds the limits that count over a whole file.
type counting struct {
	to                  Sink
	sheets, rows, notes int
}

func (c *counting) Sheet(s Sheet) error {
	if c.sheets++; c.sheets > maxSheets {
		return refuse("file.sheets", "n", maxSheets)
	}
	return c.to.Sheet(s)
}

func (c *counting) Row(r Row) error {
	if len(r.Cells) == 0 || c.sheets == 0 {
		return nil
	}
	r.Cells = inOrder(r.Cells)
	if c.rows++; c.rows > maxRows {
		return refuse("file.rows.many", "n", maxRows)
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
