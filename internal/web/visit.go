package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// visit is one request with what every handler needs to know about it.
type visit struct {
	*gin.Context
	person   study.Person // zero: nobody is signed in
	token    string       // the session's secret, "" without a session
	session  db.Session
	lapsed   study.Person // whose session is over, to keep what they sent
	study    study.Study
	words    *i18n.Catalog // in the person's language
	now      time.Time
	row      accessRow
	machine  bool   // came through the machine door: answers in JSON
	keptKey  string // set when a refused post was put aside for its author (F28)
	response study.Response
}

// ctx is the request's context, for reading. A write transaction outlives it.
func (v *visit) ctx() context.Context { return v.Request.Context() }

// lang is the language of the page.
func (v *visit) lang() string { return v.words.Lang() }

// wantsJSON tells the page script from a browser that loads a page.
func (v *visit) wantsJSON() bool {
	return v.machine || strings.Contains(v.GetHeader("Accept"), "application/json")
}

// country is the person's country, as the study knows it.
func (v *visit) country(code study.ISO3) study.Country {
	for _, c := range v.study.Countries {
		if c.ISO3 == code {
			return c
		}
	}
	return study.Country{ISO3: code, Name: study.Text{}}
}

// countryName is the name of a country in the page's language.
func (v *visit) countryName(code study.ISO3) string {
	if name := v.text(v.country(code).Name); name != "" {
		return name
	}
	return string(code)
}

// text picks the page's language from a study text, or the study's default one.
func (v *visit) text(t study.Text) string {
	if s := t[study.Lang(v.lang())]; s != "" {
		return s
	}
	return t[v.study.DefaultLanguage]
}

// zone is the time zone in which the person reads times.
func (v *visit) zone() *time.Location {
	name := v.country(v.person.Country).TimeZone
	if v.response.Country != "" {
		name = v.country(v.response.Country).TimeZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// when writes a moment as the person reads it.
func (v *visit) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.words.Time(t, v.zone())
}

// see sends the browser to another page after a post (303).
func (v *visit) see(path string) error {
	v.Header("Location", path)
	v.Status(http.StatusSeeOther)
	v.Writer.WriteHeaderNow()
	return nil
}

// serve turns a handler into gin's, behind sign-in and the access table.
func (s *server) serve(row accessRow, handle func(*visit) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		v := &visit{Context: c, now: s.now(), row: row, words: s.words.For(i18n.Fallback), machine: isMachineDoor(c.Request)}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, row.body)
		c.Set(visitKey, v)
		err := s.admit(v, handle)
		if s.moved(v, err) {
			err = v.see("/")
		}
		if err != nil {
			s.fail(v, err)
		}
	}
}

const visitKey = "visit"

// admit finds out who asks, and lets the handler run when the table says so.
func (s *server) admit(v *visit, handle func(*visit) error) error {
	if strings.HasPrefix(v.FullPath(), "/static/") || v.FullPath() == "/healthz" {
		return handle(v) // nothing personal there, and no need of the database
	}
	if err := s.identify(v); err != nil {
		return err
	}
	if err := s.checkOrigin(v); err != nil {
		return err
	}
	switch status := v.row.statusFor(v.person); status {
	case 0:
		s.touch(v)
		if err := v.readForm(); err != nil {
			return err
		}
		return handle(v)
	case http.StatusSeeOther:
		return v.see("/sign-in?next=" + queryEscape(v.Request.URL.Path))
	case http.StatusUnauthorized:
		return s.askToSignIn(v)
	case http.StatusForbidden:
		return &study.Problem{Kind: study.Forbidden, Key: "problem.role"}
	case http.StatusNotFound:
		return errNoPage
	default:
		return fmt.Errorf("access table: unknown status %d", status)
	}
}

// readForm reads the fields of a plain form once, so that one that is too large or
// damaged is refused before anything is done. Files and JSON are read by their handlers.
func (v *visit) readForm() error {
	if v.Request.Method != http.MethodPost || v.machine || v.ContentType() != "application/x-www-form-urlencoded" {
		return nil
	}
	body, err := io.ReadAll(v.Request.Body)
	if err != nil {
		return badForm(err)
	}
	if v.Request.PostForm, err = parseFields(string(body)); err != nil {
		return badForm(err)
	}
	v.Request.Form = v.Request.URL.Query()
	for name, values := range v.Request.PostForm {
		v.Request.Form[name] = append(slices.Clone(values), v.Request.Form[name]...)
	}
	return nil
}

// stranger is the answer to somebody of another country.
func (v *visit) stranger() error {
	if v.row.stranger == http.StatusForbidden {
		return &study.Problem{Kind: study.Forbidden, Key: "problem.role"}
	}
	return errNoPage
}

func isMachineDoor(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }
