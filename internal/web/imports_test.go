package web

import (
	"net/http"
	"testing"
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
