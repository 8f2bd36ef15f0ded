package web

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

// talkForm is a small interview guide.
const talkForm = `
| survey |                   |         |                           |                                |          |                   |
|        | type              | name    | label::English (en)       | label::Español (es)            | required | relevant          |
|        | begin_group       | i       | Interview                 | Entrevista                     |          |                   |
|        | select_one kind   | kind    | Kind of respondent        | Tipo de persona                | yes      |                   |
|        | select_one yn     | agrees  | Does the person agree?    | ¿La persona acepta?            | yes      |                   |
|        | end_group         |         |                           |                                |          |                   |
|        | begin_group       | g       | Guide                     | Guía                           |          | ${agrees} = 'y'   |
|        | text              | q1      | What changed?             | ¿Qué cambió?                   | yes      |                   |
|        | end_group         |         |                           |                                |          |                   |
| choices |            |        |                     |                     |
|         | list_name  | name   | label::English (en) | label::Español (es) |
|         | yn         | y      | Yes                 | Sí                  |
|         | yn         | n      | No                  | No                  |
|         | kind       | farmer | Farmer              | Agricultora         |
|         | kind       | mayor  | Mayor               | Alcaldesa           |
| settings |            |         |         |                  |
|          | form_title | form_id | version | default_language |
|          | Talks      | talk    | 1       | English (en)     |
`

// encoded is a Markdown form as the store keeps it.
func encoded(t *testing.T, name, text string) []byte {
	t.Helper()
	form, problems := xlsform.Parse(name, []byte(text))
	if form == nil {
		t.Fatalf("read %s: %v", name, problems)
	}
	content, err := form.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// program is a program that speaks to the machine door for a person.
type program struct {
	w     *world
	token string
}

func (w *world) program(name string) *program { return &program{w, w.bearer(name)} }

// send sends a body as JSON; a string goes as it is.
func (p *program) send(method, path string, body any) answer {
	p.w.t.Helper()
	text, raw := body.(string)
	if !raw && body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.w.t.Fatal(err)
		}
		text = string(b)
	}
	r := httptest.NewRequest(method, testBase+path, strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.token)
	return p.w.visitor().do(r)
}

// into decodes an answer of the machine door.
func (a answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
}

// talk opens an interview.
func (w *world) talk() study.ResponseID {
	w.t.Helper()
	var id study.ResponseID
	w.update(func(ctx context.Context, tx *db.Tx) error {
		r, _, err := tx.CreateResponse(ctx, study.Response{FormID: "talk", Kind: study.InterviewKind, Country: "ATL", Round: "2021", Title: "INT-001"})
		id = r.ID
		return err
	})
	return id
}

// wishes asks for a report and gives up its job; it returns both ids.
func (w *world) wishes() (study.ReportID, study.PromiseID) {
	w.t.Helper()
	var report study.Report
	var job study.PromiseID
	w.update(func(ctx context.Context, tx *db.Tx) error {
		var err error
		if report, err = tx.PutReport(ctx, study.Report{Name: comparison, Lang: "en", Round: "2021", By: w.people["researcher"].ID}); err != nil {
			return err
		}
		all, err := tx.Promises(ctx, "", 10)
		if err != nil {
			return err
		}
		job = all[0].ID
		return tx.FailPromise(ctx, job, 1, "the disk is full")
	})
	return report.ID, job
}

// imported is a batch of one old response.
func (w *world) imported() study.BatchID { return w.importedAs("batch1", "h") }

func (w *world) importedAs(id study.BatchID, hash string) study.BatchID {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		newest, err := tx.NewestForm(ctx, "village")
		if err != nil {
			return err
		}
		b, err := tx.BeginImport(ctx, study.Batch{ID: id, Name: "old <answers>.csv", FormID: "village", FormVersion: newest, Kind: study.InterviewKind, Options: "{}",
			Files: []study.BatchFile{{Name: "old <answers>.csv", SHA256: strings.Repeat("a", 64), SizeBytes: 12}}})
		if err != nil {
			return err
		}
		rows := []study.BatchRow{{Place: "old!A2", InstanceID: "import:1", Country: "ATL", Round: "2016", Personal: `{"Name":"=Ana"}`, Hash: hash, Snapshot: []byte(`{"form_id":"village"}`)}}
		if err := tx.PutImportRows(ctx, b, rows, 1, study.BatchCounts{Create: 1, Answers: 3}); err != nil {
			return err
		}
		return tx.FinishImport(ctx, id)
	})
	return id
}

// unitThings are the ids of the research unit's and the administrator's addresses.
func (w *world) unitThings(ids map[string]string) {
	w.t.Helper()
	report, job := w.wishes()
	talk, batch, given := w.talk(), w.imported(), w.givenFile()
	said := w.said("ATL", "es", map[string]string{"/a/a_pupils": "bastantes"})
	decision := w.decided(study.Decision{Kind: "count", Text: "muchos", Code: "9"})
	for _, r := range w.server.routes() {
		switch {
		case strings.HasPrefix(r.pattern, "/unit/interviews/"):
			ids[r.name()+" :id"] = string(talk)
		case strings.HasPrefix(r.pattern, "/unit/reports/"), strings.HasPrefix(r.pattern, "/api/v1/reports/"):
			ids[r.name()+" :id"] = string(report)
		case strings.HasPrefix(r.pattern, "/unit/imports/"):
			ids[r.name()+" :id"] = string(batch)
		case strings.HasPrefix(r.pattern, "/unit/doubts/"):
			ids[r.name()+" :id"], ids[r.name()+" *path"] = string(said), "/a/a_pupils"
		case strings.HasPrefix(r.pattern, "/unit/decisions/"):
			ids[r.name()+" :id"] = strconv.FormatInt(decision, 10)
		case strings.HasPrefix(r.pattern, "/unit/uploads/"):
			ids[r.name()+" :id"] = string(given)
		case strings.HasPrefix(r.pattern, "/admin/jobs/"):
			ids[r.name()+" :id"] = string(job)
		case strings.HasPrefix(r.pattern, "/admin/people/"):
			ids[r.name()+" :id"] = string(w.people["foreigner"].ID)
		}
	}
}
