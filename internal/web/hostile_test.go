package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// hostile texts are stored wherever a person or a form can put a text (S1).
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`</textarea></title><svg onload=alert(1)>`,
	`[x](javascript:alert%281%29)`,
	`<a href="javascript:alert(1)">x</a>`,
	`{{.Secret}} <!-- --> &lt;b&gt;`,
	"\u202e<b>turned</b>",
}

func TestHostileTextsStayTexts(t *testing.T) {
	t.Parallel()
	for i, text := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			form := strings.NewReplacer("A. Village", "A. "+text, "B. Streets", "B. "+text, "As in the *register*", text, "Read **this** first", text,
				"Water               |", text+" |", "| Name                |", "| "+text+" |", "At most 5000", text).Replace(villageForm)
			w := newWorldOf(t, form)
			id := w.atlantis()
			base := "/returns/" + string(id)
			w.update(func(ctx context.Context, tx *db.Tx) error {
				person, err := tx.CreatePerson(ctx, study.Person{Name: text, Email: "x@example.org", Role: study.Contributor, Country: "ATL", Language: "en"})
				w.people["hostile"] = person
				return err
			})
			v := w.signedIn("hostile")
			w.answer(v, base, "/a", "/a/a_name", text, "/a/a_school", "y", "/a/a_pupils", text, "/a/a_services", text)
			w.answer(v, base, "/s[main]", "/s[main]/s_name", text)
			v.upload(base+"/files/c/c_map", text+".pdf", []byte("%PDF-1.4"))
			focal := w.signedIn("focal")
			stale := focal.get(base + "/sections/a").form("answers")
			stale.Set("v:/a/a_name", "0.x")
			stale.Set("a:/a/a_name", text+" again")
			focal.post(base+"/sections/a", stale).wantStatus(http.StatusSeeOther)
			for _, page := range []string{base, base + "/sections/a", base + "/sections/c", base + "/sections/s[main]", base + "/repeats/s", base + "/remove/s[main]",
				base + "/files/c/c_map", base + "/check", base + "/history", base + "/history/a/a_name", "/people", "/" + strings.ReplaceAll(text, " ", "%20")} {
				harmless(t, page, focal.get(page).body)
			}
			harmless(t, "refused invitation", focal.post("/people", values("name", text, "email", text)).body)
			again := focal.autosave(base+"/sections/a", values("v:/a/a_name", "0.x", "a:/a/a_name", text+" once more"))
			if kind := again.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
				t.Errorf("autosave answers with %q", kind)
			}
		})
	}
}

// harmless parses a page and refuses everything that could run.
func harmless(t *testing.T, page, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			if !strings.HasPrefix(attr(n, "src"), "/static/") || n.FirstChild != nil {
				t.Errorf("%s has a script that is not ours", page)
			}
		case "style", "iframe", "object", "embed", "svg", "img", "base", "math":
			t.Errorf("%s has an element <%s>", page, n.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("%s has an attribute %s=%q", page, a.Key, a.Val)
			}
			if (a.Key == "href" || a.Key == "action" || a.Key == "src") && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:")) {
				t.Errorf("%s links to %q", page, a.Val)
			}
		}
	}
}
