package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

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
