package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

var errSignIn = errors.New("sign in first")

// touchEvery is how often a session in use writes that it is.
const touchEvery = 10 * time.Minute

// cookieName has the __Host- prefix wherever the browser would accept it.
func (s *server) cookieName(name string) string {
	switch {
	case s.secure:
		return "__Host-" + name
	case s.preview != nil: // cookies are of a host, not of a port: a study may be served beside it
		return "preview-" + s.base.Port() + "-" + name
	}
	return name
}

func (s *server) setCookie(v *visit, name, value string, life time.Duration) {
	c := &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	c.MaxAge = int(life.Seconds())
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(v.Writer, c)
}

// identify reads who asks: the bearer of a token at the machine door, the holder of a
// session elsewhere. A missing, unknown or expired one leaves v.person empty.
func (s *server) identify(v *visit) error {
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		if v.study, err = r.Study(v.ctx()); err != nil && !isKind(err, study.NotFound) {
			return fmt.Errorf("read study: %w", err)
		}
		if v.machine {
			return s.identifyMachine(v, r)
		}
		return s.identifyBrowser(v, r)
	})
	if err != nil {
		return err
	}
	if s.preview != nil {
		v.study = s.preview.titled(v.study)
	}
	v.words = s.words.For(s.chooseLanguage(v))
	if mark := v.country(v.person.Country).DecimalMark; mark != "" {
		v.words = v.words.WithDecimalMark(mark)
	}
	return nil
}

// identifyMachine takes a bearer token. Cookies mean nothing at the machine door, so
// no other site can make a browser use it.
func (s *server) identifyMachine(v *visit, r *db.Reader) error {
	token, ok := strings.CutPrefix(v.GetHeader("Authorization"), "Bearer ")
	if !ok {
		return nil
	}
	person, err := r.TokenPerson(v.ctx(), account.Hash(strings.TrimSpace(token)))
	if isKind(err, study.NotFound) || isKind(err, study.Gone) || isKind(err, study.Forbidden) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read token: %w", err)
	}
	v.person = person
	return nil
}

func (s *server) identifyBrowser(v *visit, r *db.Reader) error {
	cookie, err := v.Request.Cookie(s.cookieName("session"))
	if err != nil || cookie.Value == "" {
		return nil
	}
	person, session, err := r.SessionPerson(v.ctx(), account.Hash(cookie.Value))
	if isKind(err, study.NotFound) || isKind(err, study.Gone) || isKind(err, study.Forbidden) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	if expired(session, v.now) || !person.RevokedAt.IsZero() {
		v.lapsed = person // F28: whose text it is, should this be a post
		return nil
	}
	v.person, v.token, v.session = person, cookie.Value, session
	return nil
}

// expired reports whether a session has lived too long, or unused too long.
func expired(session db.Session, now time.Time) bool {
	return now.Sub(session.CreatedAt) > account.SessionAbsolute || now.Sub(session.SeenAt) > account.SessionIdle
}

// touch notes that a session is in use, at most every ten minutes.
func (s *server) touch(v *visit) {
	if v.token == "" || v.now.Sub(v.session.SeenAt) < touchEvery {
		return
	}
	err := s.store.Update(v.ctx(), func(tx *db.Tx) error {
		return tx.TouchSession(context.WithoutCancel(v.ctx()), account.Hash(v.token))
	})
	if err != nil {
		s.log.Warn("session not renewed", "err", err) // the page is worth more than the renewal
	}
}

// chooseLanguage is the person's own, else the cookie of a visitor who chose, else
// the browser's, else the study's (I05).
func (s *server) chooseLanguage(v *visit) string {
	if v.person.Language != "" {
		return string(v.person.Language)
	}
	known := s.words.Languages()
	if c, err := v.Request.Cookie(s.cookieName("lang")); err == nil && contains(known, c.Value) {
		return c.Value
	}
	for _, part := range strings.Split(v.GetHeader("Accept-Language"), ",") {
		code, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		base, _, _ := strings.Cut(strings.ToLower(code), "-")
		if contains(known, base) {
			return base
		}
	}
	return string(v.study.DefaultLanguage)
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// fold brings a text to the form in which it is compared.
func fold(s string) string { return i18n.Fold(s) }

func isKind(err error, kind study.Kind) bool {
	var p *study.Problem
	return errors.As(err, &p) && p.Kind == kind
}

// askToSignIn answers a request without a session. What was typed is put aside when
// we still know whose it is.
func (s *server) askToSignIn(v *visit) error {
	s.keepPost(v)
	return errSignIn
}
