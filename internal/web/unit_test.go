package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// signedReturn signs the return of Atlantis through the machine door and gives its id.
func (w *world) signedReturn() string {
	w.t.Helper()
	focal := w.program("focal")
	address := focal.opened()
	focal.patch(address, change("/a/a_name", 0, "Villa"), change("/a/a_school", 0, "y"), change("/a/a_pupils", 0, "40"))
	focal.send("POST", address+"/signature", map[string]any{"name": "A. Focal", "post": "Director", "declaration": true}).wantStatus(http.StatusOK)
	return strings.TrimPrefix(address, "/api/v1/responses/")
}

// TestUnitReadsAndOpensAgain walks the research unit's way with a return.
func TestUnitReadsAndOpensAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.signedReturn()
	unit, focal := w.signedIn("researcher"), w.signedIn("focal")

	unit.follow(unit.get("/")).wantStatus(http.StatusOK).want("Progress of the study", "Atlantis", "Lemuria", "Not started", "1 of 2 countries has delivered", "12 March 2021, version 1")
	unit.get("/unit?state=signed").want("Atlantis", "1 country is left out").lacks("<a href=\"/unit/returns/\">Lemuria")
	unit.get("/unit/returns").want("Atlantis", "1 return")
	unit.get("/unit/returns?country=LEM").want("0 returns")
	page := unit.get("/unit/returns/"+id).want("Return of Atlantis, 2021", "Villa", "Focal point of Atlantis", "through: program", "A. Focal", "Signed")
	if !strings.Contains(page.body, "/returns/"+id+"/v/1") || !strings.Contains(page.body, "/returns/"+id+"/history/a/a_name") {
		t.Error("the page leads neither to the version nor to the history")
	}
	unit.post("/returns/"+id+"/sections/a", values("a:/a/a_name", "forged")).wantStatus(http.StatusConflict)

	unit.post("/unit/returns/"+id+"/reopen", values("reason", " ")).wantStatus(http.StatusBadRequest).want("Say why it is opened again")
	unit.follow(unit.post("/unit/returns/"+id+"/reopen", values("reason", "Look at the <pupils>"))).want("The return is open again", "correcting its return")
	unit.post("/unit/returns/"+id+"/reopen", values("reason", "again")).wantStatus(http.StatusConflict)
	unit.post("/unit/returns/"+id+"/accept", nil).wantStatus(http.StatusConflict)
	unit.post("/returns/"+id+"/sections/a", values("a:/a/a_name", "forged")).wantStatus(http.StatusConflict)
	focal.get("/returns/" + id).want("Look at the <pupils>")
	program := w.program("focal")
	program.send("POST", "/api/v1/responses/"+id+"/signature", map[string]any{"name": "A", "post": "B", "declaration": true}).wantStatus(http.StatusOK)
	unit.follow(unit.post("/unit/returns/"+id+"/accept", nil)).want("The return was accepted", "Accepted", "Version 2")
	unit.get("/unit").want("Accepted")
}

// TestInterview records, closes, corrects and closes an interview again.
func TestInterview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	unit.get("/unit/interviews").want("No interview has been recorded yet", "INT-001")
	unit.post("/unit/interviews", values("code", "Mrs. Smith", "country", "")).wantStatus(http.StatusBadRequest).
		want("Enter a code of letters", "Choose the country that the interview is about")
	begun := unit.post("/unit/interviews", values("code", "INT-001", "country", "ATL"))
	again := unit.post("/unit/interviews", values("code", "INT-001", "country", "ATL"))
	home, _, _ := strings.Cut(begun.header.Get("Location"), "?")
	if home != again.header.Get("Location") {
		t.Error("the same code made two interviews")
	}
	id := strings.TrimPrefix(home, "/unit/interviews/")
	unit.get(home).want("Interview INT-001, Atlantis", "must be settled first", "Go on recording")
	unit.post(home+"/close", nil).wantStatus(http.StatusConflict).want("has no answer yet")

	form := unit.get("/returns/" + id + "/sections/i").wantStatus(http.StatusOK).form("answers")
	form.Set("a:/i/kind", "farmer")
	form.Set("a:/i/agrees", "y")
	form.Set("then", "continue")
	next := unit.follow(unit.post("/returns/"+id+"/sections/i", form)).want("What changed?")
	form = next.form("answers")
	form.Set("a:/g/q1", "The rain")
	form.Set("then", "continue")
	last := unit.post("/returns/"+id+"/sections/g", form)
	if at := last.header.Get("Location"); !strings.HasPrefix(at, home) {
		t.Errorf("after the last section the way leads to %q, want the interview", at)
	}
	unit.follow(unit.post(home+"/close", nil)).want("Recorded.", "This interview is closed", "Version 1", "The rain")
	unit.get("/unit/interviews").want("INT-001", "Farmer", "Recorded")
	unit.get("/returns/" + id + "/v/1").wantStatus(http.StatusOK).want("The rain")

	// The person takes consent back: what was said is no longer asked, so it counts for nothing.
	unit.post(home+"/reopen", values("reason", "consent withdrawn")).wantStatus(http.StatusSeeOther)
	form = unit.get("/returns/" + id + "/sections/i").form("answers")
	form.Set("a:/i/agrees", "n")
	unit.post("/returns/"+id+"/sections/i", form).wantStatus(http.StatusSeeOther)
	unit.post(home+"/close", nil).wantStatus(http.StatusSeeOther)
	unit.get("/returns/" + id + "/v/2").want("Not asked").lacks("The rain")
	w.view(func(ctx context.Context, r *db.Reader) error {
		subs, err := r.Submissions(ctx, db.SubmissionFilter{Response: study.ResponseID(id)})
		if len(subs) != 2 || subs[1].State != study.Recorded || strings.Contains(string(subs[1].Snapshot), "The rain") {
			t.Errorf("the second version is %+v", subs)
		}
		return err
	})
	for _, name := range []string{"focal", "contributor", "admin"} {
		w.signedIn(name).get("/returns/" + id + "/v/1").wantStatus(http.StatusNotFound)
	}
	w.program("focal").send("GET", "/api/v1/responses/"+id, nil).wantStatus(http.StatusNotFound)
}

// TestReportPages follows a report from the wish to the file.
func TestReportPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signedReturn()
	unit := w.signedIn("researcher")
	unit.get("/unit/reports").want("Comparison workbook", "1 of 2 countries have delivered", "No report has been asked for yet")
	asked := unit.post("/unit/reports", values("lang", "es", "round", "2021"))
	page := unit.follow(asked).want("The report is being built", "Waiting for a free worker", "Look again", "Español")
	href, _, _ := strings.Cut(asked.header.Get("Location"), "?")
	id := study.ReportID(strings.TrimPrefix(href, "/unit/reports/"))
	page.lacks("http-equiv")
	unit.get(href + "/file").wantStatus(http.StatusSeeOther)
	w.update(func(ctx context.Context, tx *db.Tx) error { _, err := tx.ReportProgress(ctx, id, 40); return err })
	unit.accept = "application/json"
	unit.get(href).want(`"progress":40`, "Being built: 40 %")
	unit.accept = ""

	sum, size, err := w.store.PutFile(strings.NewReader("PK workbook"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	w.update(func(ctx context.Context, tx *db.Tx) error {
		return tx.FinishReport(ctx, id, "villages-2021-es.xlsx", sum, size)
	})
	unit.get(href).want("Download villages-2021-es.xlsx (11", sum)
	file := unit.get(href + "/file").wantStatus(http.StatusOK)
	if got := file.header.Get("Content-Disposition"); file.body != "PK workbook" || !strings.Contains(got, `filename="villages-2021-es.xlsx"`) {
		t.Errorf("the file is %q, %q", file.body, got)
	}
	unit.post(href+"/cancel", nil).wantStatus(http.StatusSeeOther) // too late: it stays as it is
	unit.get("/unit/reports").want("Ready", "1 report")

	other := unit.post("/unit/reports", values("lang", "xx", "round", "none"))
	href, _, _ = strings.Cut(other.header.Get("Location"), "?")
	unit.follow(unit.post(href+"/cancel", nil)).want("Cancelled")
	var r apiReport
	w.program("researcher").send("GET", "/api/v1/reports/"+strings.TrimPrefix(href, "/unit/reports/"), nil).into(&r)
	if r.State != "cancelled" || r.Lang != "en" || r.Round != "2021" {
		t.Errorf("a wish with odd options is %+v", r)
	}
}

// TestAdministratorsPages invites, issues, retries and withdraws.
func TestAdministratorsPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, job := w.wishes()
	admin := w.signedIn("admin")
	admin.follow(admin.get("/")).want("Focal point of Atlantis", "Research unit", "Invite somebody")
	admin.post("/admin/people", values("name", "", "email", "x", "role", "king", "country", "")).wantStatus(http.StatusBadRequest).
		want("Enter the name of the person", "Enter an e-mail address", "Choose a role")
	admin.post("/admin/people", values("name", "N", "email", "n@example.org", "role", "focal_point", "country", "XXX")).wantStatus(http.StatusBadRequest).
		want("Choose the country of the focal point")
	shown := admin.post("/admin/people", values("name", "New researcher", "email", "new@example.org", "role", "researcher", "country", "ATL", "lang", "es")).
		wantStatus(http.StatusOK).want("Sign-in link for New researcher", testBase+"/sign-in/")
	admin.post("/admin/people", values("name", "N", "email", "NEW@example.org", "role", "researcher")).wantStatus(http.StatusConflict)

	_, rest, _ := strings.Cut(shown.body, testBase)
	path, _, _ := strings.Cut(rest, "<")
	invited := w.visitor()
	invited.post(path, nil).wantStatus(http.StatusSeeOther)
	invited.get("/unit").wantStatus(http.StatusOK).want("Avance del estudio")

	token := admin.post("/admin/people/"+string(w.people["focal"].ID)+"/token", nil).wantStatus(http.StatusOK).want("API token of Focal point of Atlantis")
	_, rest, _ = strings.Cut(token.body, `class="secret">`)
	secret, _, _ := strings.Cut(rest, "<")
	(&program{w, secret}).send("GET", "/api/v1/responses", nil).wantStatus(http.StatusOK)
	admin.get("/admin/people").lacks(secret)

	admin.get("/admin/jobs").want("the disk is full", "report:build", "Retry")
	admin.follow(admin.post("/admin/jobs/"+string(job)+"/retry", nil)).want("The job will run again").lacks("the disk is full")
	admin.post("/admin/jobs/unknown/retry", nil).wantStatus(http.StatusConflict)
	admin.get("/admin/study").want("Study of villages", "Atlantis", "America/Costa_Rica", "Villages", "interview guide")
	admin.get("/admin/log").want("person.token", "job.retried").lacks(secret, "new@example.org")
	admin.post("/admin/people/"+string(w.people["admin"].ID)+"/revoke", nil).wantStatus(http.StatusConflict).want("cannot withdraw your own")
	admin.get("/admin/people/" + string(w.people["stranger"].ID) + "/revoke").want("Withdraw the access of Focal point of Lemuria?")
	stranger := w.signedIn("stranger")
	admin.follow(admin.post("/admin/people/"+string(w.people["stranger"].ID)+"/revoke", nil)).want("Access withdrawn", "access withdrawn")
	stranger.get("/people").wantStatus(http.StatusSeeOther)
	if strings.Contains(w.logs.String(), secret) {
		t.Error("the token stands in the log")
	}
}
