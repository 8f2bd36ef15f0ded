package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// builder makes the sheets of one comparison.
type builder struct {
	in        Input
	opt       Options
	words     *i18n.Catalog
	lang      string
	countries []study.Country // chosen, in the order of every sheet
	returns   []Return        // of the chosen countries, in that order
	talks     []Return        // interviews of the chosen countries, by country and title
	byCountry map[study.ISO3]*Return
	survey    *instrument
	guide     *instrument // nil: none
	linking   bool        // the base URL can be linked to

	names sheetNames
	fixed fixedSheets
	texts textList
	notes noteList
	index map[*Return]map[string]*study.Answer // answers by path, made when first asked for
}

// fixedSheets are the sheets that every comparison has, by their names in its language.
type fixedSheets struct{ readMe, coverage, texts, notes, data, codebook, lists, codes string }

// instrument is a form with its numbers and the sections to show.
type instrument struct {
	form     *forms.Form
	numbers  map[string]string
	sections []section
	title    string
	prefix   string // of note numbers, so that two instruments never share one
	places   map[string]*section
}

// section is a top-level group or repeat, or a run of loose questions.
type section struct {
	name      string // of its node; "" for loose questions
	label     string
	questions []*forms.Node // outside repeats
	repeats   []*forms.Node // at any depth, in document order
}

func newBuilder(in Input, opt Options) (*builder, error) {
	if in.Form == nil {
		return nil, fmt.Errorf("comparison: no questionnaire given")
	}
	b := &builder{in: in, opt: opt, names: sheetNames{}, byCountry: map[study.ISO3]*Return{}}
	if b.opt.Lang == "" {
		b.opt.Lang = in.Study.DefaultLanguage
	}
	b.words = i18n.For(string(b.opt.Lang))
	b.lang = b.words.Lang()
	base, err := url.Parse(in.BaseURL)
	b.linking = err == nil && (base.Scheme == "http" || base.Scheme == "https") && base.Host != ""
	if err := b.chooseCountries(); err != nil {
		return nil, err
	}
	if b.survey, err = b.instrument(in.Form, opt.Sections, ""); err != nil {
		return nil, err
	}
	if in.Guide != nil {
		if b.guide, err = b.instrument(in.Guide, nil, "INT "); err != nil {
			return nil, err
		}
	}
	b.fixed = fixedSheets{
		readMe: b.named("read_me"), coverage: b.named("coverage"), texts: b.named("texts"), notes: b.named("notes"),
		data: b.named("data"), codebook: b.named("codebook"), lists: b.named("lists"), codes: b.named("codes"),
	}
	return b, nil
}

func (b *builder) named(key string) string { return b.names.name(b.t("sheet." + key)) }

// t gives a word of the report's own.
func (b *builder) t(key string, args ...any) string { return b.words.T("comparison."+key, args...) }

// chooseCountries orders the chosen countries by their names as the workbook's readers
// sort them; the order holds on every sheet.
func (b *builder) chooseCountries() error {
	for _, code := range b.opt.Countries {
		if !slices.ContainsFunc(b.in.Study.Countries, func(c study.Country) bool { return c.ISO3 == code }) {
			return &study.Problem{Kind: study.Invalid, Key: "comparison.no_country", Args: map[string]any{"country": code}}
		}
	}
	for _, c := range b.in.Study.Countries {
		if len(b.opt.Countries) == 0 || slices.Contains(b.opt.Countries, c.ISO3) {
			b.countries = append(b.countries, c)
		}
	}
	slices.SortStableFunc(b.countries, func(x, y study.Country) int { return b.words.Compare(b.country(x), b.country(y)) })
	for _, c := range b.countries {
		for i := range b.in.Returns {
			if b.in.Returns[i].Submission.Country == c.ISO3 {
				b.returns = append(b.returns, b.in.Returns[i])
				break
			}
		}
		var talks []Return
		for _, r := range b.in.Interviews {
			if r.Submission.Country == c.ISO3 {
				talks = append(talks, r)
			}
		}
		slices.SortStableFunc(talks, func(x, y Return) int {
			if n := strings.Compare(x.Title, y.Title); n != 0 {
				return n
			}
			return strings.Compare(string(x.Submission.ResponseID), string(y.Submission.ResponseID))
		})
		b.talks = append(b.talks, talks...)
	}
	for i := range b.returns {
		b.byCountry[b.returns[i].Submission.Country] = &b.returns[i]
	}
	return nil
}

func (b *builder) country(c study.Country) string { return b.text(c.Name, string(c.ISO3)) }

func (b *builder) countryOf(code study.ISO3) string {
	for _, c := range b.countries {
		if c.ISO3 == code {
			return b.country(c)
		}
	}
	return string(code)
}

// text is a study's text in the workbook's language, or in the study's own, or alt.
func (b *builder) text(t study.Text, alt string) string {
	for _, lang := range []study.Lang{study.Lang(b.lang), b.in.Study.DefaultLanguage, "en"} {
		if s := t[lang]; s != "" {
			return s
		}
	}
	return alt
}

func (b *builder) instrument(f *forms.Form, chosen []string, prefix string) (*instrument, error) {
	in := &instrument{form: f, numbers: f.Numbers(), prefix: prefix, title: f.Title, places: map[string]*section{}}
	for _, i := range b.in.Study.Instruments {
		if i.FormID == f.ID {
			in.title = b.text(i.Title, f.Title)
		}
	}
	for _, name := range chosen {
		if !slices.ContainsFunc(f.Children, func(n *forms.Node) bool { return n.Name == name && n.Kind != forms.Question }) {
			return nil, &study.Problem{Kind: study.Invalid, Key: "comparison.no_section", Args: map[string]any{"section": name}}
		}
	}
	loose := false
	for _, n := range f.Children {
		if len(chosen) > 0 && !slices.Contains(chosen, n.Name) {
			continue
		}
		if n.Kind == forms.Question {
			if !shown(n) {
				continue
			}
			if !loose {
				in.sections = append(in.sections, section{label: b.t("loose")})
			}
			loose = true
		} else {
			loose = false
			in.sections = append(in.sections, section{name: n.Name, label: b.label(f, n)})
		}
		in.sections[len(in.sections)-1].add(n)
	}
	for i := range in.sections {
		s := &in.sections[i]
		for _, q := range s.questions {
			in.places[q.Path] = s
		}
		for _, r := range s.repeats {
			r.Walk(func(n *forms.Node) bool { in.places[n.Path] = s; return true })
		}
	}
	return in, nil
}

// add sorts a node's questions into those outside and inside repeats.
func (s *section) add(n *forms.Node) {
	switch {
	case n.Kind == forms.Question && shown(n):
		s.questions = append(s.questions, n)
	case n.Kind == forms.Repeat:
		s.repeats = append(s.repeats, n)
		for _, inner := range n.Children {
			inner.Walk(func(d *forms.Node) bool {
				if d.Kind == forms.Repeat {
					s.repeats = append(s.repeats, d)
				}
				return true
			})
		}
	case n.Kind == forms.Group:
		for _, child := range n.Children {
			s.add(child)
		}
	}
}

// shown reports whether a question has a place in a comparison: it is asked, or it is
// a calculation with a label of its own.
func shown(n *forms.Node) bool {
	return n.Asked() || n.Type == "calculate" && !n.Label.Empty()
}

// answers finds a return's answers by their paths.
func (b *builder) answers(r *Return) map[string]*study.Answer {
	if found, ok := b.index[r]; ok {
		return found
	}
	found := make(map[string]*study.Answer, len(r.Answers))
	for i := range r.Answers {
		found[r.Answers[i].Path] = &r.Answers[i]
	}
	if b.index == nil {
		b.index = map[*Return]map[string]*study.Answer{}
	}
	b.index[r] = found
	return found
}

// dataHash identifies the data: the signed hash of every return and interview shown.
func (b *builder) dataHash() string {
	h := sha256.New()
	for _, list := range [][]Return{b.returns, b.talks} {
		for _, r := range list {
			s := r.Submission
			fmt.Fprintf(h, "%s %s %s v%d %s\n", s.FormID, s.Country, s.ResponseID, s.Version, s.Hash)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (b *builder) answerURL(r *Return, path string) string {
	if !b.linking {
		return ""
	}
	return study.AnswerURL(b.in.BaseURL, r.Submission.ResponseID, r.Submission.Version, path)
}

func (b *builder) returnURL(r *Return) string {
	if !b.linking {
		return ""
	}
	return study.VersionURL(b.in.BaseURL, r.Submission.ResponseID, r.Submission.Version)
}
