package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/comparanda/comparanda/internal/study"
)

var (
	errNoPage = &study.Problem{Kind: study.NotFound, Key: "problem.no_page"}
	errHost   = errors.New("request for another host")
	errPanic  = errors.New("panic")
)

// statusOf is the one table from a failure to a status.
func statusOf(err error) int {
	var p *study.Problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errHost):
		return http.StatusMisdirectedRequest
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, errSignIn):
		return http.StatusUnauthorized
	case !errors.As(err, &p):
		return http.StatusInternalServerError
	}
	switch p.Kind {
	case study.Invalid:
		return http.StatusBadRequest
	case study.NotFound:
		return http.StatusNotFound
	case study.Forbidden:
		return http.StatusForbidden
	case study.Conflict:
		return http.StatusConflict
	case study.TooLarge:
		return http.StatusRequestEntityTooLarge
	case study.TooMany:
		return http.StatusTooManyRequests
	case study.Gone:
		return http.StatusGone
	}
	return http.StatusInternalServerError
}

// errorPage is a page that says what went wrong and where to go from here.
type errorPage struct {
	layout
	Heading, Text string
	Detail        string // the problem's own sentence, "" when there is none
	RequestID     string // only for our own faults
	Kept          string // address where a refused post waits, "" when nothing was kept
	SignIn        bool
	Back          string
}

// machineError is the same for programs and for the page script.
type machineError struct {
	Error struct {
		Key     string         `json:"key"`
		Path    string         `json:"path,omitempty"`
		Text    string         `json:"text"`
		Args    map[string]any `json:"args,omitempty"`
		Request string         `json:"request,omitempty"`
	} `json:"error"`
}

// fail answers with the page or the JSON for err. What nobody can act on is logged
// and shown as an id.
func (s *server) fail(v *visit, err error) {
	status := statusOf(err)
	id := v.Writer.Header().Get("X-Request-Id")
	if status >= 500 && !errors.Is(err, errPanic) {
		s.log.Error("request failed", "request", id, "route", v.FullPath(), "err", err)
	}
	if v.Writer.Written() {
		return
	}
	if status == http.StatusTooManyRequests {
		v.Header("Retry-After", "60")
	}
	if status == http.StatusUnauthorized && v.machine {
		v.Header("WWW-Authenticate", "Bearer")
	}
	key := statusKey(status)
	var p *study.Problem
	detail := ""
	if errors.As(err, &p) && p.Kind == study.NotFound && !v.words.Has(p.Key) {
		p = errNoPage // what is not there and what is somebody else's read alike (S8)
	}
	if p != nil && v.words.Has(p.Key) {
		detail = v.words.T(p.Key, pairs(p.Args)...)
	}
	if v.wantsJSON() {
		var body machineError
		body.Error.Key, body.Error.Text = key, v.words.T(key+".text")
		if p != nil {
			body.Error.Key, body.Error.Path, body.Error.Args = p.Key, p.Path, p.Args
		}
		if detail != "" {
			body.Error.Text = detail
		}
		if status >= 500 {
			body.Error.Request = id
		}
		v.JSON(status, body)
		return
	}
	page := errorPage{layout: s.layout(v, v.words.T(key+".title")), Heading: v.words.T(key + ".title"), Text: v.words.T(key + ".text"),
		Detail: detail, SignIn: status == http.StatusUnauthorized, Back: "/"}
	if status >= 500 {
		page.RequestID = id
	}
	if v.keptKey != "" {
		page.Kept = "/kept/" + v.keptKey
	}
	if err := s.render(v, status, "layout/error", page); err != nil {
		s.log.Error("error page", "request", id, "err", err)
		v.String(http.StatusInternalServerError, id)
	}
}

// statusKey is the prefix of the catalog's words for a status.
func statusKey(status int) string {
	switch status {
	case 400, 401, 403, 404, 405, 409, 410, 413, 421, 429:
		return "error." + strconv.Itoa(status)
	}
	return "error.500"
}

// pairs lays out a problem's arguments as the catalog takes them.
func pairs(args map[string]any) []any {
	out := make([]any, 0, 2*len(args))
	for name, value := range args {
		out = append(out, name, value)
	}
	return out
}

// badForm turns a form that could not be read into a problem of its sender; one that
// was too large keeps its own status.
func badForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return &study.Problem{Kind: study.Invalid, Key: "error.400.text"}
}
