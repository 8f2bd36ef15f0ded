package xlsform

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms"
)

func le(values ...any) []byte {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case string: // single bytes
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			b, _ = binary.Append(b, binary.LittleEndian, v) // fixed sizes only: cannot fail
		}
	}
	return b
}

func biffRecord(kind uint16, values ...any) []byte {
	data := le(values...)
	return le(kind, uint16(len(data)), data)
}

func wideText(s string) []byte {
	return le(utf16.Encode([]rune(s)))
}

// biffBook is a stream with one sheet called survey (very hidden) of the given records.
func biffBook(globals []byte, cells ...[]byte) []byte {
	bof := biffRecord(biffBOF, uint16(biffVersion8), uint16(5), uint32(0), uint32(0), uint32(0))
	eof := biffRecord(biffEOF)
	tab := func(offset int) []byte {
		return biffRecord(biffBoundSheet, uint32(offset), byte(2), byte(0), byte(6), byte(0), "survey")
	}
	head := len(bof) + len(tab(0)) + len(globals) + len(eof)
	stream := le(bof, tab(head), globals, eof, bof)
	for _, c := range cells {
		stream = append(stream, c...)
	}
	return append(stream, eof...)
}

// compound wraps a stream as the only one of a compound file ([MS-CFB]).
func compound(name string, stream []byte) []byte {
	const sector, end, free = 512, 0xfffffffe, 0xffffffff
	size := max(4096, (len(stream)+sector-1)/sector*sector)
	header := le(uint64(0xe11ab1a1e011cfd0), make([]byte, 16), uint16(0x3e), uint16(3), uint16(0xfffe), uint16(9), uint16(6), make([]byte, 6),
		uint32(0), uint32(1), uint32(1), uint32(0), uint32(4096), uint32(end), uint32(0), uint32(end), uint32(0), uint32(0))
	fat := le(uint32(0xfffffffd), uint32(end))
	for i := range size / sector {
		next := uint32(i + 3)
		if i == size/sector-1 {
			next = end
		}
		fat = le(fat, next)
	}
	fill := func(b []byte) []byte {
		for len(b) < sector {
			b = le(b, uint32(free))
		}
		return b
	}
	entry := func(name string, kind byte, child, start, size uint32) []byte {
		e := make([]byte, 128)
		copy(e, wideText(name))
		copy(e[64:], le(uint16(2*len(name)+2), kind, byte(1), uint32(free), uint32(free), child))
		copy(e[116:], le(start, uint64(size)))
		return e
	}
	directory := le(entry("Root Entry", 5, 1, end, 0), entry(name, 2, free, 2, uint32(size)), make([]byte, 256))
	return le(fill(header), fill(fat), directory, stream, make([]byte, size-len(stream)))
}

func TestXLSCells(t *testing.T) {
	t.Parallel()
	sst := le(
		biffRecord(biffSST, uint32(2), uint32(2), uint16(4), byte(0), "type", uint16(5), byte(0), "Esp"),
		biffRecord(biffContinue, byte(1), wideText("añ")), // cut in the middle, wide from here on
		biffRecord(biffFormat, uint16(164), uint16(10), byte(0), "dd/mm/yyyy"),
		biffRecord(biffXF, uint16(0), uint16(0), make([]byte, 16)),
		biffRecord(biffXF, uint16(0), uint16(164), make([]byte, 16)),
	)
	at := func(row, column, xf uint16) []byte { return le(row, column, xf) }
	stream := biffBook(sst,
		biffRecord(biffLabelSST, at(0, 0, 0), uint32(0)),
		biffRecord(biffLabelSST, at(0, 1, 0), uint32(1)),
		biffRecord(biffMulRK, uint16(2), uint16(1), uint16(0), int32(-7<<2|2), uint16(0), int32(1234<<2|3), uint16(2)),
		biffRecord(biffRK, at(2, 0, 0), uint32(math.Float64bits(1.5)>>32)),
		biffRecord(biffNumber, at(3, 0, 1), math.Float64bits(43616)),
		biffRecord(biffBoolErr, at(3, 1, 0), byte(1), byte(0)),
		biffRecord(biffBoolErr, at(3, 2, 0), byte(0x2a), byte(1)),
		biffRecord(biffFormula, at(4, 0, 0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}, make([]byte, 6)),
		biffRecord(biffString, uint16(2), byte(0), "ab"),
		biffRecord(biffFormula, at(4, 1, 0), math.Float64bits(0.1), make([]byte, 6)),
	)
	want := []Row{
		{Number: 1, Cells: []Cell{{1, "type"}, {2, "Españ"}}},
		{Number: 3, Cells: []Cell{{1, "1.5"}, {2, "-7"}, {3, "12.34"}}},
		{Number: 4, Cells: []Cell{{1, "2019-05-31"}, {2, "TRUE"}}},
		{Number: 5, Cells: []Cell{{1, "ab"}, {2, "0.1"}}},
	}
	for _, name := range []string{"form.xls", "form.xlsx"} { // a wrong name does not matter
		sheets, problems := ParseSheets(name, compound("Workbook", stream))
		if len(sheets) != 1 || sheets[0].Name != "survey" {
			t.Fatalf("%s: sheets %v, problems %v", name, sheets, problems)
		}
		if diff := cmp.Diff(want, sheets[0].Rows); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(problems) != 1 || problems[0].Key != "cell.error" || problems[0].Place.Column != "C" || problems[0].Place.Row != 4 {
			t.Errorf("%s: problems %v; want the error in C4", name, problems)
		}
	}
}

func TestXLSRefused(t *testing.T) {
	t.Parallel()
	good := biffBook(nil)
	for _, tt := range []struct {
		name, stream string
		data         []byte
		key, text    string
	}{
		{"a password", "Workbook", biffBook(biffRecord(biffFilePass, uint16(1))), "file.locked", "remove the password"},
		{"a password on an .xlsx", "EncryptedPackage", good, "file.locked", "remove the password"},
		{"Excel 95", "Book", good, "file.kind", "Excel 95"},
		{"a Word file", "WordDocument", good, "file.kind", "no workbook"},
		{"cut off", "Workbook", good[:len(good)-6], "file.damaged", "anew"},
		{"a text that is not there", "Workbook", biffBook(nil, biffRecord(biffLabelSST, make([]byte, 10))), "file.damaged", "anew"},
	} {
		sheets, problems := ParseSheets("form.xls", compound(tt.stream, tt.data))
		if !forms.Refused(problems) || problems[0].Key != tt.key || !strings.Contains(problems[0].Text, tt.text) {
			t.Errorf("%s: %v, %v; want %s with %q", tt.name, sheets, problems, tt.key, tt.text)
		}
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(biffBook(nil, biffRecord(biffRK, make([]byte, 10))))
	f.Add(biffBook(biffRecord(biffSST, uint32(1), uint32(1), uint16(1), byte(0), "a"), biffRecord(biffLabelSST, make([]byte, 10))))
	f.Fuzz(func(t *testing.T, stream []byte) {
		out := &collector{file: "f.xls"}
		if err := readBIFF(out, stream, func(string) bool { return true }); err == nil && out.cells > len(stream) {
			t.Errorf("%d cells from %d bytes", out.cells, len(stream))
		}
	})
}
