// Package legacy reads the tables in which old answers lie, finds out how they are laid
// out, and turns their rows into answers to a form: one that is given, or one inferred
// from the columns.
//
// It is pure: bytes in, values and problems out; nothing is stored here. Tables pass as
// a stream of rows, so memory does not grow with their length. Files are strangers': Read
// is made for a child process with limits (Worker and ReadVia), and whatever a file
// holds, it is refused with a remedy or understood, never guessed in silence.
package legacy

import "fmt"

// Kind tells what a cell was in its file.
type Kind uint8

// The kinds of cell. Delimited text knows only Text.
const (
	Text   Kind = iota
	Number      // written with a point, whatever its sheet shows
	Date        // ISO 8601, or 15:04:05 for a time of day
	Bool        // TRUE or FALSE
)

// Cell is one cell that holds something. Column counts from 1.
type Cell struct {
	Column int
	Text   string
	Kind   Kind
	Spread bool   // repeated from the first cell of a merged block
	Note   string // remark beside an answer, where labels and answers go down
}

// Row is one row of a sheet. Number counts from 1 as a spreadsheet program shows it; in
// delimited text it counts records. Rows without cells are left out.
type Row struct {
	Number int
	Cells  []Cell // from left to right
}

// Text returns what a row holds in a column, "" when nothing.
func (r Row) Text(column int) string {
	if i := column - 1; i >= 0 && i < len(r.Cells) && r.Cells[i].Column == column {
		return r.Cells[i].Text // a full row
	}
	for _, c := range r.Cells {
		if c.Column == column {
			return c.Text
		}
	}
	return ""
}

// Sheet is one table: a sheet of a workbook or a delimited file.
type Sheet struct {
	File      string `json:"file"` // name of the file; in a zip with its path
	Name      string `json:"name"` // as on the tab; the file's name without its ending
	Format    string `json:"format"`
	Hidden    bool   `json:"hidden,omitempty"`
	Encoding  string `json:"encoding,omitempty"`  // of delimited text
	Delimiter string `json:"delimiter,omitempty"` // of delimited text
}

// Sink takes tables, sheet by sheet and row by row. A row and its cells are the
// reader's: what is kept must be copied. An error ends the reading and comes back.
type Sink interface {
	Sheet(Sheet) error
	Row(Row) error
	Note(Problem) error // something about the file that does not stop its reading
}

// Problem is something that a person should know or decide. Code is stable; Text says
// what is the matter and Remedy what to do.
type Problem struct {
	File   string `json:"-"`
	Sheet  string `json:"sheet"`
	Cell   string `json:"cell"` // "C7", "C" for a column, "" for the whole sheet
	Code   string `json:"code"`
	Text   string `json:"text"`
	Remedy string `json:"remedy"`
	// Error says that the row cannot be taken as it stands; the others are for
	// information.
	Error bool `json:"-"`
	Says  Says `json:"-"` // the same for other languages
}

// Refusal is a file that cannot be read.
type Refusal struct{ Problem }

func (r *Refusal) Error() string {
	place := r.Sheet
	if r.Cell != "" {
		place += "!" + r.Cell
	}
	if place != "" {
		place += ": "
	}
	return place + r.Text + ": " + r.Remedy
}

// Letters gives a column's name as spreadsheet programs write it: 1 is "A", 27 "AA".
func Letters(column int) string {
	var b []byte
	for ; column > 0; column = (column - 1) / 26 {
		b = append([]byte{byte('A' + (column-1)%26)}, b...)
	}
	return string(b)
}

// address is a cell's name: "C7".
func address(column, row int) string { return fmt.Sprintf("%s%d", Letters(column), row) }

// Limits of what is read. A table of answers is far below all of them; a file that goes
// beyond one was made to hurt.
const (
	maxColumns    = 16_384    // as spreadsheet programs have
	maxRows       = 5_000_000 // of one file
	maxSheets     = 500       // of one file
	maxCellBytes  = 128 << 10 // Excel itself stops at 32,767 UTF-16 units
	maxRowBytes   = 4 << 20   // of one record of delimited text
	maxMember     = 64 << 20  // of a workbook inside a zip, which must be held
	maxNotes      = 100       // of one file; nobody reads more
	maxSpreadWide = 2_000     // columns that one merged block is repeated over
)
