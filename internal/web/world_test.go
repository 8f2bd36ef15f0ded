package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

// villageForm is a small questionnaire with one of everything that pages treat apart.
const villageForm = `
| survey |                          |             |                     |                       |                                  |          |                    |              |                    |            |
|        | type                     | name        | label::English (en) | label::Español (es)   | hint::English (en)               | required | relevant           | constraint   | constraint_message | parameters |
|        | begin_group              | a           | A. Village          | A. Aldea              |                                  |          |                    |              |                    |            |
|        | note                     | a_intro     | Read **this** first | Lea **esto** primero  |                                  |          |                    |              |                    |            |
|        | text                     | a_name      | Name                | Nombre                | As in the *register*             | yes      |                    |              |                    |            |
|        | select_one yn            | a_school    | Is there a school?  | ¿Hay escuela?         |                                  | yes      |                    |              |                    |            |
|        | integer                  | a_pupils    | Pupils              | Alumnos               |                                  | yes      | ${a_school} = 'y'  | . <= 5000    | At most 5000       |            |
|        | date                     | a_founded   | Founded             | Fundación             |                                  |          |                    |              |                    | partial=yes |
|        | select_multiple service  | a_services  | Services            | Servicios             |                                  |          |                    |              |                    |            |
|        | decimal                  | a_tax       | Tax                 | Impuesto              |                                  |          |                    |              |                    |            |
|        | end_group                |             |                     |                       |                                  |          |                    |              |                    |            |
|        | begin_repeat             | s           | B. Streets          | B. Calles             |                                  |          |                    |              |                    |            |
|        | text                     | s_name      | Street              | Calle                 |                                  | yes      |                    |              |                    |            |
|        | integer                  | s_houses    | Houses              | Casas                 |                                  |          |                    |              |                    |            |
|        | end_repeat               |             |                     |                       |                                  |          |                    |              |                    |            |
|        | begin_group              | c           | C. Papers           | C. Documentos         |                                  |          |                    |              |                    |            |
|        | file                     | c_map       | Map                 | Mapa                  |                                  |          |                    |              |                    |            |
|        | acknowledge              | c_read      | Has it been read?   | ¿Se ha leído?         |                                  |          |                    |              |                    |            |
|        | end_group                |             |                     |                       |                                  |          |                    |              |                    |            |
| choices |            |       |                     |                     |           |
|         | list_name  | name  | label::English (en) | label::Español (es) | exclusive |
|         | yn         | y     | Yes                 | Sí                  |           |
|         | yn         | n     | No                  | No                  |           |
|         | service    | water | Water               | Agua                |           |
|         | service    | light | Light               | Luz                 |           |
|         | service    | none  | None                | Ninguno             | yes       |
| settings |                   |         |         |                  |
|          | form_title        | form_id | version | default_language |
|          | Villages          | village | 1       | English (en)     |
`

// world is a service over a fresh store, with a study of villages in two countries.
type world struct {
	t       *testing.T
	store   *db.Store
	server  *server
	handler http.Handler
	people  map[string]study.Person
	logs    *lockedBuffer

	mu    sync.Mutex
	clock time.Time
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

const testBase = "https://study.example"

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOf(t, villageForm)
}

// newWorldOf is a world with another questionnaire, as a Markdown table.
func newWorldOf(t *testing.T, formText string) *world {
	t.Helper()
	w := &world{t: t, people: map[string]study.Person{}, logs: &lockedBuffer{}, clock: time.Date(2021, 3, 12, 16, 0, 0, 0, time.UTC)}
	store, err := db.Open(t.Context(), t.TempDir(), db.Options{Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.store = store
	form, problems := xlsform.Parse("village.md", []byte(formText))
	if form == nil {
		t.Fatalf("read form: %v", problems)
	}
	content, err := form.Encode()
	if err != nil {
		t.Fatal(err)
	}
	w.update(func(ctx context.Context, tx *db.Tx) error {
		if err := tx.PutStudy(ctx, villages()); err != nil {
			return err
		}
		if _, err := tx.PutForm(ctx, "village", content, []byte(formText), "village.md"); err != nil {
			return err
		}
		if _, err := tx.PutForm(ctx, "talk", encoded(t, "talk.md", talkForm), []byte(talkForm), "talk.md"); err != nil {
			return err
		}
		for name, p := range map[string]study.Person{
			"focal":       {Name: "Focal point of Atlantis", Role: study.FocalPoint, Country: "ATL", Language: "en"},
			"contributor": {Name: "Contributor of Atlantis", Role: study.Contributor, Country: "ATL", Language: "es"},
			"stranger":    {Name: "Focal point of Lemuria", Role: study.FocalPoint, Country: "LEM", Language: "en"},
			"foreigner":   {Name: "Contributor of Lemuria", Role: study.Contributor, Country: "LEM", Language: "en"},
			"researcher":  {Name: "Research unit", Role: study.Researcher, Language: "en"},
			"admin":       {Name: "Administrator", Role: study.Administrator, Language: "en"},
		} {
			p.Email = name + "@example.org"
			created, err := tx.CreatePerson(ctx, p)
			if err != nil {
				return err
			}
			w.people[name] = created
		}
		return nil
	})
	log := slog.New(slog.NewJSONHandler(w.logs, nil))
	if w.server, err = newServer(Config{Store: store, BaseURL: testBase, Log: log, Now: w.now, Limits: Limits{SignInsPerMinute: 10_000}}); err != nil {
		t.Fatal(err)
	}
	if w.handler, err = w.server.handler(); err != nil {
		t.Fatal(err)
	}
	return w
}

func villages() study.Study {
	return study.Study{
		ID: "villages", Title: study.Text{"en": "Study of villages", "es": "Estudio de aldeas"}, Languages: []study.Lang{"en", "es"}, DefaultLanguage: "en",
		Countries: []study.Country{
			{ISO3: "ATL", Name: study.Text{"en": "Atlantis", "es": "Atlántida"}, InStudy: true, TimeZone: "America/Costa_Rica", DecimalMark: ","},
			{ISO3: "LEM", Name: study.Text{"en": "Lemuria", "es": "Lemuria"}, InStudy: true, TimeZone: "UTC", DecimalMark: "."},
		},
		Rounds: []study.Round{{ID: "2021", DeadlineAt: time.Date(2021, 7, 1, 5, 59, 59, 0, time.UTC)}},
		Reasons: []study.Reason{
			{Code: study.NA, Mark: "N/A", Label: study.Text{"en": "Does not apply", "es": "No aplica"}},
			{Code: study.ND, Mark: "N/D", Label: study.Text{"en": "Not recorded", "es": "No hay registro"}},
			{Code: study.CONF, Mark: "CONF", Label: study.Text{"en": "Exists, not public", "es": "Existe, no es público"}},
		},
		Declaration: study.Text{"en": "Verified and authorized.", "es": "Verificado y autorizado."},
		Instruments: []study.Instrument{{FormID: "village", Kind: study.Questionnaire, Title: study.Text{"en": "Villages"}}, {FormID: "talk", Kind: study.InterviewKind}},
	}
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func (w *world) update(f func(context.Context, *db.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), func(tx *db.Tx) error { return f(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(f func(context.Context, *db.Reader) error) {
	w.t.Helper()
	if err := w.store.View(w.t.Context(), func(r *db.Reader) error { return f(w.t.Context(), r) }); err != nil {
		w.t.Fatal(err)
	}
}

// link issues a sign-in link for a person and returns its token.
func (w *world) link(name string) string {
	w.t.Helper()
	token := account.Secret()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		return tx.CreateLink(ctx, w.people[name].ID, account.Hash(token), "sign-in", w.now().Add(account.LinkLife))
	})
	return token
}

// visitor is one browser: it keeps cookies and follows nothing.
type visitor struct {
	w       *world
	cookies map[string]string
	accept  string
}

func (w *world) visitor() *visitor { return &visitor{w: w, cookies: map[string]string{}} }

// signedIn is the browser of a person who used a link.
func (w *world) signedIn(name string) *visitor {
	w.t.Helper()
	v := w.visitor()
	if a := v.post("/sign-in/"+w.link(name), nil); a.status != http.StatusSeeOther {
		w.t.Fatalf("sign in as %s: status %d\n%s", name, a.status, a.body)
	}
	return v
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (v *visitor) get(path string) answer {
	return v.do(httptest.NewRequest("GET", testBase+path, nil))
}

func (v *visitor) post(path string, form url.Values) answer {
	r := httptest.NewRequest("POST", testBase+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

// autosave posts as the page script does.
func (v *visitor) autosave(path string, form url.Values) answer {
	v.accept = "application/json"
	defer func() { v.accept = "" }()
	return v.post(path, form)
}

func (v *visitor) upload(path, name string, content []byte) answer {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		v.w.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", testBase+path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return v.do(r)
}

func (v *visitor) do(r *http.Request) answer {
	v.w.t.Helper()
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if v.accept != "" {
		r.Header.Set("Accept", v.accept)
	}
	rec := httptest.NewRecorder()
	v.w.handler.ServeHTTP(rec, r)
	result := rec.Result()
	for _, c := range result.Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
			continue
		}
		v.cookies[c.Name] = c.Value
	}
	body, err := io.ReadAll(result.Body)
	if err != nil {
		v.w.t.Fatal(err)
	}
	return answer{v.w.t, result.StatusCode, result.Header, string(body)}
}

// follow loads the page that an answer sends the browser to.
func (v *visitor) follow(a answer) answer {
	v.w.t.Helper()
	if a.status != http.StatusSeeOther {
		v.w.t.Fatalf("status %d, want 303\n%s", a.status, a.body)
	}
	path, _, _ := strings.Cut(a.header.Get("Location"), "#")
	return v.get(path)
}

// form reads the fields of the page's form with this id or action, as a browser would
// send them untouched.
func (a answer) form(id string) url.Values {
	a.t.Helper()
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	fields := url.Values{}
	found := false
	var walk func(n *html.Node, inside bool)
	walk = func(n *html.Node, inside bool) {
		if n.Type == html.ElementNode && n.Data == "form" {
			inside = attr(n, "id") == id || attr(n, "action") == id
			found = found || inside
		}
		if inside && n.Type == html.ElementNode {
			addField(fields, n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside)
		}
	}
	walk(doc, false)
	if !found {
		a.t.Fatalf("no form %s in the page\n%s", id, a.body)
	}
	return fields
}

func addField(fields url.Values, n *html.Node) {
	name := attr(n, "name")
	if name == "" || has(attrNames(n), "disabled") {
		return
	}
	switch n.Data {
	case "input":
		if kind := attr(n, "type"); (kind == "radio" || kind == "checkbox") && !has(attrNames(n), "checked") {
			return
		}
		fields.Add(name, attr(n, "value"))
	case "textarea":
		text := ""
		if n.FirstChild != nil {
			text = n.FirstChild.Data
		}
		fields.Add(name, strings.ReplaceAll(text, "\n", "\r\n"))
	case "select":
		value, any := "", false
		for o := range n.Descendants() {
			if o.Data == "option" && (has(attrNames(o), "selected") || !any) {
				value, any = attr(o, "value"), true
			}
		}
		fields.Add(name, value)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func attrNames(n *html.Node) string {
	names := ""
	for _, a := range n.Attr {
		names += a.Key + " "
	}
	return names
}

// want fails the test unless the page has the texts.
func (a answer) want(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, html.EscapeString(text)) && !strings.Contains(a.body, text) {
			a.t.Errorf("the page lacks %q\n%s", text, a.body)
		}
	}
	return a
}

func (a answer) wantStatus(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d\n%s", a.status, status, a.body)
	}
	return a
}

func (a answer) lacks(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			a.t.Errorf("the page has %q\n%s", text, a.body)
		}
	}
	return a
}
