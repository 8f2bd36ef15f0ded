package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestEveryRouteHasARow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	routes := map[string]bool{}
	for _, r := range w.server.routes() {
		routes[r.name()] = true
		if _, ok := w.server.access[r.name()]; !ok {
			t.Errorf("route %s has no row in the access table", r.name())
		}
	}
	for name := range w.server.access {
		if !routes[name] {
			t.Errorf("the access table has a row for %s, which is no route", name)
		}
	}
}

// TestAccessTable asks every route as every role, with ids that exist. A cell "ok"
// means that the handler was reached: the person is neither refused nor told that the
// thing does not exist. Strangers ask with the ids of the other country.
func TestAccessTable(t *testing.T) {
	t.Parallel()
	shared := newWorld(t)
	ids := shared.things()
	columns := []string{"nobody", "contributor", "focal", "researcher", "admin", "stranger", "foreigner"}
	for _, r := range shared.server.routes() {
		if strings.HasPrefix(r.pattern, "/static/") || isActOnSession(r.pattern) {
			continue
		}
		row := shared.server.access[r.name()]
		for _, column := range columns {
			t.Run(r.name()+" as "+column, func(t *testing.T) {
				want := row.nobody
				if column != "nobody" {
					want = row.roles[shared.people[column].Role]
				}
				if (column == "stranger" || column == "foreigner") && want == 0 {
					want = row.stranger
				}
				w, ids := shared, ids
				if want == 0 && r.method != get { // it will change something
					w = newWorld(t)
					ids = w.things()
				}
				got := w.ask(r, column, ids)
				switch {
				case want == 0 && (got == 401 || got == 403 || got == 404 || got >= 500):
					t.Errorf("status %d, want to be let through", got)
				case want != 0 && got != want:
					t.Errorf("status %d, want %d", got, want)
				}
			})
		}
	}
}

// isActOnSession marks routes that would sign the asking visitor in or out.
func isActOnSession(pattern string) bool {
	return strings.HasPrefix(pattern, "/sign-") || pattern == "/language"
}

// ask sends one request as the holder of a fresh session or token.
func (w *world) ask(r route, column string, ids map[string]string) int {
	w.t.Helper()
	path := r.pattern
	for _, name := range []string{":version", "*path", ":id", ":file", ":form", ":key"} {
		if id, ok := ids[r.name()+" "+name]; ok {
			path = strings.ReplaceAll(path, trimSlash(name), id)
		}
		path = strings.ReplaceAll(path, trimSlash(name), ids[name])
	}
	v := w.visitor()
	if column != "nobody" {
		v = w.signedIn(column)
	}
	request := httptest.NewRequest(r.method, testBase+path, strings.NewReader(url.Values{}.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if isMachineDoor(request) && column != "nobody" {
		request.Header.Set("Authorization", "Bearer "+w.bearer(column))
		v.cookies = map[string]string{}
	}
	return v.do(request).status
}

// trimSlash makes a placeholder of a pattern; "*path" stands after its slash.
func trimSlash(name string) string {
	if name == "*path" {
		return "/*path"
	}
	return name
}

// TestHeaders looks at every response: pages, errors, files, redirects.
func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.signedIn("focal")
	for _, path := range []string{"/", "/people", "/sign-in", "/nothing", "/returns/unknown", "/healthz", w.server.assets.public["app.css"], "/kept/none"} {
		a := v.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy":   contentPolicy,
			"X-Content-Type-Options":    "nosniff",
			"Referrer-Policy":           "no-referrer",
			"X-Frame-Options":           "DENY",
			"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got, want)
			}
		}
		if a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s allows other origins", path)
		}
		if cache := a.header.Get("Cache-Control"); cache != "no-store" && !strings.HasPrefix(path, "/static/") {
			t.Errorf("%s: Cache-Control = %q", path, cache)
		}
	}
	if strings.Contains(contentPolicy, "unsafe") {
		t.Error("the content policy allows inline script or style")
	}
}

func TestOtherHostsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest("GET", "https://evil.example/sign-in", nil)
	r.Header.Set("X-Forwarded-Host", "study.example")
	w.visitor().do(r).wantStatus(http.StatusMisdirectedRequest).want("another service")
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.signedIn("contributor") // reads Spanish
	v.get("/nothing").wantStatus(http.StatusNotFound).want("Esta página no existe", "Ir a la página de inicio", `<html lang="es">`)
	v.post("/people", url.Values{"name": {"x"}}).wantStatus(http.StatusForbidden).want("No tiene acceso")
	r := httptest.NewRequest("DELETE", testBase+"/people", nil)
	v.do(r).wantStatus(http.StatusMethodNotAllowed)
	v.post("/returns", url.Values{"x": {strings.Repeat("a", smallBody+1)}})
	v.post("/language", url.Values{"x": {strings.Repeat("a", smallBody+1)}}).wantStatus(http.StatusRequestEntityTooLarge)
	for i := range 200 {
		if a := v.autosave("/returns/unknown/sections/a", nil); a.status == http.StatusTooManyRequests {
			t.Fatalf("limited at %d without a return", i)
		}
	}
}

func TestPanicShowsAnIDOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	engine, err := w.server.handler()
	if err != nil {
		t.Fatal(err)
	}
	engine.GET("/boom", w.server.serve(accessRow{body: smallBody}, func(*visit) error { panic("secret detail") }))
	w.handler = engine
	a := w.visitor().get("/boom").wantStatus(http.StatusInternalServerError).lacks("secret detail")
	id := a.header.Get("X-Request-Id")
	a.want(id)
	if !strings.Contains(w.logs.String(), id) || !strings.Contains(w.logs.String(), "secret detail") {
		t.Error("the log does not tell what happened under the id")
	}
}
