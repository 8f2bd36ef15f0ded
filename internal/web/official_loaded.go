package web

import (
	"context"
	"fmt"
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

// picksOf are the loaded answers that a page's button takes over: the one that it names,
// or with "" all that the page listed and nobody answered meanwhile. The page says what
// it showed, the answer's content and the version beside it; what is another by now is not
// taken over.
func (p *paper) picksOf(v *visit, named string, typedNow []typed) []study.Pick {
	base, touched := map[string]int{}, map[string]bool{}
	for _, t := range typedNow {
		base[t.Path], touched[t.Path] = t.Base, t.Touched
	}
	var picks []study.Pick
	for name, values := range v.Request.PostForm {
		path, ok := strings.CutPrefix(name, "o:")
		if !ok || len(values) == 0 || named != "" && path != named || named == "" && (touched[path] || !contains(p.waiting, path)) {
			continue
		}
		l, known := p.loaded[path]
		if !known {
			continue
		}
		seen, shown := base[path]
		if !shown {
			seen = p.drafts[path].Version
		}
		value := p.draftOf(l)
		picks = append(picks, study.Pick{Seen: values[0], Change: study.Change{Path: path, Base: seen, Value: &value, Reason: &l.Reason, Note: &l.Note}})
	}
	return picks
}

// takeOver stores picks as the person's own answers, and tells with which notice to go on.
func (s *server) takeOver(v *visit, p *paper, picks []study.Pick) (notice string, err error) {
	var taken study.Taken
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if taken, err = tx.ConfirmLoaded(ctx, p.response.ID, v.person, picks); err != nil || len(taken.Saved) == 0 {
			return err
		}
		return tx.Log(ctx, v.person.ID, "import.confirmed", string(p.response.ID), fmt.Sprint(len(taken.Saved)))
	})
	if err != nil {
		return "", fmt.Errorf("take imported answers over into %s: %w", p.response.ID, err)
	}
	if len(taken.Gone) > 0 || len(picks) == 0 || len(taken.Proposals) > 0 {
		return "partly_confirmed", nil
	}
	return "confirmed", nil
}

// loadedInList takes over, or leaves out, items of a list that only old files have.
func (s *server) loadedInList(v *visit) error {
	p, path, err := s.openRepeat(v)
	if err != nil {
		return err
	}
	then, argument, _ := strings.Cut(v.PostForm("then"), ":")
	here := p.href("/repeats" + path)
	if then == "leave_out" {
		if err := s.leaveOut(v, p, path, argument); err != nil {
			return err
		}
		return v.see(here + "?did=removed")
	}
	for name := range v.Request.PostForm {
		if at, ok := strings.CutPrefix(name, "o:"); ok && !strings.HasPrefix(at, path+"[") || ok && argument != "" && !strings.HasPrefix(at, argument+"/") {
			v.Request.PostForm.Del(name)
		}
	}
	notice, err := s.takeOver(v, p, p.picksOf(v, "", nil))
	if err != nil {
		return err
	}
	return v.see(here + "?did=" + notice)
}

// leaveOut says that an item of old files does not belong into the return: it stands
// there as a removed one, so that it can be brought back like any other.
func (s *server) leaveOut(v *visit, p *paper, repeat, item string) error {
	key := strings.TrimSuffix(strings.TrimPrefix(item, repeat+"["), "]")
	for _, one := range p.loadedItems(repeat) {
		if one.Path != item {
			continue
		}
		ctx := context.WithoutCancel(v.ctx())
		err := s.store.Update(ctx, func(tx *db.Tx) error {
			if _, err := tx.AddItem(ctx, p.response.ID, repeat, key, ""); err != nil {
				return err
			}
			return tx.RemoveItem(ctx, p.response.ID, repeat, key)
		})
		if err != nil {
			return fmt.Errorf("leave %s out of %s: %w", item, p.response.ID, err)
		}
	}
	return nil
}
