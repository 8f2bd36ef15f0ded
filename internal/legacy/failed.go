package legacy

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/comparanda/comparanda/internal/i18n"
)

// Failed gathers the rows that have errors, for a workbook that gives them back: one sheet
// for each table, the header as it was, and a last column that says what is wrong.
type Failed struct {
	plan *Plan
	lang string
	rows map[int][]failedRow // by table
}

type failedRow struct {
	cells  []Row
	reason string
}

// NewFailed begins a workbook of failed rows, with their reasons in a language.
func NewFailed(p *Plan, lang string) *Failed {
	return &Failed{plan: p, lang: lang, rows: map[int][]failedRow{}}
}

// maxFailed rows are given back; a file with more is wrong as a whole.
const maxFailed = 50_000

// Add takes a response with an error.
func (f *Failed) Add(r *Response) error {
	if len(f.rows[r.Table]) >= maxFailed {
		return nil
	}
	var reasons []string
	for _, p := range r.Problems {
		if p.Error {
			p = p.In(f.lang)
			reasons = append(reasons, p.Cell+": "+p.Text+" ("+p.Remedy+")")
		}
	}
	f.rows[r.Table] = append(f.rows[r.Table], failedRow{r.Raw, strings.Join(reasons, "; ")})
	return nil
}

// Write writes the workbook.
func (f *Failed) Write(w io.Writer) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closeErr := book.Close(); err == nil {
			err = closeErr
		}
	}()
	for i, t := range f.plan.Found.Tables {
		if len(f.rows[i]) == 0 {
			continue
		}
		name := i18n.For(f.lang).T("legacy.errors", "n", i+1)
		if _, err := book.NewSheet(name); err != nil {
			return err
		}
		if err := f.sheet(book, name, t, f.rows[i]); err != nil {
			return err
		}
	}
	if book.SheetCount > 1 {
		if err := book.DeleteSheet("Sheet1"); err != nil {
			return err
		}
	}
	_, err = book.WriteTo(w)
	return err
}

func (f *Failed) sheet(book *excelize.File, name string, t *Table, rows []failedRow) error {
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	last := 0
	for _, field := range t.Fields {
		last = max(last, field.Position)
	}
	header := make([]any, last+1)
	for _, field := range t.Fields {
		header[field.Position-1] = field.Header
	}
	header[last] = i18n.For(f.lang).T("legacy.error")
	if err := out.SetRow("A1", header); err != nil {
		return err
	}
	line := 1
	for _, row := range rows {
		for _, cells := range row.cells {
			values := make([]any, last+1)
			for _, c := range cells.Cells {
				if c.Column <= last {
					values[c.Column-1] = c.Text // as text: what looks like a formula must stay one
				}
			}
			values[last] = row.reason
			line++
			if err := out.SetRow(fmt.Sprintf("A%d", line), values); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}
