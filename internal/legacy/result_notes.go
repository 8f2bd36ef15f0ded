package legacy

import (
	"fmt"
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
		note := func(code, text, remedy string) {
			n := place
			n.Code, n.Text, n.Remedy = code, text, remedy
			r.Add(n)
		}
		if c.Personal && c.Field.Seen.Filled > 0 {
			note("column.personal", fmt.Sprintf("the column “%s” holds personal data", shorten(c.Field.Header, 80)), personalRemedy(c))
		}
		if g := guessType(&c.Field.Seen, c.Field.Header, false); c.Question != "" && (g.kind == "date" || g.kind == "dateTime") && g.unclear {
			note("column.date_order", "nothing in the column tells the day from the month in dates such as "+strings.Join(c.Field.Seen.Samples(), ", "), "they are read with the day first; say otherwise in the mapping (day_first)")
		}
		if c.How == howIgnored && c.Field.Seen.Filled > 0 {
			note("column.unmapped", fmt.Sprintf("the column “%s” answers no question of the form", shorten(c.Field.Header, 80)), "name its question in the mapping, or leave it out")
		}
	}
	for _, t := range p.Found.Tables {
		if t.Orientation == Other {
			r.Add(Problem{File: t.File, Sheet: t.Name, Code: "sheet.other", Text: "the sheet holds no answers", Remedy: "nothing to do, unless it should"})
		}
	}
}

func personalRemedy(c *Column) string {
	if c.Question == "" {
		return "it is kept apart from the answers; map it to a question to take it in"
	}
	return "it is taken in as an answer; leave it out in the mapping if that is not meant"
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
		r.Problems = append(r.Problems, Problem{Sheet: parts[0], Cell: parts[1], Code: parts[2],
			Text: fmt.Sprintf("%d more of these in the column", r.left[key]-maxSameProblems), Remedy: "mend the first ones, then read the file again"})
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
