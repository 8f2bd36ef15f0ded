package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/testkit"
)

// listen serves the world on loopback, over plain http, for a browser.
func (w *world) listen() string {
	w.t.Helper()
	return w.listenWith(nil)
}

// listenWith is listen with a preview.
func (w *world) listenWith(p *Preview) string {
	w.t.Helper()
	live := httptest.NewUnstartedServer(nil)
	base := "http://" + live.Listener.Addr().String()
	s, err := newServer(Config{Store: w.store, BaseURL: base, Log: slog.New(slog.NewJSONHandler(w.logs, nil)), Now: w.now, Preview: p})
	if err != nil {
		w.t.Fatal(err)
	}
	engine, err := s.handler()
	if err != nil {
		w.t.Fatal(err)
	}
	live.Config.Handler = http.Handler(engine)
	live.Start()
	w.t.Cleanup(live.Close)
	return base
}

// enter signs a browser in.
func (w *world) enter(b *testkit.Browser, base, name string) {
	w.t.Helper()
	b.Open(base + "/sign-in/" + w.link(name))
	b.Press("main button.primary")
}

// eventually waits until the browser shows what is wanted.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	testkit.Until(t, 20*time.Second, what, ok)
}

func TestPagesInTheBrowser(t *testing.T) {
	w := newWorld(t)
	base := w.listen()
	at := base + "/returns/" + string(w.atlantis())
	w.signedIn("focal").upload(strings.TrimPrefix(at, base)+"/files/c/c_map", "map.pdf", []byte("%PDF-1.4"))
	for _, script := range []bool{true, false} {
		b := testkit.OpenBrowser(t, 1280, script)
		b.Open(base + "/sign-in")
		b.Axe("sign-in")
		b.Open(base + "/sign-in/" + w.link("focal"))
		b.Axe("link")
		b.Press("main button.primary")
		for _, width := range []int64{1280, 320} {
			b.Resize(width)
			for _, page := range []string{"", "/sections/a", "/sections/c", "/repeats/s", "/sections/s[main]", "/remove/s[main]", "/files/c/c_map", "/check", "/history"} {
				b.Open(at + page)
				b.Axe(page)
				b.Screenshot(strings.NewReplacer("/", "_", "[", "", "]", "").Replace("page" + page))
			}
			b.Open(base + "/people")
			b.Axe("people")
			b.Open(base + "/nothing")
			b.Axe("not found")
		}
	}
}

func TestAutosaveInTheBrowser(t *testing.T) {
	w := newWorld(t)
	base := w.listen()
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	b := testkit.OpenBrowser(t, 1280, true)
	var policy []string
	b.OnEveryPage(`window.refused = []; document.addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI))`)
	w.enter(b, base, "focal")
	b.Open(base + path)
	said := func(text string) func() bool {
		return func() bool { return strings.Contains(b.Text("#save-status"), text) }
	}
	hidden := func(question string) bool {
		var is bool
		b.Eval(`document.querySelector('[data-path="`+question+`"]').hidden`, &is)
		return is
	}
	if !hidden("/a/a_pupils") {
		t.Error("a question that does not apply is shown")
	}
	b.Click(`input[name="a:/a/a_school"][value="y"]`)
	eventually(t, "saved", said("Saved at"))
	if hidden("/a/a_pupils") {
		t.Error("a question that applies stays hidden")
	}
	b.Type(`[name="a:/a/a_pupils"]`, "1 250")
	eventually(t, "unsaved", said("Unsaved changes"))
	b.Click(`h1`)
	eventually(t, "saved", said("Saved at"))
	eventually(t, "the number as it was read", func() bool {
		return strings.Contains(b.Text(`[data-path="/a/a_pupils"] .understood`), "1,250")
	})

	// Nothing moves under a finger that is down.
	understood := func() string { return b.Text(`[data-path="/a/a_pupils"] .understood`) }
	b.Type(`[name="a:/a/a_pupils"]`, "1 300")
	b.Eval(`document.dispatchEvent(new Event("pointerdown")), document.activeElement.blur()`, nil)
	eventually(t, "saved", said("Saved at"))
	if text := understood(); !strings.Contains(text, "1,250") {
		t.Errorf("while a finger is down the page changes to %q", text)
	}
	b.Eval(`document.dispatchEvent(new Event("pointerup"))`, nil)
	eventually(t, "the number once the finger is up", func() bool { return strings.Contains(understood(), "1,300") })

	other := w.signedIn("contributor")
	form := other.get(path).form("answers")
	form.Set("a:/a/a_name", "Their village")
	other.post(path, form).wantStatus(http.StatusSeeOther)
	b.Type(`[name="a:/a/a_name"]`, "My village")
	b.Click(`h1`)
	eventually(t, "conflict", said("beside another answer"))
	var mine string
	b.Eval(`document.querySelector('[name="a:/a/a_name"]').value`, &mine)
	if mine != "My village" || !strings.Contains(b.Text(`[data-path="/a/a_name"] .conflict`), "Their village") {
		t.Errorf("after a conflict the field shows %q", mine)
	}
	b.Press(`.conflict button[value$=":proposed"]`)
	b.Eval(`document.querySelector('[name="a:/a/a_name"]').value`, &mine)
	if mine != "My village" || b.Has(".conflict") {
		t.Errorf("after choosing, the field shows %q", mine)
	}

	w.pass(9 * time.Hour) // the session is over while somebody types
	b.Type(`[name="a:/a/a_tax"]`, "12,5")
	b.Click(`h1`)
	eventually(t, "session over", said("your session is over"))
	copies := func() (n int) {
		b.Eval(`Object.keys(localStorage).length`, &n)
		return n
	}
	if copies() != 1 {
		t.Error("no local copy of what is not saved")
	}
	// Signing in again in another tab sets the cookie of this one too.
	b.Eval(`fetch("/sign-in/`+w.link("focal")+`", {method: "POST", redirect: "manual"}).then(() => window.dispatchEvent(new Event("focus")))`, nil)
	eventually(t, "saved without loading the page again", said("Saved at"))
	if copies() != 0 {
		t.Error("the local copy stays after the answer was saved")
	}
	b.Open(base + path)
	b.Eval(`document.querySelector('[name="a:/a/a_tax"]').value`, &mine)
	if mine != "12,5" {
		t.Errorf("after the session was renewed the answer is %q", mine)
	}
	// A crash: the copy is there, the page was closed before anything was sent.
	b.Eval(`localStorage.setItem("comparanda:`+string(w.people["focal"].ID)+`:`+path+`", JSON.stringify([["/a/a_tax", "a:/a/a_tax=77"]]))`, nil)
	b.Open(base + path)
	eventually(t, "what was typed before the crash is back and saved", func() bool {
		b.Eval(`document.querySelector('[name="a:/a/a_tax"]').value`, &mine)
		return mine == "77" && said("Saved at")() && copies() == 0
	})
	b.Eval("refused", &policy)
	if len(policy) > 0 {
		t.Errorf("the content policy refused %q", policy)
	}
}

// TestJourneyInTheBrowser answers and signs as a person does, with and without the
// page script, and looks at the pages that only come after the signature.
func TestJourneyInTheBrowser(t *testing.T) {
	for _, tt := range []struct {
		name, person, signed string
		script               bool
	}{
		{"with script", "focal", "The return was signed and sent", true},
		{"without script", "focal", "The return was signed and sent", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			base := w.listen()
			b := testkit.OpenBrowser(t, 1280, tt.script)
			w.enter(b, base, tt.person)
			b.Press("main button.primary") // open the questionnaire
			b.Press(".tasks li:nth-child(1) a")
			b.Type(`[name="a:/a/a_name"]`, "Villa Añil")
			b.Click(`input[name="a:/a/a_school"][value="n"]`)
			b.Type(`[name="d:/a/a_founded"]`, "31")
			b.Type(`[name="m:/a/a_founded"]`, "febrero")
			b.Type(`[name="y:/a/a_founded"]`, "1907")
			b.Press("button.primary")
			var focused string
			b.Eval(`document.activeElement.className`, &focused)
			if tt.script && focused != "summary" {
				t.Errorf("after an error the focus is on %q, want the summary", focused)
			}
			b.Axe("section with an error")
			b.Type(`[name="d:/a/a_founded"]`, "13")
			b.Click("#done-yes")
			b.Press("button.primary")
			b.Press(`form[action$="/repeats/s"] button`)
			b.Type(`[name^="a:"][name$="s_name"]`, "Main street")
			b.Press("button.primary")
			b.Click("#all-yes")
			b.Press("button.primary")
			b.Press("button.primary") // papers
			b.Axe("check")
			b.Press("a.button.primary")
			b.Type("#post", "Director")
			b.Axe("sign")
			b.Press("button.primary")
			b.Axe("sign with an error")
			b.Click("#declaration")
			b.Press("button.primary")
			if got := b.Text("h1"); got != tt.signed {
				t.Fatalf("after signing the page says %q", got)
			}
			b.Axe("receipt")
			b.Press("a.button.primary")
			if text := b.Text("main"); !strings.Contains(text, "13 February 1907") || !strings.Contains(text, "Main street") {
				t.Errorf("the signed version lacks answers:\n%s", text)
			}
			b.Axe("signed version")
			b.Resize(320)
			b.Axe("signed version at 320")
			b.Screenshot("version")
		})
	}
}
