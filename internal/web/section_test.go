package web

import (
	"net/http"
	"testing"
)

// Questions outside any section make one of their own, the first of them too, and what
// is typed there is kept.
func TestQuestionsWithoutASection(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, `
| survey |      |       |        |
|        | type | name  | label  |
|        | text | one   | First  |
|        | text | two   | Second |
|        | note | three | Third  |
`)
	v, at := w.signedIn("focal"), "/returns/"+string(w.atlantis())+"/sections/one"
	page := v.get(at).wantStatus(http.StatusOK).want("2 questions", "First", "Second", "Third")
	answers := page.form("answers")
	answers.Set("a:/one", "A")
	answers.Set("a:/two", "B")
	v.follow(v.post(at, answers)).want(`value="A"`, `value="B"`)
}
