package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
)

// TestManyColumnsComeInPages goes through the columns of a wide file page by page; an
// error keeps the page that it is on.
func TestManyColumnsComeInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	unit := w.signedIn("researcher")
	id := w.givenFile()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		if err := tx.DecideUpload(ctx, id, seenMapping); err != nil {
			return err
		}
		u, err := tx.Upload(ctx, id)
		if err != nil {
			return err
		}
		u.Result = wideResult(t, 95)
		return tx.UploadSeen(ctx, u)
	})
	page := uploadHref(id) + "/columns"
	first := unit.get(page).want("Columns 1 to 40 of 101", "Keep these and go on to further columns")
	second := unit.follow(unit.post(page, first.form(page))).want("Columns 41 to 80 of 101", "Columns before")
	form := second.form(page + "?from=40")
	form.Set("c.50", "/s/s_name")
	form.Set("i.50", "two")
	form.Set("c.51", "/a/a_name")
	form.Set("c.52", "/a/a_name")
	unit.post(page+"?from=40", form).wantStatus(http.StatusBadRequest).want("Columns 41 to 80 of 101", `href="#c-52"`, "Forget what was decided")
	form.Set("c.52", "-")
	if next := unit.post(page+"?from=40", form).header.Get("Location"); next != page+"?from=80" {
		t.Errorf("goes on to %s", next)
	}
	if _, m := w.given(id); about(m, "North", "Column 51").Question != "/a/a_name" {
		t.Errorf("decided %+v", m.Columns)
	}
	unit.get(page + "?from=9999").wantStatus(http.StatusOK)
}

// wideResult is the usual result with more columns, which answer nothing.
func wideResult(t *testing.T, more int) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(seenResult), &all); err != nil {
		t.Fatal(err)
	}
	preview := all["preview"].(map[string]any)
	columns := preview["columns"].([]any)
	for i := range more {
		columns = append(columns, map[string]any{"header": fmt.Sprintf("Column %d", i+6), "how": "ignored", "filled": 1, "samples": []string{strings.Repeat("x", 80)},
			"places": []any{map[string]any{"sheet": "North", "column": "Z"}}})
	}
	preview["columns"] = columns
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
