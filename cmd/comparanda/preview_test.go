package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/library"
	"github.com/comparanda/comparanda/internal/testkit"
	"github.com/comparanda/comparanda/internal/web"
)

// author is the browser of somebody who writes a form. It follows redirects.
type author struct {
	t      *testing.T
	client *http.Client
	base   string
	at     string // address of the return
}

// newAuthor opens the link that a preview printed.
func newAuthor(t *testing.T, link string) *author {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &author{t: t, client: &http.Client{Jar: jar}}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	a.base = u.Scheme + "://" + u.Host
	a.at, _ = a.get(u.Path)
	return a
}

// get loads a page and tells where it led.
func (a *author) get(path string) (at, body string) {
	a.t.Helper()
	response, err := a.client.Get(a.base + path)
	return a.read("GET "+path, response, err)
}

func (a *author) post(path string, form url.Values) (at, body string) {
	a.t.Helper()
	response, err := a.client.PostForm(a.base+path, form)
	return a.read("POST "+path, response, err)
}

func (a *author) read(what string, response *http.Response, err error) (at, body string) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		a.t.Fatalf("%s: status %d, %v\n%.3000s", what, response.StatusCode, err, text)
	}
	return response.Request.URL.EscapedPath(), string(text)
}

// sees waits until a page has a text.
func (a *author) sees(path, text string) string {
	a.t.Helper()
	body := ""
	defer func() {
		if a.t.Failed() {
			a.t.Logf("the page %s is\n%.4000s", path, body)
		}
	}()
	testkit.Until(a.t, 60*time.Second, text, func() bool {
		_, body = a.get(path)
		return strings.Contains(body, text)
	})
	return body
}

// TestPreviewFollowsItsFile is what an author does: look, answer, change the file, break
// it, mend it, end the preview.
func TestPreviewFollowsItsFile(t *testing.T) {
	t.Parallel()
	temp, name := t.TempDir(), filepath.Join(t.TempDir(), "houses.md")
	form := "| survey | type | name | label | relevant |\n| | begin group | g | The house | |\n| | text | who | Who lives there? | |\n| | end group | | | |\n"
	save := func(text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	save(form)
	p := testkit.Start(t, testkit.Program(t), []string{"TMPDIR=" + temp}, "form", "preview", name, "--listen", "127.0.0.1:0")
	a := newAuthor(t, p.Line(t, "/preview/open/", 60*time.Second))
	page := a.sees(a.at+"/sections/g", "Who lives there?")
	mark := regexp.MustCompile(`name="v:/g/who" value="([^"]+)"`).FindStringSubmatch(page)
	a.post(a.at+"/sections/g", url.Values{"v:/g/who": {mark[1]}, "a:/g/who": {"The Smiths"}, "then": {"stay"}})

	save(strings.Replace(form, "Who lives there?", "Whose house is it?", 1))
	if page := a.sees(a.at+"/sections/g", "Whose house is it?"); !strings.Contains(page, "The Smiths") {
		t.Errorf("the answer is gone\n%s", page)
	}
	save(strings.Replace(form, "there? | |", "there? | ${nobody} = 1 |", 1))
	if page := a.sees(a.at+"/sections/g", "sheet survey, row 3, column relevant"); !strings.Contains(page, "Whose house is it?") {
		t.Errorf("the last good form is gone\n%s", page)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	a.sees(a.at, "no such file")
	save(form)
	if page := a.sees(a.at+"/sections/g", "Who lives there?"); strings.Contains(page, "preview-errors") || !strings.Contains(page, "The Smiths") {
		t.Errorf("the mended form is not as it was\n%s", page)
	}
	if err := p.Stop(); err != nil {
		t.Errorf("after SIGTERM: %v, want exit code 0\n%s", err, p.Output())
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("the temporary folder holds %v, %v", left, err)
	}
}

// previewed serves the preview of a file without the command around it.
func previewed(t *testing.T, name string) *author {
	t.Helper()
	live := httptest.NewUnstartedServer(nil)
	p := &previewer{call: &call{ctx: t.Context()}, base: "http://" + live.Listener.Addr().String(),
		file: &watched{name: name}, pages: web.NewPreview(filepath.Base(name))}
	if err := p.show(); err != nil {
		t.Fatal(err)
	}
	store, err := db.Open(t.Context(), t.TempDir(), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		live.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if live.Config.Handler, err = p.handler(store, slog.New(slog.NewTextHandler(t.Output(), nil))); err != nil {
		t.Fatal(err)
	}
	live.Start()
	return newAuthor(t, p.base+p.pages.Address())
}

var linked = regexp.MustCompile(`href="(/returns/[^"#?]+)`)

// tour opens every page of the return, adds an item to every list on the way, and saves
// every section as it is. It returns what all pages say.
func (a *author) tour() string {
	a.t.Helper()
	var all strings.Builder
	queue, seen := []string{a.at}, map[string]bool{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] || strings.Contains(path, "/history/") {
			continue
		}
		seen[path] = true
		at, body := a.get(path)
		if list := regexp.MustCompile(`/repeats/(.*)$`).FindString(at); list != "" && !seen["+"+at] {
			seen["+"+at] = true
			item, _ := a.post(at, url.Values{"key": {fmt.Sprint("k", len(seen))}})
			queue = append(queue, item)
		}
		if strings.Contains(at, "/sections/") {
			a.post(at, url.Values{"then": {"stay"}})
		}
		all.WriteString(body)
		for _, m := range linked.FindAllStringSubmatch(body, -1) {
			queue = append(queue, m[1])
		}
	}
	return all.String()
}

// TestPreviewOfTheShippedForms shows every page of the instruments that the program
// brings along.
func TestPreviewOfTheShippedForms(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, library.Kits()); err != nil {
		t.Fatal(err)
	}
	surveys, err := filepath.Glob(filepath.Join(dir, "*", "*", "survey.csv"))
	if err != nil || len(surveys) < 4 {
		t.Fatal(surveys, err)
	}
	for _, one := range surveys {
		name := filepath.Dir(one)
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			if body := previewed(t, name).tour(); strings.Contains(body, "preview-errors") || strings.Count(body, "data-path=") < 3 {
				t.Errorf("the pages hold %d questions", strings.Count(body, "data-path="))
			}
		})
	}
}

// TestPreviewOfForms shows forms as authors begin and end them.
func TestPreviewOfForms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, form string
		files      map[string]string
		want       []string
	}{
		{"no sections, no title, one language", "| survey | type | name | label::Kreyòl |\n| | text | a | Non ou |\n| | integer | b | Laj ou |\n", nil,
			[]string{"Non ou", "Laj ou", "Kreyòl"}},
		{"no label at all", "| survey | type | name |\n| | begin group | g |\n| | hidden | a |\n| | calculate | b |\n| | end group |  |\n", nil, nil},
		{"lists in lists", "| survey | type | name | label |\n| | begin repeat | r | Streets |\n| | text | n | Street |\n| | begin repeat | s | Houses |\n| | text | m | House |\n" +
			"| | begin repeat | u | Rooms |\n| | text | o | Room |\n| | end repeat | | |\n| | end repeat | | |\n| | end repeat | | |\n", nil,
			[]string{"Streets", "Houses", "Rooms", `data-path="/r[k3]`, ">Room"}},
		{"choices from a file", "| survey | type | name | label | calculation |\n| | select_one_from_file towns.csv | t | Town | |\n| | calculate | c | Taxed at | pulldata('rates', 'rate', 'name', 'sj') |\n",
			map[string]string{"towns.csv": "name,label\nsj,San José\n", "media/rates.csv": "name,rate\nsj,13\n"},
			[]string{"San José", "Taxed at", "13"}},
		{"a file that is not there", "| survey | type | name | label |\n| | select_one_from_file towns.csv | t | Town |\n", nil,
			[]string{"beside the form, so its list is empty"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file(t, filepath.Join(dir, "f.md"), tt.form, 1)
			for name, text := range tt.files {
				file(t, filepath.Join(dir, name), text, 1)
			}
			body := previewed(t, filepath.Join(dir, "f.md")).tour()
			for _, text := range tt.want {
				if !strings.Contains(body, text) {
					t.Errorf("no page says %q", text)
				}
			}
		})
	}
}

// TestPreviewOfALargeForm shows 5,000 questions, in sections and without any.
func TestPreviewOfALargeForm(t *testing.T) {
	t.Parallel()
	var flat, parts strings.Builder
	for _, b := range []*strings.Builder{&flat, &parts} {
		b.WriteString("| survey | type | name | label | relevant |\n")
		for i := range 5000 {
			if b == &parts && i%500 == 0 {
				fmt.Fprintf(b, "| | begin group | g%d | Part %d | |\n", i, i)
			}
			fmt.Fprintf(b, "| | %s | q%d | Question %d | |\n", []string{"text", "integer", "date"}[i%3], i, i)
			if b == &parts && i%500 == 499 {
				b.WriteString("| | end group | | | |\n")
			}
		}
	}
	for name, text := range map[string]string{"flat": flat.String(), "parts": parts.String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), name+".md")
			file(t, path, text, 1)
			a := previewed(t, path)
			_, hub := a.get(a.at)
			sections := slices.Compact(linked.FindAllString(hub, -1))
			if n := strings.Count(hub, "/sections/"); n < 1 || len(sections) == 0 {
				t.Fatalf("the hub has %d sections\n%s", n, hub)
			}
			at := regexp.MustCompile(`/returns/[^"]*/sections/[^"]*`).FindString(hub)
			_, page := a.get(at)
			fields := url.Values{"then": {"stay"}}
			for _, m := range regexp.MustCompile(`name="(v:[^"]+)" value="([^"]+)"`).FindAllStringSubmatch(page, -1) {
				fields.Set(m[1], m[2])
				fields.Set("a:"+m[1][2:], "")
				fields.Set("r:"+m[1][2:], "")
				fields.Set("n:"+m[1][2:], "")
			}
			if len(fields) < 1500 {
				t.Fatalf("the section shows %d fields", len(fields))
			}
			a.post(at, fields)
		})
	}
}
