package report

import "github.com/comparanda/comparanda/internal/study"

// tally counts the answers of one return in one section.
type tally struct {
	value      int // with a value
	answered   int // with a value or a reason
	applicable int // asked
}

func (t *tally) add(s standing) {
	switch s {
	case withValue:
		t.value++
		t.answered++
		t.applicable++
	case withReason:
		t.answered++
		t.applicable++
	case unanswered:
		t.applicable++
	}
}

// tallies counts a return's answers to asked questions by section, and in all.
// Questions outside every repeat that have no row count as asked: a set of answers
// that arrived whole need not name what it leaves out.
func (b *builder) tallies(in *instrument, r *Return) (bySection map[*section]*tally, all tally) {
	bySection = map[*section]*tally{}
	for i := range in.sections {
		s := &in.sections[i]
		t := &tally{}
		bySection[s] = t
		for _, q := range s.questions {
			if q.Asked() && b.answers(r)[q.Path] == nil {
				t.add(unanswered)
				all.add(unanswered)
			}
		}
	}
	for i := range r.Answers {
		a := &r.Answers[i]
		q, s := in.form.Find(a.Question), in.places[a.Question]
		if q == nil || s == nil || !q.Asked() {
			continue
		}
		bySection[s].add(standingOf(a))
		all.add(standingOf(a))
	}
	return bySection, all
}

// coverageSheet counts, for every section and country, the answers with a value, with
// any answer, and the questions that applied.
func (b *builder) coverageSheet() *sheet {
	s := b.tableSheet(b.fixed.coverage, "coverage", "T_"+b.t("table.coverage"))
	s.frozen, s.pagesWide = 2, pagesFor(len(b.countries))
	s.lead = b.leads(b.t("about.coverage", "n", b.t("n_of", "n", len(b.returns), "all", len(b.countries))))
	s.columns = []column{{header: b.t("col.section"), width: 40}, {header: b.t("col.measure"), width: 18}}
	counts := map[study.ISO3]map[*section]*tally{}
	for _, c := range b.countries {
		s.columns = append(s.columns, b.countryColumn(c))
		if r := b.byCountry[c.ISO3]; r != nil {
			counts[c.ISO3], _ = b.tallies(b.survey, r)
		}
	}
	measures := []struct {
		name string
		of   func(*tally) int
	}{
		{b.t("measure.value"), func(t *tally) int { return t.value }},
		{b.t("measure.answered"), func(t *tally) int { return t.answered }},
		{b.t("measure.applicable"), func(t *tally) int { return t.applicable }},
	}
	for i := range b.survey.sections {
		sec := &b.survey.sections[i]
		for _, m := range measures {
			row := []cell{strongOf(sec.label), textOf(m.name)}
			for _, c := range b.countries {
				if counts[c.ISO3] == nil {
					row = append(row, faintOf(b.t("no_return")))
					continue
				}
				row = append(row, intOf(m.of(counts[c.ISO3][sec])))
			}
			s.rows = append(s.rows, row)
		}
	}
	return s
}
