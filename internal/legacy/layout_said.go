package legacy

import (
	"slices"

	"github.com/comparanda/comparanda/internal/study"
)

// headerSaid is the index of the header's first row: where a person said, else where it
// seems to be.
func headerSaid(rows []Row, said study.SheetMapping) int {
	if said.HeaderRow <= 0 {
		return headerAt(rows)
	}
	i, _ := slices.BinarySearchFunc(rows, said.HeaderRow, func(r Row, number int) int { return r.Number - number })
	return min(i, len(rows)-1)
}

// layOutAs lays a sheet out the way that a person said, as far as its rows allow it.
func layOutAs(t *Table, rows []Row, said study.SheetMapping) {
	head := headerSaid(rows, said)
	label, answer, ok := labelColumns(rows)
	if !ok {
		label, answer = 1, 2
	}
	switch said.Orientation {
	case Other:
		return
	case Columns:
		if heads := columnHeads(rows[head], label); len(heads) > 0 {
			t.stand(rows, head, label, heads)
			return
		}
	case Pairs:
		first := 0
		if said.HeaderRow > 0 {
			first = head + 1
		}
		if t.pair(rows, first, label, answer); len(t.Fields) > 0 {
			return
		}
	}
	layOutRows(t, rows, head, said)
}

// stand lays responses out as columns below their heads.
func (t *Table) stand(rows []Row, head, label int, heads []Cell) {
	t.Orientation, t.HeaderRows, t.First, t.Passed, t.headerRow = Columns, 1, heads[0].Column, head, rows[head].Number
	for _, c := range heads {
		t.answers = append(t.answers, c.Column)
	}
	t.Fields = standingFields(rows[head:], label)
}

// pair lays one response out as labels and answers beside them, from a row on.
func (t *Table) pair(rows []Row, first, label, answer int) {
	t.Orientation, t.First = Pairs, answer
	if first > 0 {
		t.HeaderRows, t.Passed, t.headerRow = 1, first-1, rows[first-1].Number
	}
	t.answers = []int{answer}
	t.Fields = standingFields(rows[first:], label)
	t.Country = countryAbove(rows)
}
