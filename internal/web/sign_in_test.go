package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/account"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.link("focal")
	v := w.visitor()
	v.get("/people").wantStatus(http.StatusSeeOther)
	for range 3 { // a mail gateway and the browser look ahead
		v.get("/sign-in/" + token).wantStatus(http.StatusOK).want("Activate your access")
	}
	a := v.post("/sign-in/"+token, url.Values{"next": {"/people"}}).wantStatus(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != "/people" {
		t.Errorf("sent to %q", got)
	}
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	v.get("/people").wantStatus(http.StatusOK).want("People of Atlantis")
	w.visitor().post("/sign-in/"+token, nil).wantStatus(http.StatusGone).want("used already")
	if strings.Contains(w.logs.String(), token) {
		t.Error("the link's token stands in the log")
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(*world, *visitor)
		want int
	}{
		{"in use", func(w *world, v *visitor) { w.pass(time.Hour) }, http.StatusOK},
		{"unused for long", func(w *world, v *visitor) { w.pass(account.SessionIdle + time.Minute) }, http.StatusSeeOther},
		{"used, but old", func(w *world, v *visitor) {
			for range 5 {
				w.pass(5 * time.Hour)
				v.get("/people")
			}
		}, http.StatusSeeOther},
		{"signed out", func(w *world, v *visitor) {
			old := v.cookies["__Host-session"]
			v.post("/sign-out", nil)
			v.cookies["__Host-session"] = old
		}, http.StatusSeeOther},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			v := w.signedIn("focal")
			tt.do(w, v)
			v.get("/people").wantStatus(tt.want)
		})
	}
}

func TestSignInMakesANewSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.visitor()
	v.cookies["__Host-session"] = "planted"
	v.post("/sign-in/"+w.link("focal"), nil)
	first := v.cookies["__Host-session"]
	if first == "planted" {
		t.Fatal("a planted session was taken over")
	}
	v.post("/sign-in/"+w.link("focal"), nil)
	v.cookies["__Host-session"] = first
	v.get("/people").wantStatus(http.StatusSeeOther) // the former session died at the second sign-in
}

func TestCrossOriginIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.signedIn("focal")
	for _, tt := range []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"a form of another site", map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		{"a form of a sibling host", map[string]string{"Sec-Fetch-Site": "same-site"}, http.StatusForbidden},
		{"a foreign origin", map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		{"our own page", map[string]string{"Sec-Fetch-Site": "same-origin"}, http.StatusSeeOther},
		{"an old browser", map[string]string{"Origin": testBase}, http.StatusSeeOther},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", testBase+"/language", strings.NewReader("lang=es"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for name, value := range tt.header {
				r.Header.Set(name, value)
			}
			v.do(r).wantStatus(tt.want)
		})
	}
}

func TestNextStaysHere(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/people": "/people", "//evil.example": "/", `/\evil`: "/", "https:evil": "/", "/a\r\nX: y": "/", "": "/",
	} {
		if got := safeNext(in); got != want {
			t.Errorf("safeNext(%q) = %q, want %q", in, got, want)
		}
	}
}
