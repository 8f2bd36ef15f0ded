package web

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
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

// A rank asks for the choice at each place; what is saved keeps the order, and a page
// that nobody touched changes nothing.
func TestRankKeepsItsOrder(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, `
| survey  |           |       |        |
|         | type      | name  | label  |
|         | rank r    | order | Order  |
| choices | list_name | name  | label  |
|         | r         | a     | Apples |
|         | r         | b     | Beans  |
|         | r         | c     | Corn   |
`)
	id := w.atlantis()
	v, at := w.signedIn("focal"), "/returns/"+string(id)+"/sections/order"
	answers := v.get(at).want("Place 1", "Place 3").form("answers")
	answers["a:/order"] = []string{"c", "", "a"}
	page := v.follow(v.post(at, answers))
	if got := page.form("answers")["a:/order"]; !slices.Equal(got, []string{"c", "a", ""}) {
		t.Errorf("the page shows %q", got)
	}
	v.follow(v.post(at, page.form("answers")))
	w.view(func(ctx context.Context, r *db.Reader) error {
		drafts, err := r.DraftAnswers(ctx, id)
		if len(drafts) != 1 || drafts[0].Value != "c a" || drafts[0].Version != 1 {
			t.Errorf("stored is %+v", drafts)
		}
		return err
	})
}

// A reason that the question does not offer, as a program may give it, is shown, and not
// lost when the page is saved.
func TestReasonThatIsNotOffered(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, `
| survey |      |      |       |         |
|        | type | name | label | reasons |
|        | text | one  | First | NA      |
`)
	id := w.atlantis()
	v, at := w.signedIn("focal"), "/returns/"+string(id)+"/sections/one"
	w.update(func(ctx context.Context, tx *db.Tx) error {
		reason := study.ND
		_, _, err := tx.SaveAnswers(ctx, id, w.people["focal"], study.API, []study.Change{{Path: "/one", Reason: &reason}})
		return err
	})
	page := v.get(at).want("Does not apply", "Not recorded")
	page = v.follow(v.post(at, page.form("answers")))
	if got := page.form("answers").Get("r:/one"); got != "ND" {
		t.Errorf("the reason is %q", got)
	}
}

// A return knows the day it was begun, in its country's time, and keeps to it.
func TestReturnKnowsWhenItBegan(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, `
| survey |           |       |       |                          |
|        | type      | name  | label | calculation              |
|        | today     | today |       |                          |
|        | start     | start |       |                          |
|        | text      | one   | First |                          |
|        | calculate | said  | Begun | concat(${today}, ' at ', ${start}) |
`)
	w.pass(10 * time.Hour) // it is past midnight in UTC, and still the day before in Atlantis
	v, at := w.signedIn("focal"), "/returns/"+string(w.atlantis())+"/sections/today"
	const begun = "2021-03-12 at 2021-03-12T20:00:00.000-06:00"
	v.get(at).wantStatus(http.StatusOK).want(begun)
	w.pass(7 * time.Hour)
	v.get(at).want(begun)
}
