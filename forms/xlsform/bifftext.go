package xlsform

import (
	"encoding/binary"
	"unicode/utf16"
)

// biffText reads texts from a record and the CONTINUE records behind it.
type biffText struct {
	segments [][]byte
	at       int // in segments[0]
}

// byte reads on into the next segment where one ends.
func (r *biffText) byte() (byte, bool) {
	for len(r.segments) > 0 && r.at >= len(r.segments[0]) {
		r.segments, r.at = r.segments[1:], 0
	}
	if len(r.segments) == 0 {
		return 0, false
	}
	r.at++
	return r.segments[0][r.at-1], true
}

func (r *biffText) uint16() (uint16, bool) {
	lo, _ := r.byte()
	hi, ok := r.byte()
	return uint16(lo) | uint16(hi)<<8, ok
}

func (r *biffText) uint32() (uint32, bool) {
	lo, _ := r.uint16()
	hi, ok := r.uint16()
	return uint32(lo) | uint32(hi)<<16, ok
}

// skip goes on by n bytes.
func (r *biffText) skip(n int) bool {
	for n > 0 {
		if len(r.segments) == 0 {
			return false
		}
		step := min(n, len(r.segments[0])-r.at)
		r.at += step
		if n -= step; n > 0 {
			r.segments, r.at = r.segments[1:], 0
		}
	}
	return true
}

// text reads a text of n UTF-16 units behind its length: flags, the units, and then
// formatting and phonetic guides, which are left out.
func (r *biffText) text(n int) (string, bool) {
	flags, ok := r.byte()
	if !ok {
		return "", n == 0
	}
	var runs uint16
	var guide uint32
	if flags&8 != 0 {
		runs, ok = r.uint16()
	}
	if flags&4 != 0 {
		guide, ok = r.uint32()
	}
	if !ok || int64(guide) > MaxBytes {
		return "", false
	}
	units, ok := r.units(n, flags&1 != 0)
	if !ok || !r.skip(4*int(runs)) || !r.skip(int(guide)) {
		return "", false
	}
	return string(utf16.Decode(units)), true
}

// units reads n UTF-16 units, which are stored as single bytes when not wide. Where a
// text goes on in a CONTINUE record, that begins with flags of its own.
func (r *biffText) units(n int, wide bool) ([]uint16, bool) {
	var units []uint16
	for len(units) < n {
		if len(r.segments) == 0 {
			return nil, false
		}
		if r.at >= len(r.segments[0]) {
			r.segments, r.at = r.segments[1:], 0
			flags, ok := r.byte()
			if !ok {
				return nil, false
			}
			wide = flags&1 != 0
			continue
		}
		if !wide {
			units = append(units, uint16(r.segments[0][r.at]))
			r.at++
			continue
		}
		if len(r.segments[0])-r.at < 2 {
			return nil, false
		}
		units = append(units, binary.LittleEndian.Uint16(r.segments[0][r.at:]))
		r.at += 2
	}
	return units, true
}

// sharedStrings reads the texts that cells share.
func (b *biff) sharedStrings(segments [][]byte) bool {
	r := &biffText{segments: segments}
	r.uint32() // how often they are used
	count, ok := r.uint32()
	if !ok {
		return false
	}
	for range count {
		n, ok := r.uint16()
		if !ok {
			return false
		}
		text, ok := r.text(int(n))
		if !ok {
			return false
		}
		b.book.shared = append(b.book.shared, trim(text)) // once, not in every cell
	}
	return true
}
