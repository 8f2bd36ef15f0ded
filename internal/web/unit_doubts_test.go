package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/normalize"
	"github.com/comparanda/comparanda/internal/study"
)

// said stores a set of answers to the village form that arrived whole, and reads it.
func (w *world) said(country study.ISO3, lang study.Lang, answers map[string]string) study.SubmissionID {
	w.t.Helper()
	snap := study.Snapshot{FormID: "village", FormVersion: 1, Country: country, Round: "2021", Lang: lang}
	for path, value := range answers {
		snap.Entries = append(snap.Entries, study.Entry{Path: path, Value: value})
	}
	body, err := json.Marshal(snap)
	if err != nil {
		w.t.Fatal(err)
	}
	var made study.Submission
	w.update(func(ctx context.Context, tx *db.Tx) error {
		all, err := tx.Submissions(ctx, db.SubmissionFilter{})
		if err != nil {
			return err
		}
		id := fmt.Sprint("said", len(all))
		made, _, err = tx.Receive(ctx, study.Response{FormID: "village", Kind: study.Questionnaire, Country: country, Round: "2021", InstanceID: id},
			study.Submission{State: study.Legacy, Hash: id, Channel: study.API, Snapshot: body})
		return err
	})
	w.readAll()
	return made.ID
}

// readAll makes the tidy answers of everything, as the workers do.
func (w *world) readAll() {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		all, err := tx.Submissions(ctx, db.SubmissionFilter{FormID: "village"})
		if err != nil {
			return err
		}
		stored, err := tx.Form(ctx, "village", 0)
		if err != nil {
			return err
		}
		form, err := forms.Decode(stored.Content)
		if err != nil {
			return err
		}
		o := normalize.Options{}
		if o.Decisions, err = tx.Decisions(ctx, false); err != nil {
			return err
		}
		for _, s := range all {
			var snap study.Snapshot
			if err := json.Unmarshal(s.Snapshot, &snap); err != nil {
				return err
			}
			o.Country = study.Country{ISO3: s.Country}
			if err := tx.PutAnswers(ctx, s.ID, normalize.SubmissionIn(form, o, snap, s.ID), normalize.RuleVersion); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) decided(d study.Decision) (id int64) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = tx.PutDecision(ctx, d)
		return err
	})
	return id
}

// TestDoubtIsDecidedAndComesBack goes from the list over the preview to the decision, and
// back by the undo.
func TestDoubtIsDecidedAndComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	unit.get("/unit/doubts").want("No answer waits for a decision")
	here := w.said("ATL", "es", map[string]string{"/a/a_pupils": "Bastantes <de ellos>", "/a/a_school": "vaya"})
	w.said("ATL", "es", map[string]string{"/a/a_pupils": "bastantes de ellos"})
	w.said("ATL", "en", map[string]string{"/a/a_pupils": "bastantes de ellos"})
	w.said("LEM", "es", map[string]string{"/a/a_pupils": "bastantes de ellos"})
	list := unit.get("/unit/doubts").want("5 answers wait for a decision", "Bastantes <de ellos>", "A.3 Pupils", "Español", "cannot be read", "Atlantis", "Lemuria")
	list.lacks("<de ellos>")
	unit.get("/unit/doubts?country=LEM").want("1 answer waits")

	page := "/unit/doubts/" + string(here) + "/a/a_pupils"
	unit.get(page).want("Bastantes <de ellos>", "a text, without a value", "A number, for example", "N/D Not recorded", "Atlantis only")
	unit.post(page, values("countries", "one")).wantStatus(http.StatusBadRequest).want("Choose what the text means")
	unit.post(page, values("meaning", "own", "own", "many")).wantStatus(http.StatusBadRequest).want("Enter a value that the question can hold", `value="many"`)
	seen := unit.post(page, values("meaning", "own", "own", "1 250", "countries", "one", "langs", "one", "then", "preview")).wantStatus(http.StatusOK)
	seen.want("2 answers (countries: 1) would be read so", "1,250", "Atlantis, Español")
	unit.get("/unit/decisions").want("Nothing has been decided yet")
	unit.post(page, values("meaning", "own", "own", "1 250", "countries", "all", "langs", "all")).want("4 answers (countries: 2)")

	sent := previewed(seen)
	unit.follow(unit.post(page, sent)).want("Decided.")
	w.readAll()
	unit.get("/unit/doubts").want("3 answers wait")
	unit.get(page).want("This answer is not doubtful now", "1,250")
	other := unit.get("/unit/doubts?country=LEM").want("1,250").body
	href := other[strings.Index(other, "/unit/doubts/"):]
	href = href[:strings.IndexByte(href, '"')]
	unit.get(href).want("decided by Research unit", "for Atlantis, Español")

	unit.get("/unit/decisions").want("bastantes de ellos", "1250", "Research unit", "2 answers", "Atlantis, Español")
	unit.follow(unit.post("/unit/decisions/1/undo", nil)).want("Undone.", "Nothing has been decided yet")
	unit.get("/unit/decisions?ended=1").want("bastantes de ellos", "Undone")
	unit.post("/unit/decisions/1/undo", nil).wantStatus(http.StatusNotFound)
	w.readAll()
	unit.get("/unit/doubts").want("5 answers wait")
	w.view(func(ctx context.Context, r *db.Reader) error {
		a, err := r.AnswerAt(ctx, here, "/a/a_pupils")
		if a.Raw != "Bastantes <de ellos>" {
			t.Errorf("the raw text became %q", a.Raw)
		}
		return err
	})
}

// previewed reads the hidden fields of the form below a preview.
func previewed(a answer) url.Values {
	_, rest, _ := strings.Cut(a.body, `role="status"`)
	rest, _, _ = strings.Cut(rest, "</form>")
	sent := url.Values{}
	for _, input := range strings.Split(rest, `<input type="hidden" name="`)[1:] {
		name, tail, _ := strings.Cut(input, `" value="`)
		value, _, _ := strings.Cut(tail, `"`)
		sent.Set(name, value)
	}
	return sent
}

// TestDoubtAtAList decides by a choice of the list, and by several.
func TestDoubtAtAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	id := w.said("ATL", "", map[string]string{"/a/a_school": "vaya", "/a/a_services": "agua, y lo que caiga"})
	one, several := "/unit/doubts/"+string(id)+"/a/a_school", "/unit/doubts/"+string(id)+"/a/a_services"
	unit.get(one).want(`<option value="y">Yes</option>`).lacks("And when it is written in")
	unit.post(one, values("meaning", "own", "own", "z")).wantStatus(http.StatusBadRequest)
	unit.post(one, values("meaning", "own", "own", "y", "then", "decide")).wantStatus(http.StatusSeeOther)
	unit.get(several).want(`type="checkbox"`, "Water", "seen in the text")
	form := values("meaning", "own", "then", "decide")
	form["own"] = []string{"water", "light"}
	unit.post(several, form).wantStatus(http.StatusSeeOther)
	unit.post(several, values("meaning", "reason:NOPE")).wantStatus(http.StatusBadRequest)
	w.readAll()
	w.view(func(ctx context.Context, r *db.Reader) error {
		for path, want := range map[string]string{"/a/a_school": "y", "/a/a_services": "water light"} {
			a, err := r.AnswerAt(ctx, id, path)
			if err != nil || a.Text != want || len(a.Flags) > 0 {
				t.Errorf("%s is %+v, %v", path, a.Answer, err)
			}
		}
		return nil
	})
	unit.get("/unit/doubts/" + string(id) + "/a/nothing").wantStatus(http.StatusNotFound)
}

// TestDoubtsArePaged shows fifty at a time.
func TestDoubtsArePaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	answers := map[string]string{}
	for i := range doubtsListed + 3 {
		answers[fmt.Sprintf("/s[k%d]/s_houses", i)] = fmt.Sprintf("vaya %c%c", 'a'+i/26, 'a'+i%26)
	}
	w.said("ATL", "es", answers)
	unit := w.signedIn("researcher")
	first := unit.get("/unit/doubts").want("53 answers wait", "from=50")
	if n := strings.Count(first.body, "<tr><th scope=\"row\">"); n != doubtsListed {
		t.Errorf("%d rows on the first page", n)
	}
	rest := unit.get("/unit/doubts?from=50")
	if n := strings.Count(rest.body, "<tr><th scope=\"row\">"); n != 3 {
		t.Errorf("%d rows on the second page", n)
	}
}

// TestSignedAnswersKnowTheirLanguage signs in English what a colleague wrote in Spanish.
func TestSignedAnswersKnowTheirLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contributor, focal := w.program("contributor"), w.program("focal")
	address := focal.opened()
	contributor.patch(address, change("/a/a_name", 0, "Villa"))
	focal.patch(address, change("/a/a_school", 0, "n"))
	focal.send("POST", address+"/signature", map[string]any{"name": "A. Focal", "post": "Director", "declaration": true}).wantStatus(http.StatusOK)
	w.view(func(ctx context.Context, r *db.Reader) error {
		all, err := r.Submissions(ctx, db.SubmissionFilter{})
		if err != nil || len(all) != 1 {
			t.Fatalf("submissions %+v, %v", all, err)
		}
		snap, err := snapshotAt(ctx, r, all[0].ID)
		if name, school := languageOf(snap, "/a/a_name"), languageOf(snap, "/a/a_school"); snap.Lang != "en" || name != "es" || school != "en" {
			t.Errorf("languages: return %q, name %q, school %q", snap.Lang, name, school)
		}
		return err
	})
}
