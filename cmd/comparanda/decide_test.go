package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/kit"
	"github.com/comparanda/comparanda/internal/report"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
	"github.com/comparanda/comparanda/internal/web"
	"github.com/comparanda/comparanda/worker"
)

// deciding is the small shipped study with pages and workers in one process, and a
// researcher's browser.
type deciding struct {
	t       *testing.T
	store   *db.Store
	base    string
	browser *http.Client
}

func newDeciding(t *testing.T) *deciding {
	t.Helper()
	store, err := db.Open(t.Context(), t.TempDir(), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &deciding{t: t, store: store}
	k, problems, err := kit.Load("seedbanks")
	if k == nil {
		t.Fatalf("load the kit: %v, %v", err, problems)
	}
	d.update(func(tx *db.Tx) error { return putKit(t.Context(), tx, k) })
	log := slog.New(slog.DiscardHandler)
	works, err := worker.New(t.Context(), worker.Config{Store: store, Log: log, Concurrency: 2})
	if err != nil {
		t.Fatal(err)
	}
	running := make(chan error, 1)
	ctx := t.Context()
	go func() { running <- works.Run(ctx) }()
	t.Cleanup(func() {
		if err := <-running; err != nil { // t.Context has ended by now
			t.Error(err)
		}
	})
	var pages http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pages.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	d.base = server.URL
	if pages, err = web.New(web.Config{Store: store, BaseURL: d.base, Log: log, Poke: works.Poke}); err != nil {
		t.Fatal(err)
	}
	d.signIn()
	return d
}

func (d *deciding) update(f func(*db.Tx) error) {
	d.t.Helper()
	if err := d.store.Update(d.t.Context(), f); err != nil {
		d.t.Fatal(err)
	}
}

func (d *deciding) signIn() {
	d.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.browser = &http.Client{Jar: jar}
	token := account.Secret()
	d.update(func(tx *db.Tx) error {
		p, err := tx.CreatePerson(d.t.Context(), study.Person{Name: "Unit", Email: "u@example.org", Role: study.Researcher, Language: "en"})
		if err != nil {
			return err
		}
		return tx.CreateLink(d.t.Context(), p.ID, account.Hash(token), "sign-in", time.Now().Add(time.Hour))
	})
	d.post("/sign-in/"+token, nil)
}

func (d *deciding) post(path string, form url.Values) {
	d.t.Helper()
	answer, err := d.browser.PostForm(d.base+path, form)
	if err != nil {
		d.t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		d.t.Fatalf("POST %s: %s, %v\n%s", path, answer.Status, err, body)
	}
}

// settle waits until every promise is kept.
func (d *deciding) settle() {
	d.t.Helper()
	testkit.Until(d.t, 60*time.Second, "all promises are kept", func() bool {
		open := 0
		err := d.store.View(d.t.Context(), func(r *db.Reader) error {
			counts, err := r.CountPromises(d.t.Context())
			open = counts[study.Waiting] + counts[study.Sent] + counts[study.Running] + counts[study.Failed]
			return err
		})
		return err == nil && open == 0
	})
}

// numbers are the numeric values of the comparison's data sheet, for one variable.
func (d *deciding) numbers(variable string) []string {
	d.t.Helper()
	var in report.Input
	err := d.store.View(d.t.Context(), func(r *db.Reader) (err error) {
		in, err = worker.ComparisonInput(d.t.Context(), r, "")
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	var file bytes.Buffer
	if err := report.Comparison(d.t.Context(), &file, in, report.Options{Lang: "en"}, nil); err != nil {
		d.t.Fatal(err)
	}
	sheets, problems := xlsform.ParseSheets("comparison.xlsx", file.Bytes())
	var found []string
	for _, s := range sheets {
		if s.Name != "Data" {
			continue
		}
		header := map[string]int{}
		for _, r := range s.Rows {
			for _, c := range r.Cells {
				if _, known := header[c.Text]; !known {
					header[c.Text] = c.Column
				}
			}
			if r.Text(header["Variable"]) == variable {
				found = append(found, r.Text(header["Number"]))
			}
		}
	}
	if len(sheets) == 0 {
		d.t.Fatalf("the workbook cannot be read: %v", problems)
	}
	return found
}

// TestDecisionReachesTheReport decides on the page what a doubtful figure means: the
// workers read it again and the workbook counts it, until the decision is undone.
func TestDecisionReachesTheReport(t *testing.T) {
	t.Parallel()
	d := newDeciding(t)
	snap, err := json.Marshal(study.Snapshot{FormID: "seedbanks_country", FormVersion: 1, Country: "BOL", Lang: "es",
		Entries: []study.Entry{{Path: "/network/banks", Value: "bastantes de ellos"}}})
	if err != nil {
		t.Fatal(err)
	}
	var sub study.Submission
	d.update(func(tx *db.Tx) (err error) {
		definition, err := tx.Study(t.Context())
		if err != nil {
			return err
		}
		round := definition.Rounds[len(definition.Rounds)-1].ID
		sub, _, err = tx.Receive(t.Context(), study.Response{FormID: "seedbanks_country", Kind: study.Questionnaire, Country: "BOL", Round: round, InstanceID: "x"},
			study.Submission{State: study.Legacy, Hash: "x", Channel: study.API, Snapshot: snap})
		return err
	})
	d.settle()
	if got := d.numbers("network/banks"); len(got) != 1 || got[0] != "" {
		t.Fatalf("before the decision the report counts %q", got)
	}
	d.post("/unit/doubts/"+string(sub.ID)+"/network/banks", url.Values{"meaning": {"own"}, "own": {"1 250"}, "then": {"decide"}})
	d.settle()
	if got := d.numbers("network/banks"); len(got) != 1 || got[0] != "1250" {
		t.Errorf("after the decision the report counts %q, want 1250", got)
	}
	d.post("/unit/decisions/1/undo", nil)
	d.settle()
	if got := d.numbers("network/banks"); len(got) != 1 || got[0] != "" {
		t.Errorf("after the undo the report counts %q", got)
	}
}
