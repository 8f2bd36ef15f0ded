package legacy

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms/xlsform"
)

// readODS reads the sheets of an OpenDocument spreadsheet. Programs write the empty rest
// of a sheet as one row repeated a million times, so empty repeats only count.
func readODS(name string, parts *xlsform.Parts, sink Sink) error {
	if encrypted, err := odsEncrypted(parts); err != nil || encrypted {
		if err != nil {
			return err
		}
		return refuse("file.encrypted")
	}
	content, err := parts.Open("content.xml")
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // what was read is checked by its sum
	o := &odsReader{file: name, xml: xml.NewDecoder(content), sink: sink}
	o.xml.Strict = true
	return o.read()
}

func odsEncrypted(parts *xlsform.Parts) (bool, error) {
	if !parts.Has("META-INF/manifest.xml") {
		return false, nil
	}
	r, err := parts.Open("META-INF/manifest.xml")
	if err != nil {
		return false, err
	}
	defer r.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	return strings.Contains(string(text), "encryption-data"), err
}

// Limits of repeats that hold something: a value dragged over more cells than this was
// made to hurt.
const (
	maxRepeatRows    = 10_000
	maxRepeatColumns = 1_024
)

// odsReader walks through content.xml.
type odsReader struct {
	file    string
	xml     *xml.Decoder
	sink    Sink
	sheet   string
	row     Row
	column  int
	repeat  int // how often the row under way stands there
	merged  spreader
	errors  int
	inTable int // tables can stand in the cells of others
}

func (o *odsReader) read() error {
	for {
		token, err := o.xml.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return o.damaged(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return o.damaged(errors.New("it has a document type"))
		case xml.StartElement:
			err = o.open(t)
		case xml.EndElement:
			err = o.close(t.Name.Local)
		}
		if err != nil {
			return err
		}
	}
}

func (o *odsReader) damaged(err error) error {
	var inner *xlsform.StreamError
	if errors.As(err, &inner) {
		return err
	}
	p := refuse("file.damaged.part", "why", err)
	return inSheet(p, o.sheet)
}

func (o *odsReader) open(t xml.StartElement) error {
	switch t.Name.Local {
	case "table":
		if o.inTable++; o.inTable == 1 {
			o.sheet = attribute(t, "name")
			o.row, o.merged = Row{}, spreader{}
			return o.sink.Sheet(Sheet{File: o.file, Name: o.sheet, Format: "ods"})
		}
	case "table-row":
		if o.inTable == 1 {
			o.column = 0
			o.repeat = count(attribute(t, "number-rows-repeated"))
			o.row = Row{Number: o.row.Number + 1, Cells: o.row.Cells[:0]}
		}
	case "table-cell", "covered-table-cell":
		if o.inTable == 1 {
			return o.cell(t)
		}
	}
	return nil
}

func count(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 1<<24)
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// cell reads one cell to its end and puts it down as often as it is repeated.
func (o *odsReader) cell(t xml.StartElement) error {
	repeat := count(attribute(t, "number-columns-repeated"))
	text, err := o.text()
	if err != nil {
		return err
	}
	c := Cell{Column: o.column + 1, Text: text}
	c.Kind, c.Text = odsValue(t, text)
	if c.Text != "" && odsError(t, text) {
		c.Text = ""
		if err := o.noteError(text); err != nil {
			return err
		}
	}
	wide, high := count(attribute(t, "number-columns-spanned")), count(attribute(t, "number-rows-spanned"))
	if (wide > 1 || high > 1) && c.Text != "" {
		o.merged.add(block{first: c, begun: true, Span: xlsform.Span{
			Row: o.row.Number, Column: c.Column, LastRow: o.row.Number + high - 1, LastColumn: c.Column + wide - 1}})
	}
	o.column += repeat
	if c.Text == "" {
		return nil
	}
	if o.column > maxColumns || repeat > maxRepeatColumns {
		return inSheet(refuse("file.columns.repeat", "row", o.row.Number, "n", repeat), o.sheet)
	}
	if len(c.Text) > maxCellBytes {
		return inSheet(refuse("file.cell", "cell", address(c.Column, o.row.Number)), o.sheet)
	}
	for range repeat {
		o.row.Cells = append(o.row.Cells, c)
		c.Column++
	}
	return nil
}

// text gathers the paragraphs of a cell, without its comments.
func (o *odsReader) text() (string, error) {
	var b strings.Builder
	depth, quiet, paragraphs := 1, 0, 0
	for depth > 0 {
		token, err := o.xml.RawToken()
		if err != nil {
			return "", o.damaged(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return "", o.damaged(errors.New("it has a document type"))
		case xml.StartElement:
			depth++
			if quiet > 0 || t.Name.Local == "annotation" {
				quiet++
				continue
			}
			switch t.Name.Local {
			case "p":
				if paragraphs++; paragraphs > 1 {
					b.WriteByte('\n')
				}
			case "s":
				b.WriteString(strings.Repeat(" ", min(count(attribute(t, "c")), 1000)))
			case "tab":
				b.WriteByte('\t')
			case "line-break":
				b.WriteByte('\n')
			}
		case xml.EndElement:
			depth--
			quiet = max(quiet-1, 0)
		case xml.CharData:
			if quiet == 0 && paragraphs > 0 && b.Len() <= maxCellBytes {
				b.Write(t)
			}
		}
		if depth > 200 {
			return "", o.damaged(errors.New("its elements are nested too deep"))
		}
	}
	return b.String(), nil
}

// odsValue gives a cell's typed value; its shown text when it has none.
func odsValue(t xml.StartElement, shown string) (Kind, string) {
	switch attribute(t, "value-type") {
	case "float", "percentage", "currency":
		if v, err := strconv.ParseFloat(attribute(t, "value"), 64); err == nil {
			return Number, strconv.FormatFloat(v, 'f', -1, 64)
		}
	case "date":
		if v := attribute(t, "date-value"); v != "" {
			day, clock, timed := strings.Cut(v, "T")
			if !timed || strings.Trim(clock, "0:.") == "" {
				return Date, day
			}
			clock, _, _ = strings.Cut(clock, ".")
			return Date, day + "T" + clock
		}
	case "time":
		if v, ok := odsClock(attribute(t, "time-value")); ok {
			return Date, v
		}
	case "boolean":
		return Bool, strings.ToUpper(attribute(t, "boolean-value"))
	}
	return Text, shown
}

var odsErrors = regexp.MustCompile(`^(?:#[A-Z0-9/]+[!?]?|Err:\d+)$`)

// odsError reports a formula that came to an error: its cell is marked so, or shows one.
// A text that only looks like an error has no formula, and stays.
func odsError(t xml.StartElement, shown string) bool {
	for _, a := range t.Attr {
		if a.Name.Local == "value-type" && a.Value == "error" {
			return true
		}
	}
	return attribute(t, "formula") != "" && odsErrors.MatchString(shown)
}

// noteError says that the cell at hand shows an error, for the first ones of a file.
func (o *odsReader) noteError(shown string) error {
	const enough = 50 // as the reader of workbooks
	if o.errors++; o.errors > enough {
		return nil
	}
	p := say("book.error")
	p.Code, p.File, p.Sheet, p.Cell = "cell.error", o.file, o.sheet, address(o.column+1, o.row.Number)
	p.Text = "the cell shows the error " + shown + " and is read as empty"
	return o.sink.Note(p)
}

// odsClock reads "PT14H30M00S".
func odsClock(s string) (string, bool) {
	s, ok := strings.CutPrefix(s, "PT")
	hours, s, ok1 := strings.Cut(s, "H")
	minutes, s, ok2 := strings.Cut(s, "M")
	seconds, _, _ := strings.Cut(strings.TrimSuffix(s, "S"), ".")
	ok = ok && ok1 && ok2 && len(hours) == 2 && len(minutes) == 2 && len(seconds) == 2
	return hours + ":" + minutes + ":" + seconds, ok
}

func (o *odsReader) close(name string) error {
	switch {
	case name == "table":
		o.inTable = max(o.inTable-1, 0)
	case name == "table-row" && o.inTable == 1:
		return o.closeRow()
	}
	return nil
}

func (o *odsReader) closeRow() error {
	if len(o.row.Cells) > 0 && o.repeat > maxRepeatRows {
		return inSheet(refuse("file.rows.repeat", "row", o.row.Number, "n", o.repeat), o.sheet)
	}
	last := o.row.Number + o.repeat - 1
	if last > 1<<24 {
		return inSheet(refuse("file.rows.empty"), o.sheet)
	}
	own := len(o.row.Cells)
	// A row that merged blocks cover wholly says nothing of its own.
	for ; own > 0 && o.row.Number <= last; o.row.Number++ {
		o.row.Cells = o.row.Cells[:own]
		o.merged.spread(&o.row)
		if err := o.sink.Row(o.row); err != nil {
			return err
		}
	}
	o.row.Number = last
	return nil
}
