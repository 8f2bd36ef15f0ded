package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/internal/study"
)

// TestImportsAreListedAndTakenOff goes the researcher's way from the list to the undo.
func TestImportsAreListedAndTakenOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	unit.get("/unit/imports").want("Nothing has been imported yet")
	id := w.imported()
	unit.get("/unit/imports").want("old &lt;answers&gt;.csv", "1 batch", "In the study")
	unit.get(importHref(id)).want("Take this batch off", "SHA-256 aaaaaaaaaaaa", "village", "apart from the answers")
	if got := unit.post(importHref(id)+"/personal", nil).wantStatus(http.StatusOK).body; got != "Place,Header,Text in the file\nold!A2,Name,'=Ana\n" {
		t.Errorf("personal data: %q", got)
	}
	unit.get(importHref(id)+"/undo").want("1 row of this batch would be removed", "Nothing else hangs on these rows")
	w.importedAs("batch2", "h2") // a later version of the same response
	unit.get(importHref(id)+"/undo").want("1 response stays, in part", "Version 2 came on top", "Atlantis", "old!A2")
	unit.post(importHref(id)+"/undo", nil).wantStatus(http.StatusSeeOther)
	unit.get(importHref(id)+"?did=taken_off").want("The batch was taken off", "Taken off", "What stayed, and why", "Version 2 came on top").lacks("See what would be")
	unit.get("/unit/imports/nobody").wantStatus(http.StatusNotFound)
}

// TestGivenFileIsLookedAtThenStored goes from the file to the wish to store it.
func TestGivenFileIsLookedAtThenStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	unit.get("/unit/imports").want("Bring in a file", "Made of the columns", "village", "up to 500 MB")
	unit.postFile("/unit/imports", map[string]string{"form": "nobody"}, "old.csv", "a,b\n1,2\n").wantStatus(http.StatusBadRequest)
	unit.postFile("/unit/imports", nil, "", "").wantStatus(http.StatusBadRequest).want("Error:", `href="#file"`)
	unit.postFile("/unit/imports", nil, "empty.csv", "").wantStatus(http.StatusBadRequest)
	given := unit.postFile("/unit/imports", map[string]string{"form": "village", "country": "ATL", "round": "2021", "blank_clears": "1"}, "old.csv", "a,b\n1,2\n").wantStatus(http.StatusSeeOther)
	page := strings.TrimSuffix(given.header.Get("Location"), "/found")
	unit.get(page+"/found").want("The file is being read", "Look again")
	unit.get("/unit/imports").want("Files not stored yet", "old.csv")
	id := study.UploadID(strings.TrimPrefix(page, "/unit/uploads/"))
	w.seen(id)
	unit.get(page).want("Nothing is stored yet", "Village (village)", "“&lt;b&gt;half&lt;/b&gt;” is none of the choices", "Store the sound rows", "Import 3 responses", "Step 5 of 6")
	unit.post("/language", values("lang", "es"))
	unit.get(page).want("«&lt;b&gt;half&lt;/b&gt;» no es ninguna de las opciones", "corrija la celda", "Un texto que no es ninguna de las opciones (1)", "Importar 3 respuestas", "Paso 5 de 6").lacks("is none of the choices")
	unit.post("/language", values("lang", "en"))
	unit.post(page+"/store", nil).wantStatus(http.StatusBadRequest).want("Some rows have errors", `href="#sound"`, "Error:")
	unit.post(page+"/store", values("sound", "1")).wantStatus(http.StatusSeeOther)
	unit.get(page).want("The answers are being stored", "Pause", "Cancel and take off")
	u, _ := w.given(id)
	if !u.TakeSound || u.Country != "ATL" || u.FormID != "village" || u.File.SizeBytes != 8 || !u.BlankClears || u.Lang != "en" {
		t.Errorf("upload %+v", u)
	}
}

// postFile sends a page's form with a file.
func (v *visitor) postFile(path string, fields map[string]string, name, content string) answer {
	body, kind := formOf(v.w.t, fields, name, content)
	return v.send(path, kind, body)
}

// send posts a body of a kind.
func (v *visitor) send(path, kind string, body *bytes.Buffer) answer {
	r := httptest.NewRequest("POST", testBase+path, body)
	r.Header.Set("Content-Type", kind)
	return v.do(r)
}

// asScript loads a page as the page script does.
func (v *visitor) asScript(path string) answer {
	v.accept = "application/json"
	defer func() { v.accept = "" }()
	return v.get(path)
}

// formOfFile is a form with one file and nothing else.
func formOfFile(t testing.TB, field, name, content string) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = new(bytes.Buffer)
	m := multipart.NewWriter(body)
	part, err := m.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return body, m.FormDataContentType()
}

// formOf is a page's form with a file.
func formOf(t testing.TB, fields map[string]string, name, content string) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = new(bytes.Buffer)
	m := multipart.NewWriter(body)
	for field, value := range fields {
		if err := m.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		part, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return body, m.FormDataContentType()
}

// TestUndoShowsWhatTheCountryConfirmed names the answers that stay because people of the
// country took them over as their own, before the batch is taken off and after.
func TestUndoShowsWhatTheCountryConfirmed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.loadedFor("wave1", "ATL", []study.Entry{{Path: "/a/a_name", Value: "Old"}})
	focal := w.signedIn("focal")
	home := "/returns/" + hubID(focal.follow(focal.post("/returns", nil)))
	form := focal.get(home + "/sections/a").form("answers")
	form.Set("then", "confirm")
	focal.post(home+"/sections/a", form).wantStatus(http.StatusSeeOther)
	unit := w.signedIn("researcher")
	const stays = "The country confirmed 1 answer as its own; it stays in its return."
	unit.get(importHref("wave1")+"/undo").want("1 response stays, in part", stays, "Atlantis")
	unit.post(importHref("wave1")+"/undo", nil).wantStatus(http.StatusSeeOther)
	unit.get(importHref("wave1")).want("Taken off", stays)
}
