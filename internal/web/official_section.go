package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

type sectionPage struct {
	layout
	Heading, HeadingLang string
	Count, Others        string
	Kept, KeptKey        string
	Locked               string
	ReadOnly             bool
	Unanswered           []link
	Loaded               []loadedView // imported answers that nobody has confirmed
	Guidance             []string
	Errors               []link
	Action, BackHref     string
	BackText             string
	Questions            []question
	Groups               []answerGroup // instead of questions, when nothing can be changed
	AsksDone, Done       bool
	ContinueText         string
	LastSaved            string
	PersonKey            string
	Shared               bool
}

type link struct{ Href, Text, Why string }

// section shows one section, or one item of a repeat, as one page with one form.
func (s *server) section(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	path := v.Param("path")
	if node := p.form.Find(path); node != nil && node.Kind == forms.Repeat && !strings.HasSuffix(path, "]") {
		return v.see(p.href("/repeats" + path))
	}
	again := map[string]typed{}
	keptKey := v.Query("kept")
	if keptKey != "" {
		kept, err := s.keptUnder(v, keptKey)
		if err != nil {
			return err
		}
		all, err := readFields(p.form, kept.Form)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.Touched {
				again[t.Path] = t
			}
		}
	}
	page, err := s.sectionPage(v, p, path, again)
	if err != nil {
		return err
	}
	if keptKey != "" {
		page.Kept, page.KeptKey = v.words.T("section.kept"), keptKey
	}
	return s.render(v, http.StatusOK, "official/section", page)
}

// sectionPage lays out the page of a group, an item, or loose questions.
func (s *server) sectionPage(v *visit, p *paper, path string, again map[string]typed) (sectionPage, error) {
	states := p.statesUnder(path)
	if len(states) == 0 {
		return sectionPage{}, errNoPage
	}
	heading, lang := p.heading(path)
	page := sectionPage{
		layout: s.layout(v, plainText(heading)), Heading: plainText(heading), HeadingLang: lang, ReadOnly: p.readOnly,
		Action: p.href("/sections" + path), PersonKey: string(v.person.ID), Shared: s.isShared(v),
		AsksDone: !strings.Contains(path, "["), Done: p.done[path], ContinueText: v.words.T("button.save_continue"),
	}
	page.SaveForm = !p.readOnly
	page.BackHref, page.BackText = p.back(path)
	if p.readOnly {
		page.Locked, page.Groups = p.lockedText(), p.part(path)
	}
	page.Loaded = p.loadedOn(path)
	if strings.HasSuffix(path, "]") {
		p.itemName = p.nameOfItem(path)
	}
	count := 0
	for _, st := range states {
		q, shown := p.entry(st, again)
		if !shown {
			continue
		}
		if !p.readOnly {
			page.Questions = append(page.Questions, q)
		}
		if !isAsked(st.Node) || !st.Relevant {
			continue
		}
		count++
		if q.Error != "" {
			page.Errors = append(page.Errors, link{Href: "#" + q.ID, Text: q.Error})
		}
		if !q.HasValue && q.Reason == "" && !p.readOnly {
			page.Unanswered = append(page.Unanswered, link{Href: "#" + q.ID, Text: q.Number})
		}
	}
	if count <= 10 || len(page.Unanswered) == count {
		page.Unanswered = nil
	}
	page.Wrong = len(page.Errors) > 0
	page.Count = v.words.N("section.count", count)
	page.LastSaved, page.Others = p.lastChange(path)
	return page, nil
}

// entry is what one node shows on a section page. Items of repeats and their content
// have pages of their own.
func (p *paper) entry(st fill.State, again map[string]typed) (question, bool) {
	switch st.Node.Kind {
	case forms.Group:
		if st.Node.Label.Empty() && st.Node.Relevant == "" {
			return question{}, false
		}
		q := question{Widget: "group", ID: study.Anchor(st.Path), Path: st.Path, Relevant: st.Relevant, Condition: p.condition(st.Node)}
		p.texts(&q, st)
		q.ItemName = ""
		if st.Node.Label.Empty() {
			q.Label, q.PlainLabel = "", ""
		}
		return q, true
	case forms.Repeat:
		q := question{Widget: "repeat", ID: study.Anchor(st.Path), Path: st.Path, Relevant: st.Relevant, ReadOnly: p.readOnly,
			Condition: p.condition(st.Node), Href: p.href("/repeats" + st.Path)}
		p.texts(&q, st)
		q.Items = p.itemViews(st.Path)
		q.NoItems = len(q.Items) == 0 && p.done[st.Path]
		return q, true
	}
	var t *typed
	if one, ok := again[st.Path]; ok {
		t = &one
	}
	q := p.questionView(st, t)
	return q, q.Widget != string(asNothing)
}

// statesUnder lists the states of everything on the page of a path, in order: the
// content of the group or item, without what lies inside the items of a repeat in it.
func (p *paper) statesUnder(path string) []fill.State {
	loose := map[string]bool{}
	if p.isLoose(path) {
		for _, n := range p.looseNodes(path) {
			loose[n.Path] = true
		}
	}
	var states []fill.State
	p.in.Walk(func(st fill.State) bool {
		switch {
		case loose[st.Path]:
		case !strings.HasPrefix(st.Path, path+"/"):
			return true
		case strings.Contains(strings.TrimPrefix(st.Path, path), "["):
			return true
		}
		if st.Path != path || loose[path] { // a section of loose questions is called after its first
			states = append(states, st)
		}
		return true
	})
	return states
}

// lastChange tells when anything on a page was saved last, and by whom; and when
// somebody else did so recently.
func (p *paper) lastChange(path string) (saved, others string) {
	var newest, foreign study.DraftAnswer
	for at, d := range p.drafts {
		if !strings.HasPrefix(at, path+"/") && !p.isLoose(path) {
			continue
		}
		if d.At.After(newest.At) {
			newest = d
		}
		if d.By != p.v.person.ID && d.At.After(foreign.At) && p.v.now.Sub(d.At) < time.Hour {
			foreign = d
		}
	}
	if newest.Version > 0 {
		saved = p.v.words.T("save.last", "time", p.v.when(newest.At), "name", newest.ByName)
	}
	if foreign.Version > 0 {
		others = p.v.words.T("section.other_opened", "name", foreign.ByName, "time", p.v.when(foreign.At))
	}
	return saved, others
}

// isShared reports whether the person said that this computer is shared (F30).
func (s *server) isShared(v *visit) bool {
	c, err := v.Request.Cookie(s.cookieName("shared"))
	return err == nil && c.Value == "yes"
}
