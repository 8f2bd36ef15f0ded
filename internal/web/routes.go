package web

import "net/http"

// route is one line of the table below.
type route struct {
	method, pattern string
	handle          func(*visit) error
}

func (r route) name() string { return r.method + " " + r.pattern }

// routes lists every address of the service. Each needs a row in access.go.
func (s *server) routes() []route {
	return []route{
		{get, "/healthz", s.health},
		{get, "/static/:file", s.static},
		{get, "/", s.home},

		{get, "/sign-in", s.signInPage},
		{get, "/sign-in/:token", s.linkPage},
		{post, "/sign-in/:token", s.useLink},
		{post, "/sign-out", s.signOut},
		{post, "/language", s.setLanguage},
	}
}

const (
	get   = http.MethodGet
	post  = http.MethodPost
	patch = http.MethodPatch
)
