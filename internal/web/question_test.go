package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

func TestValueAndReasonTogetherAreAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/returns/" + string(w.atlantis()) + "/sections/a"
	v := w.signedIn("focal")
	form := v.get(path).form("answers")
	form.Set("a:/a/a_name", "Villa")
	form.Set("r:/a/a_name", "ND")
	page := v.follow(v.post(path, form)).want("has an answer and also a reason for giving none", "Villa")
	form = page.form("answers")
	form.Set("r:/a/a_name", "")
	v.follow(v.post(path, form)).want("Villa").lacks("has an answer and also a reason")
}

func TestClearAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	v := w.signedIn("focal")
	w.answer(v, base, "/a", "/a/a_school", "y")
	form := v.get(base + "/sections/a").want("Clear this answer").form("answers")
	form.Set("a:/a/a_tax", "3")
	form.Set("then", "clear:/a/a_school")
	page := v.follow(v.post(base+"/sections/a", form)).lacks("Clear this answer")
	if got := page.form("answers"); got.Get("a:/a/a_school") != "" || got.Get("a:/a/a_tax") != "3" {
		t.Errorf("after clearing the page holds %v", got)
	}
}

func TestUnknownCodeIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	v := w.signedIn("focal")
	form := v.get(base + "/sections/a").form("answers")
	form["a:/a/a_services"] = []string{"water", "steam"}
	page := v.follow(v.post(base+"/sections/a", form))
	if got := strings.Join(page.form("answers")["a:/a/a_services"], " "); got != "water steam" {
		t.Errorf("the page shows %q, want the unknown code too", got)
	}
}

func TestLongListsTakeLabels(t *testing.T) {
	t.Parallel()
	choices := ""
	for _, name := range strings.Fields("a b c d e f g h i j k l m n o p q r s t u v w x z") {
		choices += "|         | yn | " + name + name + " | Label " + name + " | Etiqueta " + name + " | |\n"
	}
	form := strings.Replace(villageForm, "|         | service    | water", choices+"|         | service    | water", 1)
	w := newWorldOf(t, form)
	base := "/returns/" + string(w.atlantis())
	v := w.signedIn("contributor") // reads Spanish
	page := v.get(base+"/sections/a").want("<datalist", `value="Etiqueta k"`)
	fields := page.form("answers")
	fields.Set("a:/a/a_school", "  etiqueta K ")
	page = v.follow(v.post(base+"/sections/a", fields))
	if got := page.form("answers").Get("a:/a/a_school"); got != "Etiqueta k" {
		t.Errorf("the label typed is shown as %q", got)
	}
	again := page.form("answers")
	v.post(base+"/sections/a", again).wantStatus(http.StatusSeeOther)
	w.signedIn("focal").get(base + "/history/a/a_school").want("Label k").lacks("Etiqueta k")
}

func TestNotAskedIsSaidInTheSignedVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := "/returns/" + string(w.atlantis())
	v := w.signedIn("focal")
	w.answer(v, base, "/a", "/a/a_name", "Villa", "/a/a_school", "y", "/a/a_pupils", "12")
	w.answer(v, base, "/a", "/a/a_school", "n")
	w.answer(v, base, "/s[main]", "/s[main]/s_name", "Main street")
	v.get(base+"/check").want("1 answer will not be sent", "A.3 Pupils")
	form := v.get(base + "/sign").form(base + "/sign")
	form.Set("post", "Director")
	form.Set("declaration", "yes")
	v.post(base+"/sign", form).wantStatus(http.StatusSeeOther)
	v.get(base + "/v/1").want("Not asked. Answer only if A.2 is “Yes”.").lacks(">12<")
	v.get(base + "/history/a/a_pupils").want("12")
}

// TestUntouchedAnswersStay saves a page of answers that a program had stored in its own
// way: none of them may become a change of the person who pressed Save.
func TestUntouchedAnswersStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.atlantis()
	stored := map[string]string{"/a/a_services": "none light water", "/a/a_founded": "1907-3-1", "/a/a_name": "two\r\nlines", "/c/c_read": "true", "/a/a_tax": " 5 "}
	w.update(func(ctx context.Context, tx *db.Tx) error {
		var changes []study.Change
		for path, value := range stored {
			changes = append(changes, study.Change{Path: path, Value: &value})
		}
		_, _, err := tx.SaveAnswers(ctx, id, w.people["focal"], study.API, changes)
		return err
	})
	v := w.signedIn("contributor")
	for _, section := range []string{"/a", "/c"} {
		path := "/returns/" + string(id) + "/sections" + section
		v.post(path, v.get(path).form("answers")).wantStatus(http.StatusSeeOther)
	}
	w.view(func(ctx context.Context, r *db.Reader) error {
		drafts, err := r.DraftAnswers(ctx, id)
		for _, d := range drafts {
			if d.Version != 1 || d.Value != stored[d.Path] {
				t.Errorf("%s became version %d, %q", d.Path, d.Version, d.Value)
			}
		}
		return err
	})
}
