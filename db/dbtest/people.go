package dbtest

import (
	"context"
	"errors"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

func exerciseStudy(w world) {
	var before []db.FormVersion
	View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
		got, err := r.Study(ctx)
		if err != nil {
			return err
		}
		equal(w, "study", got.ID, "things")
		equal(w, "country", got.Countries[1].Name["en"], "Panama")
		before, err = r.Forms(ctx)
		return err
	})
	equal(w, "forms", len(before), 2)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		same, err := tx.PutForm(ctx, FormID, before[0].Content, nil, "other name")
		equal(w, "version of the same content", same, 1)
		if err != nil {
			return err
		}
		next, err := tx.PutForm(ctx, FormID, []byte("{}"), []byte("source"), "form.md")
		equal(w, "version of other content", next, 2)
		return err
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		newest, err := r.Form(ctx, FormID, 0)
		equal(w, "newest form", newest.Version, 2)
		equal(w, "its source", string(newest.Source), "source")
		if err != nil {
			return err
		}
		number, err := r.NewestForm(ctx, FormID)
		equal(w, "newest version", number, 2)
		_, none := r.NewestForm(ctx, "nothing")
		isProblem(w, none, study.NotFound, "form.unknown")
		if err != nil {
			return err
		}
		old, err := r.Form(ctx, FormID, 1)
		equal(w, "old form", old.Hash, before[0].Hash)
		_, missing := r.Form(ctx, "nothing", 0)
		isProblem(w, missing, study.NotFound, "form.unknown")
		return err
	})
	refused(w, w.s, study.Conflict, "study.other", func(ctx context.Context, tx *db.Tx) error {
		return tx.PutStudy(ctx, study.Study{ID: "another"})
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		if err := tx.PutPrefill(ctx, FormID, "CRI", []study.Change{Value("/a", 0, "1")}); err != nil {
			return err
		}
		return tx.PutPrefill(ctx, FormID, "CRI", []study.Change{Value("/a", 0, "2")})
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		changes, err := r.Prefill(ctx, FormID, "CRI")
		if err != nil || len(changes) != 1 || *changes[0].Value != "2" {
			w.Errorf("prefill: %v, %v", changes, err)
		}
		none, err := r.Prefill(ctx, FormID, "PAN")
		equal(w, "prefill of the other country", len(none), 0)
		if name, err := r.Deployment(ctx); name == "" || err != nil {
			w.Errorf("deployment %q: %v", name, err)
		}
		return err
	})
}

func exercisePeople(w world) {
	refused(w, w.s, study.Conflict, "person.email_taken", func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.CreatePerson(ctx, study.Person{Email: "FOCAL@EXAMPLE.ORG", Role: study.Contributor})
		return err
	})
	err := w.s.Update(context.Background(), func(tx *db.Tx) error {
		_, err := tx.CreatePerson(context.Background(), study.Person{Role: "emperor"})
		return err
	})
	if err == nil {
		w.Error("a role that does not exist was stored")
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.CreatePerson(ctx, study.Person{Name: "Unit", Role: study.Researcher}); err != nil {
			return err
		}
		if err := tx.SetPersonLanguage(ctx, w.focal.ID, "en"); err != nil {
			return err
		}
		return tx.Log(ctx, w.focal.ID, "person.language", string(w.focal.ID), "en")
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		p, err := r.PersonByEmail(ctx, "fOcal@example.org")
		equal(w, "person by address", p.ID, w.focal.ID)
		equal(w, "language", p.Language, "en")
		if err != nil {
			return err
		}
		all, err := r.People(ctx, "")
		equal(w, "people", len(all), 2)
		if err != nil {
			return err
		}
		some, err := r.People(ctx, "CRI")
		equal(w, "people of a country", len(some), 1)
		_, missing := r.Person(ctx, "nobody")
		isProblem(w, missing, study.NotFound, "person.unknown")
		_, missing = r.PersonByEmail(ctx, "")
		isProblem(w, missing, study.NotFound, "person.unknown")
		entries, logErr := r.LogEntries(ctx, 10)
		if len(entries) != 1 || entries[0].ByName != w.focal.Name {
			w.Errorf("log: %v", entries)
		}
		return errors.Join(err, logErr)
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.RevokePerson(ctx, w.focal.ID) })
	refused(w, w.s, study.NotFound, "person.unknown", func(ctx context.Context, tx *db.Tx) error {
		return tx.RevokePerson(ctx, w.focal.ID)
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		p, err := r.Person(ctx, w.focal.ID)
		equal(w, "revoked at", p.RevokedAt, w.clock.Now())
		return err
	})
}

func exerciseSessions(w world) {
	link, session, token := hashOf("link"), hashOf("session"), hashOf("token")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(
			tx.CreateLink(ctx, w.focal.ID, link, "sign-in", tx.Now().Add(time.Hour)),
			tx.CreateLink(ctx, w.focal.ID, hashOf("other purpose"), "other", tx.Now().Add(time.Hour)),
			tx.CreateLink(ctx, w.focal.ID, hashOf("late"), "sign-in", tx.Now()),
			tx.CreateSession(ctx, w.focal.ID, session),
			tx.CreateToken(ctx, w.focal.ID, token, "a program"))
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		p, err := tx.UseLink(ctx, link)
		equal(w, "person of the link", p.ID, w.focal.ID)
		return err
	})
	for _, gone := range []string{link, hashOf("late"), hashOf("other purpose"), hashOf("never issued")} {
		refused(w, w.s, study.Gone, "link.gone", func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.UseLink(ctx, gone)
			return err
		})
	}
	w.clock.Add(time.Minute)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.TouchSession(ctx, session) })
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		p, s, err := r.SessionPerson(ctx, session)
		equal(w, "person of the session", p.ID, w.focal.ID)
		equal(w, "use of the session", s.SeenAt.Sub(s.CreatedAt), time.Minute)
		equal(w, "time of the view", r.Now(), w.clock.Now())
		if err != nil {
			return err
		}
		p, err = r.TokenPerson(ctx, token)
		equal(w, "person of the token", p.ID, w.focal.ID)
		_, missing := r.TokenPerson(ctx, session)
		isProblem(w, missing, study.NotFound, "token.unknown")
		return err
	})
	exerciseKept(w)
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(tx.EndSession(ctx, session), tx.RevokeTokens(ctx, w.focal.ID))
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		_, _, ended := r.SessionPerson(ctx, session)
		isProblem(w, ended, study.NotFound, "session.unknown")
		_, ended = r.TokenPerson(ctx, token)
		isProblem(w, ended, study.NotFound, "token.unknown")
		return nil
	})
}

func exerciseKept(w world) {
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return errors.Join(tx.KeepPost(ctx, w.focal.ID, "k1", []byte("typed")), tx.KeepPost(ctx, w.focal.ID, "k2", []byte("more")))
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.ForgetKept(ctx, w.focal.ID, "k2") })
	body := func() (kept, latest string) {
		View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
			b, keptErr := r.Kept(ctx, w.focal.ID, "k1")
			if keptErr != nil {
				isProblem(w, keptErr, study.NotFound, "kept.unknown")
			}
			kept = string(b)
			_, other := r.Kept(ctx, "somebody else", "k1")
			isProblem(w, other, study.NotFound, "kept.unknown")
			latest, err = r.LatestKept(ctx, w.focal.ID)
			return err
		})
		return kept, latest
	}
	kept, latest := body()
	equal(w, "kept post", kept, "typed")
	equal(w, "its key", latest, "k1")
	w.clock.Add(24 * time.Hour)
	kept, latest = body()
	equal(w, "kept post a day later", kept+latest, "")
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.KeepPost(ctx, w.focal.ID, "k3", []byte("x")) })
}
