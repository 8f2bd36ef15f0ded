package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

//go:embed all:templates
var templateFiles embed.FS

// layout is what every page has around its own content. Page structs embed it.
type layout struct {
	Title        string // without the study's; "Error: " is put before it when Wrong is set
	Wrong        bool   // the page reports errors in what was typed
	Lang         string
	StudyTitle   string
	Example      bool // the folder holds example data
	PersonName   string
	Role         string // the role in words
	Country      string
	TitleCountry string // the country, unless the title names it
	Languages    []languageLink
	Nav          []navLink
	Path         string // of this page, for the language switch
	SaveForm     bool   // the page has the form "answers", which the language switch saves first
	Notice       string // one sentence after a redirect
	SignedIn     bool
	Preview      *previewBar // nil but in a preview
}

type languageLink struct {
	Code, Name string
	Current    bool
}

type navLink struct {
	Href, Text string
	Current    bool
}

// layout fills in what the page shows around its content.
func (s *server) layout(v *visit, title string) layout {
	l := layout{
		Title: title, Lang: v.lang(), StudyTitle: v.text(v.study.Title), Example: v.study.Example,
		Path: v.Request.URL.RequestURI(), SignedIn: v.person.ID != "", Notice: s.notice(v), Preview: s.bar(v),
	}
	if v.Request.Method != get {
		l.Path = v.Request.URL.Path
	}
	if strings.HasPrefix(l.Path, "/sign-in/") {
		l.Path = "/sign-in" // the token stays out of every other address
	}
	for _, code := range s.words.Languages() {
		l.Languages = append(l.Languages, languageLink{code, v.words.T("language." + code), code == v.lang()})
	}
	if !l.SignedIn {
		return l
	}
	l.PersonName, l.Role = v.person.Name, v.words.T("role."+string(v.person.Role))
	if v.person.Country != "" {
		l.Country = v.countryName(v.person.Country)
		if !strings.Contains(title, l.Country) {
			l.TitleCountry = l.Country
		}
	}
	for _, link := range navigation[v.person.Role] {
		l.Nav = append(l.Nav, navLink{link.href, v.words.T(link.key), v.Request.URL.Path == link.href})
	}
	return l
}

// navigation is what each role finds in the header.
var navigation = map[study.Role][]struct{ href, key string }{
	study.Contributor:   {{"/", "nav.return"}, {"/people", "nav.people"}},
	study.FocalPoint:    {{"/", "nav.return"}, {"/people", "nav.people"}},
	study.Researcher:    {{"/unit", "nav.unit"}, {"/unit/returns", "nav.returns"}, {"/unit/interviews", "nav.interviews"}, {"/unit/reports", "nav.reports"}, {"/unit/doubts", "nav.doubts"}, {"/unit/imports", "nav.imports"}},
	study.Administrator: {{"/admin/people", "nav.people"}, {"/admin/jobs", "nav.jobs"}, {"/admin/study", "nav.study"}, {"/admin/log", "nav.log"}},
}

// noticeKeys are the sentences that a redirect may ask the next page to show.
var noticeKeys = map[string]bool{}

// noticeNames are filled from here, so that an address can show no text of its own.
func init() {
	for _, name := range []string{"saved", "added", "removed", "restored", "moved", "invited", "revoked", "reopened", "resolved",
		"uploaded", "done", "undone", "requested", "cancelled", "retried", "recorded", "language", "discarded", "accepted", "taken_off", "decided", "undecided", "confirmed", "partly_confirmed",
		"looked_again", "import_cancelled"} {
		noticeKeys[name] = true
	}
}

// notice is the sentence that the last action left in the address (?did=saved).
func (s *server) notice(v *visit) string {
	did := v.Query("did")
	if v.Request.Method != get || !noticeKeys[did] {
		return ""
	}
	return v.words.T("notice." + did)
}

// pages holds every page's template, by language and name ("official/hub").
type pages map[string]map[string]*template.Template

// parsePages parses each page together with the layout and the shared parts (files
// that begin with an underscore), once per language.
func parsePages(words *i18n.Bundle, a assets) (pages, error) {
	shared, err := fs.Glob(templateFiles, "templates/*/_*.html")
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(templateFiles, "templates/*/[a-z]*.html")
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, lang := range words.Languages() {
		base, err := template.New("page").Funcs(templateFuncs(words.For(lang), a)).ParseFS(templateFiles, shared...)
		if err != nil {
			return nil, err
		}
		all[lang] = map[string]*template.Template{}
		for _, file := range files {
			page, err := template.Must(base.Clone()).ParseFS(templateFiles, file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			name := strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
			all[lang][name] = page
		}
	}
	return all, nil
}

// templateFuncs are the words and formats of one language.
func templateFuncs(c *i18n.Catalog, a assets) template.FuncMap {
	return template.FuncMap{
		"t":      func(key string, args ...any) string { return c.T(key, args...) },
		"n":      func(key string, n int, args ...any) string { return c.N(key, n, args...) },
		"number": func(v int) string { return c.Number(float64(v)) },
		"inc":    func(i int) int { return i + 1 },
		"date":   c.Date,
		"asset":  func(name string) string { return a.public[name] },
		"size":   func(bytes int64) string { return sizeText(c, bytes) },
	}
}

// sizeText writes a file size with the unit that keeps it short.
func sizeText(c *i18n.Catalog, bytes int64) string {
	switch {
	case bytes < 1000:
		return c.Number(float64(bytes)) + "\u00a0B"
	case bytes < 1_000_000:
		return c.Number(float64(bytes/1000)) + "\u00a0kB"
	}
	return c.Number(float64(bytes/100_000)/10) + "\u00a0MB"
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes a page. Nothing is sent when its template fails.
func (s *server) render(v *visit, status int, name string, page any) error {
	t := s.pages[v.lang()][name]
	if t == nil {
		return fmt.Errorf("page %s does not exist in %s", name, v.lang())
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := t.ExecuteTemplate(b, path.Base(name)+".html", page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	v.Header("Content-Type", "text/html; charset=utf-8")
	v.Header("Content-Language", v.lang())
	v.Header("Vary", "Accept-Encoding")
	if !acceptsGzip(v.Request) || b.Len() < 1000 {
		v.Header("Content-Length", strconv.Itoa(b.Len()))
		v.Status(status)
		_, err := v.Writer.Write(b.Bytes())
		return clientGone(err)
	}
	v.Header("Content-Encoding", "gzip")
	v.Status(status)
	w := gzip.NewWriter(v.Writer)
	if _, err := w.Write(b.Bytes()); err != nil {
		return clientGone(err)
	}
	return clientGone(w.Close())
}

// clientGone drops the error of a browser that went away: nobody is left to tell.
func clientGone(error) error { return nil }

func queryEscape(s string) string { return url.QueryEscape(s) }
