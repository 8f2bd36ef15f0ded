package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

type doubtPage struct {
	layout
	Heading, BackHref, Action string
	Errors                    []link
	Raw, RawLang              string
	Facts                     []labelled
	Why                       []string
	AnswerHref                string
	Settled                   string // it is not doubtful any more
	Offers                    []offerView
	Reasons                   []offerView
	Pick                      pick
	Own                       string
	Chosen                    string // "code:X", "reason:X" or "own"
	ForCountry, ForLang       string // name of the country and language; "" for none
	AllCountries, AllLangs    bool
	Effect                    *effectView
}

type offerView struct {
	Value, Text, Note string
	Chosen            bool
}

// doubt shows one answer, and asks what it means.
func (s *server) doubt(v *visit) error {
	d, err := s.openDoubt(v)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "unit/doubt", s.doubtPage(v, d))
}

// openDoubt reads the answer that the address names.
func (s *server) openDoubt(v *visit) (*doubt, error) {
	var found []doubt
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		one, err := r.AnswerAt(v.ctx(), study.SubmissionID(v.Param("id")), v.Param("path"))
		if err != nil {
			return err
		}
		found, err = s.laidOut(v, r, []db.Doubt{one})
		return err
	})
	if err != nil {
		return nil, err
	}
	if found[0].node == nil {
		return nil, errNoPage // the form has no such question, so nothing can be decided
	}
	return &found[0], nil
}

func (s *server) doubtPage(v *visit, d *doubt) doubtPage {
	page := doubtPage{layout: s.layout(v, v.words.T("doubt.one", "country", v.countryName(d.Country))), BackHref: "/unit/doubts", Action: d.href(),
		Raw: d.Raw, RawLang: string(d.language), Why: d.why(v), ForCountry: v.countryName(d.Country), ForLang: v.languageName(d.language),
		AnswerHref: study.VersionURL("", d.Response, d.Version) + "#" + study.Anchor(d.Path),
		Chosen:     v.PostForm("meaning"), Own: v.PostForm("own"),
		AllCountries: v.PostForm("countries") == "all", AllLangs: v.PostForm("langs") == "all"}
	page.Heading = page.Title
	page.Facts = []labelled{{v.words.T("doubt.question"), d.question(v)}, {v.words.T("unit.country"), v.countryName(d.Country)},
		{v.words.T("report.round"), v.roundName(d.Round)}, {v.words.T("doubt.lang"), v.languageName(d.language)},
		{v.words.T("doubt.understood"), d.understood(v)}}
	if !contains(d.Flags, normalize.Review) {
		page.Settled = v.words.T("doubt.settled")
	}
	for _, o := range d.offers() {
		value := "code:" + o.Code
		if o.Reason != "" {
			value = "reason:" + string(o.Reason)
		}
		page.Offers = append(page.Offers, offerView{value, d.meaning(v, o.Code, o.Reason), v.earlier(o.Earlier), value == page.Chosen})
	}
	for _, r := range v.study.Reasons {
		if value := "reason:" + string(r.Code); r.Code != study.Blank {
			page.Reasons = append(page.Reasons, offerView{value, r.Mark + " " + v.text(r.Label), "", value == page.Chosen})
		}
	}
	page.Pick = d.pick(v, v.PostFormArray("own"))
	return page
}

// understood says what the answer counts as now.
func (d *doubt) understood(v *visit) string {
	if d.Reason == "" && d.Kind == study.TextValue {
		return v.words.T("doubt.as_text")
	}
	return d.meaning(v, d.Text, d.Reason)
}

// earlier says where an offered reading comes from.
func (v *visit) earlier(d study.Decision) string {
	if d.ID == 0 {
		return v.words.T("doubt.seen")
	}
	words := v.words.T("doubt.earlier", "name", d.ByName, "time", v.when(d.At), "scope", v.scope(d))
	if !d.UndoneAt.IsZero() {
		words += " · " + v.words.T("decision.undone")
	}
	return words
}

// scope names the country and the language for which a decision holds.
func (v *visit) scope(d study.Decision) string {
	country, lang := v.words.T("decision.all_countries"), v.words.T("decision.all_langs")
	if d.Country != "" {
		country = v.countryName(d.Country)
	}
	if d.Lang != "" {
		lang = v.languageName(d.Lang)
	}
	return country + ", " + lang
}

// decide shows what a decision would change, and makes it when that was seen.
func (s *server) decide(v *visit) error {
	d, err := s.openDoubt(v)
	if err != nil {
		return err
	}
	decision, problem := d.decision(v)
	if problem != "" {
		page := s.doubtPage(v, d)
		page.Wrong, page.Errors = true, []link{{Href: "#meaning", Text: v.words.T(problem)}}
		return s.render(v, http.StatusBadRequest, "unit/doubt", page)
	}
	if v.PostForm("then") != "decide" {
		page := s.doubtPage(v, d)
		page.Effect, err = s.effectOf(v, d, decision)
		if err != nil {
			return fmt.Errorf("preview a decision about %s: %w", d.Path, err)
		}
		return s.render(v, http.StatusOK, "unit/doubt", page)
	}
	if err := s.putDecision(v, decision); err != nil {
		return fmt.Errorf("decide about %s: %w", d.Path, err)
	}
	return v.see("/unit/doubts?did=decided")
}

// decision is what the form says; problem is the key of what is wrong with it.
func (d *doubt) decision(v *visit) (decision study.Decision, problem string) {
	decision = study.Decision{Kind: normalize.DecisionKind(d.node), Country: d.Country, Lang: d.language, Text: normalize.Key(d.Raw), By: v.person.ID}
	if v.PostForm("countries") == "all" {
		decision.Country = ""
	}
	if v.PostForm("langs") == "all" {
		decision.Lang = ""
	}
	how, what, _ := strings.Cut(v.PostForm("meaning"), ":")
	switch how {
	case "reason":
		for _, r := range v.study.Reasons {
			if string(r.Code) == what && what != "" {
				decision.Reason = r.Code
				return decision, ""
			}
		}
		return decision, "doubt.no_meaning"
	case "own":
		what = strings.Join(v.PostFormArray("own"), " ")
	case "code":
	default:
		return decision, "doubt.no_meaning"
	}
	if decision.Text == "" {
		return decision, "doubt.no_text"
	}
	code, ok := normalize.Decide(d.form, d.node, d.options, what)
	if !ok {
		return decision, "doubt.no_value"
	}
	decision.Code = code
	return decision, ""
}
