package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// TestColumnsAreChanged gives columns other questions and roles, also on two sheets at
// once, and refuses what cannot be.
func TestColumnsAreChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	id := w.givenFile()
	page := uploadHref(id) + "/columns"
	first := unit.get(page).want("Step 3 of 6", "Personal data: keep apart", "by its label", "by the column Country (A)", "&lt;b&gt;half&lt;/b&gt;", "in 2 sheets", "No", "Leave out")
	if strings.Index(first.body, `id="c-3"`) > strings.Index(first.body, `id="c-0"`) {
		t.Error("the country does not come first")
	}
	form := first.form(page)
	if form.Get("c.0") != "/a/a_school" || form.Get("c.1") != "role:personal" || form.Get("x.2") != "light" {
		t.Errorf("the form says %v", form)
	}
	unit.post(page, form).wantStatus(http.StatusSeeOther) // as it was: nothing to look at again
	if u, _ := w.given(id); u.State != study.UploadSeen || u.Decided {
		t.Errorf("untouched: %s, decided %t", u.State, u.Decided)
	}

	form.Set("c.5", "/a/a_school")
	unit.post(page, form).wantStatus(http.StatusBadRequest).want("Error:", "answers the same question", `href="#c-5"`, `aria-invalid="true"`)
	form.Set("c.5", "/nowhere")
	unit.post(page, form).wantStatus(http.StatusBadRequest).want("Choose a question of the form")

	form.Set("c.5", "/a/a_pupils")
	form.Set("c.0", "/a/a_name")
	form.Set("c.1", "-")
	form.Set("x.2", "water")
	form.Set("y.4", "month")
	if next := unit.post(page, form).wantStatus(http.StatusSeeOther).header.Get("Location"); next != uploadHref(id)+"/values" {
		t.Errorf("goes on to %s", next)
	}
	u, m := w.given(id)
	if u.State != study.UploadLooking || !u.Decided {
		t.Errorf("decided: %s, %t", u.State, u.Decided)
	}
	for _, sheet := range []string{"North", "South"} {
		if c := about(m, sheet, "School"); c.Question != "/a/a_name" || len(c.Values) != 0 {
			t.Errorf("School of %s is %+v", sheet, c)
		}
	}
	if c := about(m, "North", "Total"); c.Question != "/a/a_pupils" || c.At != "F" {
		t.Errorf("Total is %+v", c)
	}
	if c := about(m, "North", "Name"); c.Role != "" || c.Question != "" {
		t.Errorf("Name is %+v", c)
	}
	if c := about(m, "North", "Light"); c.Choice != "water" {
		t.Errorf("Light is %+v", c)
	}
	if c := about(m, "North", "Founded"); c.DayFirst == nil || *c.DayFirst {
		t.Errorf("Founded is %+v", c)
	}
	unit.get(page).want("The file is being read")
	w.seen(id)
	unit.post(page, form).wantStatus(http.StatusSeeOther) // a page from before somebody decided
	if again, _ := w.given(id); again.Revision != u.Revision {
		t.Error("a page that is out of date decided something")
	}
}

// TestValuesAreDecided says what texts mean, and refuses a meaning that is none.
func TestValuesAreDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	id := w.givenFile()
	page := uploadHref(id) + "/values"
	shown := unit.get(page).want("2 texts are not decided", "Suggested", "Not decided", "Is there a school?", "Atlantis", "Exists, not public", "&lt;b&gt;half&lt;/b&gt;")
	form := shown.form(page)
	if form.Get("v.0.0") != "y" || form.Get("v.0.1") != "n" || form.Get("v.3.1") != "" {
		t.Errorf("the form says %v", form)
	}
	form.Set("v.3.1", "MARS")
	unit.post(page, form).wantStatus(http.StatusBadRequest).want("Error:", "Choose one of the meanings", `href="#v-3.1"`)
	form.Set("v.3.1", "LEM")
	form.Set("v.0.0", "@CONF")
	unit.post(page, form).wantStatus(http.StatusSeeOther)
	_, m := w.given(id)
	for _, sheet := range []string{"North", "South"} {
		if c := about(m, sheet, "School"); c.Values["<b>half</b>"] != "n" || c.Values["yes"] != "@CONF" {
			t.Errorf("School of %s means %v", sheet, c.Values)
		}
	}
	if c := about(m, "North", "Country"); c.Values["XX"] != "LEM" || len(c.Values) != 1 {
		t.Errorf("countries mean %v", c.Values)
	}
}

// TestLayoutIsCorrected says where a header begins and how answers stand.
func TestLayoutIsCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	id := w.givenFile()
	page := uploadHref(id) + "/found"
	shown := unit.get(page).want("Step 2 of 6", "What we found", "Survey of &lt;i&gt;2016", "header", "encoding UTF-8", "fields parted by Tab", "3 responses")
	form := shown.form(page)
	if form.Get("h.0") != "2" || form.Get("h.1") != "1" || form.Get("d.1") != "2" || form.Get("o.0") != "rows" {
		t.Errorf("the form says %v", form)
	}
	if next := unit.post(page, form).wantStatus(http.StatusSeeOther).header.Get("Location"); next != uploadHref(id)+"/columns" {
		t.Errorf("untouched, goes on to %s", next)
	}
	form.Set("h.0", "many")
	unit.post(page, form).wantStatus(http.StatusBadRequest).want("Enter a row from 1 to 300", `href="#h-0"`, `value="many"`)
	form.Set("h.0", "1")
	form.Set("o.1", "columns")
	form.Set("k.1", "LEM")
	shownAt := form.Get("revision")
	form.Set("revision", "99") // somebody else decided meanwhile
	if next := unit.post(page, form).wantStatus(http.StatusSeeOther).header.Get("Location"); next != page+"?did=looked_again" {
		t.Errorf("from an old page, goes on to %s", next)
	}
	if _, m := w.given(id); len(m.Sheets) > 0 && m.Sheets[0].HeaderRow == 1 {
		t.Error("an old page changed the layout")
	}
	form.Set("revision", shownAt)
	unit.post(page, form).wantStatus(http.StatusSeeOther)
	_, m := w.given(id)
	north, _ := m.For("North")
	south, _ := m.For("South")
	if north.HeaderRow != 1 || north.Orientation != "" || south.Orientation != study.InColumns || south.Country != "LEM" || south.HeaderRow != 0 {
		t.Errorf("sheets %+v", m.Sheets)
	}
	if about(m, "North", "School").Header != "" {
		t.Error("columns of a sheet that is read another way are not suggested anew")
	}
}

// TestMappingGoesOutAndIn downloads a mapping, gives it to another file, and offers it to
// a third one with the same headers.
func TestMappingGoesOutAndIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	first := w.givenFile()
	out := unit.get(uploadHref(first) + "/mapping").wantStatus(http.StatusOK)
	if !strings.Contains(out.header.Get("Content-Disposition"), ".mapping.json") || out.body != seenMapping {
		t.Errorf("downloaded %v\n%s", out.header, out.body)
	}
	second := w.givenFile()
	page := uploadHref(second)
	unit.get(page + "/columns").lacks("came before")
	give := func(text string) answer {
		body, kind := formOfFile(t, "mapping", "m.json", text)
		return unit.send(page+"/mapping", kind, body)
	}
	give("{}").wantStatus(http.StatusBadRequest).want("The mapping must be a file that this program wrote", `href="#mapping"`)
	give(strings.Replace(seenMapping, `"question":"/a/a_school"`, `"question":"/a/a_name"`, 1)).wantStatus(http.StatusSeeOther)
	if u, m := w.given(second); !u.Decided || about(m, "North", "School").Question != "/a/a_name" {
		t.Errorf("taken over: %+v", m.Columns)
	}
	w.seen(second)
	third := w.givenFile()
	unit.get(uploadHref(third)+"/columns").want("A file with these headers came before", string(second))
	unit.post(uploadHref(third)+"/earlier", values("from", string(second))).wantStatus(http.StatusSeeOther)
	if u, m := w.given(third); !u.Decided || about(m, "North", "School").Question != "/a/a_name" {
		t.Errorf("offered and taken: %+v", m.Columns)
	}
}

// TestStoringRestsAndIsCancelled pauses, goes on and cancels on the page.
func TestStoringRestsAndIsCancelled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	id := w.givenFile()
	page := uploadHref(id)
	unit.post(page+"/store", values("sound", "1")).wantStatus(http.StatusSeeOther)
	batch := w.imported()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		u, err := tx.Upload(ctx, id)
		if err != nil {
			return err
		}
		u.Read, u.Batch = 1, batch
		_, err = tx.UploadGoing(ctx, u)
		return err
	})
	unit.get(page).want("1 of 4 responses", `value="25"`, "Pause")
	if progress := unit.asScript(page); !strings.Contains(progress.body, `"progress":25`) || !strings.Contains(progress.body, `"state":"running"`) {
		t.Errorf("the page script gets %s", progress.body)
	}
	unit.post(page+"/pause", nil).wantStatus(http.StatusSeeOther)
	unit.get(page).want("Storing rests at 1 of 4", "Continue").lacks("Pause</button>")
	unit.get("/unit/imports").want("Storing rests.")
	unit.post(page+"/continue", nil).wantStatus(http.StatusSeeOther)
	unit.get(page).want("Pause")
	unit.get(page + "/columns").wantStatus(http.StatusSeeOther)
	unit.follow(unit.post(page+"/cancel", nil)).want("were taken off again", "The file is being read") // to be stored again
	w.seen(id)
	unit.get(page).want("Nothing is stored yet", "Import 3 responses")
	unit.get(importHref(batch)).want("Taken off")
}

// TestWorkThatWasGivenUpIsTold says why nothing goes on with a file, and tries again; and
// forgets what was decided.
func TestWorkThatWasGivenUpIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	id := w.givenFile()
	page := uploadHref(id)
	fail := func() {
		w.update(func(ctx context.Context, tx *db.Tx) error {
			all, err := tx.Promises(ctx, study.Waiting, 10)
			if err != nil {
				return err
			}
			for _, p := range all {
				if err := tx.FailPromise(ctx, p.ID, p.Generation, "the disk is full"); err != nil {
					return err
				}
			}
			return nil
		})
	}
	fail()
	unit.get(page + "/columns").lacks("the disk is full") // it was seen all the same
	unit.post(page+"/store", values("sound", "1"))
	fail()
	unit.get(page).want("was given up", "the disk is full", "Try again").lacks("Look again")
	unit.post(page+"/continue", nil).wantStatus(http.StatusSeeOther)
	unit.get(page).want("Look again", "Pause")
	unit.follow(unit.post(page+"/cancel", nil)).want("Nothing is stored yet")

	form := unit.get(page + "/columns").form(page + "/columns")
	form.Set("c.5", "/a/a_pupils")
	unit.post(page+"/columns", form)
	fail()
	unit.get(page+"/columns").want("was given up", "Try again")
	unit.post(page+"/again", nil).wantStatus(http.StatusSeeOther)
	if u, _ := w.given(id); u.Decided || u.Mapping != "" {
		t.Errorf("forgotten: %+v", u)
	}
	unit.get(page + "/columns").want("The file is being read")
	w.seen(id)
	unit.get(page + "/columns").lacks("Forget what was decided")
}
