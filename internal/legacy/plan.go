package legacy

import (
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Plan is what becomes of every column of a file.
type Plan struct {
	Found    Found
	Form     *forms.Form
	Inferred bool
	Columns  []*Column // by table, then in order
	Sources  []Source  // of Found.Tables, in their order

	said    []SheetMapping // what a mapping said about sheets
	byTable [][]*Column
	ordinal map[string]int // of the form's nodes
}

// Source is what the rows of a table are.
type Source struct {
	Parent    int    // index of the table whose items these rows are; -1: rows are responses
	Repeat    string // path of the repeat that rows are items of
	Country   study.ISO3
	Key       int                // position of the field that tells responses apart, 0 when none
	LinkKey   int                // position of the field that items of other tables point to
	ParentKey int                // position of the field that points to the parent
	Heads     map[int]string     // responses in columns: what stands above each
	Countries map[int]study.ISO3 // and the country that this is
}

// Column is what becomes of one field.
type Column struct {
	Table    int
	Field    *Field
	Role     Role
	Question string            // path; "" when the field answers none
	How      string            // why: inferred, name, label, similar, mapping, choice, repeat, metadata, personal, empty, ignored
	Choice   string            // code that a tick in this column means
	Leaf     string            // the choice's text in the header
	Item     string            // number of the repeat's item, for columns side by side
	Split    string            // separator of several choices in one cell
	DayFirst bool              // 03/04/2021 is 3 April
	Values   map[string]string // texts (by loose) that mean a choice's code
	Personal bool

	said map[string]string // texts that a mapping decided, as it wrote them
}

// Ways that Column.How names.
const (
	howInferred = "inferred"
	howName     = "name"
	howLabel    = "label"
	howSimilar  = "similar"
	howMapping  = "mapping"
	howMeta     = "metadata"
	howPersonal = "personal"
	howEmpty    = "empty"
	howIgnored  = "ignored"
)

// link sorts the columns by table.
func (p *Plan) link() {
	p.byTable = make([][]*Column, len(p.Found.Tables))
	for _, c := range p.Columns {
		p.byTable[c.Table] = append(p.byTable[c.Table], c)
	}
}
