package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
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
	unit.get(importHref(id)).want("Take this batch off", "SHA-256 aaaaaaaaaaaa", "village")
	unit.post(importHref(id)+"/undo", nil).wantStatus(http.StatusSeeOther)
	unit.get(importHref(id)+"?did=taken_off").want("The batch was taken off", "Taken off")
	unit.get("/unit/imports/nobody").wantStatus(http.StatusNotFound)
}

// TestGivenFileIsLookedAtThenStored goes from the file to the wish to store it.
func TestGivenFileIsLookedAtThenStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	unit.get("/unit/imports").want("Bring in a file", "Made of the columns", "village")
	unit.postFile("/unit/imports", map[string]string{"form": "nobody"}, "old.csv", "a,b\n1,2\n").wantStatus(http.StatusBadRequest)
	unit.postFile("/unit/imports", nil, "", "").wantStatus(http.StatusBadRequest)
	given := unit.postFile("/unit/imports", map[string]string{"form": "village", "country": "ATL", "round": "2021"}, "old.csv", "a,b\n1,2\n").wantStatus(http.StatusSeeOther)
	page := given.header.Get("Location")
	unit.get(page).want("The file is being read", "Look again")
	unit.get("/unit/imports").want("Files not stored yet", "old.csv")
	id := study.UploadID(strings.TrimPrefix(page, "/unit/uploads/"))
	w.update(func(ctx context.Context, tx *db.Tx) error { return tx.UploadSeen(ctx, id, seenResult) })
	unit.get(page).want("Nothing is stored yet", "&lt;b&gt;Stalls&lt;/b&gt;", "by its name", "“many” is no whole number", "Store the sound rows", "Village (village)")
	unit.post(page+"/store", values("sound", "1")).wantStatus(http.StatusSeeOther)
	unit.get(page).want("The answers are being stored")
	var u study.Upload
	w.update(func(ctx context.Context, tx *db.Tx) (err error) {
		u, err = tx.Upload(ctx, id)
		return err
	})
	if !u.TakeSound || u.Country != "ATL" || u.FormID != "village" || u.File.SizeBytes != 8 {
		t.Errorf("upload %+v", u)
	}
}

// postFile sends a page's form with a file.
func (v *visitor) postFile(path string, fields map[string]string, name, content string) answer {
	body, kind := formOf(v.w.t, fields, name, content)
	r := httptest.NewRequest("POST", testBase+path, body)
	r.Header.Set("Content-Type", kind)
	return v.do(r)
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
