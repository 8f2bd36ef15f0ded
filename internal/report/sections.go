package report

import (
	"fmt"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// tableSheet begins a sheet with its title, what it is, and the way back.
func (b *builder) tableSheet(name, key, table string) *sheet {
	return &sheet{name: name, title: b.t("title." + key), table: table, backToRead: true, pagesWide: 1,
		lead: b.leads(b.t("about."+key, "marks", b.legend()))}
}

// leads puts the banner of example data before what a sheet is.
func (b *builder) leads(about string) []line {
	if b.in.example() {
		return []line{{b.t("example") + " " + about, banner}}
	}
	return []line{{about, lead}}
}

// legend explains the marks on one line.
func (b *builder) legend() string {
	s := ""
	for _, r := range b.reasons() {
		s += b.reasonMark(r.Code) + " = " + b.text(r.Label, string(r.Code)) + "; "
	}
	return s + b.t("not_asked_means")
}

// reasons are the study's, without the one that only drafts know.
func (b *builder) reasons() []study.Reason {
	var kept []study.Reason
	for _, r := range b.in.Study.Reasons {
		if r.Code != study.Blank {
			kept = append(kept, r)
		}
	}
	return kept
}

// pagesFor spreads many columns over pages, so that print stays readable.
func pagesFor(columns int) int { return max(1, (columns+5)/6) }

// sectionSheet compares the answers to the questions of one section that stand outside
// repeats: questions down, countries across.
func (b *builder) sectionSheet(sec *section) *sheet {
	asked := fmt.Sprintf("n = %s", b.t("n_of", "n", len(b.returns), "all", len(b.countries)))
	s := &sheet{
		name: b.names.name(sec.label), title: sec.label, backToRead: true, frozen: 2, pagesWide: pagesFor(len(b.countries)),
		lead: b.leads(b.t("about.section", "n", asked, "marks", b.legend())),
	}
	s.table = tableName(b.t("table.section")+"_", sec.name)
	s.columns = []column{
		{header: b.t("col.number"), width: 7}, {header: b.t("col.question"), width: 44}, {header: b.t("col.unit"), width: 11},
		{header: b.t("col.with_value", "n", len(b.returns)), width: 11},
	}
	for _, c := range b.countries {
		s.columns = append(s.columns, b.countryColumn(c))
	}
	for _, q := range sec.questions {
		row := []cell{strongOf(b.survey.numberOf(q)), strongOf(b.label(b.survey.form, q)), dash(b.extra(b.survey.form, q, "unit")), {}}
		count := 0
		for _, c := range b.countries {
			r := b.byCountry[c.ISO3]
			if r == nil {
				row = append(row, faintOf(b.t("no_return")))
				continue
			}
			a := b.answers(r)[q.Path]
			if standingOf(a) == withValue {
				count++
			}
			row = append(row, b.answerCell(b.survey, r, q, a, ""))
		}
		row[3] = intOf(count)
		s.rows = append(s.rows, row)
	}
	return s
}

// countryColumn heads a column with a country; unsigned answers say so beside the name.
func (b *builder) countryColumn(c study.Country) column {
	col := column{header: b.country(c), key: string(c.ISO3), width: 22}
	if r := b.byCountry[c.ISO3]; r != nil {
		col.url = b.returnURL(r)
		if r.Submission.State == study.Legacy {
			col.header += " (" + b.words.T("state."+string(study.Legacy)) + ")"
		}
	}
	return col
}

// interviewSheet compares interviews: guide questions down, interviews across.
func (b *builder) interviewSheet(sec *section) *sheet {
	s := &sheet{
		name:  b.names.name(b.t("sheet.interviews") + " " + sec.label),
		title: b.t("title.interviews") + ": " + sec.label, backToRead: true, frozen: 2, pagesWide: pagesFor(len(b.talks)),
		lead: b.leads(b.t("about.interviews", "n", len(b.talks), "marks", b.legend())),
	}
	s.table = tableName(b.t("table.interviews")+"_", sec.name)
	s.columns = []column{{header: b.t("col.number"), width: 7}, {header: b.t("col.question"), width: 44}}
	headers := map[string]int{}
	for i := range b.talks {
		r := &b.talks[i]
		header := r.Title + " " + b.countryOf(r.Submission.Country)
		if headers[header]++; headers[header] > 1 {
			header += fmt.Sprintf(" (%d)", headers[header])
		}
		s.columns = append(s.columns, column{header: header, key: string(r.Submission.Country), width: 32, url: b.returnURL(r)})
	}
	for _, q := range sec.questions {
		row := []cell{strongOf(b.guide.numberOf(q)), strongOf(b.label(b.guide.form, q))}
		for i := range b.talks {
			r := &b.talks[i]
			row = append(row, b.answerCell(b.guide, r, q, b.answers(r)[q.Path], ""))
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// questionsOf are the questions of a repeat that stand in its own sheet: those below
// it, but not those of repeats inside it.
func questionsOf(repeat *forms.Node) []*forms.Node {
	var found []*forms.Node
	for _, child := range repeat.Children {
		child.Walk(func(n *forms.Node) bool {
			if n.Kind == forms.Question && shown(n) {
				found = append(found, n)
			}
			return n.Kind != forms.Repeat
		})
	}
	return found
}
