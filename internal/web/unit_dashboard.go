package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

type unitPage struct {
	layout
	Heading, Summary, Deadline string
	Rounds, States             []option
	Sections                   []sectionHead
	Rows                       []countryRow
	Hidden                     string // how many countries the filter leaves out
}

type sectionHead struct{ Number, Name string }

type countryRow struct {
	Name, Href         string
	InStudy            bool
	Cells              []heatCell
	All                heatCell
	State, Tone        string
	Signed, SignedHref string
	Last               string
}

type heatCell struct{ Text, Label, Class, Href string }

// unit is the research unit's start page: countries down, sections across, with the
// share of the questions that apply that have an answer.
func (s *server) unit(v *visit) error {
	round := v.chosenRound(v.Query("round"))
	page := unitPage{layout: s.layout(v, v.words.T("unit.title")), Rounds: v.rounds(round), Deadline: v.deadline(round)}
	page.Heading = page.Title
	wanted := study.State(v.Query("state"))
	page.States = v.states(wanted)
	form := v.questionnaire()
	if form == "" {
		return &study.Problem{Kind: study.NotFound, Key: "problem.no_questionnaire"}
	}
	byCountry, c, err := s.returnsOf(v, form, round)
	if err != nil {
		return err
	}
	page.Sections = s.sectionHeads(v, c)
	signed, left := 0, 0
	for _, country := range v.study.Countries {
		response, begun := byCountry[country.ISO3]
		state := study.NotStarted
		if begun {
			state = response.State
		}
		if response.Version > 0 {
			signed++
		}
		if wanted != "" && wanted != state {
			left++
			continue
		}
		row := countryRow{Name: v.countryName(country.ISO3), InStudy: country.InStudy, State: v.words.T("state." + string(state)), Tone: stateTone(state)}
		if begun {
			if err := s.fillCountryRow(v, &row, response); err != nil {
				return err
			}
		} else {
			row.Cells = make([]heatCell, len(page.Sections))
		}
		page.Rows = append(page.Rows, row)
	}
	page.Summary = v.words.N("unit.summary", signed, "m", len(v.study.Countries))
	if left > 0 {
		page.Hidden = v.words.N("unit.filtered", left)
	}
	return s.render(v, http.StatusOK, "unit/dashboard", page)
}

// questionnaire is the form that countries answer, "" when the study has none.
func (v *visit) questionnaire() string { return v.instrument(study.Questionnaire) }

func (v *visit) instrument(kind study.InstrumentKind) string {
	at := slices.IndexFunc(v.study.Instruments, func(i study.Instrument) bool { return i.Kind == kind })
	if at < 0 {
		return ""
	}
	return v.study.Instruments[at].FormID
}

// states are the choices of the filter.
func (v *visit) states(chosen study.State) []option {
	var options []option
	for _, state := range []study.State{study.NotStarted, study.InProgress, study.Signed, study.Reopened, study.Accepted, study.Legacy} {
		options = append(options, option{string(state), v.words.T("state." + string(state)), state == chosen})
	}
	return options
}

func stateTone(state study.State) string {
	switch state {
	case study.Signed, study.InReview, study.Accepted, study.Recorded:
		return toneDone
	case study.InProgress, study.Legacy:
		return toneWIP
	case study.Reopened:
		return "ask"
	}
	return toneNone
}

// returnsOf finds the return of each country in a round: the one that its officials
// answer, or else the newest that arrived whole.
func (s *server) returnsOf(v *visit, form, round string) (map[study.ISO3]study.Response, *compiled, error) {
	found := map[study.ISO3]study.Response{}
	var c *compiled
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		if c, err = s.plan(v.ctx(), r, form, 0); err != nil {
			return err
		}
		all, err := r.Responses(v.ctx(), db.ResponseFilter{Kind: study.Questionnaire, FormID: form, Round: round})
		for _, one := range all {
			if old, ok := found[one.Country]; !ok || old.InstanceID != "" {
				found[one.Country] = one
			}
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the returns of %s: %w", round, err)
	}
	return found, c, nil
}

// sectionHeads names the sections of a form as the evaluator divides it.
func (s *server) sectionHeads(v *visit, c *compiled) []sectionHead {
	p := &paper{v: v, lang: v.lang(), form: c.form, numbers: c.numbers}
	p.in = c.plan.New(fill.Env{Now: func() time.Time { return v.now }, Lang: v.lang()})
	var heads []sectionHead
	for i, section := range p.in.Sections() {
		heads = append(heads, sectionHead{strconv.Itoa(i + 1), p.sectionName(section)})
	}
	return heads
}

func (s *server) fillCountryRow(v *visit, row *countryRow, response study.Response) error {
	p, err := s.paperOf(v, response.ID)
	if err != nil {
		return fmt.Errorf("read the return of %s: %w", response.Country, err)
	}
	if err := p.showSubmitted(); err != nil {
		return err
	}
	row.Href = unitReturnHref(response.ID)
	answered, applicable := 0, 0
	for _, section := range p.in.Sections() {
		answered, applicable = answered+section.Answered, applicable+section.Applicable
		cell := p.heat(section.Answered, section.Applicable)
		cell.Href = row.Href + "#" + study.Anchor(section.Path)
		cell.Label = p.v.words.T("unit.cell", "country", row.Name, "section", p.sectionName(section))
		row.Cells = append(row.Cells, cell)
	}
	row.All = p.heat(answered, applicable)
	row.Last = v.when(response.UpdatedAt)
	for _, sub := range p.versions {
		if sub.State == study.Signed {
			row.Signed, row.SignedHref = v.dateIn(sub.At)+", "+v.words.T("unit.version", "n", sub.Version), p.versionHref(sub.Version)
		}
	}
	return nil
}

// heat is a share as a number and one of five shades.
func (p *paper) heat(answered, applicable int) heatCell {
	if applicable == 0 {
		return heatCell{Text: "–"}
	}
	percent := answered * 100 / applicable
	return heatCell{Text: strconv.Itoa(percent), Class: "heat" + strconv.Itoa(min(4, percent*5/100))}
}

func unitReturnHref(id study.ResponseID) string { return "/unit/returns/" + string(id) }
