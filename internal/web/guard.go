package web

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// contentPolicy allows our own files and nothing else; no page has inline script or style.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"

// guard sets the headers that every response carries, errors and files too, and
// refuses a request that was meant for another host (S17).
func (s *server) guard(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	h.Set("Cache-Control", "no-store")
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
	if c.FullPath() != "/healthz" && !s.knownHost(c.Request.Host) {
		v := &visit{Context: c, now: s.now(), words: s.words.For(c.GetHeader("Accept-Language")), machine: isMachineDoor(c.Request)}
		s.fail(v, errHost)
		c.Abort()
		return
	}
	c.Next()
}

// checkOrigin refuses a state change that another site asked for (S9). Programs send
// neither Origin nor Sec-Fetch-Site and carry no cookie.
func (s *server) checkOrigin(v *visit) error {
	if err := s.origin.Check(v.Request); err != nil {
		s.keepPost(v) // F31: what a signed-in person typed is not lost
		return &study.Problem{Kind: study.Forbidden, Key: "problem.origin"}
	}
	return nil
}

// observe writes one access line per request and turns a panic into a 500 page that
// shows an id and nothing else. The path may hold a sign-in token, so the log has the
// route's pattern.
func (s *server) observe(c *gin.Context) {
	start, id := time.Now(), uuid.NewString()
	c.Header("X-Request-Id", id)
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.log.Error("panic", "request", id, "route", c.FullPath(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			s.failAfterPanic(c)
		}
		pattern := c.FullPath()
		if pattern == "" {
			pattern = "(none)"
		}
		s.log.Info("request", "request", id, "method", c.Request.Method, "route", pattern, "status", c.Writer.Status(),
			"bytes", c.Writer.Size(), "ms", time.Since(start).Milliseconds())
	}()
	c.Next()
}

func (s *server) failAfterPanic(c *gin.Context) {
	if c.Writer.Written() {
		return
	}
	v, ok := c.Value(visitKey).(*visit)
	if !ok {
		v = &visit{Context: c, now: s.now(), words: s.words.For(i18n.Fallback)}
	}
	s.fail(v, errPanic)
}

// safeNext is a path of ours to go to after a form, or "/" when the text could lead
// anywhere else (S16).
func safeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t\x00") {
		return "/"
	}
	return next
}
