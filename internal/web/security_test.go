package web

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// place is a route's address with ids that exist.
func (r route) place(ids map[string]string) string {
	path := r.pattern
	for _, name := range []string{":version", "*path", ":id", ":file", ":form", ":key"} {
		id, own := ids[r.name()+" "+name]
		if !own {
			id = ids[name]
		}
		path = strings.ReplaceAll(path, trimSlash(name), id)
	}
	return strings.ReplaceAll(path, ":token", "no-such-token")
}

// request asks a route as a browser, or at the machine door as a program with a token.
func (v *visitor) request(r route, ids map[string]string, bearer string) *http.Request {
	request := httptest.NewRequest(r.method, testBase+r.place(ids), http.NoBody)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if bearer != "" && isMachineDoor(request) {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	return request
}

// TestEveryRouteRefusesOtherSites sends every change as a form of another site would (S9).
func TestEveryRouteRefusesOtherSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.things()
	for _, name := range []string{"focal", "researcher", "admin"} {
		v, bearer := w.signedIn(name), w.bearer(name)
		for _, r := range w.server.routes() {
			if r.method == get {
				continue
			}
			for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
				request := v.request(r, ids, bearer)
				request.Header.Set(header, value)
				if got := v.do(request); got.status != http.StatusForbidden {
					t.Errorf("%s as %s with %s: %s: status %d, want 403", r.name(), name, header, value, got.status)
				}
			}
		}
	}
}

// TestEveryAnswerHasTheHeaders looks at the answers of every route to every role, and
// then for their secrets in the log (S12, S14).
func TestEveryAnswerHasTheHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.things()
	var secrets []string
	for _, name := range []string{"nobody", "contributor", "focal", "foreigner", "researcher", "admin"} {
		v, bearer := w.visitor(), ""
		if name != "nobody" {
			link := w.link(name)
			v.post("/sign-in/"+link, nil).wantStatus(http.StatusSeeOther)
			bearer = w.bearer(name)
			secrets = append(secrets, link, bearer, v.cookies["__Host-session"])
		}
		for _, r := range w.server.routes() {
			if r.pattern == "/sign-out" || strings.HasPrefix(r.pattern, "/static/") {
				continue
			}
			a := v.do(v.request(r, ids, bearer))
			for header, want := range map[string]string{
				"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
				"Strict-Transport-Security": "includeSubDomains", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
			} {
				if got := a.header.Get(header); !strings.Contains(got, want) && !strings.Contains(got, "sandbox") {
					t.Errorf("%s as %s: %s is %q", r.name(), name, header, got)
				}
			}
			if a.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s allows other origins", r.name())
			}
			kind := a.header.Get("Content-Type")
			if a.body != "" && !strings.Contains(kind, "charset=utf-8") && !strings.Contains(kind, "officedocument") {
				t.Errorf("%s as %s: Content-Type is %q", r.name(), name, kind)
			}
			if a.status >= 500 {
				t.Errorf("%s as %s: status %d", r.name(), name, a.status)
			}
		}
	}
	logs := w.logs.String()
	for _, secret := range secrets {
		if secret == "" || strings.Contains(logs, secret) {
			t.Errorf("a secret is missing or stands in the log: %q", secret)
		}
	}
}

// TestForeignAndMissingLookAlike asks for what belongs to another country and for what
// does not exist: the answers must not differ (S8).
func TestForeignAndMissingLookAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.things()
	const missing = "01900000-0000-7000-8000-000000000000"
	for _, name := range []string{"stranger", "foreigner"} {
		v, bearer := w.signedIn(name), w.bearer(name)
		for _, r := range w.server.routes() {
			row := w.server.access[r.name()]
			if row.stranger != http.StatusNotFound || row.roles[w.people[name].Role] != 0 || !strings.Contains(r.pattern, ":id") {
				continue
			}
			foreign := v.do(v.request(r, ids, bearer))
			id := ids[":id"]
			if own, ok := ids[r.name()+" :id"]; ok {
				id = own
			}
			unknown := maps.Clone(ids)
			unknown[":id"] = missing
			delete(unknown, r.name()+" :id")
			none := v.do(v.request(r, unknown, bearer))
			none.body = strings.ReplaceAll(none.body, missing, id)
			if foreign.status != http.StatusNotFound || none.status != foreign.status {
				t.Errorf("%s as %s: %d for foreign, %d for missing", r.name(), name, foreign.status, none.status)
			}
			if foreign.body != none.body {
				t.Errorf("%s as %s: the answers differ:\n%s\n%s", r.name(), name, foreign.body, none.body)
			}
		}
	}
}

// TestGETWritesNothing loads every page as everybody; not a byte of the store changes.
func TestGETWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.things()
	type browser struct {
		*visitor
		bearer string
	}
	var all []browser
	for _, name := range []string{"contributor", "focal", "stranger", "researcher", "admin"} {
		all = append(all, browser{w.signedIn(name), w.bearer(name)})
	}
	before := w.bytes()
	for _, b := range all {
		for _, r := range w.server.routes() {
			if r.method == get && !strings.HasPrefix(r.pattern, "/static/") {
				b.do(b.request(r, ids, b.bearer))
			}
		}
	}
	if w.bytes() != before {
		t.Error("a page that was only read has written something")
	}
}

// bytes is the store as it lies on the disk.
func (w *world) bytes() string {
	w.t.Helper()
	var b strings.Builder
	for _, name := range []string{"comparanda.db", "comparanda.db-wal"} {
		content, err := os.ReadFile(filepath.Join(w.store.Dir(), name))
		if err != nil {
			w.t.Fatal(err)
		}
		b.Write(content)
	}
	return b.String()
}

// TestHostileTextsForTheUnit puts hostile texts where only the unit and the
// administrator read them (S1).
func TestHostileTextsForTheUnit(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		w := newWorld(t)
		id := w.signedReturn()
		report, job := w.wishes()
		w.update(func(ctx context.Context, tx *db.Tx) error {
			s := villages()
			s.Title, s.Declaration = study.Text{"en": text}, study.Text{"en": text}
			s.Countries[0].Name = study.Text{"en": text}
			if err := tx.PutStudy(ctx, s); err != nil {
				return err
			}
			if err := tx.RetryPromise(ctx, job); err != nil {
				return err
			}
			if err := tx.FailPromise(ctx, job, 2, text); err != nil {
				return err
			}
			_, err := tx.CreatePerson(ctx, study.Person{Name: text, Email: "x@example.org", Role: study.Researcher})
			return err
		})
		unit, admin := w.signedIn("researcher"), w.signedIn("admin")
		harmless(t, "refused code", unit.post("/unit/interviews", values("code", text, "country", text)).body)
		unit.post("/unit/returns/"+id+"/reopen", values("reason", text)).wantStatus(http.StatusSeeOther)
		w.program("focal").send("POST", "/api/v1/forms/village/submissions", map[string]any{"instance_id": text, "country": "ATL", "round": "2021",
			"answers": map[string]any{"/a/a_name": map[string]any{"value": text, "note": text}}}).wantStatus(http.StatusCreated)
		for _, page := range []string{"/unit", "/unit/returns", "/unit/returns/" + id, "/unit/interviews", "/unit/reports", "/unit/reports/" + string(report),
			"/returns/" + id + "/v/1", "/returns/" + id + "/history", "/unit?state=%22%3E%3Cscript%3E", "/unit/returns?country=%3Cscript%3E&from=x"} {
			harmless(t, page, unit.get(page).wantStatus(http.StatusOK).body)
		}
		for _, page := range []string{"/admin/people", "/admin/jobs", "/admin/study", "/admin/log"} {
			harmless(t, page, admin.get(page).wantStatus(http.StatusOK).body)
		}
		harmless(t, "refused invitation", admin.post("/admin/people", values("name", text, "email", text, "role", text)).body)
	}
}
