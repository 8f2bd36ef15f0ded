package web

import (
	"net/http"

	"github.com/comparanda/comparanda/internal/study"
)

type checkPage struct {
	layout
	BackHref, BackText string
	Blocks             toSettle
	Hidden, Unsaid     []link
	CanSign            bool
	SignHref, Locked   string
	Groups             []answerGroup
}

// check lists what stands in the way of signing, what will not be sent, and every answer.
func (s *server) check(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	page := checkPage{layout: s.layout(v, v.words.T("check.title")), SignHref: p.href("/sign"), Groups: p.whole()}
	page.BackHref, page.BackText = p.href(""), v.words.T("hub.title", "country", v.countryName(p.response.Country))
	if p.readOnly {
		page.Locked = p.lockedText()
	} else {
		page.Blocks, page.Hidden, page.Unsaid = p.toSettle(), p.hidden(), p.unsaid()
		page.CanSign = page.Blocks.Count == 0 && v.person.Role == study.FocalPoint
	}
	return s.render(v, http.StatusOK, "official/check", page)
}
