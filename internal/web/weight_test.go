package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// longForm has one section of 30 questions of the common kinds, with hints and conditions.
func longForm() string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label::English (en) | label::Español (es) | hint::English (en) | relevant |\n| | begin_group | a | A. Long | A. Larga | | |\n")
	for i := range 30 {
		kind := []string{"text", "select_one yn", "integer", "date", "select_multiple yn", "decimal"}[i%6]
		relevant := ""
		if i%6 == 2 {
			relevant = fmt.Sprintf("${q%d} = 'y'", i-1)
		}
		fmt.Fprintf(&b, "| | %s | q%d | Question %d about matter %d of the country | Pregunta %d sobre el asunto %d del país | As in the register of year %d | %s |\n", kind, i, i, i*i, i, i*i, 1990+i, relevant)
	}
	b.WriteString("| | end_group | | | | | |\n| choices |\n| | list_name | name | label::English (en) | label::Español (es) |\n| | yn | y | Yes | Sí |\n| | yn | n | No | No |\n")
	b.WriteString("| settings |\n| | form_title | form_id | version | default_language |\n| | Villages | village | 1 | English (en) |\n")
	return b.String()
}

// TestPagesAreLight holds a section of 30 questions and its files to their weight, packed
// as a browser gets them, and to the number of requests (F107).
func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, longForm())
	v := w.signedIn("focal")
	page := v.get("/returns/" + string(w.atlantis()) + "/sections/a").wantStatus(http.StatusOK)
	if n := strings.Count(page.body, `data-path="/a/q`); n != 30 {
		t.Fatalf("the section shows %d questions, want 30", n)
	}
	weigh := func(what, body string, most int) {
		size := packed(t, body)
		t.Logf("%s: %d bytes", what, size)
		if size > most {
			t.Errorf("%s is %d bytes packed, want at most %d", what, size, most)
		}
	}
	weigh("the page", page.body, 25<<10)
	most := map[string]int{"css": 6 << 10, "js": 8 << 10, "svg": 4 << 10}
	files := map[string]bool{}
	for _, m := range regexp.MustCompile(`"(/static/[^"]+\.(css|js|svg))"`).FindAllStringSubmatch(page.body, -1) {
		if files[m[1]] {
			continue
		}
		files[m[1]] = true
		weigh(m[1], v.get(m[1]).wantStatus(http.StatusOK).body, most[m[2]])
	}
	if len(files) < 2 || len(files) > 3 {
		t.Errorf("the page asks for %d files, want style and script, and no more than a mark beside them", len(files))
	}
}

func packed(t *testing.T, body string) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
