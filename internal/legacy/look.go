package legacy

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// Orientation of a table.
type Orientation = study.Orientation

// The orientations.
const (
	Rows    = study.InRows
	Columns = study.InColumns
	Pairs   = study.InPairs
	Other   = study.NoAnswers
)

// Table is one sheet, understood.
type Table struct {
	Sheet
	Orientation Orientation
	HeaderRows  int        // rows of names, labels and units
	First       int        // number of the first row (column) with answers
	Fields      []*Field   // in order
	Records     int        // responses or items in it
	Passed      int        // rows that are notes, titles or totals
	Multi       bool       // several rows make one response: what comes before is merged over them
	Mark        string     // decimal mark of its numbers, "" when none showed it
	Country     study.ISO3 // that the rows around the answers name
	Another     int        // number of the row where another table begins, 0 when none does
	last        int        // number of the last row with answers so far
	answers     []int      // the columns of answers, when they are columns
	headerRow   int        // number of the first row of its header, 0 when it has none
	sample      []SampledRow
	said        bool // a person said how it is laid out
}

// Field is one question's place in a table: a column, or a row when columns are responses.
type Field struct {
	Position int      // column number; row number when columns are responses
	Header   string   // all of its header, as one text
	Parts    []string // its header row by row
	Unit     string
	Seen     Tally
	Vertical bool // cells merged over several rows show the same value
}

// Found is what a file holds.
type Found struct {
	Tables []*Table
	Notes  []Problem
}

// Look reads nothing itself: it is the Sink that finds out how tables are laid out.
// It keeps the first rows of each sheet, and of the rest only what it counts.
type Look struct {
	Found
	Mapping *Mapping // what a person said about the sheets; may be nil

	sheet Sheet
	begun bool
	held  []Row // copies, until the layout is decided
	cells int   // in held
	table *Table
}

const (
	maxHeldRows  = 400
	maxHeldCells = 100_000
)

// Sheet implements Sink.
func (l *Look) Sheet(s Sheet) error {
	l.finish()
	l.sheet, l.begun = s, true
	return nil
}

// Row implements Sink.
func (l *Look) Row(r Row) error {
	if l.table != nil {
		l.table.count(r)
		return nil
	}
	if r.blank() {
		return nil
	}
	l.held = append(l.held, Row{Number: r.Number, Cells: slices.Clone(r.Cells)})
	l.cells += len(r.Cells)
	if (len(l.held) >= maxHeldRows && !l.standing() && !mayStandOnEnd(l.held)) || l.cells > maxHeldCells || len(l.held) >= 10*maxHeldRows {
		l.decide()
	}
	return nil
}

// Note implements Sink.
func (l *Look) Note(p Problem) error {
	l.Notes = append(l.Notes, p)
	return nil
}

// Done gives what was found, after the last row.
func (l *Look) Done() Found {
	l.finish()
	l.passOverTexts()
	l.passOverCodebooks()
	return l.Found
}

// passOverCodebooks takes sheets that describe the columns of another one for no answers:
// what stands in a column of theirs are its headers.
func (l *Look) passOverCodebooks() {
	headers := make([]map[string]bool, len(l.Tables))
	for i, t := range l.Tables {
		headers[i] = map[string]bool{}
		for _, f := range t.Fields {
			headers[i][loose(f.Header)] = f.Header != ""
		}
	}
	for i, t := range l.Tables {
		for j := range l.Tables {
			if i != j && t.Orientation == Rows && !t.said && (t.describes(headers[j]) || t.listsCodes() && l.Tables[j].Orientation != Other && len(l.Tables[j].Fields) > len(t.Fields)) {
				t.Orientation, t.Records = Other, 0
			}
		}
	}
}

var (
	codeWords  = set("code", "codes", "codigo", "value", "values", "valor", "valeur", "variable", "variables")
	labelWords = set("label", "labels", "value label", "value labels", "etiqueta", "significado", "meaning", "descripcion", "description", "libelle", "signification", "definition", "definicion")
)

// listsCodes reports a narrow table headed "Code | Label": what codes mean, once each.
func (t *Table) listsCodes() bool {
	if len(t.Fields) < 2 || len(t.Fields) > 4 || !codeWords[fold(t.Fields[0].Header)] && !codeWords[fold(t.Fields[1].Header)] {
		return false
	}
	return slices.ContainsFunc(t.Fields[1:], func(f *Field) bool { return labelWords[fold(f.Header)] })
}

// describes reports that most texts of one of the first columns are headers.
func (t *Table) describes(headers map[string]bool) bool {
	for _, f := range t.Fields[:min(3, len(t.Fields))] {
		n := 0
		for _, s := range f.Seen.Order {
			if headers[loose(s)] {
				n++
			}
		}
		if n >= 2 && n*5 >= len(f.Seen.Order)*3 && f.Seen.share(plainText) == 1 {
			return true
		}
	}
	return false
}

// passOverTexts takes sheets of one column, such as instructions, for no answers when
// other sheets have more.
func (l *Look) passOverTexts() {
	const page = 60 // rows
	wide := slices.ContainsFunc(l.Tables, func(t *Table) bool { return t.Orientation != Other && len(t.Fields) > 1 })
	for _, t := range l.Tables {
		if wide && t.Orientation == Rows && !t.said && len(t.Fields) == 1 && t.Records <= page {
			t.Orientation, t.Records = Other, 0
		}
	}
}

func (l *Look) finish() {
	if !l.begun {
		return
	}
	if l.table == nil {
		l.decide()
	}
	l.begun, l.table, l.held, l.cells = false, nil, nil, 0
}

// decide lays out the sheet under way from the rows held, and counts them.
func (l *Look) decide() {
	said, _ := l.Mapping.For(l.sheet.Name)
	t := layOut(l.sheet, l.held, said)
	t.sample = t.sampleRows(l.held)
	for _, r := range t.records(l.held) {
		t.count(r)
	}
	if t.Orientation == Rows && t.Passed == 0 && len(l.held) > 0 {
		t.Passed = max(0, countBefore(l.held, t.First)-t.HeaderRows)
	}
	l.table, l.held = t, nil
	l.Tables = append(l.Tables, t)
}

// standing reports that a person said that questions go down.
func (l *Look) standing() bool {
	said, _ := l.Mapping.For(l.sheet.Name)
	return said.Orientation == Columns || said.Orientation == Pairs
}

func countBefore(rows []Row, first int) int {
	n := 0
	for _, r := range rows {
		if r.Number < first {
			n++
		}
	}
	return n
}

// blank reports a row in which nothing can be seen.
func (r Row) blank() bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c.Text) != "" {
			return false
		}
	}
	return true
}

// mayStandOnEnd reports that questions may go down in these rows: few columns.
func mayStandOnEnd(rows []Row) bool {
	wide := 0
	for _, r := range rows {
		wide = max(wide, len(r.Cells))
	}
	return wide <= 6
}
