// Package web is the front door: pages for officials, the research unit and the
// administrator, and JSON for programs and for the page script.
//
// Three rules. Every route has a row in the access table, and a route without one is
// refused. Only forms/fill decides what is relevant, valid or complete. An answer is
// acknowledged only after its transaction has been committed.
package web

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/i18n"
)

// Config is what the front door needs from the outside.
type Config struct {
	Store   *db.Store
	I18n    *i18n.Bundle     // nil: the embedded catalogs
	BaseURL string           // where people reach the service: scheme and host; https turns on Secure cookies and HSTS
	Log     *slog.Logger     // nil: slog.Default
	Now     func() time.Time // nil: time.Now
	Poke    func()           // called after a commit that promised work; nil: nobody listens
	Limits  Limits           // zero: the defaults
	Preview *Preview         // nil: this is a study, not a form that its author tries out
}

// Limits are what one person or address may ask for. Zero means the default.
type Limits struct {
	SavesPerMinute   int // per person on the pages, 120; the machine door has none
	SignInsPerMinute int // per address, 30
}

// gin's mode is one for the whole process; its debug mode prints every route.
func init() { gin.SetMode(gin.ReleaseMode) }

type server struct {
	store   *db.Store
	words   *i18n.Bundle
	base    *url.URL
	secure  bool // the base URL is https
	log     *slog.Logger
	now     func() time.Time
	poke    func()
	pages   pages
	assets  assets
	access  map[string]accessRow
	origin  *http.CrossOriginProtection
	saves   *limiter
	signIns *limiter
	plans   planCache
	preview *Preview
}

// New builds the handler. It fails when the base URL is not usable, a template does
// not parse, or a route has no row in the access table.
func New(c Config) (http.Handler, error) {
	s, err := newServer(c)
	if err != nil {
		return nil, err
	}
	engine, err := s.handler()
	if err != nil {
		return nil, err
	}
	return engine, nil
}

// dressed is what all servers of a process share: it is read only once it is made.
type dressed struct {
	words  *i18n.Bundle
	assets assets
	pages  pages
}

var dressOnce = sync.OnceValues(func() (d dressed, err error) {
	if d.words, err = i18n.Load(); err != nil {
		return d, fmt.Errorf("load messages: %w", err)
	}
	if d.assets, err = loadAssets(); err != nil {
		return d, fmt.Errorf("load static files: %w", err)
	}
	if d.pages, err = parsePages(d.words, d.assets); err != nil {
		return d, fmt.Errorf("parse pages: %w", err)
	}
	return d, nil
})

// dress gives the server its words, files and pages; words of its own need pages of
// their own.
func (s *server) dress() error {
	d, err := dressOnce()
	if err != nil {
		return err
	}
	s.assets = d.assets
	if s.words == nil {
		s.words, s.pages = d.words, d.pages
		return nil
	}
	if s.pages, err = parsePages(s.words, s.assets); err != nil {
		return fmt.Errorf("parse pages: %w", err)
	}
	return nil
}

func newServer(c Config) (*server, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("base URL %q: want http(s)://host[:port]", c.BaseURL)
	}
	s := &server{
		store: c.Store, words: c.I18n, base: base, secure: base.Scheme == "https",
		log: c.Log, now: c.Now, poke: c.Poke, origin: http.NewCrossOriginProtection(),
		preview: c.Preview,
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.poke == nil {
		s.poke = func() {}
	}
	s.saves = newLimiter(orDefault(c.Limits.SavesPerMinute, 120), s.now)
	s.signIns = newLimiter(orDefault(c.Limits.SignInsPerMinute, 30), s.now)
	if err := s.dress(); err != nil {
		return nil, err
	}
	if s.access, err = readAccess(accessTable); err != nil {
		return nil, fmt.Errorf("read access table: %w", err)
	}
	if s.preview != nil {
		more, err := readAccess(previewRows)
		if err != nil {
			return nil, fmt.Errorf("read access table of the preview: %w", err)
		}
		maps.Copy(s.access, more)
	}
	return s, nil
}

// handler wires the routes behind the checks that hold for all of them.
func (s *server) handler() (*gin.Engine, error) {
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	if err := engine.SetTrustedProxies(nil); err != nil { // X-Forwarded-For is anybody's word
		return nil, fmt.Errorf("trust no proxies: %w", err)
	}
	engine.Use(s.observe, s.guard)
	routes := s.routes()
	if s.preview != nil {
		routes = append(routes, s.previewRoutes()...)
	}
	for _, r := range routes {
		row, ok := s.access[r.name()]
		if !ok {
			return nil, fmt.Errorf("route %s has no row in the access table", r.name())
		}
		handle := s.serve(row, r.handle)
		engine.Handle(r.method, r.pattern, handle)
		if r.method == get {
			engine.HEAD(r.pattern, handle)
		}
	}
	unknown := accessRow{body: smallBody}
	engine.NoRoute(s.serve(unknown, func(*visit) error { return errNoPage }))
	engine.NoMethod(s.serve(unknown, func(*visit) error { return errMethod }))
	return engine, nil
}

// knownHost reports whether a request asked for us by our own name. A service on
// loopback answers to every name of loopback.
func (s *server) knownHost(host string) bool {
	if host == s.base.Host {
		return true
	}
	return isLoopback(hostOnly(s.base.Host)) && isLoopback(hostOnly(host))
}

func hostOnly(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		return h
	}
	return hostport
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

func orDefault(n, standard int) int {
	if n > 0 {
		return n
	}
	return standard
}

var errMethod = errors.New("method not allowed")
