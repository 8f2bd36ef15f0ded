package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

type signInPage struct {
	layout
	After bool // a post was put aside for this person
}

// signInPage tells how to get in: by a link, which a colleague can issue.
func (s *server) signInPage(v *visit) error {
	if v.person.ID != "" {
		return v.see(safeNext(v.Query("next")))
	}
	after := strings.HasPrefix(v.Query("next"), "/kept/")
	return s.render(v, http.StatusOK, "official/sign_in", signInPage{s.layout(v, v.words.T("sign_in.title")), after})
}

type linkPage struct {
	layout
	Action, Next string
}

// linkPage shows the button that uses a link. Mail gateways and browsers that fetch
// links ahead therefore use nothing up, and learn nothing about the token either.
func (s *server) linkPage(v *visit) error {
	return s.render(v, http.StatusOK, "official/link", linkPage{
		layout: s.layout(v, v.words.T("link.title")),
		Action: "/sign-in/" + url.PathEscape(v.Param("token")), Next: safeNext(v.Query("next")),
	})
}

// useLink signs in: the link dies, a new session begins, and an older session of this
// browser ends (S10).
func (s *server) useLink(v *visit) error {
	if !s.signIns.allow(v.ClientIP()) {
		return &study.Problem{Kind: study.TooMany, Key: "problem.too_fast"}
	}
	secret, ctx := account.Secret(), context.WithoutCancel(v.ctx())
	var person study.Person
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		var err error
		if person, err = tx.UseLink(ctx, account.Hash(v.Param("token"))); err != nil {
			return err
		}
		if v.token != "" {
			if err := tx.EndSession(ctx, account.Hash(v.token)); err != nil {
				return fmt.Errorf("end the former session: %w", err)
			}
		}
		if err := tx.CreateSession(ctx, person.ID, account.Hash(secret)); err != nil {
			return err
		}
		return tx.Log(ctx, person.ID, "sign-in", string(person.ID), "")
	})
	if isKind(err, study.NotFound) || isKind(err, study.Gone) || isKind(err, study.Invalid) || isKind(err, study.Forbidden) {
		s.log.Warn("sign-in refused", "address", v.ClientIP())
		return &study.Problem{Kind: study.Gone, Key: "link.gone"}
	}
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	s.log.Info("signed in", "person", person.ID)
	s.setCookie(v, "session", secret, account.SessionAbsolute)
	shared := ""
	if v.PostForm("shared") == "yes" {
		shared = "yes"
	}
	s.setCookie(v, "shared", shared, account.SessionAbsolute)
	if kept := s.latestKept(v, person.ID); kept != "" {
		return v.see("/kept/" + kept)
	}
	return v.see(safeNext(v.PostForm("next")))
}

// signOut ends the session here and in the store.
func (s *server) signOut(v *visit) error {
	if v.token != "" {
		ctx := context.WithoutCancel(v.ctx())
		err := s.store.Update(ctx, func(tx *db.Tx) error { return tx.EndSession(ctx, account.Hash(v.token)) })
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
	}
	s.setCookie(v, "session", "", 0)
	s.setCookie(v, "shared", "", 0)
	v.Header("Clear-Site-Data", `"storage"`)
	return v.see("/sign-in")
}

// setLanguage changes the language of the pages: for good when signed in, for this
// browser otherwise.
func (s *server) setLanguage(v *visit) error {
	if err := s.chooseFor(v, v.PostForm("lang")); err != nil {
		return err
	}
	return v.see(safeNext(v.PostForm("next")))
}

// chooseFor stores the language a person chose. An unknown one changes nothing.
func (s *server) chooseFor(v *visit, lang string) error {
	if s.preview != nil {
		lang, _ = s.preview.Speak(lang, s.words.Languages())
	}
	if !contains(s.words.Languages(), lang) {
		return nil
	}
	if v.person.ID == "" {
		s.setCookie(v, "lang", lang, 365*24*account.SessionAbsolute)
		return nil
	}
	ctx := context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error { return tx.SetPersonLanguage(ctx, v.person.ID, study.Lang(lang)) })
	if err != nil {
		return fmt.Errorf("set language of %s: %w", v.person.ID, err)
	}
	return nil
}

// health answers probes: the database can be read.
func (s *server) health(v *visit) error {
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		_, err := r.Study(v.ctx())
		if isKind(err, study.NotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	v.String(http.StatusOK, "ok\n")
	return nil
}
