package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/testkit"
)

// TestPreviewInTheBrowser saves the form under an open page on which something has been
// typed: the page loads itself again and has both.
func TestPreviewInTheBrowser(t *testing.T) {
	w, p := previewOf(t, previewForm)
	base := w.listenWith(p)
	b := testkit.OpenBrowser(t, 1280, true)
	b.OnEveryPage(`window.refused = []; document.addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI))`)
	b.Open(base + p.Address())
	b.Axe("preview")
	at := b.Address()
	b.Open(at + "/sections/g")
	b.Type(`[name="a:/g/name"]`, "The Pines")
	show(t, p, strings.Replace(previewForm, "Its name", "What it is called", 1))
	eventually(t, "the new form", func() bool { return strings.Contains(b.Text("main"), "What it is called") })
	var name, refused string
	b.Eval(`document.querySelector('[name="a:/g/name"]').value`, &name)
	b.Eval(`refused.join()`, &refused)
	if name != "The Pines" || refused != "" {
		t.Errorf("the answer is %q, the policy refused %q", name, refused)
	}
	show(t, p, "| survey | type | name |\n| | textX | a |\n")
	eventually(t, "the error", func() bool { return b.Has(".preview-errors") })
	b.Axe("preview with an error")
	b.Screenshot("preview")
}

// previewOf is a world whose server previews a form.
func previewOf(t *testing.T, text string) (*world, *Preview) {
	t.Helper()
	w, p := newWorld(t), NewPreview("form.xlsx")
	show(t, p, text)
	var err error
	log := slog.New(slog.NewJSONHandler(w.logs, nil))
	if w.server, err = newServer(Config{Store: w.store, BaseURL: testBase, Log: log, Now: w.now, Preview: p}); err != nil {
		t.Fatal(err)
	}
	if w.handler, err = w.server.handler(); err != nil {
		t.Fatal(err)
	}
	return w, p
}

// show reads a form in Markdown and shows it, good or not.
func show(t *testing.T, p *Preview, text string) {
	t.Helper()
	f, problems := xlsform.Parse("form.md", []byte(text))
	if f == nil {
		p.Show(nil, problems)
		return
	}
	f.Files = map[string][]byte{"towns.csv": []byte("name,label\nsj,San José\n")}
	plan, more := fill.Compile(f)
	p.Show(plan, append(append(problems, more...), f.Simplified()...))
}

const previewForm = `
| survey | type        | name  | label::English (en) | label::Français (fr) | relevant |
|        | begin group | g     | The house           | La maison            |          |
|        | text        | name  | Its name            | Son nom              |          |
|        | geopoint    | where | Where it stands     | Où elle est          |          |
|        | select_one_from_file towns.csv | town | Its town | Sa ville       |          |
|        | end group   |       |                     |                      |          |
`

// open opens the printed link and returns the author's browser and the return's address.
func (w *world) open(p *Preview) (*visitor, string) {
	w.t.Helper()
	v := w.visitor()
	a := v.get(p.Address())
	v.follow(a).wantStatus(http.StatusOK)
	return v, a.header.Get("Location")
}

func TestPreviewFollowsTheForm(t *testing.T) {
	t.Parallel()
	w, p := previewOf(t, previewForm)
	v, at := w.open(p)
	page := v.get(at + "/sections/g").wantStatus(http.StatusOK)
	page.want("form.xlsx", "Its name", "as coordinates in a text field", "San José", "/static/preview.", `data-preview="1"`)
	answers := page.form("answers")
	answers.Set("a:/g/name", "The Pines")
	v.post(at+"/sections/g", answers).wantStatus(http.StatusSeeOther)

	show(t, p, strings.NewReplacer("Its name", "What it is called", "geopoint    | where", "text        | place").Replace(previewForm))
	v.get("/preview/version").want("2")
	v.get(at+"/sections/g").want("What it is called", "The Pines", `data-preview="2"`).lacks("Its name", "/g/where")
	// What the older page sends of a question that is gone does not stop the rest.
	answers = page.form("answers")
	answers.Set("a:/g/where", "9.9 -84")
	answers.Set("a:/g/town", "sj")
	v.post(at+"/sections/g", answers).wantStatus(http.StatusSeeOther)
	v.get(at + "/sections/g").want(`value="sj" checked`).lacks("9.9 -84")
}

func TestPreviewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w, p := previewOf(t, "| survey | type | name |\n| | textX | a |\n")
	v, at := w.open(p)
	v.get(at).want("The file has 1 error", "sheet survey, row 2, column type", "the pages will appear")
	show(t, p, previewForm)
	v.get(at).want("The house").lacks("The file has")
	show(t, p, strings.Replace(previewForm, "Its name            | Son nom              |", "Its name | Son nom | ${nothing} = 1", 1))
	v.get(at).want("The house", "row 3, column relevant", "the last form that had none")
	p.Show(nil, []forms.Problem{{Text: "gone", Place: forms.Place{File: "form.xlsx"}}})
	v.get(at).want("The house", "form.xlsx</span>: gone")
}

// A page that the form no longer has leads to the start, not to an error.
func TestPreviewOfAPageThatIsGone(t *testing.T) {
	t.Parallel()
	w, p := previewOf(t, previewForm)
	v, at := w.open(p)
	show(t, p, strings.ReplaceAll(previewForm, " g  ", " h  "))
	v.follow(v.get(at + "/sections/g")).wantStatus(http.StatusSeeOther)
	v.get("/nothing").wantStatus(http.StatusNotFound).want("form.xlsx")
}

// The form's languages can be read even where the pages have none of them.
func TestPreviewSpeaksTheFormsLanguages(t *testing.T) {
	t.Parallel()
	w, p := previewOf(t, previewForm)
	v, at := w.open(p)
	answers := v.get(at + "/sections/g").form("answers")
	answers.Set("then", "lang:Français (fr)")
	answers.Set("a:/g/name", "Les Pins")
	v.follow(v.post(at+"/sections/g", answers)).want("Son nom", `lang="fr"`, `<html lang="en">`, "Les Pins")
	answers.Set("then", "lang:es")
	v.follow(v.post(at+"/sections/g", answers)).want(`<html lang="es">`, "Its name")
	answers.Set("then", "lang:English (en)")
	v.follow(v.post(at+"/sections/g", answers)).want(`<html lang="en">`, "Its name")
}

func TestPreviewBeginsAgain(t *testing.T) {
	t.Parallel()
	w, p := previewOf(t, previewForm)
	v, at := w.open(p)
	answers := v.get(at + "/sections/g").form("answers")
	answers.Set("a:/g/name", "The Pines")
	v.post(at+"/sections/g", answers)
	again := v.post("/preview/again", nil)
	next := again.header.Get("Location")
	if next == at {
		t.Fatal("the return is the same")
	}
	v.get(next + "/sections/g").wantStatus(http.StatusOK).lacks("The Pines")
	if home := v.get("/").header.Get("Location"); home != next {
		t.Errorf("the start leads to %s, want %s", home, next)
	}
}

// Only the printed link opens a preview, and only a preview has its routes.
func TestPreviewIsForItsAuthor(t *testing.T) {
	t.Parallel()
	w, p := previewOf(t, previewForm)
	w.visitor().get("/preview/open/guess").wantStatus(http.StatusNotFound)
	w.visitor().post("/preview/again", nil).wantStatus(http.StatusUnauthorized)
	a := w.visitor().get(p.Address())
	if got := a.header.Get("Content-Security-Policy"); got != contentPolicy {
		t.Errorf("the content policy is %q", got)
	}
	rows, err := readAccess(previewRows)
	if routes := w.server.previewRoutes(); err != nil || len(rows) != len(routes) { // handler refuses a route without a row
		t.Errorf("%d rows for %d routes, %v", len(rows), len(routes), err)
	}
	newWorld(t).visitor().get(p.Address()).wantStatus(http.StatusNotFound)
	r := httptest.NewRequest("GET", "https://evil.example"+p.Address(), nil)
	w.visitor().do(r).wantStatus(http.StatusMisdirectedRequest)
}
