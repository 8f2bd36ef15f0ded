package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

// keptPost is a form that somebody sent and that could not be taken: the session was
// over, or the request came from another site. It waits for its author (F28, F31).
type keptPost struct {
	Path string     `json:"path"`
	Form url.Values `json:"form"`
}

// keepPost puts the body of a refused post aside, when we know whose it is. Autosave
// keeps its own copy in the page.
func (s *server) keepPost(v *visit) {
	author := v.person
	if author.ID == "" {
		author = v.lapsed
	}
	if author.ID == "" || v.Request.Method != post || v.machine || v.wantsJSON() {
		return
	}
	if err := v.Request.ParseForm(); err != nil || len(v.Request.PostForm) == 0 {
		return // no form, so nothing that somebody typed
	}
	body, err := json.Marshal(keptPost{v.Request.URL.Path, v.Request.PostForm})
	if err != nil {
		s.log.Error("keep a refused post", "err", err)
		return
	}
	key, ctx := account.Secret(), context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error { return tx.KeepPost(ctx, author.ID, key, body) })
	if err != nil {
		s.log.Error("keep a refused post", "err", err)
		return
	}
	v.keptKey = key
}

// latestKept is the key of the newest post put aside for a person, "" when none is.
func (s *server) latestKept(v *visit, person study.PersonID) string {
	key := ""
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		key, err = r.LatestKept(v.ctx(), person)
		return err
	})
	if err != nil {
		s.log.Error("look for a kept post", "err", err)
		return ""
	}
	return key
}

type keptPage struct {
	layout
	Texts         []labelled
	Fields        []field
	Action        string
	DiscardAction string
}

type labelled struct{ Label, Value string }

type field struct{ Name, Value string }

// keptPage shows what was put aside. A section's form is shown in its own page, with
// the texts in their fields; any other form as a list with a button.
func (s *server) keptPage(v *visit) error {
	kept, err := s.kept(v)
	if err != nil {
		return err
	}
	if strings.Contains(kept.Path, "/sections/") {
		return v.see((&url.URL{Path: kept.Path, RawQuery: "kept=" + url.QueryEscape(v.Param("key"))}).String())
	}
	page := keptPage{layout: s.layout(v, v.words.T("kept.title")), Action: (&url.URL{Path: kept.Path}).EscapedPath(),
		DiscardAction: "/kept/" + v.Param("key")}
	for name, values := range kept.Form {
		for _, value := range values {
			page.Fields = append(page.Fields, field{name, value})
			if len(value) > 1 && !strings.Contains(name, "token") {
				page.Texts = append(page.Texts, labelled{name, value})
			}
		}
	}
	slices.SortFunc(page.Fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(page.Texts, func(a, b labelled) int { return strings.Compare(a.Label, b.Label) })
	return s.render(v, http.StatusOK, "official/kept", page)
}

// kept reads the post put aside under the key of this address; others' are not found.
func (s *server) kept(v *visit) (keptPost, error) { return s.keptUnder(v, v.Param("key")) }

func (s *server) keptUnder(v *visit, key string) (keptPost, error) {
	var post keptPost
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		body, err := r.Kept(v.ctx(), v.person.ID, key)
		if err != nil {
			return err
		}
		return json.Unmarshal(body, &post)
	})
	if err != nil {
		return post, fmt.Errorf("read kept post: %w", err)
	}
	return post, nil
}

// discardKept forgets what was put aside.
func (s *server) discardKept(v *visit) error {
	if err := s.forgetKept(v, v.Param("key")); err != nil {
		return err
	}
	return v.see("/?did=discarded")
}

func (s *server) forgetKept(v *visit, key string) error {
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error { return tx.ForgetKept(ctx, v.person.ID, key) })
	if err != nil {
		return fmt.Errorf("forget kept post: %w", err)
	}
	return nil
}
