package dbtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/google/go-cmp/cmp"
)

func putFile(w world, content string) study.Attachment {
	w.Helper()
	sum, size, err := w.s.PutFile(strings.NewReader(content), 100)
	if err != nil {
		w.Fatal(err)
	}
	return study.Attachment{Path: "/f", Name: "Año.pdf", Type: "application/pdf", SizeBytes: size, SHA256: sum, By: w.focal.ID}
}

func exerciseFiles(w world) {
	id := Return(w, w.s, "CRI").ID
	file := putFile(w, "content")
	_, _, err := w.s.PutFile(bytes.NewReader(make([]byte, 101)), 100)
	isProblem(w, err, study.TooLarge, "file.too_large")
	for _, name := range []string{"../comparanda.db", strings.Repeat("0", 64), ""} {
		_, err := w.s.OpenFile(name)
		isProblem(w, err, study.NotFound, "file.unknown")
	}
	f, err := w.s.OpenFile(file.SHA256)
	if err != nil {
		w.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		w.Fatal(err)
	}
	equal(w, "content", string(content), "content")
	var put study.Attachment
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		put, err = tx.PutAttachment(ctx, id, file)
		return err
	})
	refused(w, w.s, study.NotFound, "file.unknown", func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.PutAttachment(ctx, id, study.Attachment{SHA256: strings.Repeat("0", 64)})
		return err
	})
	files := func() (all []study.Attachment) {
		View(w, w.s, func(ctx context.Context, r *db.Reader) (err error) {
			all, err = r.Attachments(ctx, id)
			return err
		})
		return all
	}
	if got := files(); len(got) != 1 || got[0].Name != "Año.pdf" || got[0].ByName != w.focal.Name {
		w.Errorf("files: %v", got)
	}
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.RemoveAttachment(ctx, id, put.ID) })
	equal(w, "files after removing", len(files()), 0)
	refused(w, w.s, study.NotFound, "attachment.unknown", func(ctx context.Context, tx *db.Tx) error {
		return tx.RemoveAttachment(ctx, id, put.ID)
	})
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		_, response, err := r.Attachment(ctx, put.ID)
		equal(w, "a removed file is still found, of", response, id)
		_, _, missing := r.Attachment(ctx, "nothing")
		isProblem(w, missing, study.NotFound, "attachment.unknown")
		return err
	})
}

// sign submits a response with the page's token.
func sign(w world, id study.ResponseID, hash, token string) (u study.Submission, first bool) {
	w.Helper()
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) (err error) {
		u, first, err = tx.Submit(ctx, study.Submission{
			ResponseID: id, State: study.Signed, Hash: hash, SignedBy: w.focal.ID, SignedName: "Name", Channel: study.Web, Snapshot: []byte("{}"),
		}, token)
		return err
	})
	return u, first
}

func exerciseSubmissions(w world) {
	id := Return(w, w.s, "CRI").ID
	one, first := sign(w, id, "h1", "page")
	equal(w, "signed the first time", first, true)
	again, first := sign(w, id, "h1", "page")
	equal(w, "the same page signs once", again.ID, one.ID)
	equal(w, "signed again", first, false)
	refused(w, w.s, study.Conflict, "response.not_editable", func(ctx context.Context, tx *db.Tx) error {
		_, _, err := tx.Submit(ctx, study.Submission{ResponseID: id}, "another page")
		return err
	})
	Update(w, w.s, func(ctx context.Context, tx *db.Tx) error {
		return tx.SetState(ctx, id, study.Signed, study.Reopened, w.focal.ID, "a figure is missing")
	})
	two, _ := sign(w, id, "h2", "")
	equal(w, "next version", two.Version, 2)
	exerciseReceived(w)
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		for _, tt := range []struct {
			f    db.SubmissionFilter
			want int
		}{
			{db.SubmissionFilter{}, 4}, {db.SubmissionFilter{Response: id}, 2}, {db.SubmissionFilter{Response: id, Version: 1}, 1},
			{db.SubmissionFilter{Country: "PAN"}, 1}, {db.SubmissionFilter{Kind: study.InterviewKind}, 0}, {db.SubmissionFilter{FormID: FormID, Round: Round}, 4},
		} {
			got, err := r.Submissions(ctx, tt.f)
			equal(w, "submissions", len(got), tt.want)
			if err != nil {
				return err
			}
		}
		latest, err := r.Latest(ctx, FormID, Round)
		if err != nil || len(latest) != 2 || latest[0].ID != two.ID || latest[1].State != study.Legacy {
			w.Errorf("latest: %+v, %v", latest, err)
		}
		got, err := r.Submission(ctx, one.ID)
		equal(w, "hash", got.Hash, "h1")
		_, missing := r.Submission(ctx, "nothing")
		isProblem(w, missing, study.NotFound, "submission.unknown")
		return err
	})
}

// exerciseReceived sends whole sets of answers: one for a country that also signed, one
// for a country that did not.
func exerciseReceived(w world) {
	receive := func(tx *db.Tx, country study.ISO3, instance, hash string) (study.Submission, bool, error) {
		return tx.Receive(context.Background(),
			study.Response{FormID: FormID, Kind: study.Questionnaire, Country: country, Round: Round, InstanceID: instance},
			study.Submission{State: study.Legacy, Hash: hash, Channel: study.API, Snapshot: []byte("{}")})
	}
	Update(w, w.s, func(_ context.Context, tx *db.Tx) error {
		one, first, err := receive(tx, "CRI", "uuid:1", "h1")
		equal(w, "received the first time", first, true)
		if err != nil {
			return err
		}
		again, first, err := receive(tx, "CRI", "uuid:1", "h1")
		equal(w, "received again", first, false)
		equal(w, "the same one", again.ID, one.ID)
		if err != nil {
			return err
		}
		_, _, err = receive(tx, "PAN", "uuid:2", "h2")
		return err
	})
	refused(w, w.s, study.Conflict, "submission.conflict", func(_ context.Context, tx *db.Tx) error {
		_, _, err := receive(tx, "CRI", "uuid:1", "other content")
		return err
	})
}

func exerciseAnswers(w world) {
	id := Return(w, w.s, "CRI").ID
	u, _ := sign(w, id, "h", "")
	figure := -12345678901.5
	want := []study.Answer{
		{SubmissionID: u.ID, Path: "/e[a]/n", Question: "/e/n", Ordinal: 0, Item: "a", Raw: "x\u0000y \"quoted\" ñ", Kind: study.TextValue, Text: "x", Rule: "text/1", Version: 3},
		{SubmissionID: u.ID, Path: "/e[b]/n", Question: "/e/n", Ordinal: 1, Item: "b", Kind: study.NumValue, Number: &figure, Qualifier: "approx", Flags: []string{"f1", "f2"}},
		{SubmissionID: u.ID, Path: "/z", Question: "/z", Ordinal: 2, Reason: study.NA, NotAsked: true, Note: "why", Date: "2019-05"},
	}
	put := func(answers []study.Answer) {
		Update(w, w.s, func(ctx context.Context, tx *db.Tx) error { return tx.PutAnswers(ctx, u.ID, answers, "rules/1") })
	}
	put(append(want[:1:1], want[2])) // replaced as a whole
	put(want)
	want[0].Raw = "x\uFFFDy \"quoted\" ñ" // nothing after a NUL is lost
	View(w, w.s, func(ctx context.Context, r *db.Reader) error {
		got, err := r.Answers(ctx, u.ID)
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("answers (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		var each []study.Answer
		err = r.EachAnswer(ctx, db.SubmissionFilter{Country: "CRI"}, func(a study.Answer) error {
			each = append(each, a)
			return nil
		})
		if diff := cmp.Diff(want, each); diff != "" {
			w.Errorf("each answer (-want +got):\n%s", diff)
		}
		enough := errors.New("enough")
		if stopped := r.EachAnswer(ctx, db.SubmissionFilter{}, func(study.Answer) error { return enough }); !errors.Is(stopped, enough) {
			w.Errorf("stopping: %v", stopped)
		}
		got2, subErr := r.Submission(ctx, u.ID)
		equal(w, "normalized at", got2.NormalizedAt, w.clock.Now())
		return errors.Join(err, subErr)
	})
	refused(w, w.s, study.NotFound, "submission.unknown", func(ctx context.Context, tx *db.Tx) error {
		return tx.PutAnswers(ctx, "nothing", nil, "")
	})
}
