package web

import (
	"context"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// loadedView is an answer that an import brought in and that nobody has confirmed: its
// words, where it comes from, and what confirms it.
type loadedView struct {
	Path, ID       string
	Question, Href string
	Value, Note    string
	Source, Mark   string
}

// loadedItem is an item of a list that only old files have.
type loadedItem struct {
	Path, Name string
	Answers    []loadedView
}

// readLoaded reads what imports brought in for a return that can still be changed. A
// signed version has replaced it: then nothing waits any more.
func (p *paper) readLoaded(ctx context.Context, r *db.Reader) error {
	if p.readOnly || p.response.InstanceID != "" || p.response.Version > 0 || p.response.Kind != study.Questionnaire {
		return nil
	}
	all, items, err := r.Loaded(ctx, p.response.ID)
	if err != nil {
		return err
	}
	p.loaded, p.brought = map[string]study.Loaded{}, items
	removed := map[string]bool{}
	for _, i := range p.items {
		removed[i.Repeat+"["+i.Key+"]"] = !i.RemovedAt.IsZero()
	}
	for _, l := range all {
		if n := p.form.Find(l.Path); n == nil || !isAsked(n) {
			continue // the form asks this no longer; reports still show it as old
		}
		p.loaded[l.Path] = l
		if p.waits(l) && !underAny(l.Path, removed) {
			p.waiting = append(p.waiting, l.Path)
		}
	}
	return nil
}

// waits reports whether nobody of the country has said anything at the question yet. What
// the kit filled in beforehand is nobody's word.
func (p *paper) waits(l study.Loaded) bool {
	d, answered := p.drafts[l.Path]
	if !answered || d.Version == 0 {
		return true
	}
	return d.Channel == study.Prefill && (d.Value != p.draftOf(l) || d.Reason != l.Reason)
}

// draftOf is a loaded value as the form's own pages store it: codes instead of labels.
func (p *paper) draftOf(l study.Loaded) string {
	return codeOf(p.form, p.form.Find(l.Path), l.Value)
}

func (p *paper) loadedView(path string) loadedView {
	l, n := p.loaded[path], p.form.Find(path)
	label, _ := n.Label.In(p.form, p.lang)
	return loadedView{Path: path, ID: study.Anchor(path), Href: "#" + study.Anchor(path),
		Question: strings.TrimSpace(p.numbers[n.Path] + " " + shorten(plainText(label), 90)),
		Value:    p.answerText(n, p.draftOf(l), l.Reason), Note: l.Note, Mark: l.Mark(),
		Source: p.v.words.T("loaded.source", "file", l.File, "place", l.Place, "date", p.v.dateIn(l.At))}
}

// loadedOn lists what waits on the page of a section or an item.
func (p *paper) loadedOn(path string) []loadedView {
	here := map[string]bool{}
	for _, st := range p.statesUnder(path) {
		here[st.Path] = st.Node.Kind == forms.Question
	}
	var views []loadedView
	for _, one := range p.waiting {
		if here[one] {
			views = append(views, p.loadedView(one))
		}
	}
	return views
}

// loadedItems lists the items of a repeat that only old files have.
func (p *paper) loadedItems(repeat string) []loadedItem {
	own := map[string]bool{}
	for _, i := range p.items {
		own[i.Repeat+"["+i.Key+"]"] = true
	}
	var items []loadedItem
	for _, i := range p.brought {
		path := i.Repeat + "[" + i.Key + "]"
		if i.Repeat != repeat || own[path] {
			continue
		}
		item := loadedItem{Path: path}
		for _, one := range p.waiting {
			if strings.HasPrefix(one, path+"/") {
				item.Answers = append(item.Answers, p.loadedView(one))
			}
		}
		if len(item.Answers) == 0 {
			continue
		}
		item.Name = shorten(item.Answers[0].Value, 80)
		items = append(items, item)
	}
	return items
}

// waitingIn counts what waits in a section.
func (p *paper) waitingIn(section string) (n int) {
	for _, path := range p.waiting {
		if p.sectionOf(path) == section {
			n++
		}
	}
	return n
}

// waitingBySection lists the sections in which something waits, with the way there.
func (p *paper) waitingBySection() []link {
	var found []link
	for _, section := range p.sections() {
		if n := p.waitingIn(p.sectionPath(section)); n > 0 {
			found = append(found, link{Href: p.href("/sections" + p.sectionPath(section)), Text: p.sectionName(section), Why: p.v.words.N("loaded.count", n)})
		}
	}
	return found
}
