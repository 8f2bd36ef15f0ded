package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// loadedFor stores a batch with one old response of a country, as an import does.
func (w *world) loadedFor(id study.BatchID, country study.ISO3, entries []study.Entry, items ...study.Item) {
	w.t.Helper()
	body, err := json.Marshal(study.Snapshot{FormID: "village", FormVersion: 1, Country: country, Round: "2021", Entries: entries, Items: items})
	if err != nil {
		w.t.Fatal(err)
	}
	w.update(func(ctx context.Context, tx *db.Tx) error {
		b, err := tx.BeginImport(ctx, study.Batch{ID: id, Name: string(id) + ".xlsx", FormID: "village", FormVersion: 1, Kind: study.Questionnaire, Options: "{}",
			Files: []study.BatchFile{{Name: string(id) + ".xlsx", SHA256: "aa", SizeBytes: 3}}})
		if err != nil {
			return err
		}
		rows := []study.BatchRow{{Place: "Old!A7", InstanceID: "import:" + string(country) + "/2021", Country: country, Round: "2021", Hash: string(id), Snapshot: body}}
		if err := tx.PutImportRows(ctx, b, rows, 1, study.BatchCounts{Create: 1}); err != nil {
			return err
		}
		return tx.FinishImport(ctx, id)
	})
}

func (w *world) takeOff(id study.BatchID) (left []study.BatchLeft) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *db.Tx) (err error) {
		left, _, err = tx.UndoImport(ctx, id)
		return err
	})
	return left
}

// drafts reads a return's answers by path.
func (w *world) drafts(id study.ResponseID) map[string]study.DraftAnswer {
	w.t.Helper()
	all := map[string]study.DraftAnswer{}
	w.view(func(ctx context.Context, r *db.Reader) error {
		list, err := r.DraftAnswers(ctx, id)
		for _, d := range list {
			all[d.Path] = d
		}
		return err
	})
	return all
}

func oldAnswers() []study.Entry {
	return []study.Entry{
		{Path: "/a/a_name", Value: "Old <Villa>"}, {Path: "/a/a_school", Value: "Yes", Note: "p. 3"}, {Path: "/a/a_pupils", Value: "41"},
		{Path: "/a/a_founded", Reason: study.ND}, {Path: "/a/a_tax", Value: "2", NotAsked: true}, {Path: "/s[1]/s_name", Value: "Main street"}, {Path: "/s[1]/s_houses", Value: "12"},
		{Path: "/s[2]/s_name", Value: "Back street"},
	}
}

// TestImportedAnswersAreConfirmedOrAmended goes the official's way: what old files say is
// seen, one answer is amended, one confirmed, the rest of the section at once; nothing
// counts before.
func TestImportedAnswersAreConfirmedOrAmended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.loadedFor("wave1", "ATL", oldAnswers(), study.Item{Repeat: "/s", Key: "1", Order: 1}, study.Item{Repeat: "/s", Key: "2", Order: 2})
	w.loadedFor("foreign", "LEM", []study.Entry{{Path: "/a/a_name", Value: "Secret of Lemuria"}})
	focal := w.signedIn("focal")
	focal.get("/").want("Open the questionnaire", "7 answers were imported from old files in your country's name. You find them in the questionnaire") // the old answers are no return of theirs
	hub := focal.follow(focal.post("/returns", nil)).want("7 answers were imported from old files", "4 imported, not confirmed", "3 imported, not confirmed").lacks("Lemuria")
	home := "/returns/" + hubID(hub)
	id := study.ResponseID(hubID(hub))
	section := focal.get(home+"/sections/a").want("4 imported answers wait", "Old <Villa>", "Imported from wave1.xlsx, Old!A7, on 12 March 2021: not confirmed", "Confirm all in this section", "N/D", "p. 3")
	section.lacks("<Villa>", "Secret", `"o:/a/a_tax"`)
	if len(w.drafts(id)) != 0 {
		t.Fatalf("opening a page stored %v", w.drafts(id))
	}

	form := section.form("answers")
	form.Set("a:/a/a_pupils", "45")
	form.Set("then", "confirm:/a/a_name")
	focal.follow(focal.post(home+"/sections/a", form)).want("Confirmed.", "2 imported answers wait", "Imported; confirmed by Focal point of Atlantis")
	got := w.drafts(id)
	if d := got["/a/a_name"]; d.Value != "Old <Villa>" || d.Channel != study.Import || d.By != w.people["focal"].ID {
		t.Errorf("confirmed: %+v", d)
	}
	if d := got["/a/a_pupils"]; d.Value != "45" || d.Channel != study.Web {
		t.Errorf("amended: %+v", d)
	}
	form = focal.get(home + "/sections/a").form("answers")
	form.Set("then", "confirm")
	focal.follow(focal.post(home+"/sections/a", form)).lacks("wait for confirmation", "waits for confirmation")
	got = w.drafts(id)
	if d := got["/a/a_school"]; d.Value != "y" || d.Note != "p. 3" { // the label became the code
		t.Errorf("school: %+v", d)
	}
	if d := got["/a/a_founded"]; d.Reason != study.ND {
		t.Errorf("founded: %+v", d)
	}

	list := focal.get(home+"/repeats/s").want("2 entries come from old files", "Main street", "Back street", "Take over all in this list")
	_ = list
	focal.follow(focal.post(home+"/loaded/s", values("then", "leave_out:/s[2]"))).want("1 entry comes from old files", "Back street") // as a removed one
	item := values("then", "confirm:/s[1]", "o:/s[1]/s_name", markOf(list, "/s[1]/s_name"), "o:/s[1]/s_houses", markOf(list, "/s[1]/s_houses"))
	focal.follow(focal.post(home+"/loaded/s", item)).want("Confirmed.", "Main street", "2 of 2").lacks("come from old files", "comes from old files")
	focal.get(home).lacks("imported from old files")

	for _, name := range []string{"stranger", "foreigner"} {
		w.signedIn(name).post(home+"/loaded/s", item).wantStatus(http.StatusNotFound)
		w.signedIn(name).get(home + "/sections/a").wantStatus(http.StatusNotFound)
	}
	unit := w.signedIn("researcher")
	unit.get("/unit/imports/wave1/undo").want("The country confirmed 5 answers as its own", "/unit/returns/"+string(id))
	if left := w.takeOff("wave1"); len(left) != 1 || left[0].Confirmed != 5 || left[0].Return != id {
		t.Errorf("the undo tells %+v", left)
	}
	unit.get("/unit/imports/wave1").want("The country confirmed 5 answers as its own")
	if after := w.drafts(id); len(after) != 6 || after["/a/a_name"].Value != "Old <Villa>" {
		t.Errorf("after the undo: %v", after)
	}
}

func hubID(hub answer) string {
	_, rest, _ := strings.Cut(hub.body, `href="/returns/`)
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// markOf reads the hidden field that stands for an imported answer.
func markOf(page answer, path string) string {
	_, rest, _ := strings.Cut(page.body, `name="o:`+path+`" value="`)
	mark, _, _ := strings.Cut(rest, `"`)
	return mark
}

// TestUnconfirmedAnswersStayOutOfTheSignature signs with one confirmed answer of two.
func TestUnconfirmedAnswersStayOutOfTheSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.loadedFor("wave1", "ATL", []study.Entry{{Path: "/a/a_name", Value: "Old"}, {Path: "/a/a_tax", Value: "2"}})
	focal := w.signedIn("focal")
	home := "/returns/" + hubID(focal.follow(focal.post("/returns", nil)))
	section := focal.get(home + "/sections/a")
	form := section.form("answers")
	form.Set("a:/a/a_school", "n")
	form.Set("then", "confirm:/a/a_name")
	focal.post(home+"/sections/a", form).wantStatus(http.StatusSeeOther)
	focal.get(home+"/check").want("1 imported answer is not confirmed. It does not go into the signed return.", "Sign")
	page := focal.get(home + "/sign").want("1 imported answer is not confirmed")
	sign := page.form(home + "/sign")
	sign.Set("post", "Director")
	sign.Set("declaration", "yes")
	focal.post(home+"/sign", sign).wantStatus(http.StatusSeeOther)
	w.view(func(ctx context.Context, r *db.Reader) error {
		latest, err := r.Latest(ctx, "village", "2021")
		if err != nil || len(latest) != 1 || latest[0].State != study.Signed || !strings.Contains(string(latest[0].Snapshot), `"Old"`) || strings.Contains(string(latest[0].Snapshot), `"value":"2"`) {
			t.Errorf("reports use %+v, %v", latest, err)
		}
		return err
	})
	focal.get(home).lacks("imported")
}

// TestNothingIsConfirmedThatWasNotSeen lets the old answer change, a colleague answer, and
// the batch go while a page is open.
func TestNothingIsConfirmedThatWasNotSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.loadedFor("wave1", "ATL", []study.Entry{{Path: "/a/a_name", Value: "Old"}, {Path: "/a/a_tax", Value: "2"}})
	focal, colleague := w.signedIn("focal"), w.signedIn("contributor")
	home := "/returns/" + hubID(focal.follow(focal.post("/returns", nil)))
	id := study.ResponseID(strings.TrimPrefix(home, "/returns/"))
	form := focal.get(home + "/sections/a").form("answers")
	w.loadedFor("wave2", "ATL", []study.Entry{{Path: "/a/a_name", Value: "Other"}, {Path: "/a/a_tax", Value: "2", From: "wave1"}})
	focal.get(home+"/sections/a").want("Imported from wave2.xlsx", "Imported from wave1.xlsx") // what did not change comes from the first
	form.Set("then", "confirm:/a/a_name")
	focal.follow(focal.post(home+"/sections/a", form)).want("Not everything was confirmed")
	if got := w.drafts(id); len(got) != 0 {
		t.Errorf("stored %+v", got)
	}
	form = focal.get(home + "/sections/a").form("answers")
	theirs := colleague.get(home + "/sections/a").form("answers")
	theirs.Set("a:/a/a_name", "Theirs")
	colleague.post(home+"/sections/a", theirs)
	form.Set("then", "confirm:/a/a_name")
	focal.follow(focal.post(home+"/sections/a", form)).want("Not everything was confirmed", "Theirs", "Other")
	if got := w.drafts(id)["/a/a_name"]; got.Value != "Theirs" {
		t.Errorf("the colleague's answer became %+v", got)
	}
	form = focal.get(home + "/sections/a").form("answers")
	w.takeOff("wave2")
	w.takeOff("wave1")
	form.Set("then", "confirm")
	focal.follow(focal.post(home+"/sections/a", form)).want("Not everything was confirmed").lacks("Imported from")
	if got := w.drafts(id); len(got) != 1 {
		t.Errorf("stored %+v", got)
	}
}
