package xlsform

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// biffCell is a cell with something in it; row and column count from 0.
type biffCell struct {
	row, column uint16
	text        string
}

// biffSheet gathers the cells of one sheet.
type biffSheet struct {
	*biff
	tab     tab
	cells   []biffCell
	waiting *biffCell // a formula whose text comes in the next STRING record
}

// sheet reads the cells of one sheet, hidden ones too.
func (b *biff) sheet(t biffTab) error {
	b.pos = t.offset
	if err := b.begin(t.name); err != nil {
		return err
	}
	s := &biffSheet{biff: b, tab: tab{name: t.name}}
	for depth := 1; depth > 0; {
		kind, data, ok := b.next()
		switch {
		case !ok:
			return damagedBIFF(t.name)
		case kind == biffBOF: // a chart inside the sheet
			depth++
		case kind == biffEOF:
			depth--
		case depth == 1:
			ok = s.record(kind, data)
		}
		if !ok {
			return damagedBIFF(t.name)
		}
		if len(s.cells) > maxCells {
			return refuse("file.cells", "the workbook holds more than 1,500,000 filled cells: keep only the questionnaire in it").at(t.name, 0)
		}
	}
	return s.emit()
}

// record reads one record; it reports false when it is too short.
func (s *biffSheet) record(kind uint16, d []byte) bool {
	least, isCell := map[uint16]int{
		biffLabelSST: 10, biffRK: 10, biffNumber: 14, biffBoolErr: 8, biffFormula: 14,
		biffLabel: 8, biffRString: 8, biffMulRK: 6,
	}[kind]
	if kind == biffString {
		return s.formulaText(d)
	}
	if !isCell {
		return true
	}
	if len(d) < least {
		return false
	}
	c := biffCell{row: binary.LittleEndian.Uint16(d), column: binary.LittleEndian.Uint16(d[2:])}
	xf := binary.LittleEndian.Uint16(d[4:])
	switch kind {
	case biffLabelSST:
		i := binary.LittleEndian.Uint32(d[6:])
		if int64(i) >= int64(len(s.book.shared)) {
			return false
		}
		s.add(c, s.book.shared[i])
	case biffLabel, biffRString:
		return s.label(c, d[6:])
	case biffRK:
		s.add(c, s.number(rkValue(binary.LittleEndian.Uint32(d[6:])), xf))
	case biffMulRK:
		for d = d[4:]; len(d) >= 8; d = d[6:] { // the last column follows
			s.add(c, s.number(rkValue(binary.LittleEndian.Uint32(d[2:])), binary.LittleEndian.Uint16(d)))
			c.column++
		}
	case biffNumber:
		s.add(c, s.number(math.Float64frombits(binary.LittleEndian.Uint64(d[6:])), xf))
	case biffBoolErr:
		s.boolOrError(c, d[6], d[7] != 0)
	case biffFormula:
		s.formula(c, d[6:14], xf)
	}
	return true
}

func (s *biffSheet) add(c biffCell, text string) {
	if c.text = text; text != "" {
		s.cells = append(s.cells, c)
	}
}

func (s *biffSheet) label(c biffCell, d []byte) bool {
	r := &biffText{segments: s.segments(d)}
	n, _ := r.uint16()
	text, ok := r.text(int(n))
	s.add(c, text)
	return ok
}

// formula reads a stored result: a number, or a mark of what else it is.
func (s *biffSheet) formula(c biffCell, d []byte, xf uint16) {
	s.waiting = nil
	switch {
	case d[6] != 0xff || d[7] != 0xff:
		s.add(c, s.number(math.Float64frombits(binary.LittleEndian.Uint64(d)), xf))
	case d[0] == 0:
		s.waiting = &c
	case d[0] == 1 || d[0] == 2:
		s.boolOrError(c, d[2], d[0] == 2)
	}
}

func (s *biffSheet) formulaText(d []byte) bool {
	if s.waiting == nil {
		return true
	}
	c := *s.waiting
	s.waiting = nil
	return s.label(c, d)
}

func (s *biffSheet) boolOrError(c biffCell, value byte, isError bool) {
	switch {
	case isError:
		s.book.note(s.tab, int(c.row)+1, int(c.column)+1, rawCell{kind: "e", value: biffErrors[value]})
	case value != 0:
		s.add(c, "TRUE")
	default:
		s.add(c, "FALSE")
	}
}

var biffErrors = map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A"}

func (s *biffSheet) number(v float64, xf uint16) string {
	if int(xf) < len(s.book.dates) && s.book.dates[xf] != notDate {
		if text, ok := dateText(v, s.book.dates[xf], s.book.date04); ok {
			return text
		}
	}
	return numberText(v)
}

// rkValue unpacks a number of 30 bits: an integer or the head of a float, and maybe
// in hundredths ([MS-XLS] 2.5.217).
func rkValue(rk uint32) float64 {
	v := math.Float64frombits(uint64(rk&^3) << 32)
	if rk&2 != 0 {
		v = float64(int32(rk) >> 2)
	}
	if rk&1 != 0 {
		v /= 100
	}
	return v
}

// emit hands the cells over in order of row and column.
func (s *biffSheet) emit() error {
	slices.SortStableFunc(s.cells, func(a, b biffCell) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column))
	})
	out := s.book.out
	for i, c := range s.cells {
		if i == 0 || c.row != s.cells[i-1].row {
			out.row(int(c.row) + 1)
		}
		if err := out.cell(int(c.column)+1, c.text, TextCell); err != nil {
			return err
		}
		if i+1 == len(s.cells) || s.cells[i+1].row != c.row {
			if err := out.closeRow(); err != nil {
				return err
			}
		}
	}
	return nil
}
