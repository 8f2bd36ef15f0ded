package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// returnsListed is how many returns one page of the list shows.
const returnsListed = 100

type returnsPage struct {
	layout
	Heading                   string
	Rounds, States, Countries []option
	Rows                      []returnRow
	Total                     string
	NextHref                  string
}

type returnRow struct {
	Href, Country, Round, State, Tone string
	Version, Last, Source             string
}

// returns lists all returns of all rounds; the filter is in the address.
func (s *server) returns(v *visit) error {
	filter := db.ResponseFilter{Kind: study.Questionnaire, Country: study.ISO3(v.Query("country")), Round: v.Query("round")}
	state := study.State(v.Query("state"))
	var all []study.Response
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		all, err = r.Responses(v.ctx(), filter)
		return err
	})
	if err != nil {
		return fmt.Errorf("list returns: %w", err)
	}
	if state != "" {
		all = slices.DeleteFunc(all, func(r study.Response) bool { return r.State != state })
	}
	page := returnsPage{layout: s.layout(v, v.words.T("unit.returns")), States: v.states(state), Rounds: v.rounds(filter.Round),
		Total: v.words.N("unit.count", len(all))}
	page.States = slices.DeleteFunc(page.States, func(o option) bool { return o.Value == string(study.NotStarted) })
	page.Heading, page.Countries = page.Title, v.countryOptions(filter.Country)
	from := v.from()
	for i := from; i < len(all) && i < from+returnsListed; i++ {
		page.Rows = append(page.Rows, v.returnRow(all[i]))
	}
	if from+returnsListed < len(all) {
		page.NextHref = v.nextPage(from + returnsListed)
	}
	return s.render(v, http.StatusOK, "unit/returns", page)
}

func (v *visit) countryOptions(chosen study.ISO3) []option {
	var options []option
	for _, c := range v.study.Countries {
		options = append(options, option{string(c.ISO3), v.countryName(c.ISO3), c.ISO3 == chosen})
	}
	slices.SortStableFunc(options, func(a, b option) int { return v.words.Compare(a.Text, b.Text) })
	return options
}

func (v *visit) returnRow(r study.Response) returnRow {
	row := returnRow{Href: unitReturnHref(r.ID), Country: v.countryName(r.Country), Round: v.roundName(r.Round),
		State: v.words.T("state." + string(r.State)), Tone: stateTone(r.State), Last: v.when(r.UpdatedAt), Source: r.InstanceID}
	if r.Version > 0 {
		row.Version = v.words.T("unit.version", "n", r.Version)
	}
	return row
}

type unitReturnPage struct {
	layout
	Heading, BackHref, BackText string
	State, Tone, Progress       string
	Answered, Applicable        int
	Example                     bool
	Facts                       []labelled
	Versions                    []versionLink
	HistoryHref                 string
	CanAccept, CanReopen        bool
	CanClose                    bool
	CloseBlocks                 []link
	EditHref                    string
	Sections                    []sectionRow
	Action                      string
	Reason, ReasonError         string
	Errors                      []link
	Interview                   bool
	Groups                      []answerGroup
	Note                        string
}

// unitReturn shows one return as it stands now: every question with its answer,
// reason, note and last change, and what can be done with it.
func (s *server) unitReturn(v *visit) error {
	p, err := s.openForUnit(v, study.Questionnaire)
	if err != nil {
		return err
	}
	page, err := s.unitReturnPage(v, p)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "unit/return", page)
}

// openForUnit reads the return or interview that the address names.
func (s *server) openForUnit(v *visit, kind study.InstrumentKind) (*paper, error) {
	p, err := s.openPaper(v)
	if err != nil {
		return nil, err
	}
	if p.response.Kind != kind {
		return nil, errNoPage
	}
	return p, p.showSubmitted()
}

func (s *server) unitReturnPage(v *visit, p *paper) (unitReturnPage, error) {
	title := v.words.T("unit.return", "country", v.countryName(p.response.Country), "round", v.roundName(p.response.Round))
	page := unitReturnPage{layout: s.layout(v, title), BackHref: "/unit/returns", BackText: v.words.T("unit.returns"),
		State: v.words.T("state." + string(p.response.State)), Tone: stateTone(p.response.State), Example: p.response.Example,
		HistoryHref: p.href("/history"), Action: unitReturnHref(p.response.ID)}
	page.Heading = title
	for _, section := range p.in.Sections() {
		page.Answered, page.Applicable = page.Answered+section.Answered, page.Applicable+section.Applicable
		row := p.sectionRow(section)
		row.Href = "#" + study.Anchor(section.Path)
		page.Sections = append(page.Sections, row)
	}
	page.Progress = v.words.N("hub.progress", page.Answered, "m", v.words.Number(float64(page.Applicable)))
	for _, sub := range p.versions {
		by := sub.SignedName
		if by == "" {
			by = v.words.T("state." + string(sub.State))
		}
		page.Versions = append(page.Versions, versionLink{Href: p.versionHref(sub.Version), Text: v.words.T("hub.version", "n", sub.Version),
			Meta: reference(sub) + " · " + by + ", " + v.when(sub.At)})
	}
	live := p.response.InstanceID == ""
	page.CanAccept = live && (p.response.State == study.Signed || p.response.State == study.InReview)
	page.CanReopen = live && (page.CanAccept || p.response.State == study.Accepted || p.response.State == study.Recorded)
	page.Note = v.words.T("unit.note." + noteOf(p))
	page.Groups = p.anchored()
	return page, nil
}

// noteOf names the sentence that says what the answers on the page are.
func noteOf(p *paper) string {
	switch {
	case p.response.InstanceID != "":
		return "received"
	case !p.readOnly || p.response.State == study.InProgress:
		return "draft"
	case p.response.State == study.Reopened:
		return "reopened"
	}
	return "signed"
}

// anchored is the reading view with the name of the section, the last change and the
// history beside each answer.
func (p *paper) anchored() []answerGroup {
	groups := p.whole()
	for i := range groups {
		for j := range groups[i].Lines {
			line := &groups[i].Lines[j]
			line.ChangeHref = ""
			if d, ok := p.drafts[line.Path]; ok && d.Version > 0 {
				line.Meta = strings.TrimSuffix(p.v.words.T("unit.meta", "version", d.Version, "name", d.ByName, "time", p.v.when(d.At),
					"channel", p.v.words.T("channel."+string(d.Channel))), " ")
			}
		}
	}
	return groups
}

// reopenReturn gives a signed return back with a reason.
func (s *server) reopenReturn(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(v.PostForm("reason"))
	if reason == "" || tooLong(reason) {
		page, err := s.pageOf(v, p)
		if err != nil {
			return err
		}
		page.ReasonError, page.Reason, page.Wrong = v.words.T("unit.reason_missing"), reason, true
		page.Errors = []link{{Href: "#reason", Text: page.ReasonError}}
		return s.render(v, http.StatusBadRequest, "unit/return", page)
	}
	if err := s.reopen(v, p, reason); err != nil {
		return err
	}
	return v.see(p.unitHref() + "?did=reopened")
}

// pageOf is the unit's page of a return or an interview.
func (s *server) pageOf(v *visit, p *paper) (unitReturnPage, error) {
	if p.response.Kind == study.InterviewKind {
		return s.interviewPage(v, p)
	}
	return s.unitReturnPage(v, p)
}

// unitHref is the unit's address of a return or an interview.
func (p *paper) unitHref() string {
	if p.response.Kind == study.InterviewKind {
		return interviewHref(p.response.ID)
	}
	return unitReturnHref(p.response.ID)
}

// acceptReturn ends the life of a signed return.
func (s *server) acceptReturn(v *visit) error {
	p, err := s.openForUnit(v, study.Questionnaire)
	if err != nil {
		return err
	}
	if err := s.accept(v, p); err != nil {
		return err
	}
	return v.see(p.unitHref() + "?did=accepted")
}
