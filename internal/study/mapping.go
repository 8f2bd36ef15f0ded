package study

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Mapping says what becomes of the columns of files of one kind. It is a JSON file that
// can be saved, edited and used again on the next wave: columns are found by their
// headers, wherever they stand.
type Mapping struct {
	Version int             `json:"version"` // 1
	Form    string          `json:"form,omitempty"`
	Country ISO3            `json:"country,omitempty"` // of all responses, when no column says it
	Round   string          `json:"round,omitempty"`
	Sheets  []SheetMapping  `json:"sheets,omitempty"`
	Columns []ColumnMapping `json:"columns"`
}

// SheetMapping is about one sheet, by its name; about all that have none of their own
// when Sheet is "". What it does not say is found by looking.
type SheetMapping struct {
	Sheet       string      `json:"sheet,omitempty"`
	Skip        bool        `json:"skip,omitempty"`
	Country     ISO3        `json:"country,omitempty"`
	Orientation Orientation `json:"orientation,omitempty"`
	HeaderRow   int         `json:"header_row,omitempty"`  // number of the first row with headers; -1: there is none
	HeaderRows  int         `json:"header_rows,omitempty"` // how many rows of headers
}

// ColumnMapping is about the columns with one header, in one sheet or, when Sheet is "",
// in all. Values leads from texts to codes or plain values; "@ND" means a missing reason,
// "" that nobody has decided yet.
type ColumnMapping struct {
	Sheet    string            `json:"sheet,omitempty"`
	Header   string            `json:"header"`
	At       string            `json:"at,omitempty"`       // letter, or row number, of one column among those of that header
	Question string            `json:"question,omitempty"` // path; "" when the column answers none
	Role     ColumnRole        `json:"role,omitempty"`
	Choice   string            `json:"choice,omitempty"` // code that a tick in the column means
	Item     string            `json:"item,omitempty"`   // number of the repeat's item
	Split    string            `json:"split,omitempty"`  // between several choices in one cell
	DayFirst *bool             `json:"day_first,omitempty"`
	Values   map[string]string `json:"values,omitempty"`
	How      string            `json:"how,omitempty"` // for the reader only: why it was suggested
}

// ColumnRole is what a column is for when it is no question.
type ColumnRole string

// The roles.
const (
	NoRole        ColumnRole = ""
	KeyRole       ColumnRole = "key"       // tells responses apart
	ParentRole    ColumnRole = "parent"    // key of the response or item that an item belongs to
	SubmittedRole ColumnRole = "submitted" // when it was sent
	SubmitterRole ColumnRole = "submitter" // who sent it
	CountryRole   ColumnRole = "country"   // whose answer it is
	RoundRole     ColumnRole = "round"     // of which wave
	MetaRole      ColumnRole = "meta"      // what the survey program noted for itself
	PersonalRole  ColumnRole = "personal"  // tells who a person is: kept apart from the answers
	TableRole     ColumnRole = "link"      // points to the sheet of a repeat
)

// Orientation is how the answers of a table stand.
type Orientation string

// The orientations.
const (
	InRows    Orientation = "rows"    // each row is a response, or an item of a repeat
	InColumns Orientation = "columns" // each column is a response, questions go down
	InPairs   Orientation = "pairs"   // the sheet is one response: labels and answers
	NoAnswers Orientation = "other"   // empty, notes, lists of codes
)

// MaxHeaderRow is how far down a header may begin.
const MaxHeaderRow = 300

// ParseMapping reads a mapping file. What it does not know it refuses by name.
func ParseMapping(data []byte) (*Mapping, error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	m := new(Mapping)
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("the mapping is no valid JSON of a mapping: %w", err)
	}
	if m.Version != 1 {
		return nil, fmt.Errorf("the mapping has version %d, want 1", m.Version)
	}
	for _, s := range m.Sheets {
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("the mapping's sheet %q %w", s.Sheet, err)
		}
	}
	for _, c := range m.Columns {
		if !c.Role.known() {
			return nil, fmt.Errorf("the mapping's column %q has the role %q, which does not exist", c.Header, c.Role)
		}
	}
	return m, nil
}

func (s SheetMapping) check() error {
	switch s.Orientation {
	case "", InRows, InColumns, InPairs, NoAnswers:
	default:
		return fmt.Errorf("has the orientation %q; it is rows, columns, pairs or other", s.Orientation)
	}
	if s.HeaderRow < -1 || s.HeaderRow > MaxHeaderRow || s.HeaderRows < 0 || s.HeaderRows > 10 {
		return fmt.Errorf("has its header in row %d, %d rows; want at most row %d and 10 rows", s.HeaderRow, s.HeaderRows, MaxHeaderRow)
	}
	return nil
}

func (r ColumnRole) known() bool {
	switch r {
	case NoRole, KeyRole, ParentRole, SubmittedRole, SubmitterRole, CountryRole, RoundRole, MetaRole, PersonalRole, TableRole:
		return true
	}
	return false
}

// For is what the mapping says about a sheet: its own entry, else the one for all.
func (m *Mapping) For(sheet string) (s SheetMapping, said bool) {
	if m == nil {
		return s, false
	}
	for _, one := range m.Sheets {
		if one.Sheet == sheet {
			return one, true
		}
		if one.Sheet == "" {
			s, said = one, true
		}
	}
	return s, said
}
