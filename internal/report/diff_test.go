package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/comparanda/comparanda/internal/study"
)

// cellsOf reads every cell that holds something, by sheet and address.
func cellsOf(t *testing.T, file []byte) map[string]string {
	t.Helper()
	f := open(t, file)
	cells := map[string]string{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, text := range row {
				address, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					t.Fatal(err)
				}
				if text != "" {
					cells[sheet+"!"+address] = text
				}
			}
		}
	}
	return cells
}

// reread gives one country's answers other values.
func reread(in Input, country study.ISO3, change func(*study.Answer)) Input {
	in.Returns = slices.Clone(in.Returns)
	for i, r := range in.Returns {
		if r.Submission.Country == country {
			in.Returns[i].Answers = slices.Clone(r.Answers)
			for n := range r.Answers {
				change(&in.Returns[i].Answers[n])
			}
		}
	}
	return in
}

func movedIn(t *testing.T, old, fresh Input) []Moved {
	t.Helper()
	var all []Moved
	if err := Diff(t.Context(), old, fresh, Options{Lang: "en"}, func(m Moved) error { all = append(all, m); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestDiffNamesTheCellsThatDiffer compares what Diff says with the two files themselves.
func TestDiffNamesTheCellsThatDiffer(t *testing.T) {
	t.Parallel()
	old := world(t)
	if same := movedIn(t, old, world(t)); len(same) > 0 {
		t.Errorf("the same data moved %+v", same)
	}
	fresh := reread(old, "ESP", func(a *study.Answer) {
		if a.Path == "/b/stock" {
			a.Text, a.Number = "12999", num(12999)
		}
		if a.Path == "/b/d[a2]/on" {
			a.Kind, a.Text, a.Date, a.Flags = study.DateValue, "2019-04-30", "2019-04-30", nil
		}
	})
	got := map[string]bool{}
	for _, m := range movedIn(t, old, fresh) {
		got[m.Sheet+"!"+m.Cell] = true
		if from, to, row := strings.Cut(m.Cell, ":"); row {
			_, at, err := excelize.SplitCellName(from)
			last, _, err2 := excelize.SplitCellName(to)
			columns, err3 := excelize.ColumnNameToNumber(last)
			if err := errors.Join(err, err2, err3); err != nil {
				t.Fatal(err)
			}
			for c := range columns {
				address, err := excelize.CoordinatesToCellName(c+1, at)
				if err != nil {
					t.Fatal(err)
				}
				got[m.Sheet+"!"+address] = true
			}
		}
		if m.Cell == "" || m.Row == "" || m.Old == m.New {
			t.Errorf("moved %+v", m)
		}
	}
	then, now := cellsOf(t, build(t, old, Options{Lang: "en"})), cellsOf(t, build(t, fresh, Options{Lang: "en"}))
	differ := 0
	for at := range now {
		if then[at] != now[at] {
			differ++
			if !got[at] {
				t.Errorf("%s moved from %q to %q, and is not named", at, then[at], now[at])
			}
		}
	}
	if differ < 3 || len(got) < differ {
		t.Errorf("%d cells differ, %d are named", differ, len(got))
	}
}

// TestDiffPairsRowsByWhatTheyAreAbout takes a choice away: one row of the long table goes,
// and the rows below it do not count as moved.
func TestDiffPairsRowsByWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	old := world(t)
	fresh := reread(old, "ESP", func(a *study.Answer) {
		if a.Path == "/b/actors" {
			a.Text = "ngo"
		}
	})
	rows := map[string]bool{}
	for _, m := range movedIn(t, old, fresh) {
		if m.Sheet == "Data" {
			rows[m.Row] = true
		}
	}
	if len(rows) != 1 {
		t.Errorf("rows of the long table that moved: %v, want the one of the choice", fmt.Sprint(rows))
	}
}

// TestDecidedInstitutionHasItsName shows the register's name where a person decided which
// institution is meant; the long table keeps the id beside it.
func TestDecidedInstitutionHasItsName(t *testing.T) {
	t.Parallel()
	old := world(t)
	old.Study.Institutions = []study.Institution{{ID: "ESP.MIN", Country: "ESP", Names: []string{"Ministry of Land"}}}
	fresh := reread(old, "ESP", func(a *study.Answer) {
		if a.Path == "/b/law" {
			a.Kind, a.Text = study.CodeValue, "ESP.MIN"
		}
	})
	shown := map[string]bool{}
	for _, m := range movedIn(t, old, fresh) {
		shown[m.New] = true
	}
	if !shown["Ministry of Land"] || !shown["ESP.MIN"] {
		t.Errorf("cells show %v", shown)
	}
}
