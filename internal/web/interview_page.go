package web

import (
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

// interview shows one interview: its sections to fill in, and what was answered.
func (s *server) interview(v *visit) error {
	p, err := s.openForUnit(v, study.InterviewKind)
	if err != nil {
		return err
	}
	page, err := s.interviewPage(v, p)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "unit/return", page)
}

func (s *server) interviewPage(v *visit, p *paper) (unitReturnPage, error) {
	page, err := s.unitReturnPage(v, p)
	if err != nil {
		return page, err
	}
	name := p.response.Title
	if name == "" {
		name = p.response.InstanceID
	}
	page.Title = v.words.T("interview.one", "code", name, "country", v.countryName(p.response.Country))
	page.Heading, page.Interview = page.Title, true
	page.BackHref, page.BackText, page.Action = "/unit/interviews", v.words.T("interview.title"), interviewHref(p.response.ID)
	page.Note = v.words.T("interview.note." + noteOf(p))
	if p.readOnly {
		return page, nil
	}
	page.Sections = nil
	for _, section := range p.in.Sections() {
		page.Sections = append(page.Sections, p.sectionRow(section))
	}
	page.CanClose, page.CloseBlocks = true, p.blocks()
	page.EditHref = p.firstSection()
	return page, nil
}

// firstSection is the first section that is not answered yet, or the first of all.
func (p *paper) firstSection() string {
	sections := p.in.Sections()
	at := 0
	for i, one := range sections {
		if one.Applicable > one.Answered {
			at = i
			break
		}
	}
	if len(sections) == 0 {
		return ""
	}
	return p.href("/sections" + p.sectionPath(sections[at]))
}

// closeInterview freezes an interview and promises its normalization, as a signature
// does for a return.
func (s *server) closeInterview(v *visit) error {
	p, err := s.openForUnit(v, study.InterviewKind)
	if err != nil {
		return err
	}
	if p.readOnly {
		return v.see(p.unitHref()) // closed a moment ago
	}
	if len(p.blocks()) > 0 {
		page, err := s.interviewPage(v, p)
		if err != nil {
			return err
		}
		page.Errors, page.Wrong = p.blocks(), true
		return s.render(v, http.StatusConflict, "unit/return", page)
	}
	if _, err := s.signReturn(v, p, v.person.Name, "", account.Secret()); err != nil {
		return fmt.Errorf("close interview %s: %w", p.response.ID, err)
	}
	return v.see(p.unitHref() + "?did=recorded")
}
