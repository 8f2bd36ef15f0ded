package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// TestKilledImportGivesTheSame kills an import again and again, takes it up each time, and
// wants the very rows of an import that nobody disturbed; then takes it off and brings
// it back.
func TestKilledImportGivesTheSame(t *testing.T) {
	t.Parallel()
	program := testkit.Program(t)
	file := filepath.Join(t.TempDir(), "answers.csv")
	writeAnswers(t, file, 2500)
	calm, killed := loaded(t, program), loaded(t, program)
	comparanda(t, program, "import", "--data", calm, file)
	want := dump(t, calm)

	kills := 0
	for try := 0; ; try++ {
		args := []string{"import", "--data", killed, file}
		if id, state := batchIn(t, killed); state == study.BatchRunning {
			args = []string{"import", "resume", "--data", killed, id}
		}
		p := testkit.Start(t, program, nil, args...)
		if kills < 6 {
			select {
			case <-p.Done():
			case <-time.After(time.Duration(150+rand.IntN(500)) * time.Millisecond):
				p.Kill()
				kills++
				continue
			}
		}
		<-p.Done()
		if _, state := batchIn(t, killed); state == study.BatchDone {
			break
		}
		if try > 40 {
			t.Fatalf("it never ends: %s", p.Output())
		}
	}
	comparanda(t, program, "rebuild", "--data", killed) // work that was promised and not done yet
	if diff := cmp.Diff(want, dump(t, killed)); diff != "" {
		t.Errorf("after %d kills (-undisturbed +killed):\n%s", kills, head(diff))
	}

	id, _ := batchIn(t, killed)
	comparanda(t, program, "import", "undo", "--data", killed, id)
	if got := dump(t, killed); strings.Contains(got, "answer") || strings.Contains(got, "submission") {
		t.Errorf("after undo:\n%s", head(got))
	}
	comparanda(t, program, "import", "--data", killed, file)
	if diff := cmp.Diff(want, dump(t, killed)); diff != "" {
		t.Errorf("after undo and import (-undisturbed +again):\n%s", head(diff))
	}
	comparanda(t, program, "import", "--data", killed, file)
	if diff := cmp.Diff(want, dump(t, killed)); diff != "" {
		t.Errorf("importing again changed something:\n%s", head(diff))
	}
}

func head(s string) string { return s[:min(len(s), 2000)] }

// loaded is a data folder with a study.
func loaded(t *testing.T, program string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	comparanda(t, program, "study", "load", "seedbanks", "--data", dir)
	return dir
}

func comparanda(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("comparanda %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// writeAnswers makes a file of so many responses.
func writeAnswers(t *testing.T, name string, n int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("id;Country;Persons;Rate;Channels;When;Comment\n")
	for i := range n {
		fmt.Fprintf(&b, "r%05d;%s;%d;%d,5;%s;2019-0%d-1%d;note %d\n", i, []string{"Nepal", "India", "Kenya"}[i%3], i*7, i%50, []string{"web", "web, radio", "office, radio", "web, office"}[i%4], i%9+1, i%9, i)
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// batchIn is the only batch of a folder, "" when there is none.
func batchIn(t *testing.T, dir string) (id string, state study.BatchState) {
	t.Helper()
	store, err := db.Open(t.Context(), dir, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // only read
	err = store.View(t.Context(), func(r *db.Reader) error {
		all, err := r.Imports(t.Context())
		if len(all) > 0 {
			id, state = string(all[0].ID), all[0].State
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id, state
}

// dump writes down all that an import stores, but when it was stored.
func dump(t *testing.T, dir string) string {
	t.Helper()
	conn, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "comparanda.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // only read
	var b strings.Builder
	for _, query := range []string{
		`SELECT 'batch', id, state, done_rows, counts FROM import_batch WHERE state = 'done'`,
		`SELECT 'response', id, country || '/' || round, state || version, instance_id || title FROM response ORDER BY id`,
		`SELECT 'submission', u.id, s.id, u.version || u.state || u.hash, CAST(u.snapshot AS TEXT) FROM submission AS u JOIN response AS s ON s.seq = u.response ORDER BY u.id`,
		`SELECT 'row', i.number, i.place, i.submitter || i.submitted_at, u.id FROM import_row AS i JOIN submission AS u ON u.seq = i.submission ORDER BY i.number`,
		`SELECT 'answer', u.id, a.path || a.occurrence, a.raw || '|' || a.kind || '|' || a.text || '|' || a.date, ifnull(a.number, '') || a.reason || a.flags || a.rule FROM answer AS a JOIN submission AS u ON u.seq = a.submission ORDER BY u.id, a.ordinal`,
	} {
		dumpRows(t.Context(), t, conn, query, &b)
	}
	return b.String()
}

func dumpRows(ctx context.Context, t *testing.T, conn *sql.DB, query string, b *strings.Builder) {
	t.Helper()
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var c [5]string
		if err := rows.Scan(&c[0], &c[1], &c[2], &c[3], &c[4]); err != nil {
			t.Fatal(err)
		}
		b.WriteString(strings.Join(c[:], " ") + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
