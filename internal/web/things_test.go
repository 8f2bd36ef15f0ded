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
	ids := map[string]string{":id": id, ":version": "1", "*path": "/a", ":form": "village", ":key": "none", ":file": "none"}
	for _, r := range w.server.routes() {
		switch {
		case strings.HasPrefix(r.pattern, "/people/"):
			ids[r.name()+" :id"] = string(w.people["contributor"].ID)
		case strings.Contains(r.pattern, "/files/*path"):
			ids[r.name()+" *path"] = "/c/c_map"
		case strings.Contains(r.pattern, "/repeats/") || strings.Contains(r.pattern, "/listed/"):
			ids[r.name()+" *path"] = "/s"
		case strings.Contains(r.pattern, "/remove/") || strings.Contains(r.pattern, "/restore/") || strings.Contains(r.pattern, "/move/"):
			ids[r.name()+" *path"] = "/s[main]"
		}
	}
	return ids
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
