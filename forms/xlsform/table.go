package xlsform

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// table is a sheet read through its columns.
type table struct {
	sheet   Sheet
	columns []column
	byIndex map[int]int // cell column → index into columns
	doubled bool
	headers map[string]map[string]string // see record.headers
}

// record is one row of a table. Rows are short, so looking through the values is
// quicker than a map of them.
type record struct {
	table  *table
	number int
	values []value // what has not been taken yet, in the order of the columns
}

// value is one filled cell.
type value struct{ column, lang, text string } // column is canonical; lang "" is unmarked

// newTable understands a sheet's header and reports columns that are unclear. ours
// names the columns that belong to us; extra columns are kept in silence when
// anyColumn says that the sheet may have them (choice filters).
func (r *reader) newTable(s Sheet, set *columnSet, ours map[string]bool, anyColumn bool) *table {
	t := &table{sheet: s, byIndex: make(map[int]int)}
	for _, c := range s.Header() {
		if strings.Contains(c.Text, "::") {
			t.doubled = true
		}
	}
	seen := make(map[string]column)
	for _, cell := range s.Header() {
		c := set.parse(cell.Text, t.doubled)
		c.index = cell.Column
		key := c.name + "\x00" + c.lang
		if first, twice := seen[key]; twice {
			r.headerTwice(s, first, c)
			continue
		}
		seen[key] = c
		base, _, _ := strings.Cut(c.name, "::") // ours may be translated: unit::Español (es)
		if !c.known && !ours[snake(base)] && !anyColumn {
			r.unknownHeader(s, set, ours, c)
		}
		t.byIndex[cell.Column] = len(t.columns)
		t.columns = append(t.columns, c)
	}
	return t
}

func (r *reader) headerTwice(s Sheet, first, second column) {
	p := s.place(s.Rows[0].Number, second.header)
	if first.header == second.header {
		r.report(forms.Error, "header.duplicate", p, first.name,
			"the column “%s” is there twice, in %s and %s: delete one or rename it", first.header, columnLetters(first.index), columnLetters(second.index))
		return
	}
	r.report(forms.Error, "header.conflict", p, first.name,
		"the columns '%s' and '%s' are two names of the same column: keep one of them", first.header, second.header)
}

func (r *reader) unknownHeader(s Sheet, set *columnSet, ours map[string]bool, c column) {
	base, _, _ := strings.Cut(c.header, "::")
	var candidates []string
	for alias := range set.aliases {
		if !strings.Contains(alias, "::") {
			candidates = append(candidates, alias)
		}
	}
	for name := range ours {
		candidates = append(candidates, name)
	}
	p := s.place(s.Rows[0].Number, c.header)
	if near := r.nearest(snake(base), candidates); near != "" {
		r.report(forms.Warning, "header.unknown", p, c.header,
			"the column “%s” is not known and is passed over: did you mean “%s”?", c.header, near)
		return
	}
	r.report(forms.Warning, "header.unknown", p, c.header,
		"the column “%s” is not known and is passed over: correct it, or leave it as a remark", c.header)
}

// records gives the rows below the header.
func (t *table) records() []*record {
	if len(t.sheet.Rows) == 0 {
		return nil
	}
	rows := t.sheet.Rows[1:]
	cells := 0
	for _, row := range rows {
		cells += len(row.Cells)
	}
	values := make([]value, 0, cells)
	all := make([]record, len(rows))
	records := make([]*record, len(rows))
	for i, row := range rows {
		from := len(values)
		for _, cell := range row.Cells {
			if at, ok := t.byIndex[cell.Column]; ok {
				c := &t.columns[at]
				values = append(values, value{c.name, c.lang, cell.Text})
			}
		}
		all[i] = record{table: t, number: row.Number, values: values[from:len(values):len(values)]}
		records[i] = &all[i]
	}
	return records
}

// has reports whether the sheet has the column, in whatever language.
func (t *table) has(name string) bool {
	for _, c := range t.columns {
		if c.name == name {
			return true
		}
	}
	return false
}

// header returns a column's header as written: in this language if there is one.
func (t *table) header(name, lang string) string {
	found := name
	for _, c := range t.columns {
		if c.name == name && (c.lang == lang || found == name) {
			found = c.header
			if c.lang == lang {
				break
			}
		}
	}
	return found
}

// take returns a column's unmarked value and removes it from the record.
func (rec *record) take(name string) string {
	v := rec.peek(name)
	rec.drop(name)
	return v
}

func (rec *record) drop(name string) {
	rec.values = slices.DeleteFunc(rec.values, func(v value) bool { return v.column == name })
}

// takeText returns a column's texts and removes them from the record.
func (rec *record) takeText(name string) forms.Text {
	var t forms.Text
	for _, v := range rec.values {
		if v.column == name {
			if t == nil {
				t = make(forms.Text, 1)
			}
			t[v.lang] = v.text
		}
	}
	if t != nil {
		rec.drop(name)
	}
	return t
}

// peek returns a column's unmarked value.
func (rec *record) peek(name string) string {
	for i := range rec.values {
		if v := &rec.values[i]; v.lang == "" && v.column == name {
			return v.text
		}
	}
	return ""
}

// holds reports whether a column has a text in some language.
func (rec *record) holds(name string) bool {
	return slices.ContainsFunc(rec.values, func(v value) bool { return v.column == name && v.text != "" })
}

// place of a column in this row; name is canonical.
func (rec *record) place(name string) forms.Place {
	column := ""
	if name != "" {
		column = rec.table.header(name, "")
	}
	return rec.table.sheet.place(rec.number, column)
}

// clean applies a function to every text of the record.
func (rec *record) clean(columns func(name string) bool, change func(string) string) {
	for i := range rec.values {
		if v := &rec.values[i]; columns(v.column) {
			v.text = change(v.text)
		}
	}
}

// report adds a problem. The text is a sentence for the form's author that ends with
// the remedy.
func (r *reader) report(sev forms.Severity, key string, place forms.Place, name, format string, args ...any) {
	r.add(forms.Problem{Severity: sev, Key: key, Place: place, Name: name}.Saying(message.New(format, args...)))
}

// maxProblems of one form are reported; nobody reads more, and each costs a search for
// the nearest name.
const maxProblems = 1000

func (r *reader) add(p forms.Problem) {
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, p)
		return
	}
	more := &r.problems[len(r.problems)-1]
	if more.Key != "problems.more" {
		severity := min(more.Severity, p.Severity) // Error is the smaller
		*more = forms.Problem{Severity: severity, Key: "problems.more", Place: forms.Place{File: r.file}}.
			Saying(message.New("there are more problems than these: mend them and read the form again"))
	}
	more.Severity = min(more.Severity, p.Severity)
}

// full reports whether nothing more can change what is said about the form, so that a
// file full of faults need not be searched to its end.
func (r *reader) full() bool {
	n := len(r.problems)
	return n >= maxProblems && r.problems[n-1].Key == "problems.more" && r.problems[n-1].Severity == forms.Error
}

// nearest is the function of that name, as long as somebody will read its suggestion.
func (r *reader) nearest(word string, candidates []string) string {
	if len(r.problems) >= maxProblems {
		return ""
	}
	return nearest(word, candidates)
}

// nearest returns the candidate that a word is most likely a slip of the pen for, ""
// when none is near. Ties go to the one that sorts first.
func nearest(word string, candidates []string) string {
	limit := 2
	if len(word) < 5 {
		limit = 1
	}
	best := ""
	for _, c := range candidates {
		d := distance(strings.ToLower(word), strings.ToLower(c), limit)
		if d < limit || d == limit && (best == "" || c < best) {
			if d < limit {
				limit = d
			}
			best = c
		}
	}
	return best
}

// distance is the number of letters to insert, delete, replace or swap with a
// neighbor, limit + 1 when it is more than limit.
func distance(a, b string, limit int) int {
	ra, rb := []rune(a), []rune(b)
	if abs(len(ra)-len(rb)) > limit {
		return limit + 1
	}
	before, above, row := make([]int, len(rb)+1), make([]int, len(rb)+1), make([]int, len(rb)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		row[0] = i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(rb)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
