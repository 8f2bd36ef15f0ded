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
		s.active = append(s.active, block{Span: s.waiting[0]})
		s.waiting = s.waiting[1:]
	}
	s.active = slices.DeleteFunc(s.active, func(b block) bool { return b.LastRow < r.Number })
	if len(s.active) == 0 {
		return
	}
	slices.SortStableFunc(r.Cells, func(a, b Cell) int { return a.Column - b.Column })
	var more []Cell
	for i := range s.active {
		more = append(more, s.active[i].fill(*r)...)
	}
	if len(more) > 0 {
		r.Cells = append(r.Cells, more...)
		slices.SortStableFunc(r.Cells, func(a, b Cell) int { return a.Column - b.Column })
	}
}

// fill gives the cells that a block adds to a row.
func (b *block) fill(r Row) []Cell {
	if !b.begun {
		b.begun = true
		if i := slices.IndexFunc(r.Cells, func(c Cell) bool { return c.Column == b.Column }); i >= 0 && r.Number == b.Row {
			b.first = r.Cells[i]
		}
	}
	if b.first.Text == "" {
		return nil
	}
	var more []Cell
	for column := b.Column; column <= min(b.LastColumn, b.Column+maxSpreadWide); column++ {
		taken := slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Column == column })
		if !taken && len(r.Cells)+len(more) < maxColumns {
			c := b.first
			c.Column, c.Spread = column, true
			more = append(more, c)
		}
	}
	return more
}
