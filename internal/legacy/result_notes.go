package legacy

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// notePlan reports what a person should know about the columns.
func (r *Result) notePlan(p *Plan) {
	for _, c := range p.Columns {
		t := p.Found.Tables[c.Table]
		place := Problem{File: t.File, Sheet: t.Name, Cell: Letters(c.Field.Position)}
		if t.Orientation != Rows {
			place.Cell = strconv.Itoa(c.Field.Position)
		}
		note := func(key string, args ...any) {
			n := say(key, args...)
			n.File, n.Sheet, n.Cell = place.File, place.Sheet, place.Cell
			r.Add(n)
		}
		if c.Personal && c.Field.Seen.Filled > 0 {
			note(personalKey(c), "header", shorten(c.Field.Header, 80))
		}
		if c.Question != "" && c.dayUnclear() {
			key := "column.date_order"
			if !c.DayFirst {
				key = "column.date_order.month"
			}
			note(key, "samples", strings.Join(c.Field.Seen.Samples(), ", "))
		}
		if c.How == howIgnored && c.Field.Seen.Filled > 0 {
			note("column.unmapped", "header", shorten(c.Field.Header, 80))
		}
	}
	for _, t := range p.Found.Tables {
		if t.Orientation == Other {
			n := say("sheet.other")
			n.File, n.Sheet = t.File, t.Name
			r.Add(n)
		}
		if t.Another > 0 {
			n := say("sheet.another")
			n.File, n.Sheet, n.Cell = t.File, t.Name, address(t.Fields[0].Position, t.Another)
			r.Add(n)
		}
	}
}

func personalKey(c *Column) string {
	switch {
	case c.Question != "":
		return "column.personal.taken"
	case c.Role == PersonalRole || c.Role == SubmitterRole:
		return "column.personal.apart"
	}
	return "column.personal.out"
}

// Add lists a problem, or counts it when there are many alike.
func (r *Result) Add(p Problem) {
	column := strings.TrimRight(p.Cell, "0123456789")
	key := p.Sheet + "\x00" + column + "\x00" + p.Code
	if r.left == nil {
		r.left = map[string]int{}
	}
	r.left[key]++
	if r.left[key] <= maxSameProblems && len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, p)
	}
}

// Count takes a response in that would be created, or is skipped or faulty.
func (r *Result) Count(response *Response) {
	for _, p := range response.Problems {
		r.Add(p)
	}
	switch {
	case response.Faulty():
		r.Rows.Error++
	case len(response.Entries) == 0:
		r.Rows.Skip++
	default:
		r.Rows.Create++
		r.Answers += len(response.Entries)
	}
}

// Close says how many problems are not listed.
func (r *Result) Close() {
	keys := make([]string, 0, len(r.left))
	for key, n := range r.left {
		if n > maxSameProblems {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		parts := strings.Split(key, "\x00")
		p := say("more", "n", r.left[key]-maxSameProblems)
		p.Sheet, p.Cell, p.Code = parts[0], parts[1], parts[2]
		r.Problems = append(r.Problems, p)
	}
}

// Refused is the result of a file that cannot be read.
func Refused(file string, r *Refusal) *Result {
	p := r.Problem
	if p.Sheet == "" {
		p.Sheet = path.Base(file)
	}
	return &Result{File: file, Sheets: []SheetResult{}, Columns: []ColumnResult{}, Problems: []Problem{p}}
}
