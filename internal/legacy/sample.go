package legacy

import "slices"

// Of each sheet so much is kept to be shown.
const (
	sampledAnswers = 5 // rows below the header
	sampledAbove   = 15
	sampledColumns = 20
	sampledText    = 60 // bytes of a cell
)

// sampleRows cuts what can be shown out of a sheet's first rows: the header, what stands
// right above it, and five rows of answers.
func (t *Table) sampleRows(rows []Row) []SampledRow {
	end := sampledAbove
	begin := 0
	if t.Orientation == Rows {
		i, _ := slices.BinarySearchFunc(rows, t.First, func(r Row, first int) int { return r.Number - first })
		begin, end = max(0, i-t.HeaderRows-sampledAbove), i+sampledAnswers
	}
	sample := []SampledRow{}
	for _, r := range rows[begin:min(end, len(rows))] {
		s := SampledRow{Row: r.Number, Cells: []string{}}
		s.Header = t.headerRow > 0 && r.Number >= t.headerRow && (r.Number < t.First && t.Orientation == Rows || r.Number == t.headerRow)
		for _, c := range r.Cells {
			if c.Column > sampledColumns {
				break
			}
			for len(s.Cells) < c.Column-1 {
				s.Cells = append(s.Cells, "")
			}
			s.Cells = append(s.Cells, shorten(c.Text, sampledText))
		}
		sample = append(sample, s)
	}
	return sample
}
