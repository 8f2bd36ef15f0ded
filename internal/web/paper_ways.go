package web

import (
	"html/template"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

// all lists the state of every node in document order, evaluated once per request.
func (p *paper) all() []fill.State {
	if p.states == nil {
		p.in.Walk(func(st fill.State) bool {
			p.states = append(p.states, st)
			return true
		})
	}
	return p.states
}

// sections lists the sections of the form with what is answered, counted once per
// request. Texts that stand alone at the top of a form are no section: see intro.
func (p *paper) sections() []fill.Section {
	if p.parts == nil {
		for _, section := range p.in.Sections() {
			if !p.isLoose(section.Path) || slices.ContainsFunc(p.looseNodes(section.Path), isAsked) {
				p.parts = append(p.parts, section)
			}
		}
	}
	return p.parts
}

// intro is what a form says before its first section.
func (p *paper) intro() []template.HTML {
	var texts []template.HTML
	for _, n := range p.form.Children {
		if n.Type != "note" || n.Kind != forms.Question {
			continue
		}
		if st, ok := p.in.State(n.Path); ok && st.Relevant {
			texts = append(texts, markup(p.in.Label(n.Path, p.lang).String))
		}
	}
	return texts
}

// label is a question's text without marks, in the reader's language.
func (p *paper) label(path string) string {
	if strings.HasSuffix(path, "]") {
		return p.nameOfItem(path)
	}
	label := p.in.Label(path, p.lang)
	if label.String == "" {
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return shorten(plainText(label.String), 90)
}

// heading is the title of a page of questions: the label of the group or repeat, or
// "repeat: item" for an item.
func (p *paper) heading(path string) (text, lang string) {
	node := p.form.Find(path)
	if node == nil || node.Kind == forms.Question {
		return p.v.words.T("section.loose"), ""
	}
	if strings.HasSuffix(path, "]") {
		repeat, _ := p.heading(path[:strings.LastIndexByte(path, '[')])
		return p.v.words.T("section.item", "section", repeat, "name", p.nameOfItem(path)), ""
	}
	label, lang := node.Label.In(p.form, p.lang)
	if label == "" {
		return node.Name, ""
	}
	return plainText(label), p.foreign(lang)
}

// back is where the link at the top of a page leads: from an item to its list, from a
// list inside a section to the section, from a section to the hub.
func (p *paper) back(path string) (href, text string) {
	if at := strings.LastIndexByte(path, '['); at >= 0 && strings.HasSuffix(path, "]") {
		list := path[:at]
		text, _ = p.heading(list)
		return p.href("/repeats" + list), text
	}
	node := p.form.Find(path)
	if node != nil && node.Kind == forms.Repeat && node.Parent != nil {
		page := path[:strings.LastIndexByte(path, '/')]
		if at := strings.LastIndexByte(page, ']'); at >= 0 {
			page = page[:at+1]
		} else {
			page = p.sectionOf(path)
		}
		text, _ = p.heading(page)
		return p.href("/sections" + page), text
	}
	return p.home()
}

// home is the page of the whole return: the hub for officials, the unit's page of the
// return for the research unit.
func (p *paper) home() (href, text string) {
	if p.v.person.Role == study.Researcher || p.v.person.Role == study.Administrator {
		return p.unitHref(), p.v.words.T("button.back")
	}
	return p.href(""), p.v.words.T("hub.title", "country", p.v.countryName(p.response.Country))
}

// next is where "Save and continue" leads from a page: from an item to its list, from a
// list to where it stands, from a section to the next one that applies, from the last
// to the check.
func (p *paper) next(path string) string {
	if strings.HasSuffix(path, "]") {
		return p.href("/repeats"+path[:strings.LastIndexByte(path, '[')]) + "?did=saved"
	}
	node := p.form.Find(path)
	if node != nil && node.Kind == forms.Repeat && node.Parent != nil {
		href, _ := p.back(path)
		return href + "?did=saved#" + study.Anchor(path)
	}
	found := false
	for _, section := range p.sections() {
		at := p.sectionPath(section)
		if found && (section.Applicable > 0 || isRepeat(section)) {
			return p.href("/sections"+at) + "?did=saved"
		}
		found = found || at == path
	}
	if p.response.Kind == study.InterviewKind {
		href, _ := p.home()
		return href + "?did=saved"
	}
	return p.href("/check") + "?did=saved"
}

func isRepeat(section fill.Section) bool {
	return section.Node != nil && section.Node.Kind == forms.Repeat
}

// sectionPath names a section in addresses: its group or repeat, or the first of the
// questions that stand alone at the top of the form.
func (p *paper) sectionPath(section fill.Section) string { return section.Path }

func (p *paper) sectionName(section fill.Section) string {
	name, _ := p.heading(section.Path)
	return name
}

// looseSection is the path of the first of the consecutive top-level questions to
// which a question belongs.
func (p *paper) looseSection(path string) string {
	first := ""
	for _, n := range p.form.Children {
		switch {
		case n.Kind != forms.Question:
			first = ""
			continue
		case first == "":
			first = n.Path
		}
		if n.Path == path {
			return first
		}
	}
	return path
}

// isLoose reports whether a path names a section of top-level questions.
func (p *paper) isLoose(path string) bool {
	n := p.form.Find(path)
	return n != nil && n.Kind == forms.Question && n.Parent == nil && p.looseSection(path) == path
}

// looseNodes are the questions of such a section.
func (p *paper) looseNodes(path string) []*forms.Node {
	var nodes []*forms.Node
	for _, n := range p.form.Children {
		if n.Kind == forms.Question && p.looseSection(n.Path) == path {
			nodes = append(nodes, n)
		}
	}
	return nodes
}
