package web

import (
	"encoding/json"
	"fmt"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// found is what a worker wrote down about a file.
type found struct {
	Sheets   []sheetFound
	Form     *foundForm
	Rows     struct{ Create, Change, Identical, Skip, Error int }
	Answers  int
	Problems []foundProblem
	Says     []struct { // of each problem, for every language
		Key   string
		Args  map[string]string
		Error bool
	}
	Preview *struct {
		Sheets []struct {
			HeaderRow int `json:"header_row"`
			Sample    []struct {
				Row    int
				Header bool
				Cells  []string
			}
		}
		Columns   []foundColumn
		Questions []foundQuestion
	}
}

type sheetFound struct {
	Name        string
	Orientation study.Orientation
	HeaderRows  int `json:"header_rows"`
	Rows        int
	Columns     int
	Encoding    string
	Delimiter   string
	DecimalMark string `json:"decimal_mark"`
	Country     study.ISO3
	Repeat      string
	Passed      int
}

type foundForm struct {
	ID, Title string
	Inferred  bool
}

// foundProblem is one remark. Lang is set when its words are in another language than the
// page; Error, when its row cannot be taken.
type foundProblem struct {
	Sheet, Cell, Code, Text, Remedy, Lang string
	Error                                 bool
}

// translate says the remarks in the language of the page. Those of other readers have
// words in English, and elsewhere what the catalog says of their kind.
func (f *found) translate(words *i18n.Catalog) {
	for i := range f.Problems {
		p := &f.Problems[i]
		p.Error = i < len(f.Says) && f.Says[i].Error
		if words.Lang() == i18n.Fallback {
			continue
		}
		p.Lang = i18n.Fallback
		if i >= len(f.Says) || !words.Has("legacy."+f.Says[i].Key) {
			continue
		}
		args := make([]any, 0, 2*len(f.Says[i].Args))
		for name, value := range f.Says[i].Args {
			args = append(args, name, value)
		}
		p.Text, p.Remedy, p.Lang = words.T("legacy."+f.Says[i].Key, args...), words.T("legacy."+f.Says[i].Key+".do", args...), ""
	}
}

// foundColumn is one column, or those of several sheets that are alike.
type foundColumn struct {
	Header, Question, How string
	Role                  study.ColumnRole
	Choice, Item          string
	Personal              bool
	Filled                int
	Samples               []string
	Places                []struct{ Sheet, Column, At string }
	Texts                 []foundText
	Many                  bool
	DayFirst              *bool `json:"day_first"` // of dates that do not tell their day from their month
}

// foundText is one text of a column of choices or countries.
type foundText struct {
	Text  string
	Count int
	Code  string // "" when it is to be decided
	Near  string
	Said  bool
}

type foundQuestion struct {
	Path, Type, Label, Repeat string
	Choices                   []struct{ Code, Label string }
}

// total is how many responses the file holds.
func (f *found) total() int {
	return f.Rows.Create + f.Rows.Change + f.Rows.Identical + f.Rows.Skip + f.Rows.Error
}

// question finds a question of the form by its path; nil for none.
func (f *found) question(path string) *foundQuestion {
	for i := range f.Preview.Questions {
		if q := &f.Preview.Questions[i]; q.Path == path {
			return q
		}
	}
	return nil
}

func uploadHref(id study.UploadID) string { return "/unit/uploads/" + string(id) }

// uploadOf reads the file of this address and what was found in it; found is nil before a
// worker has looked.
func (s *server) uploadOf(v *visit) (u study.Upload, f *found, err error) {
	err = s.store.View(v.ctx(), func(r *db.Reader) (err error) {
		u, err = r.Upload(v.ctx(), study.UploadID(v.Param("id")))
		return err
	})
	if err != nil || u.Result == "" {
		return u, nil, err
	}
	f = new(found)
	if err := json.Unmarshal([]byte(u.Result), f); err != nil {
		return u, nil, fmt.Errorf("read what upload %s holds: %w", u.ID, err)
	}
	f.translate(v.words)
	return u, f, nil
}
