package worker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

const interleavedForm = `
| survey |              |      |                     |
|        | type         | name | label::English (en) |
|        | text         | a    | First               |
|        | integer      | b    | Second              |
|        | text         | c    | Third               |
|        | begin_repeat | s    | Streets             |
|        | text         | name | Street              |
|        | end_repeat   |      |                     |
| settings |            |         |         |                  |
|          | form_title | form_id | version | default_language |
|          | Old        | old     | 1       | English (en)     |
`

// interleaved are imports, undos, saves, confirmations and signatures of two people in an
// order that a seed chooses, beside a plain model of what must come of them.
type interleaved struct {
	t      *testing.T
	random *rand.Rand
	dir    string
	store  *db.Store
	form   *forms.Form
	files  []oldFile
	own    study.ResponseID
	people []study.Person
	pages  []page // what each person has open

	drafts    map[string]study.DraftAnswer
	revisions []string // "path version value person channel", in order
	proposals map[string]bool
	signed    []string                  // snapshots, by version
	layers    map[study.BatchID][]layer // of batches in the study, whole or begun
	state     study.State
	done      map[string]int // how often each kind of step was taken
}

type oldFile struct {
	name string
	data []byte
}

// layer is one row of a batch: what the batch itself said, without what it left as it was.
type layer struct {
	ID      study.SubmissionID
	Country study.ISO3
	Version int
	Said    string
}

// page is what a person saw last.
type page struct {
	versions map[string]int
	loaded   []study.Loaded
}

var errKilled = errors.New("killed")

// TestNothingIsLostInAnyOrder lets imports with interruptions, undos, restarts, web saves,
// confirmations and signatures on one country's return follow each other at random, and
// compares after each step with what must be there: what people typed, what they signed,
// and the raw layer of every batch that was not taken off.
func TestNothingIsLostInAnyOrder(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 20261128, rand.Uint64()} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			i := newInterleaved(t, seed)
			for range 120 {
				i.step()
				i.compare()
			}
			i.end()
			t.Logf("steps: %v", i.done)
		})
	}
}

func newInterleaved(t *testing.T, seed uint64) *interleaved {
	t.Helper()
	i := &interleaved{t: t, random: rand.New(rand.NewPCG(seed, seed)), dir: t.TempDir(), drafts: map[string]study.DraftAnswer{},
		proposals: map[string]bool{}, layers: map[study.BatchID][]layer{}, state: study.InProgress, done: map[string]int{}}
	i.open()
	t.Cleanup(func() {
		if err := i.store.Close(); err != nil {
			t.Error(err)
		}
	})
	form, problems := xlsform.Parse("old.md", []byte(interleavedForm))
	if form == nil {
		t.Fatal(problems)
	}
	i.form = form
	content, err := form.Encode()
	if err != nil {
		t.Fatal(err)
	}
	i.update(func(ctx context.Context, tx *db.Tx) error {
		if err := tx.PutStudy(ctx, study.Study{ID: "old", Languages: []study.Lang{"en"}, DefaultLanguage: "en", Rounds: []study.Round{{ID: "1"}},
			Countries:   []study.Country{{ISO3: "CRI"}, {ISO3: "PAN"}, {ISO3: "HND"}, {ISO3: "BLZ"}, {ISO3: "GTM"}},
			Instruments: []study.Instrument{{FormID: "old", Kind: study.Questionnaire}}}); err != nil {
			return err
		}
		if _, err := tx.PutForm(ctx, "old", content, nil, "old.md"); err != nil {
			return err
		}
		for _, name := range []string{"ana", "ben"} {
			p, err := tx.CreatePerson(ctx, study.Person{Name: name, Email: name + "@example.org", Role: study.FocalPoint, Country: "CRI", Language: "en"})
			if err != nil {
				return err
			}
			i.people, i.pages = append(i.people, p), append(i.pages, page{})
		}
		r, _, err := tx.CreateResponse(ctx, study.Response{FormID: "old", Kind: study.Questionnaire, Country: "CRI", Round: "1"})
		i.own = r.ID
		return err
	})
	for n := range 4 {
		i.files = append(i.files, i.file(n))
	}
	return i
}

// file is a file of five countries; some say the same as others, some leave a cell blank.
func (i *interleaved) file(n int) oldFile {
	var b strings.Builder
	b.WriteString("country,a,b,c,s_1_name,s_2_name\n")
	for _, country := range []string{"Panama", "Costa Rica", "Honduras", "Belize", "Guatemala"} {
		cells := []string{country}
		for _, cell := range []string{"first", "second", "third", "street", "lane"} {
			value := ""
			switch i.random.IntN(4) {
			case 0: // blank
			case 1:
				value = fmt.Sprint(7)
			default:
				value = fmt.Sprint(i.random.IntN(90))
			}
			if value != "" && cell != "second" {
				value = cell + " " + value
			}
			cells = append(cells, value)
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return oldFile{fmt.Sprintf("wave%d.csv", n), []byte(b.String())}
}

func (i *interleaved) open() {
	i.t.Helper()
	store, err := db.Open(i.t.Context(), i.dir, db.Options{})
	if err != nil {
		i.t.Fatal(err)
	}
	i.store = store
}

func (i *interleaved) update(f func(context.Context, *db.Tx) error) {
	i.t.Helper()
	if err := i.store.Update(i.t.Context(), func(tx *db.Tx) error { return f(i.t.Context(), tx) }); err != nil {
		i.t.Fatal(err)
	}
}

func (i *interleaved) view(f func(context.Context, *db.Reader) error) {
	i.t.Helper()
	if err := i.store.View(i.t.Context(), func(r *db.Reader) error { return f(i.t.Context(), r) }); err != nil {
		i.t.Fatal(err)
	}
}
