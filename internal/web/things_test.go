package web

import (
	"context"
	"net/url"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

// things makes one of everything that addresses name, in Atlantis, and returns their
// ids by the placeholder of the pattern; "route placeholder" where a route wants its own.
func (w *world) things() map[string]string {
	w.t.Helper()
	id := string(w.atlantis())
	w.update(func(ctx context.Context, tx *db.Tx) error {
		for _, p := range w.people {
			if err := tx.KeepPost(ctx, p.ID, "kept", []byte(`{"path":"/people","form":{"name":["x"]}}`)); err != nil {
				return err
			}
		}
		return nil
	})
	ids := map[string]string{":id": id, ":version": "1", "*path": "/a", ":form": "village", ":key": "kept", ":file": w.signedOnce(study.ResponseID(id))}
	for _, r := range w.server.routes() {
		switch {
		case strings.HasPrefix(r.pattern, "/people/"):
			ids[r.name()+" :id"] = string(w.people["contributor"].ID)
		case strings.Contains(r.pattern, "/files/*path"):
			ids[r.name()+" *path"] = "/c/c_map"
		case strings.Contains(r.pattern, "/repeats/") || strings.Contains(r.pattern, "/listed/") || strings.Contains(r.pattern, "/loaded/"):
			ids[r.name()+" *path"] = "/s"
		case strings.Contains(r.pattern, "/remove/") || strings.Contains(r.pattern, "/restore/") || strings.Contains(r.pattern, "/move/"):
			ids[r.name()+" *path"] = "/s[main]"
		}
	}
	w.unitThings(ids)
	return ids
}

// signedOnce gives a return a file and a signed version, and opens it again.
func (w *world) signedOnce(id study.ResponseID) (file string) {
	w.t.Helper()
	sum, size, err := w.store.PutFile(strings.NewReader("map"), 100)
	if err != nil {
		w.t.Fatal(err)
	}
	w.update(func(ctx context.Context, tx *db.Tx) error {
		a, err := tx.PutAttachment(ctx, id, study.Attachment{Path: "/c/c_map", Name: "map.txt", Type: "text/plain", SizeBytes: size, SHA256: sum})
		if err != nil {
			return err
		}
		file = string(a.ID)
		sub := study.Submission{ResponseID: id, State: study.Signed, Hash: "7f3a", Snapshot: []byte(`{}`), Channel: study.Web}
		if _, _, err := tx.Submit(ctx, sub, "page"); err != nil {
			return err
		}
		return tx.SetState(ctx, id, study.Signed, study.Reopened, w.people["researcher"].ID, "a correction")
	})
	return file
}

// atlantis opens the return of Atlantis with one street.
func (w *world) atlantis() study.ResponseID {
	w.t.Helper()
	var id study.ResponseID
	w.update(func(ctx context.Context, tx *db.Tx) error {
		r, _, err := tx.CreateResponse(ctx, study.Response{FormID: "village", Kind: study.Questionnaire, Country: "ATL", Round: "2021"})
		if err != nil {
			return err
		}
		id = r.ID
		_, err = tx.AddItem(ctx, id, "/s", "main", "")
		return err
	})
	return id
}

// bearer issues a token of the machine door.
func (w *world) bearer(name string) string {
	w.t.Helper()
	token := account.Secret()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		return tx.CreateToken(ctx, w.people[name].ID, account.Hash(token), "test")
	})
	return token
}

// values is a form of name and value in turn.
func values(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}
