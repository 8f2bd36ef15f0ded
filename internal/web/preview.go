package web

import (
	"slices"
	"sync"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/account"
)

// Preview shows the pages of a form that its author is still writing. One person fills
// in one return, whatever form stands in the store: the form is the one last shown here.
// Answers belong to question paths, so those typed so far stay where their questions do.
//
// It is safe for use by several goroutines.
type Preview struct {
	name, secret string

	mu       sync.Mutex
	form     *compiled // the last good one
	problems []forms.Problem
	refused  bool   // the file as it is now has errors
	seen     bool   // there was a good form
	version  int    // counts what was shown, good or not
	lang     string // language of the form's texts when the pages have none such
}

// NewPreview previews a file, which is called name on the pages. Until a form is shown
// there is an empty one.
func NewPreview(name string) *Preview {
	empty := &forms.Form{Title: name}
	empty.Link()
	plan, _ := fill.Compile(empty) // without a question there is no problem
	return &Preview{name: name, secret: account.Secret(), form: compile(1, plan)}
}

// Show takes the form as it is now. A nil plan is one that was refused: the last good
// form stays in use, beside the problems.
func (p *Preview) Show(plan *fill.Plan, problems []forms.Problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.version++
	p.problems, p.refused = problems, plan == nil
	if plan != nil {
		p.form, p.seen = compile(p.version, plan), true
	}
}

// Speak chooses the language of the form's texts, by its name or code. It returns the
// language in which the pages can follow; where pages have no such language, the form's
// texts alone are shown in it. A language that the form does not have is one of the
// pages, and takes an earlier choice back; known tells whether it is.
func (p *Preview) Speak(lang string, pages []string) (spoken string, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lang = ""
	for _, l := range p.form.form.Languages {
		if lang != l.Name && lang != l.Code {
			continue
		}
		if slices.Contains(pages, l.Code) {
			return l.Code, true
		}
		p.lang = l.Name
		return lang, true
	}
	return lang, slices.Contains(pages, lang)
}

// Address is the path that signs in and opens the return, as often as it is asked for.
func (p *Preview) Address() string { return "/preview/open/" + p.secret }

// now is the form in use.
func (p *Preview) now() *compiled {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.form
}

// formLang is the language in which the visitor reads the form's texts: the page's, or
// in a preview the one that the author chose beside it.
func (s *server) formLang(v *visit) string {
	if s.preview == nil {
		return v.lang()
	}
	s.preview.mu.Lock()
	defer s.preview.mu.Unlock()
	if s.preview.lang != "" {
		return s.preview.lang
	}
	return v.lang()
}
