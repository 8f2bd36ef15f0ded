package legacy

import (
	"io"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// maxOLE bounds an old binary workbook, which must be held whole; the format itself ends
// at 65,536 rows a sheet.
const maxOLE = 32 << 20

// readOLE reads an old binary workbook through the reader of forms, which also says that
// a workbook is locked. Its cells come as text: numbers with a point, dates as ISO 8601.
func readOLE(name string, r io.ReaderAt, size int64, sink Sink) error {
	if size > maxOLE {
		return refuse("file.large.old", "n", maxOLE>>20)
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return err
	}
	sheets, problems := xlsform.ParseSheets(name, data)
	for _, p := range problems {
		text, remedy := cutRemedy(p.Text)
		note := Problem{File: name, Sheet: p.Place.Sheet, Code: p.Key, Says: inBook(p.Key), Text: text, Remedy: remedy, Error: p.Severity == forms.Error}
		if note.Error {
			return &Refusal{note}
		}
		if err := sink.Note(note); err != nil {
			return err
		}
	}
	for _, s := range sheets {
		if err := sink.Sheet(Sheet{File: name, Name: s.Name, Format: "xls"}); err != nil {
			return err
		}
		for _, row := range s.Rows {
			cells := make([]Cell, len(row.Cells))
			for i, c := range row.Cells {
				cells[i] = Cell{Column: c.Column, Text: c.Text}
			}
			if err := sink.Row(Row{Number: row.Number, Cells: cells}); err != nil {
				return err
			}
		}
	}
	return nil
}
