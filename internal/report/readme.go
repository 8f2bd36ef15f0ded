package report

import (
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// readMeSheet says what the workbook is: data, marks, contents and how to cite it.
func (b *builder) readMeSheet(others []*sheet) *sheet {
	titleText := b.text(b.in.Study.Title, b.in.Study.ID)
	s := &sheet{name: b.fixed.readMe, title: titleText, hideGrid: true, pagesWide: 1, columns: []column{{width: 34}, {width: 110}},
		lead: b.leads(b.t("about.read_me"))}
	if !b.in.example() {
		s.lead = []line{{b.t("about.read_me"), lead}}
	}
	put := func(name string, c cell) { s.rows = append(s.rows, []cell{strongOf(name), c}) }
	part := func(key string) {
		s.rows = append(s.rows, []cell{{}, {}}, []cell{{kind: textCell, text: b.t(key), look: heading}, {kind: textCell, text: b.t(key + "_what"), look: heading}})
	}

	newest := b.in.newest()
	part("part.data")
	put(b.t("read.round"), dash(b.roundTitle()))
	put(b.t("read.language"), textOf(languageName(b.words, study.Lang(b.lang))))
	put(b.t("read.questionnaire"), textOf(b.survey.title+" · "+b.survey.form.ID+" "+b.survey.form.Version))
	if newest.IsZero() {
		put(b.t("read.newest"), textOf(b.t("nothing_signed")))
	} else {
		put(b.t("read.newest"), textOf(b.words.Time(newest, nil)))
	}
	put(b.t("read.hash"), textOf(b.dataHash()))
	put(b.t("read.filters"), textOf(b.filters()))
	put(b.t("read.returns"), textOf(b.t("n_of", "n", len(b.returns), "all", len(b.countries))))
	put(b.t("read.interviews"), textOf(b.words.Number(float64(len(b.talks)))))
	put(b.t("read.cite"), textOf(b.citation(titleText)))
	put(b.t("read.note"), textOf(b.t("read.note_text")))

	part("part.contents")
	for _, o := range others {
		about := ""
		if len(o.lead) > 0 {
			about = strings.TrimSpace(strings.TrimPrefix(o.lead[0].text, b.t("example")))
		}
		s.rows = append(s.rows, []cell{
			{kind: textCell, text: o.name, look: linked, to: target{o.name, 1}},
			textOf(o.title + ". " + firstSentence(about)),
		})
	}

	part("part.marks")
	for _, r := range b.reasons() {
		put(b.reasonMark(r.Code), textOf(b.text(r.Label, string(r.Code))+" ("+string(r.Code)+")"))
	}
	put(b.t("not_asked"), textOf(b.t("means.not_asked")))
	put(b.t("no_answer"), textOf(b.t("means.no_answer")))
	put(b.t("no_return"), textOf(b.t("means.no_return")))
	put("[1]", textOf(b.t("means.note")))
	put("–", textOf(b.t("means.dash")))

	part("part.countries")
	for _, c := range b.countries {
		s.rows = append(s.rows, []cell{strongOf(b.country(c) + " (" + string(c.ISO3) + ")"), b.countryLine(c)})
	}
	return s
}

func (b *builder) countryLine(c study.Country) cell {
	r := b.byCountry[c.ISO3]
	if r == nil {
		return faintOf(b.t("no_return"))
	}
	_, all := b.tallies(b.survey, r)
	text := b.t("country_line", "state", b.words.T("state."+string(r.state())), "version", r.Submission.Version,
		"date", r.Submission.At.UTC().Format("2006-01-02"), "hash", shortHash(r.Submission.Hash),
		"value", all.value, "answered", all.answered, "applicable", all.applicable)
	if r.Submission.Example {
		text += " " + b.t("example")
	}
	return cell{kind: textCell, text: text, url: b.returnURL(r)}
}

// shortHash is enough of a hash for people to compare; the receipt begins the same way.
func shortHash(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}

func (b *builder) roundTitle() string {
	for _, r := range b.in.Study.Rounds {
		if r.ID == b.in.Round {
			return b.text(r.Title, r.ID)
		}
	}
	return b.in.Round
}

func (b *builder) filters() string {
	countries, sections := b.t("all_countries"), b.t("all_sections")
	if len(b.opt.Countries) > 0 {
		var names []string
		for _, c := range b.countries {
			names = append(names, b.country(c))
		}
		countries = strings.Join(names, ", ")
	}
	if len(b.opt.Sections) > 0 {
		var names []string
		for _, s := range b.survey.sections {
			names = append(names, s.label)
		}
		sections = strings.Join(names, "; ")
	}
	return countries + " · " + sections
}

func (b *builder) citation(title string) string {
	if b.in.example() {
		return b.t("cite_example")
	}
	return b.t("cite", "title", title, "date", b.in.newest().Format("2006-01-02"), "hash", shortHash(b.dataHash()))
}

func firstSentence(s string) string {
	first, _, more := strings.Cut(s, ". ")
	if more {
		return first + "."
	}
	return first
}
