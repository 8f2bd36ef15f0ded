package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/study"
)

// leftShown is how many responses that stay are listed.
const leftShown = 200

// leftRow is a response that stays when a batch is taken off.
type leftRow struct{ Href, Place, Country, Why string }

func (v *visit) leftRows(b study.Batch, left []study.BatchLeft) []leftRow {
	path := "/unit/returns/"
	if b.Kind == study.InterviewKind {
		path = "/unit/interviews/"
	}
	var rows []leftRow
	for _, l := range left[:min(len(left), leftShown)] {
		row := leftRow{Href: path + string(l.Response), Place: l.Place, Country: v.countryName(l.Country)}
		if l.Why != study.LeftConfirmed {
			row.Why = v.words.T("import.why."+string(l.Why), "n", l.Version)
		}
		if l.Confirmed > 0 {
			row.Why = strings.TrimSpace(row.Why + " " + v.words.N("import.confirmed_stay", l.Confirmed))
			row.Href = path + string(l.Return)
		}
		rows = append(rows, row)
	}
	return rows
}

type undoPage struct {
	layout
	Heading, File, Self, BackHref, Rows string
	Stays, More                         string
	Left                                []leftRow
}

// confirmUndo shows what taking a batch off would remove, what would stay and why.
func (s *server) confirmUndo(v *visit) error {
	var b study.Batch
	var rows int
	var left []study.BatchLeft
	err := s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		if b, err = r.Import(v.ctx(), study.BatchID(v.Param("id"))); err != nil {
			return err
		}
		rows, left, err = r.Layer(v.ctx(), b.ID)
		return err
	})
	if err != nil {
		return err
	}
	page := undoPage{layout: s.layout(v, v.words.T("import.undo_title", "name", b.Name)), File: b.Name, Self: importHref(b.ID) + "/undo", BackHref: importHref(b.ID),
		Rows: v.words.N("import.undo_rows", rows), Stays: v.words.N("import.stays", len(left)), Left: v.leftRows(b, left)}
	page.Heading = page.Title
	if more := len(left) - len(page.Left); more > 0 {
		page.More = v.words.N("import.more_left", more)
	}
	return s.render(v, http.StatusOK, "unit/import_undo", page)
}

// undoImport takes a batch off.
func (s *server) undoImport(v *visit) error {
	id := study.BatchID(v.Param("id"))
	if err := s.takeOff(context.WithoutCancel(v.ctx()), v.person.ID, id); err != nil {
		return err
	}
	s.poke()
	return v.see(importHref(id) + "?did=taken_off")
}

// takeOff removes a batch's layer, some rows a change, so that others get their turn.
func (s *server) takeOff(ctx context.Context, by study.PersonID, id study.BatchID) error {
	for more := true; more; {
		err := s.store.Update(ctx, func(tx *db.Tx) (err error) {
			_, more, err = tx.UndoImport(ctx, id)
			if err != nil || more {
				return err
			}
			return tx.Log(ctx, by, "import.undone", string(id), "")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// personalAtOnce is how many rows are read at once when personal data is sent.
const personalAtOnce = 1000

// personalOf sends the personal data that is kept apart from a batch's answers: one line
// for each text. Who asks for it stands in the log.
func (s *server) personalOf(v *visit) error {
	var b study.Batch
	err := s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		b, err = r.Import(v.ctx(), study.BatchID(v.Param("id")))
		return err
	})
	if err != nil {
		return err
	}
	err = s.store.Update(context.WithoutCancel(v.ctx()), func(tx *db.Tx) error {
		return tx.Log(v.ctx(), v.person.ID, "import.personal", string(b.ID), "")
	})
	if err != nil {
		return err
	}
	v.Header("Content-Type", "text/csv; charset=utf-8")
	v.Header("Content-Disposition", disposition("personal.csv"))
	v.Status(http.StatusOK)
	out := csv.NewWriter(v.Writer)
	if err := out.Write([]string{v.words.T("import.place"), v.words.T("import.header"), v.words.T("import.text")}); err != nil {
		return clientGone(err)
	}
	for from := 0; from >= 0; {
		if from, err = s.personalLines(v, out, b.ID, from); err != nil {
			return err
		}
	}
	out.Flush()
	return clientGone(out.Error())
}

// personalLines writes some rows, and says where to go on; -1: nowhere.
func (s *server) personalLines(v *visit, out *csv.Writer, id study.BatchID, from int) (next int, err error) {
	var rows []study.BatchRow
	err = s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		rows, err = r.PersonalOf(v.ctx(), id, from, personalAtOnce)
		return err
	})
	if err != nil {
		return -1, err
	}
	for _, row := range rows {
		var texts map[string]string
		if err := json.Unmarshal([]byte(row.Personal), &texts); err != nil {
			return -1, fmt.Errorf("read personal data of row %d of import %s: %w", row.Row, id, err)
		}
		for _, header := range slices.Sorted(maps.Keys(texts)) {
			if err := out.Write([]string{inert(row.Place), inert(header), inert(texts[header])}); err != nil {
				return -1, clientGone(err)
			}
		}
		next = row.Row + 1
	}
	if len(rows) < personalAtOnce {
		return -1, nil
	}
	return next, nil
}

// inert keeps a spreadsheet program from taking a text for a formula (S3).
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
