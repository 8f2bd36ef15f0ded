package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// TestOfficialsAnswerAndSign walks the whole way without JavaScript: two people of one
// country answer, the focal point signs, and what was signed can be read.
func TestOfficialsAnswerAndSign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal, colleague := w.signedIn("focal"), w.signedIn("contributor")

	focal.get("/").wantStatus(http.StatusOK).want("Nobody of your country has opened", "Deadline: 30 June 2021")
	hub := focal.follow(focal.post("/returns", nil)).wantStatus(http.StatusOK)
	hub.want("Questionnaire of Atlantis", "A. Village", "Not started", "Only you, as the focal point")
	base := w.returnOf("ATL")
	colleague.follow(colleague.get("/")).want("Cuestionario de Atlántida", "A. Aldea", "Solo el punto focal de su país")

	page := colleague.get(base + "/sections/a").wantStatus(http.StatusOK)
	page.want("A.1", "Nombre", "Responda solo si A.2 es «Sí».", "No puedo responder", "Lea <strong>esto</strong> primero")
	form := page.form("answers")
	form.Set("a:/a/a_name", "Villa Añil")
	form.Set("a:/a/a_school", "y")
	form.Set("a:/a/a_pupils", "12 mil")
	form.Set("m:/a/a_founded", "marzo")
	form.Set("y:/a/a_founded", "1907")
	form.Set("a:/a/a_tax", "1.234,50")
	form.Set("then", "continue")
	page = colleague.follow(colleague.post(base+"/sections/a", form))
	page.want("Error:", "Hay un problema", "debe ser un número entero", "12 mil", "Leído como marzo de 1907", "Leído como 1234,5")

	form = page.form("answers")
	form.Set("a:/a/a_pupils", "6 000")
	page = colleague.follow(colleague.post(base+"/sections/a", form)).want("At most 5000", "6 000")
	form = page.form("answers")
	form.Set("a:/a/a_pupils", "1 250")
	form["a:/a/a_services"] = []string{"water", "none"}
	page = colleague.follow(colleague.post(base+"/sections/a", form)).want("«Ninguno» no puede combinarse", "Leído como 1250")
	form = page.form("answers")
	form["a:/a/a_services"] = []string{"water"}
	form.Set("done", "yes")
	form.Set("then", "continue")
	next := colleague.post(base+"/sections/a", form)
	if got := next.header.Get("Location"); !strings.HasPrefix(got, base+"/sections/s") {
		t.Errorf("after the first section the way leads to %q", got)
	}

	focal.follow(focal.get(base+"/sections/s")).want("B. Streets", "Nothing has been listed yet")
	add := focal.get(base + "/repeats/s").form(base + "/repeats/s")
	first, second := focal.post(base+"/repeats/s", add), focal.post(base+"/repeats/s", add) // a double click
	if first.header.Get("Location") != second.header.Get("Location") {
		t.Error("a double click added two items")
	}
	item := focal.follow(first).want("Street")
	form = item.form("answers")
	itemPath := first.header.Get("Location")
	for name := range form {
		if strings.HasPrefix(name, "a:") && strings.HasSuffix(name, "s_name") {
			form.Set(name, "Main street")
		}
		if strings.HasPrefix(name, "r:") && strings.HasSuffix(name, "s_houses") {
			form.Set(name, "ND")
			form.Set("n:"+name[2:], "the register burnt")
		}
	}
	form.Set("then", "continue")
	list := focal.follow(focal.post(itemPath, form)).want("Main street", "2 of 2 answered", "1 entry")
	listed := list.form(base + "/listed/s")
	listed.Set("listed", "yes")
	focal.post(base+"/listed/s", listed).wantStatus(http.StatusSeeOther)

	focal.get(base+"/check").want("Nothing stands in the way", "Villa Añil", "Main street", "the register burnt", "Not answered")
	colleague.get(base + "/check").want("ya puede firmarlo").lacks(base + "/sign\"")
	colleague.get(base + "/sign").wantStatus(http.StatusForbidden)
	sign := focal.get(base + "/sign").wantStatus(http.StatusOK).want("Verified and authorized.")
	form = sign.form(base + "/sign")
	form.Set("post", "Director")
	focal.post(base+"/sign", form).wantStatus(http.StatusBadRequest).want("Confirm the declaration to sign", "Director")
	form.Set("declaration", "yes")
	signed := focal.post(base+"/sign", form)
	receipt := focal.follow(signed).want("ATL-2021-v1-", "Director", "12 March 2021, 10:00 (UTC−6)")
	again := focal.post(base+"/sign", form).wantStatus(http.StatusSeeOther) // the same page twice
	if got, want := again.header.Get("Location"), signed.header.Get("Location"); got != want {
		t.Errorf("signing twice leads to %q, want %q", got, want)
	}
	receipt.want("7 questions with an answer, 1 with a reason, 0 not asked.")
	version := focal.get(base + "/v/1").wantStatus(http.StatusOK)
	version.want("Villa Añil", "N/D", "Not recorded", "the register burnt", study.Anchor("/a/a_pupils"), "1,250")
	colleague.get(base + "/sections/a").want("Este cuestionario se firmó el 12 de marzo de 2021").lacks("<button class=\"primary\"")
	focal.post(base+"/sections/a", url.Values{}).wantStatus(http.StatusConflict)
	w.wantPromises(1)
}

// returnOf is the address of a country's return.
func (w *world) returnOf(country study.ISO3) string {
	w.t.Helper()
	base := ""
	w.view(func(ctx context.Context, r *db.Reader) error {
		all, err := r.Responses(ctx, db.ResponseFilter{Country: country})
		if len(all) == 1 {
			base = "/returns/" + string(all[0].ID)
		}
		return err
	})
	if base == "" {
		w.t.Fatalf("%s has not one return", country)
	}
	return base
}

func (w *world) wantPromises(n int) {
	w.t.Helper()
	w.view(func(ctx context.Context, r *db.Reader) error {
		promises, err := r.Promises(ctx, "", 100)
		if len(promises) != n {
			w.t.Errorf("%d promises, want %d", len(promises), n)
		}
		return err
	})
}

func TestTwoPeopleOneAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	focal, colleague := w.signedIn("focal"), w.signedIn("contributor")
	mine, theirs := focal.get(base+"/sections/a").form("answers"), colleague.get(base+"/sections/a").form("answers")

	theirs.Set("a:/a/a_name", "Their village")
	theirs.Set("a:/a/a_tax", "7")
	colleague.post(base+"/sections/a", theirs).wantStatus(http.StatusSeeOther)
	mine.Set("a:/a/a_name", "My village")
	page := focal.follow(focal.post(base+"/sections/a", mine))
	page.want("Two people answered this question", "Their village", "My village", "Contributor of Atlantis")
	fields := page.form("answers")
	if got := fields.Get("a:/a/a_name"); got != "My village" {
		t.Errorf("the field shows %q; the person's own text must stay", got)
	}
	if got := fields.Get("a:/a/a_tax"); got != "7" {
		t.Errorf("an answer that only the other person gave shows %q", got) // F22
	}
	focal.get(base + "/check").want("two people answered")
	id := between(page.body, `value="resolve:`, ":current")
	for _, tt := range []struct{ choice, field, want string }{
		{"combined:/a/a_name", "Our village", "Our village"},
	} {
		fields.Set("a:/a/a_name", tt.field)
		fields.Set("then", fmt.Sprintf("resolve:%s:%s", id, tt.choice))
		page = focal.follow(focal.post(base+"/sections/a", fields)).lacks("Two people answered")
		if got := page.form("answers").Get("a:/a/a_name"); got != tt.want {
			t.Errorf("after %s the answer is %q, want %q", tt.choice, got, tt.want)
		}
	}
}

// between is the text between two marks of a page.
func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

func TestTheSameSaveTwiceIsOneVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.atlantis()
	v := w.signedIn("focal")
	form := v.get("/returns/" + string(id) + "/sections/a").form("answers")
	form.Set("a:/a/a_name", "Once")
	for range 3 {
		v.post("/returns/"+string(id)+"/sections/a", form).wantStatus(http.StatusSeeOther)
	}
	w.view(func(ctx context.Context, r *db.Reader) error {
		history, err := r.History(ctx, id, "/a/a_name")
		if len(history) != 1 {
			t.Errorf("%d versions, want 1", len(history))
		}
		return err
	})
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	v := w.signedIn("focal")
	for _, page := range []string{"", "/sections/a", "/repeats/s", "/sections/s[main]", "/check", "/history", "/files/c/c_map", "/remove/s[main]"} {
		v.get(base + page).wantStatus(http.StatusOK)
	}
	v.get(base).want("Not started").lacks("In progress</span>")
}

func TestAutosave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	v := w.signedIn("focal")
	page := v.get(path).form("answers")
	a := v.autosave(path, values("v:/a/a_school", page.Get("v:/a/a_school"), "a:/a/a_school", "y")).wantStatus(http.StatusOK)
	a.want(`"saved":[{"path":"/a/a_school","mark":"1.`, `{"path":"/a/a_pupils","relevant":true`, "Saved at 10:00")
	a = v.autosave(path, values("v:/a/a_pupils", page.Get("v:/a/a_pupils"), "a:/a/a_pupils", "many")).wantStatus(http.StatusOK)
	if strings.Contains(a.body, "whole number") {
		t.Error("autosave shows an error while the person is typing (F09)")
	}
	old := page.Get("v:/a/a_school")
	a = v.autosave(path, values("v:/a/a_school", old, "a:/a/a_school", "n")).wantStatus(http.StatusOK)
	a.want(`"conflicts":[`, "Two people answered")
	v.cookies = map[string]string{}
	v.autosave(path, values("v:/a/a_school", old, "a:/a/a_school", "n")).wantStatus(http.StatusUnauthorized).want(`"error"`)
}

func TestTextSurvivesALostSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	v := w.signedIn("focal")
	form := v.get(path).form("answers")
	form.Set("a:/a/a_name", "A long text")
	w.pass(9 * 60 * 60 * 1e9)
	v.post(path, form).wantStatus(http.StatusUnauthorized).want("We kept what you had typed")
	a := v.post("/sign-in/"+w.link("focal"), nil)
	kept := v.follow(v.get(a.header.Get("Location"))).wantStatus(http.StatusOK)
	kept.want("We kept what you had typed before the session ended", "A long text")
	v.follow(v.post(path, kept.form("answers"))).want("A long text").lacks("We kept")
	v.get(a.header.Get("Location")).wantStatus(http.StatusNotFound)

	foreign := w.signedIn("stranger")
	foreign.get(a.header.Get("Location")).wantStatus(http.StatusNotFound)
}

func TestLanguageSwitchSavesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	v := w.signedIn("focal")
	form := v.get(path).form("answers")
	form.Set("a:/a/a_name", "Not saved yet")
	form.Set("then", "lang:es")
	v.follow(v.post(path, form)).want(`<html lang="es">`, "Not saved yet", "Nombre")
}

func TestItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	v := w.signedIn("focal")
	v.post(base+"/repeats/s", values("key", "second"))
	for key, name := range map[string]string{"main": "Main street", "second": "Second street"} {
		path := "/s[" + key + "]/s_name"
		v.post(base+"/sections/s["+key+"]", values("v:"+path, shownMark(0, "", "", ""), "a:"+path, name)).wantStatus(http.StatusSeeOther)
	}
	order := func(want ...string) {
		t.Helper()
		page := v.get(base + "/repeats/s")
		at := -1
		for _, name := range want {
			next := strings.Index(page.body, name)
			if next < at {
				t.Errorf("%q stands before its neighbor", name)
			}
			at = next
		}
	}
	order("Main street", "Second street")
	v.post(base+"/move/s[second]?by=-1", nil).wantStatus(http.StatusSeeOther)
	order("Second street", "Main street")
	v.get(base+"/remove/s[main]").want("Remove “Main street”?", "1 answer will no longer count")
	list := v.follow(v.post(base+"/remove/s[main]", nil)).want("Removed in the last 30 days", "Bring back", "1 entry")
	list.want("Second street")
	v.follow(v.post(base+"/restore/s[main]", nil)).want("2 entries", "Main street").lacks("Removed in the last")
	v.post(base+"/remove/s[main]", nil)
	v.post(base+"/remove/s[second]", nil)
	v.post(base+"/listed/s", values("listed", "none"))
	v.get(base + "/repeats/s").want("It was stated that there are none")
}

func TestSigningStopsWhenAnAnswerChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	focal, colleague := w.signedIn("focal"), w.signedIn("contributor")
	w.answer(focal, base, "/a", "/a/a_name", "Villa", "/a/a_school", "n")
	w.answer(focal, base, "/s[main]", "/s[main]/s_name", "Main street")
	form := focal.get(base + "/sign").wantStatus(http.StatusOK).form(base + "/sign")
	form.Set("post", "Director")
	form.Set("declaration", "yes")
	w.answer(colleague, base, "/a", "/a/a_tax", "12")
	changed := focal.post(base+"/sign", form).wantStatus(http.StatusConflict)
	changed.want("changed after you opened this page", "A.6 Tax", "Contributor of Atlantis", "Director")
	focal.post(base+"/sign", changed.form(base+"/sign")).wantStatus(http.StatusSeeOther)
	w.wantPromises(1)
}

// answer types answers on a section's page and saves it.
func (w *world) answer(v *visitor, base, section string, pairs ...string) {
	w.t.Helper()
	form := v.get(base + "/sections" + section).wantStatus(http.StatusOK).form("answers")
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set("a:"+pairs[i], pairs[i+1])
	}
	v.post(base+"/sections"+section, form).wantStatus(http.StatusSeeOther)
}

func TestFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	v := w.signedIn("focal")
	at := base + "/files/c/c_map"
	v.get(at).want("up to 20 MB")
	v.upload(at, "empty.pdf", nil).wantStatus(http.StatusBadRequest).want("The file is empty")
	v.upload(at, "x.jpg", []byte("<html><script>")).wantStatus(http.StatusBadRequest).want("not accepted")
	v.post(at, nil).wantStatus(http.StatusBadRequest).want("Choose a file")
	v.upload(at, "big.txt", make([]byte, fileBody+1)).wantStatus(http.StatusRequestEntityTooLarge).want("larger than 20 MB")
	name := `Plano "año" 2014;x.pdf`
	page := v.follow(v.upload(at, name, []byte("%PDF-1.4 map"))).want("File received", name)
	link := between(page.body, `href="`+base+`/file/`, `"`)
	a := v.get(base + "/file/" + link).wantStatus(http.StatusOK)
	if a.body != "%PDF-1.4 map" || a.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("file came back as %q %q", a.body, a.header.Get("Content-Type"))
	}
	if got := a.header.Get("Content-Security-Policy"); got != "sandbox; default-src 'none'" {
		t.Errorf("file served with policy %q", got)
	}
	if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") || !strings.Contains(got, "filename*=UTF-8''Plano%20%22a%C3%B1o%22") {
		t.Errorf("Content-Disposition = %q", got)
	}
	w.signedIn("stranger").get(base + "/file/" + link).wantStatus(http.StatusNotFound)
	v.get(base + "/sections/c").want(name)
	v.follow(v.post(base+"/file/"+link+"/remove", nil)).want("No file yet")
	v.get(base + "/sections/c").want("No file yet").lacks(name)
}

func TestHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	focal, colleague := w.signedIn("focal"), w.signedIn("contributor")
	w.answer(focal, base, "/a", "/a/a_school", "y")
	w.answer(colleague, base, "/a", "/a/a_school", "n")
	focal.get(base+"/history/a/a_school").want("Focal point of Atlantis", "Contributor of Atlantis", "Yes", "No", "(empty)", "web page")
	focal.get(base + "/history").want("A.2 Is there a school?")
}

func TestPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal := w.signedIn("focal")
	focal.get("/people").want("Contributor of Atlantis").lacks("Lemuria")
	focal.post("/people", values("name", "", "email", "x")).wantStatus(http.StatusBadRequest).want("Enter the name", "Enter an e-mail address")
	page := focal.post("/people", values("name", "New colleague", "email", "new@example.org", "lang", "es")).wantStatus(http.StatusOK)
	token := between(page.body, testBase+"/sign-in/", "<")
	focal.post("/people", values("name", "Again", "email", "NEW@example.org")).wantStatus(http.StatusConflict).want("has access already")
	v := w.visitor()
	v.post("/sign-in/"+token, nil).wantStatus(http.StatusSeeOther)
	v.get("/people").wantStatus(http.StatusOK).want("Personas de Atlántida", "New colleague")
	id := between(focal.get("/people").body, "/people/", "/link")
	focal.get("/people/" + id + "/revoke").want("Withdraw the access of")
	other := string(w.people["foreigner"].ID)
	focal.post("/people/"+other+"/revoke", nil).wantStatus(http.StatusNotFound)
	focal.post("/people/"+string(w.people["focal"].ID)+"/revoke", nil).wantStatus(http.StatusNotFound)
}

func TestWithdrawnAccessEndsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal, colleague := w.signedIn("focal"), w.signedIn("contributor")
	link := w.link("contributor")
	focal.post("/people/"+string(w.people["contributor"].ID)+"/revoke", nil).wantStatus(http.StatusSeeOther)
	colleague.get("/people").wantStatus(http.StatusSeeOther)
	colleague.post("/sign-in/"+link, nil).wantStatus(http.StatusGone)
}

func TestSavesAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	v := w.signedIn("focal")
	for range 120 {
		v.autosave(path, nil).wantStatus(http.StatusOK)
	}
	a := v.autosave(path, nil).wantStatus(http.StatusTooManyRequests).want(`"error"`)
	if a.header.Get("Retry-After") == "" {
		t.Error("the limit does not say when to try again")
	}
	v.post(path, nil).wantStatus(http.StatusTooManyRequests).want("Wait one minute")
	w.signedIn("contributor").autosave(path, nil).wantStatus(http.StatusOK)
	w.pass(time.Minute)
	v.autosave(path, nil).wantStatus(http.StatusOK)
}

func TestRefusedPostIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	v := w.signedIn("focal")
	form := v.get(path).form("answers")
	form.Set("a:/a/a_name", "Typed behind an odd proxy")
	r := httptest.NewRequest("POST", testBase+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-site")
	refused := v.do(r).wantStatus(http.StatusForbidden).want("We kept what you had typed")
	kept := v.follow(v.get("/kept/" + between(refused.body, `href="/kept/`, `"`)))
	v.follow(v.post(path, kept.want("Typed behind an odd proxy").form("answers"))).want("Typed behind an odd proxy")
}

// TestAnErrorIsShownBeforeGoingOn: autosave stores a wrong value without a word, so the
// page that is sent after it has changed nothing more; it must not lead past the error.
// Who was shown the error may go on and come back later.
func TestAnErrorIsShownBeforeGoingOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	v := w.signedIn("focal")
	form := v.get(path).form("answers")
	a := v.autosave(path, values("v:/a/a_tax", form.Get("v:/a/a_tax"), "a:/a/a_tax", "many")).wantStatus(http.StatusOK)
	form.Set("v:/a/a_tax", between(a.body, `"/a/a_tax","mark":"`, `"`))
	form.Set("a:/a/a_tax", "many")
	form.Set("then", "continue")
	sent := v.post(path, form)
	if at := sent.header.Get("Location"); at != path {
		t.Fatalf("past an error that nobody saw to %q", at)
	}
	page := v.follow(sent).want("There is a problem", "many")
	form = page.form("answers")
	form.Set("then", "continue")
	if at := v.post(path, form).header.Get("Location"); at == path {
		t.Error("who has seen the error is not let go on")
	}
}
