package report

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxLinks is how many addresses a sheet links to: Excel takes 65,529, and excelize
// compares each with all before it, so that many would take minutes. Beyond it the
// addresses of the long table are plain text.
const maxLinks = 5_000

// writer puts a book into an excelize file.
type writer struct {
	b      *builder
	file   *excelize.File
	styles styles
}

// write writes the book and packs it so that the same book gives the same bytes.
func (b *builder) write(ctx context.Context, out io.Writer, k *book, progress func(done, total int)) (err error) {
	file := excelize.NewFile()
	defer func() {
		if closing := file.Close(); err == nil && closing != nil {
			err = closing
		}
	}()
	w := &writer{b: b, file: file, styles: styles{file: file, ids: map[styleKey]int{}}}
	if err := w.begin(k); err != nil {
		return err
	}
	total := len(k.sheets) + 1
	for i, s := range k.sheets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.sheet(s); err != nil {
			return fmt.Errorf("sheet %q: %w", s.name, err)
		}
		progress(i+1, total)
	}
	file.SetActiveSheet(0)
	packed, err := file.WriteToBuffer()
	if err != nil {
		return err
	}
	if err := repack(out, packed.Bytes()); err != nil {
		return err
	}
	progress(total, total)
	return nil
}

// begin makes the sheets in order and sets what belongs to the whole file.
func (w *writer) begin(k *book) error {
	if err := w.file.SetDefaultFont(fontName); err != nil {
		return err
	}
	for i, s := range k.sheets {
		if i == 0 {
			if err := w.file.SetSheetName("Sheet1", s.name); err != nil {
				return err
			}
			continue
		}
		if _, err := w.file.NewSheet(s.name); err != nil {
			return err
		}
	}
	at := w.b.in.newest()
	if at.IsZero() {
		at = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) // nothing signed yet
	}
	stamp := at.Format(time.RFC3339)
	return w.file.SetDocProps(&excelize.DocProperties{
		Title: printable(k.sheets[0].title), Subject: w.b.t("subject"), Creator: "Comparanda", LastModifiedBy: "Comparanda",
		Identifier: w.b.dataHash(), Language: w.b.lang, Created: stamp, Modified: stamp, Revision: "1",
	})
}

func (w *writer) sheet(s *sheet) error {
	for _, step := range []func(*sheet) error{w.above, w.header, w.rows, w.view, w.print, w.asTable} {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
}

// above writes title, what the sheet is, and the way back.
func (w *writer) above(s *sheet) error {
	if err := w.put(s, 1, 1, cell{kind: textCell, text: s.title, look: title}, false); err != nil {
		return err
	}
	if err := w.file.SetRowHeight(s.name, 1, 21); err != nil {
		return err
	}
	for i, l := range s.lead {
		if err := w.put(s, 1, 2+i, cell{kind: textCell, text: l.text, look: l.look}, false); err != nil {
			return err
		}
	}
	if !s.backToRead {
		return nil
	}
	back := cell{kind: textCell, text: "← " + w.b.fixed.readMe, look: linked, to: target{w.b.fixed.readMe, 1}}
	return w.put(s, 1, headerRow-1, back, false)
}

// header writes widths, second keys and the table's header.
func (w *writer) header(s *sheet) error {
	headers := make([]cell, len(s.columns))
	for i, c := range s.columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := w.file.SetColWidth(s.name, name, name, c.width); err != nil {
			return err
		}
		if c.key != "" {
			if err := w.put(s, i+1, headerRow-1, cell{kind: textCell, text: c.key, look: key}, false); err != nil {
				return err
			}
		}
		headers[i] = cell{kind: textCell, text: c.header, look: heading, url: c.url}
	}
	if s.table == "" {
		return nil
	}
	return w.row(s, headerRow, headers, 3) // room for the filter's arrow
}

// row writes cells and their height; extra characters are added to what is measured.
func (w *writer) row(s *sheet, at int, cells []cell, extra int) error {
	measured := make([]cell, len(cells))
	for i, c := range cells {
		measured[i] = c
		if extra > 0 {
			measured[i].text += strings.Repeat("m", extra)
		}
		if err := w.put(s, i+1, at, c, s.table != ""); err != nil {
			return err
		}
	}
	return w.file.SetRowHeight(s.name, at, heightOf(measured, s.columns))
}

func (w *writer) rows(s *sheet) error {
	for i, cells := range s.rows {
		if err := w.row(s, headerRow+1+i, cells, 0); err != nil {
			return fmt.Errorf("row %d: %w", headerRow+1+i, err)
		}
	}
	return nil
}

// put writes one cell. Texts are always strings: nothing typed becomes a formula.
func (w *writer) put(s *sheet, col, row int, c cell, boxed bool) error {
	at, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	if c.kind == emptyCell && !boxed {
		return nil
	}
	id, err := w.styles.id(styleKey{look: c.look, format: c.format, numeric: c.kind == numberCell || c.kind == dateCell, boxed: boxed})
	if err != nil {
		return err
	}
	if err := w.file.SetCellStyle(s.name, at, at, id); err != nil {
		return err
	}
	switch c.kind {
	case textCell:
		text := escaped(printable(c.text))
		if utf16Len(text) > maxCell { // excelize would cut it in silence
			return fmt.Errorf("cell %s: text of %d UTF-16 units does not fit", at, utf16Len(text))
		}
		err = w.file.SetCellStr(s.name, at, text)
	case numberCell, dateCell:
		err = w.file.SetCellFloat(s.name, at, c.number, -1, 64)
	}
	if err != nil {
		return err
	}
	return w.link(s, at, row, c)
}

// link makes a cell lead somewhere: within the workbook, or to an http address.
func (w *writer) link(s *sheet, at string, row int, c cell) error {
	switch {
	case c.to.sheet != "":
		return w.file.SetCellHyperLink(s.name, at, fmt.Sprintf("'%s'!A%d", strings.ReplaceAll(c.to.sheet, "'", "''"), c.to.row), "Location")
	case strings.HasPrefix(c.url, "https://"), strings.HasPrefix(c.url, "http://"):
		if len(s.rows) > maxLinks && row > maxLinks {
			return nil
		}
		return w.file.SetCellHyperLink(s.name, at, c.url, "External")
	}
	return nil
}
