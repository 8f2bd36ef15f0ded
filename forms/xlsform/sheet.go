package xlsform

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// Sheet is one table of a workbook, as the author sees it: every cell as text.
type Sheet struct {
	File string // the workbook's name, for places
	Name string // as written on the tab
	Rows []Row  // rows that hold something, in order; the first one is the header
}

// Row is one row of a Sheet. Number counts from 1 as the spreadsheet program shows it;
// in Markdown and in a CSV file with a sheet column it counts from the sheet's header.
type Row struct {
	Number int
	Cells  []Cell // cells that hold something, from left to right
}

// Cell is one cell that holds something. Column counts from 1.
type Cell struct {
	Column int
	Text   string
}

// Text returns what a row holds in a column, "" when nothing.
func (r Row) Text(column int) string {
	for _, c := range r.Cells {
		if c.Column == column {
			return c.Text
		}
	}
	return ""
}

// Record is one row of a Sheet read through its header.
type Record struct {
	Place  forms.Place // of the row; Column is empty
	Fields map[string]string
}

// Header returns the header's cells; nil for an empty sheet.
func (s Sheet) Header() []Cell {
	if len(s.Rows) == 0 {
		return nil
	}
	return s.Rows[0].Cells
}

// Records reads the rows below the header by the headers' texts, in lower case and
// without space around them. Cells without a header are left out.
func (s Sheet) Records() []Record {
	if len(s.Rows) == 0 {
		return nil
	}
	names := make(map[int]string)
	for _, c := range s.Header() {
		names[c.Column] = strings.ToLower(strings.TrimSpace(c.Text))
	}
	records := make([]Record, 0, len(s.Rows)-1)
	for _, row := range s.Rows[1:] {
		fields := make(map[string]string, len(row.Cells))
		for _, c := range row.Cells {
			if name := names[c.Column]; name != "" {
				fields[name] = c.Text
			}
		}
		records = append(records, Record{Place: s.place(row.Number, ""), Fields: fields})
	}
	return records
}

func (s Sheet) place(row int, column string) forms.Place {
	return forms.Place{File: s.File, Sheet: s.Name, Row: row, Column: column}
}

// columnLetters gives a column's name as spreadsheet programs write it: 1 is "A", 27 "AA".
func columnLetters(column int) string {
	var b []byte
	for ; column > 0; column = (column - 1) / 26 {
		b = append([]byte{byte('A' + (column-1)%26)}, b...)
	}
	return string(b)
}

// MaxBytes is the largest file that is read.
const MaxBytes = 32 << 20

// Limits of what is read. A questionnaire is far below all of them; a file that goes
// beyond one was made to hurt, or is not a questionnaire.
const (
	maxSheets      = 200
	maxRows        = 200_000   // rows of one sheet that hold something
	maxColumns     = 16_384    // as spreadsheet programs have
	maxCells       = 1_500_000 // cells of one workbook that hold something
	maxCellBytes   = 128 << 10 // Excel itself stops at 32,767 UTF-16 units
	maxTotalUnzip  = 64 << 20
	maxPartUnzip   = 32 << 20
	maxZipMembers  = 2000
	maxUnzipRatio  = 200     // of a part above ratioFloorBytes
	ratioFloorSize = 1 << 20 // small parts of repeated styles compress beyond any ratio
)

// fault is a reason to refuse a whole file, with its remedy.
type fault struct {
	key   string
	sheet string
	row   int
	text  message.Text
}

func (f *fault) Error() string { return f.text.English }

// refuse makes a fault. Its text ends with the remedy.
func refuse(key, format string, args ...any) *fault {
	return &fault{key: key, text: message.New(format, args...)}
}

// at is the fault with its place.
func (f *fault) at(sheet string, row int) *fault {
	f.sheet, f.row = sheet, row
	return f
}

func longCell(column int) *fault {
	return refuse("file.cell", "the cell in column %s holds more than %d KiB of text: shorten it", columnLetters(column), maxCellBytes>>10)
}

// collector builds the sheets of one workbook and holds the limits that count over
// all of them.
type collector struct {
	file   string
	sheets []Sheet
	cells  int
	notes  []forms.Problem // warnings met on the way
}

// open begins a new sheet; the rows added from now on are its rows.
func (c *collector) open(name string) error {
	if len(c.sheets) >= maxSheets {
		return refuse("file.sheets", "the workbook has more than %d sheets: keep survey, choices and settings, and delete the others", maxSheets)
	}
	c.sheets = append(c.sheets, Sheet{File: c.file, Name: name})
	return nil
}

// row begins a new row of the sheet that was opened last.
func (c *collector) row(number int) {
	s := &c.sheets[len(c.sheets)-1]
	s.Rows = append(s.Rows, Row{Number: number})
}

// cell adds a cell to the row begun last. Text without a visible character counts as
// nothing; space around the text is not kept.
func (c *collector) cell(column int, text string) error {
	text = trim(text)
	if text == "" {
		return nil
	}
	s := &c.sheets[len(c.sheets)-1]
	r := &s.Rows[len(s.Rows)-1]
	switch {
	case column > maxColumns:
		return refuse("file.columns", "the row goes beyond column XFD: delete what stands far to the right").at(s.Name, r.Number)
	case len(text) > maxCellBytes:
		return longCell(column).at(s.Name, r.Number)
	case c.cells >= maxCells:
		return refuse("file.cells", "the workbook holds more than 1,500,000 filled cells: keep only the questionnaire in it").at(s.Name, r.Number)
	}
	c.cells++
	r.Cells = append(r.Cells, Cell{Column: column, Text: text})
	return nil
}

// closeRow forgets the row begun last when it holds nothing.
func (c *collector) closeRow() error {
	s := &c.sheets[len(c.sheets)-1]
	last := len(s.Rows) - 1
	if last >= 0 && len(s.Rows[last].Cells) == 0 {
		s.Rows = s.Rows[:last]
		return nil
	}
	if len(s.Rows) > maxRows {
		return refuse("file.rows", "the sheet has more than 200,000 filled rows: keep only the questionnaire in it, and put long lists into a CSV file (select_one_from_file)").at(s.Name, s.Rows[last].Number)
	}
	return nil
}

// trim takes white space from both ends, makes ordinary spaces of the no-break ones
// that come along when text is pasted from a web page or a word processor, and one line
// feed of each way to break a line.
func trim(s string) string {
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.Contains(s, "\u00a0") {
		s = strings.ReplaceAll(s, "\u00a0", " ")
	}
	return strings.TrimSpace(s)
}
