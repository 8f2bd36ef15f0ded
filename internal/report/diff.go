package report

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Moved is a cell of a comparison that shows something else after a change. Cell is its
// address in the workbook as it is now; of a row that only one of the workbooks has, the
// range of the whole row there.
type Moved struct {
	Sheet, Cell string
	Row, Column string // what the row and the column are about; no column for a whole row
	Old, New    string // "" where the row is not there
}

// Diff compares two comparisons, of the same study and round, sheet by sheet, and reports
// each cell that shows something else. Rows are paired by what they are about, so that a
// row more or less moves no others.
func Diff(ctx context.Context, old, fresh Input, opt Options, report func(Moved) error) error {
	var books [2]*book
	for i, in := range []Input{old, fresh} {
		b, err := newBuilder(in, opt)
		if err != nil {
			return err
		}
		if books[i], err = b.book(ctx); err != nil {
			return err
		}
	}
	then := map[string]*sheet{}
	for _, s := range books[0].sheets {
		then[s.name] = s
	}
	for _, s := range books[1].sheets {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("compare comparisons: %w", err)
		}
		was := then[s.name]
		if was == nil {
			was = &sheet{name: s.name, columns: s.columns}
		}
		if err := diffSheet(was, s, report); err != nil {
			return err
		}
	}
	return nil
}

// diffSheet pairs the rows of two states of a sheet and compares their cells.
func diffSheet(was, is *sheet, report func(Moved) error) error {
	unpaired := map[string]int{}
	keys := keysOf(was)
	for i, key := range keys {
		unpaired[key] = i
	}
	for i, key := range keysOf(is) {
		at, paired := unpaired[key]
		delete(unpaired, key)
		if !paired {
			if err := wholeRow(is, i, is.rows[i], true, report); err != nil {
				return err
			}
			continue
		}
		if err := diffRow(is, at, was.rows[at], is.rows[i], report); err != nil {
			return err
		}
	}
	for i, key := range keys {
		if _, gone := unpaired[key]; !gone {
			continue
		}
		if err := wholeRow(was, i, was.rows[i], false, report); err != nil {
			return err
		}
	}
	return nil
}

// keysOf tells what each row of a sheet is about; the same twice is counted.
func keysOf(s *sheet) []string {
	count := map[string]int{}
	keys := make([]string, len(s.rows))
	for i, row := range s.rows {
		key := strings.Join(about(s, row), "\x00")
		count[key]++
		keys[i] = fmt.Sprintf("%s\x00%d", key, count[key])
	}
	return keys
}

// about is the text of the columns that say what a row is about: those named as keys, else
// those that stay in sight.
func about(s *sheet, row []cell) []string {
	var texts []string
	if s.keys != nil {
		for _, i := range s.keys {
			texts = append(texts, row[i].text)
		}
		return texts
	}
	for _, c := range row[:min(max(s.frozen, 1), len(row))] {
		texts = append(texts, c.text)
	}
	return texts
}

// diffRow compares the cells of one row.
func diffRow(s *sheet, at int, was, is []cell, report func(Moved) error) error {
	for col := range min(len(was), len(is)) {
		a, b := was[col], is[col]
		if a.kind == b.kind && a.text == b.text && a.number == b.number {
			continue
		}
		address, err := excelize.CoordinatesToCellName(col+1, headerRow+1+at)
		if err != nil {
			return err
		}
		m := Moved{Sheet: s.name, Cell: address, Row: nameOf(s, is), Column: s.columns[col].header, Old: a.shown(), New: b.shown()}
		if err := report(m); err != nil {
			return err
		}
	}
	return nil
}

// wholeRow reports a row that only one of the workbooks has, as one range of cells.
func wholeRow(s *sheet, at int, row []cell, fresh bool, report func(Moved) error) error {
	first, err := excelize.CoordinatesToCellName(1, headerRow+1+at)
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(row), headerRow+1+at)
	if err != nil {
		return err
	}
	var texts []string
	for _, c := range row {
		if text := c.shown(); text != "" {
			texts = append(texts, text)
		}
	}
	m := Moved{Sheet: s.name, Cell: first + ":" + last, Row: nameOf(s, row), Old: strings.Join(texts, " | ")}
	if fresh {
		m.Old, m.New = "", m.Old
	}
	return report(m)
}

func nameOf(s *sheet, row []cell) string {
	return strings.Join(strings.Fields(strings.Join(about(s, row), " ")), " ")
}

// shown is what a reader sees in a cell. The text of an ordinal only measures its width.
func (c cell) shown() string {
	if c.kind == numberCell && c.format == "0" {
		return strconv.FormatFloat(c.number, 'f', -1, 64)
	}
	return c.text
}
