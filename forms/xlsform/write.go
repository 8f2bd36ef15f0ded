package xlsform

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// WriteXLSX makes a workbook of the sheets, every cell as text. It is read back before
// it is returned: a sheet that the format cannot hold is an error, not a loss.
func WriteXLSX(sheets []Sheet) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // held in memory only
	look, err := newLook(f)
	if err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	for i, s := range sheets {
		if err := addTab(f, i, s, look); err != nil {
			return nil, fmt.Errorf("write sheet %s: %w", s.Name, err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	return b.Bytes(), readsBack("form.xlsx", b.Bytes(), sheets)
}

// look is how the sheets are dressed for the people who edit them.
type look struct{ head, cell int }

func newLook(f *excelize.File) (l look, err error) {
	upright := &excelize.Alignment{Vertical: "top", WrapText: true}
	if l.head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: upright}); err != nil {
		return l, err
	}
	l.cell, err = f.NewStyle(&excelize.Style{Alignment: upright})
	return l, err
}

// dress sets widths by what the columns hold, and keeps the headers in sight.
func (l look) dress(f *excelize.File, s Sheet) error {
	widths := map[int]int{}
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			widths[c.Column] = max(widths[c.Column], min(utf8.RuneCountInString(c.Text)+2, 50))
		}
	}
	for _, column := range slices.Sorted(maps.Keys(widths)) {
		letters := columnLetters(column)
		err := errors.Join(f.SetColWidth(s.Name, letters, letters, float64(max(widths[column], 9))), f.SetColStyle(s.Name, letters, l.cell))
		if err != nil {
			return err
		}
	}
	if len(s.Rows) == 0 {
		return nil
	}
	return errors.Join(
		f.SetRowStyle(s.Name, s.Rows[0].Number, s.Rows[0].Number, l.head),
		f.SetPanes(s.Name, &excelize.Panes{Freeze: true, YSplit: s.Rows[0].Number, TopLeftCell: fmt.Sprintf("A%d", s.Rows[0].Number+1), ActivePane: "bottomLeft"}),
	)
}

func addTab(f *excelize.File, i int, s Sheet, l look) error {
	if i == 0 {
		if err := f.SetSheetName("Sheet1", s.Name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(s.Name); err != nil {
		return err
	}
	if err := l.dress(f, s); err != nil {
		return err
	}
	for _, row := range s.Rows {
		for _, c := range row.Cells {
			at := fmt.Sprintf("%s%d", columnLetters(c.Column), row.Number)
			if err := f.SetCellStr(s.Name, at, escaped(c.Text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// escapeLike is what Excel reads as one character by its number (ECMA-376, ST_Xstring).
var escapeLike = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// escaped keeps a typed "_x0041_" from being read as "A"; two may share an underscore.
func escaped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '_' && escapeLike.MatchString(s[i:]) {
			b.WriteString("x005F_")
		}
	}
	return b.String()
}

// WriteCSV makes one CSV file of a sheet. Blank rows stay, so that rows keep their numbers.
func WriteCSV(s Sheet) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	next := 1
	for _, row := range s.Rows {
		w.Flush()
		for ; next < row.Number; next++ {
			b.WriteByte('\n')
		}
		if err := w.Write(row.dense()); err != nil {
			return nil, fmt.Errorf("write sheet %s: %w", s.Name, err)
		}
		next++
	}
	w.Flush()
	out := &collector{}
	if err := readCSV(out, s.Name, b.Bytes()); err != nil {
		return nil, err
	}
	return b.Bytes(), same(out.sheets, []Sheet{s})
}

// WriteMarkdown makes one file of tables; a line break in a cell is written "&#10;".
func WriteMarkdown(sheets []Sheet) ([]byte, error) {
	var b bytes.Buffer
	cell := strings.NewReplacer("|", `\|`, "\n", "&#10;", "\r", "&#13;")
	for _, s := range sheets {
		fmt.Fprintf(&b, "| %s |\n", s.Name)
		for _, row := range s.Rows {
			b.WriteString("| |")
			for _, text := range row.dense() {
				b.WriteString(" " + cell.Replace(text) + " |")
			}
			b.WriteByte('\n')
		}
	}
	return b.Bytes(), readsBack("form.md", b.Bytes(), sheets)
}

// dense returns the row's cells with "" for the empty ones between them.
func (r Row) dense() []string {
	var cells []string
	for _, c := range r.Cells {
		for len(cells) < c.Column-1 {
			cells = append(cells, "")
		}
		cells = append(cells, c.Text)
	}
	return cells
}

func readsBack(name string, data []byte, want []Sheet) error {
	got, problems := parse(name, data, everySheet)
	if forms.Refused(problems) {
		return message.New("the format cannot hold these sheets: %s", problems[0].Message)
	}
	return same(got, want)
}

// same names the first sheet or row whose cells differ; row numbers may.
func same(got, want []Sheet) error {
	for i, s := range want {
		if i >= len(got) || got[i].Name != s.Name {
			return message.New("the format cannot hold the sheet “%s”: give it a short name of its own", s.Name)
		}
		for j, row := range s.Rows {
			if j >= len(got[i].Rows) || !slices.Equal(got[i].Rows[j].Cells, row.Cells) {
				return message.New("the format cannot hold row %d of the sheet “%s” without loss: shorten its cells, and take unusual characters out", row.Number, s.Name)
			}
		}
	}
	return nil
}
