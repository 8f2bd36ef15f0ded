package xlsform

import (
	"encoding/binary"
	"strconv"
)

// Records of a BIFF8 stream that are read ([MS-XLS] 2.3).
const (
	biffFormula    = 0x0006
	biffEOF        = 0x000a
	biffDateMode   = 0x0022
	biffFilePass   = 0x002f
	biffContinue   = 0x003c
	biffBoundSheet = 0x0085
	biffMulRK      = 0x00bd
	biffRString    = 0x00d6
	biffXF         = 0x00e0
	biffSST        = 0x00fc
	biffLabelSST   = 0x00fd
	biffNumber     = 0x0203
	biffLabel      = 0x0204
	biffBoolErr    = 0x0205
	biffString     = 0x0207
	biffRK         = 0x027e
	biffFormat     = 0x041e
	biffBOF        = 0x0809
	biffVersion8   = 0x0600
)

// biff is an old workbook on its way to sheets.
type biff struct {
	stream  []byte
	pos     int
	left    int // bytes that may still be read: sheets must not share their records
	book    *workbook
	formats map[uint16]dateKind
	xfs     []uint16 // number format by cell style
	tabs    []biffTab
}

type biffTab struct {
	name   string
	offset int
	cells  bool // false for charts and macros
}

// readBIFF reads the sheets that want names; the others keep only their names.
func readBIFF(out *collector, stream []byte, want func(string) bool) error {
	b := &biff{stream: stream, left: 2 * len(stream), book: &workbook{out: plainSink{out}, file: out.file, notes: &out.notes}, formats: make(map[uint16]dateKind)}
	if err := b.globals(); err != nil {
		return err
	}
	if len(b.tabs) == 0 {
		return damagedBIFF("")
	}
	b.styles()
	for _, t := range b.tabs {
		if err := out.open(t.name); err != nil {
			return err
		}
		if !t.cells || !want(t.name) {
			continue
		}
		if err := b.sheet(t); err != nil {
			return err
		}
	}
	return nil
}

// next reads one record; it reports false where the stream is cut off.
func (b *biff) next() (kind uint16, data []byte, ok bool) {
	if b.pos < 0 || len(b.stream)-b.pos < 4 {
		return 0, nil, false
	}
	kind = binary.LittleEndian.Uint16(b.stream[b.pos:])
	size := int(binary.LittleEndian.Uint16(b.stream[b.pos+2:]))
	b.pos += 4
	b.left -= 4 + size
	if b.left < 0 || size > len(b.stream)-b.pos {
		return 0, nil, false
	}
	data = b.stream[b.pos : b.pos+size]
	b.pos += size
	return kind, data, true
}

// segments gives a record's data with those of the CONTINUE records behind it.
func (b *biff) segments(data []byte) [][]byte {
	all := [][]byte{data}
	for len(b.stream)-b.pos >= 4 && binary.LittleEndian.Uint16(b.stream[b.pos:]) == biffContinue {
		_, more, ok := b.next()
		if !ok {
			break
		}
		all = append(all, more)
	}
	return all
}

// begin wants the head of a substream of Excel 97 or newer.
func (b *biff) begin(sheet string) error {
	kind, data, ok := b.next()
	if !ok || kind != biffBOF || len(data) < 4 {
		return damagedBIFF(sheet)
	}
	if binary.LittleEndian.Uint16(data) != biffVersion8 {
		return oldBook()
	}
	return nil
}

// globals reads what all sheets share.
func (b *biff) globals() error {
	if err := b.begin(""); err != nil {
		return err
	}
	for {
		kind, data, ok := b.next()
		if !ok {
			return damagedBIFF("")
		}
		switch kind {
		case biffEOF:
			return nil
		case biffFilePass:
			return lockedBook()
		case biffDateMode:
			b.book.date04 = len(data) > 0 && data[0] == 1
		case biffBoundSheet:
			ok = b.boundSheet(data)
		case biffSST:
			ok = b.sharedStrings(b.segments(data))
		case biffFormat:
			ok = b.format(data)
		case biffXF:
			if ok = len(data) >= 4; ok {
				b.xfs = append(b.xfs, binary.LittleEndian.Uint16(data[2:]))
			}
		}
		if !ok {
			return damagedBIFF("")
		}
	}
}

func (b *biff) boundSheet(data []byte) bool {
	if len(data) < 8 {
		return false
	}
	r := &biffText{segments: [][]byte{data[6:]}}
	n, _ := r.byte()
	name, ok := r.text(int(n))
	offset := int(binary.LittleEndian.Uint32(data))
	b.tabs = append(b.tabs, biffTab{name: trim(name), offset: offset, cells: data[5] == 0})
	return ok
}

func (b *biff) format(data []byte) bool {
	if len(data) < 5 {
		return false
	}
	r := &biffText{segments: [][]byte{data[2:]}}
	n, _ := r.uint16()
	code, ok := r.text(int(n))
	b.formats[binary.LittleEndian.Uint16(data)] = formatKind(code)
	return ok
}

// styles finds out which cell styles show dates, once all formats are known.
func (b *biff) styles() {
	for _, id := range b.xfs {
		kind, own := b.formats[id]
		if !own {
			kind = builtinKind(strconv.Itoa(int(id)))
		}
		b.book.dates = append(b.book.dates, kind)
	}
}
