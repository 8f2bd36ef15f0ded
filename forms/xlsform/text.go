package xlsform

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// plainText decodes a text file: UTF-8 with or without a mark, or UTF-16 with one.
// Anything else is refused: guessing an encoding spoils names in silence.
func plainText(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = fromUTF16(data[2:], binary.BigEndian)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", refuse("file.kind", "the file is not text: save the form as .xlsx, or as “CSV UTF-8”")
	}
	if !utf8.Valid(data) {
		line := 1
		for rest := data; len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			rest = rest[size:]
		}
		return "", refuse("file.encoding", "the text is not in UTF-8 here: in Excel choose Save As, “CSV UTF-8 (comma delimited)”, or save the form as .xlsx").at("", line)
	}
	return string(data), nil
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// csvReader reads records and counts rows as a spreadsheet program does: blank lines
// are rows, and a quoted cell with line breaks in it is one.
type csvReader struct {
	text string
	csv  *csv.Reader
	done int64 // bytes of text read
	row  int
}

func newCSVReader(text string) *csvReader {
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // old Macintosh files
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.Comma = delimiter(text)
	return &csvReader{text: text, csv: r}
}

// delimiter finds what separates the cells: a semicolon where the comma is the decimal
// sign, a tab in “Unicode text”. The first line with a separator outside quotes decides.
func delimiter(text string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == ',' || r == ';' || r == '\t':
			counts[r]++
		case r == '\n' && len(counts) > 0:
			return mostOf(counts)
		}
	}
	return mostOf(counts)
}

func mostOf(counts map[rune]int) rune {
	best := ','
	for _, r := range []rune{';', '\t'} {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// next returns the cells of the next row that is not blank, or io.EOF.
func (r *csvReader) next() ([]string, error) {
	fields, err := r.csv.Read()
	end := r.csv.InputOffset()
	raw := r.text[r.done:end]
	for _, c := range raw { // blank lines before the record
		if c == '\n' {
			r.row++
		} else if c != '\r' {
			break
		}
	}
	r.done = end
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	r.row++
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return nil, refuse("file.csv", "the CSV is broken at line %d, column %d, by a quotation mark: write one inside a cell twice, and close every quotation", bad.Line, bad.Column).at("", r.row)
	}
	if err == nil && len(fields) > maxColumns {
		return nil, refuse("file.columns", "the row has more than 16,384 cells: delete what stands far to the right").at("", r.row)
	}
	return fields, err
}

// readCSV reads one sheet from a CSV file of its own.
func readCSV(out *collector, sheet string, data []byte) error {
	text, err := plainText(data)
	if err != nil {
		return inSheet(err, sheet)
	}
	if err := out.open(sheet); err != nil {
		return err
	}
	r := newCSVReader(text)
	for {
		fields, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return inSheet(err, sheet)
		}
		if err := out.textRow(r.row, fields); err != nil {
			return err
		}
	}
}

func inSheet(err error, sheet string) error {
	var f *fault
	if errors.As(err, &f) && f.sheet == "" {
		f.sheet = sheet
	}
	return err
}

// readCSVBook reads a single CSV file whose first column names the sheet: a cell there
// begins a sheet, and rows with an empty first cell belong to it. A file whose first
// row is a survey header is a survey alone.
func readCSVBook(out *collector, data []byte) error {
	text, err := plainText(data)
	if err != nil {
		return err
	}
	r := newCSVReader(text)
	var b book
	for first := true; ; first = false {
		fields, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if first && !blank(fields[0]) && isSurveyHeader(fields) {
			return readCSV(out, "survey", data)
		}
		if err := b.add(out, fields[0], fields[1:]); err != nil {
			return err
		}
	}
}

func isSurveyHeader(fields []string) bool {
	for _, f := range fields {
		if strings.EqualFold(trim(f), "type") {
			return strings.EqualFold(trim(fields[0]), "type") || surveyColumns.knows(fields[0])
		}
	}
	return false
}

// book puts rows with a sheet column into sheets. Rows count from each sheet's header,
// and blank ones do not count.
type book struct{ row int }

func (b *book) add(out *collector, sheet string, fields []string) error {
	if sheet = trim(sheet); sheet != "" {
		if err := out.open(sheet); err != nil {
			return err
		}
		b.row = 0
	}
	if len(out.sheets) == 0 || allBlank(fields) {
		return nil
	}
	b.row++
	return out.textRow(b.row, fields)
}

func blank(s string) bool { return trim(s) == "" }

func allBlank(fields []string) bool {
	for _, f := range fields {
		if !blank(f) {
			return false
		}
	}
	return true
}

// textRow adds a row of cells that all are text.
func (c *collector) textRow(number int, fields []string) error {
	c.row(number)
	for i, f := range fields {
		if err := c.cell(i+1, f); err != nil {
			return err
		}
	}
	return c.closeRow()
}

// readMarkdown reads tables written with "|": the first column names the sheet as in
// readCSVBook, "\|" is a bar inside a cell, and lines that begin with "#" are remarks.
func readMarkdown(out *collector, data []byte) error {
	text, err := plainText(data)
	if err != nil {
		return err
	}
	var b book
	for line := range strings.Lines(text) {
		fields := markdownCells(line)
		if fields == nil {
			continue
		}
		if err := b.add(out, fields[0], fields[1:]); err != nil {
			return err
		}
	}
	return nil
}

// markdownCells splits a table line; nil for any other line.
func markdownCells(line string) []string {
	line = strings.TrimSpace(line)
	// A remark may follow the last bar.
	if i := strings.LastIndex(line, "#"); i > 0 && !strings.Contains(line[i:], "|") {
		line = strings.TrimSpace(line[:i])
	}
	if len(line) < 2 || line[0] != '|' {
		return nil
	}
	line = line[1:]
	if i := lastBar(line); i >= 0 {
		line = line[:i]
	} else {
		return nil
	}
	if strings.Trim(line, "|-: ") == "" && strings.Contains(line, "--") {
		return nil // the rule below a header
	}
	var fields []string
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == '|':
			b.WriteByte('|')
			i++
		case line[i] == '|':
			fields = append(fields, b.String())
			b.Reset()
		default:
			b.WriteByte(line[i])
		}
	}
	fields = append(fields, b.String())
	for i, f := range fields {
		fields[i] = lineBreaks.Replace(f)
	}
	return fields
}

// lineBreaks are written by number, because a table's row is one line.
var lineBreaks = strings.NewReplacer("&#10;", "\n", "&#13;", "\r")

// lastBar finds the last "|" that is not escaped.
func lastBar(line string) int {
	for i := len(line) - 1; i >= 0; i-- {
		if line[i] == '|' && (i == 0 || line[i-1] != '\\') {
			return i
		}
	}
	return -1
}
