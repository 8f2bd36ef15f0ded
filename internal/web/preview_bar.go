package web

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// previewBar is what a preview shows above each page.
type previewBar struct {
	Name             string
	Version          int
	Refused, Seen    bool
	Errors, Warnings []remark
	More             int // problems beyond those listed
	Languages        []languageLink
}

// remark is a problem of the form, with its place in words.
type remark struct{ Place, Text string }

// mostRemarks keeps a page readable: who has more to mend begins with these.
const mostRemarks = 100

// bar lays out the preview for a page; nil when this is none.
func (s *server) bar(v *visit) *previewBar {
	if s.preview == nil {
		return nil
	}
	lang := s.formLang(v)
	p := s.preview
	p.mu.Lock()
	defer p.mu.Unlock()
	bar := &previewBar{Name: p.name, Version: p.version, Refused: p.refused, Seen: p.seen}
	for _, problem := range p.problems {
		at := v.place(problem.Place)
		if at == "" || at == "." { // a folder is called by its own name
			at = p.name
		}
		switch one := (remark{at, problem.In(v.lang())}); {
		case len(bar.Errors)+len(bar.Warnings) == mostRemarks:
			bar.More++
		case problem.Severity == forms.Error:
			bar.Errors = append(bar.Errors, one)
		default:
			bar.Warnings = append(bar.Warnings, one)
		}
	}
	form := p.form.form
	for _, l := range form.Languages {
		bar.Languages = append(bar.Languages, languageLink{Code: l.Name, Name: l.Name, Current: form.Lang(lang) == l.Name})
	}
	return bar
}

// place says in words where something stands in the author's file.
func (v *visit) place(p forms.Place) string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, v.words.T("preview.sheet", "sheet", p.Sheet))
	}
	if p.Row > 0 {
		parts = append(parts, v.words.T("preview.row", "row", p.Row))
	}
	if p.Column != "" {
		parts = append(parts, v.words.T("preview.column", "column", p.Column))
	}
	if len(parts) == 0 {
		return p.File
	}
	return strings.Join(parts, ", ")
}
