package report

// book is a workbook as plain data, before anything is written.
type book struct {
	sheets []*sheet
}

// headerRow is the row of the table's header on every sheet: the title, what the sheet
// is, and the second key of the columns stand above it.
const headerRow = 4

// sheet is a title, one table, and how it prints.
type sheet struct {
	name       string
	title      string // A1
	lead       []line // A2 and A3, besides the way back
	table      string // name of the Excel table; "": a sheet to be read, not a table
	columns    []column
	rows       [][]cell
	frozen     int   // columns that stay in sight
	keys       []int // columns that say what a row is about; nil: those that stay in sight
	pagesWide  int   // at least 1
	printRows  int   // rows of the table that print; 0: all
	hideGrid   bool  // for reading only
	backToRead bool  // A3 leads back to the first sheet
}

// line is a text above the table, with where it leads.
type line struct {
	text string
	look look
}

// column is a header and a width in characters.
type column struct {
	header string // unique in its sheet
	key    string // second key, above the header: ISO3 or variable name
	width  float64
	url    string // where the header leads
}

// cellKind says what is written.
type cellKind uint8

const (
	emptyCell cellKind = iota // does not apply to this row
	textCell
	numberCell
	dateCell // number holds the day as Excel counts
)

// cell is one value with its looks and where it leads.
type cell struct {
	kind   cellKind
	text   string // of a text; otherwise what the number looks like, for its width
	number float64
	format string // number format; "" for texts
	look   look
	url    string // on the web
	to     target // in this workbook
}

// target is a cell of the workbook; the zero target is none.
type target struct {
	sheet string
	row   int
}

// look names a style; the colors say nothing that the words do not say.
type look uint8

const (
	plain   look = iota
	strong       // first key of a row
	faint        // a mark: no value, not asked, no return
	linked       // a text that is there to be followed
	heading      // header of a table
	key          // second key above a header
	title
	lead
	banner // example data
)

func textOf(s string) cell   { return cell{kind: textCell, text: s} }
func strongOf(s string) cell { return cell{kind: textCell, text: s, look: strong} }
func faintOf(s string) cell  { return cell{kind: textCell, text: s, look: faint} }

// intOf is a whole number without grouping when it is a year or an ordinal.
func intOf(n int) cell {
	return cell{kind: numberCell, number: float64(n), format: "0", text: "0000"}
}

// orEmpty is a text, or a cell that does not apply.
func orEmpty(s string) cell {
	if s == "" {
		return cell{}
	}
	return textOf(s)
}
