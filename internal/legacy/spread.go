package legacy

import (
	"slices"

	"github.com/comparanda/comparanda/forms/xlsform"
)

// spreader repeats what the first cell of a merged block shows over the whole block.
type spreader struct {
	waiting []xlsform.Span // by first row
	active  []block
}

type block struct {
	xlsform.Span
	first Cell
	begun bool
}

func newSpreader(spans []xlsform.Span) spreader {
	spans = slices.Clone(spans)
	slices.SortStableFunc(spans, func(a, b xlsform.Span) int { return a.Row - b.Row })
	return spreader{waiting: spans}
}

// spread fills the cells of a row that belong to merged blocks. Rows come in order.
func (s *spreader) spread(r *Row) {
	if len(s.waiting) == 0 && len(s.active) == 0 {
		return
	}
	for len(s.waiting) > 0 && s.waiting[0].Row <= r.Number {
		s.add(block{Span: s.waiting[0]})
		s.waiting = s.waiting[1:]
	}
	s.active = slices.DeleteFunc(s.active, func(b block) bool { return b.LastRow < r.Number })
	if len(s.active) == 0 {
		return
	}
	r.Cells = inOrder(r.Cells)
	var taken [maxColumns + 1]bool
	for _, c := range r.Cells {
		taken[c.Column] = true
	}
	own := len(r.Cells)
	for i := range s.active {
		s.active[i].fill(r, own, &taken)
	}
	r.Cells = inOrder(r.Cells)
}

// add opens a block. Very wide ones are banners, and a sheet with very many at once was
// made to hurt: both are read as they stand.
func (s *spreader) add(b block) {
	const atOnce = 1000
	if b.LastColumn-b.Column < maxSpreadWide && b.LastColumn <= maxColumns && len(s.active) < atOnce {
		s.active = append(s.active, b)
	}
}

// fill adds the cells that a block gives to a row; the first own ones are the row's.
func (b *block) fill(r *Row, own int, taken *[maxColumns + 1]bool) {
	if !b.begun {
		b.begun = true
		if i := slices.IndexFunc(r.Cells[:own], func(c Cell) bool { return c.Column == b.Column }); i >= 0 && r.Number == b.Row {
			b.first = r.Cells[i]
		}
	}
	if b.first.Text == "" {
		return
	}
	for column := b.Column; column <= b.LastColumn; column++ {
		if !taken[column] {
			taken[column] = true
			c := b.first
			c.Column, c.Spread = column, true
			r.Cells = append(r.Cells, c)
		}
	}
}
