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
	Loaded             []link // sections with imported answers that nobody has confirmed
	LoadedCount        string
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
		if page.Loaded = p.waitingBySection(); len(page.Loaded) > 0 {
			page.LoadedCount = v.words.N("loaded.check", len(p.waiting))
		}
		page.CanSign = page.Blocks.Count == 0 && v.person.Role == study.FocalPoint
	}
	return s.render(v, http.StatusOK, "official/check", page)
}
