package report

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// entry is one item of a repeat in one return.
type entry struct {
	path   string // "/e[k3f9a]"
	key    string
	parent string // path of the item around it, "" when there is none
}

// entriesOf finds the items of a repeat in a return, in document order. An item is
// there when anything in it has a row.
func entriesOf(r *Return, repeat *forms.Node) []entry {
	var found []entry
	seen := map[string]bool{}
	for _, a := range r.Answers {
		item, ok := itemIn(a.Path, repeat.Path)
		if !ok || seen[item] {
			continue
		}
		seen[item] = true
		e := entry{path: item}
		open := strings.LastIndexByte(item, '[')
		e.key = strings.TrimSuffix(item[open+1:], "]")
		if i := strings.LastIndexByte(item[:open], ']'); i >= 0 {
			e.parent = item[:i+1]
		}
		found = append(found, e)
	}
	return found
}

// itemIn cuts an answer path after the item of the repeat with this question path.
func itemIn(path, repeat string) (item string, ok bool) {
	for i, c := range path {
		if c == ']' && forms.QuestionPath(path[:i+1]) == repeat {
			return path[:i+1], true
		}
	}
	return "", false
}

// itemName is what people call an item: its first answered text or, failing that, its
// first choice, or its key.
func (b *builder) itemName(in *instrument, r *Return, item string) string {
	repeat := in.form.Find(item)
	if repeat == nil {
		return ""
	}
	choice := ""
	for _, q := range questionsOf(repeat) {
		a := b.answers(r)[item+strings.TrimPrefix(q.Path, repeat.Path)]
		if standingOf(a) != withValue {
			continue
		}
		if a.Kind == study.TextValue && q.Type == "text" {
			return firstRunes(flat(a.Text), 80)
		}
		if a.Kind == study.CodeValue && choice == "" {
			choice = b.choiceLabel(in.form, q, a.Text)
		}
	}
	if choice != "" {
		return choice
	}
	_, key, _ := strings.Cut(item[strings.LastIndexByte(item, '['):], "[")
	return strings.TrimSuffix(key, "]")
}

// repeatSheet lists the items of one repeat, one a row, of all countries. Countries
// without items are named above the table, so that every row is an item.
func (b *builder) repeatSheet(in *instrument, repeat *forms.Node, returns []Return) *sheet {
	label := b.label(in.form, repeat)
	talks := in == b.guide
	s := &sheet{name: b.names.name(label), title: label, backToRead: true, pagesWide: 1}
	s.table = tableName(b.t("table.entries")+"_"+strings.TrimSpace(in.prefix), strings.ReplaceAll(repeat.Path, "/", "_"))
	s.columns = []column{{header: b.t("col.country"), width: 20}, {header: b.t("col.iso3"), width: 7}}
	if talks {
		s.columns = append(s.columns, column{header: b.t("col.interview"), width: 12})
	}
	nested := len(repeat.Repeats()) > 1
	if nested {
		s.columns = append(s.columns, column{header: b.t("col.parent_id"), width: 10}, column{header: b.t("col.parent"), width: 24})
	}
	s.columns = append(s.columns, column{header: b.t("col.item_id"), width: 10}, column{header: b.t("col.item"), width: 28})
	s.frozen = len(s.columns)
	if !talks && !nested {
		s.frozen = 4
	}
	questions := questionsOf(repeat)
	for _, q := range questions {
		s.columns = append(s.columns, b.questionColumn(in, q))
	}
	s.pagesWide = pagesFor(len(questions))
	have := map[study.ISO3]bool{}
	for i := range returns {
		r := &returns[i]
		for _, e := range entriesOf(r, repeat) {
			have[r.Submission.Country] = true
			name := b.itemName(in, r, e.path)
			row := []cell{strongOf(b.countryOf(r.Submission.Country)), textOf(string(r.Submission.Country))}
			if talks {
				row = append(row, dash(r.Title))
			}
			if nested {
				row = append(row, textOf(keyOf(e.parent)), dash(b.itemName(in, r, e.parent)))
			}
			row = append(row, textOf(e.key), cell{kind: textCell, text: name, look: strong, url: b.answerURL(r, e.path)})
			for _, q := range questions {
				a := b.answers(r)[e.path+strings.TrimPrefix(q.Path, repeat.Path)]
				row = append(row, b.answerCell(in, r, q, a, name))
			}
			s.rows = append(s.rows, row)
		}
	}
	s.lead = b.leads(b.t("about.entries", "n", len(s.rows), "marks", b.legend()) + b.absent(have, talks))
	return s
}

func keyOf(item string) string {
	return strings.TrimSuffix(item[strings.LastIndexByte(item, '[')+1:], "]")
}

// absent names the countries that have no row, by why.
func (b *builder) absent(have map[study.ISO3]bool, talks bool) string {
	var none, without []string
	for _, c := range b.countries {
		switch {
		case have[c.ISO3]:
		case b.byCountry[c.ISO3] == nil && !talks:
			without = append(without, b.country(c))
		default:
			none = append(none, b.country(c))
		}
	}
	s := ""
	if len(none) > 0 {
		s += " " + b.t("no_entries", "countries", strings.Join(none, ", "))
	}
	if len(without) > 0 {
		s += " " + b.t("without_return", "countries", strings.Join(without, ", "))
	}
	return s
}

// maxHeader keeps headers of tables readable, and within Excel's 255 characters.
const maxHeader = 140

// questionColumn heads a column with a question: number, text, unit. The number makes
// it unique.
func (b *builder) questionColumn(in *instrument, q *forms.Node) column {
	header := in.numberOf(q) + " " + firstRunes(b.label(in.form, q), maxHeader)
	if unit := b.extra(in.form, q, "unit"); unit != "" {
		header += " (" + firstRunes(unit, 40) + ")"
	}
	width := 20.0
	switch q.Type {
	case "text":
		width = 36
	case "integer", "decimal", "range", "date":
		width = 15
	case "select_multiple", "rank":
		width = 30
	}
	return column{header: header, key: q.Name, width: width}
}
