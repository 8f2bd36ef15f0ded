package legacy

import (
	"slices"
	"strings"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Response is one response of a file, as the plan reads it.
type Response struct {
	Table       int
	Number      int    // of its row, or column
	Key         string // what the file tells it apart by, "" when nothing
	Country     study.ISO3
	Round       string
	SubmittedAt time.Time // zero when the file does not say
	Submitter   string
	Personal    map[string]string // by header: what tells who a person is, kept apart from the answers
	Entries     []study.Entry
	Items       []study.Item
	Problems    []Problem
	Raw         []Row // its rows as they were read, of a response with an error
}

// Faulty reports that a problem forbids to take the response as it stands.
func (r *Response) Faulty() bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Error })
}

// Taker is the Sink that turns rows into responses by a plan. Tables of items are read
// first (Gather), then responses pass one by one.
type Taker struct {
	plan    *Plan
	emit    func(*Response) error
	country study.ISO3 // whose answers the file holds, "" when it says so itself
	round   string

	table   int
	held    []Row // of a table whose responses are columns
	open    []Row // rows merged into one response
	items   map[int]map[string][]Row
	gather  bool
	ordinal map[string]int
	nodes   map[*Column]*forms.Node

	evaluator *evaluator // nil: nothing to judge by
}

// NewTaker reads by a plan. Country and round are those of responses whose file does not
// name them.
func NewTaker(p *Plan, country study.ISO3, round string, emit func(*Response) error) *Taker {
	t := &Taker{plan: p, emit: emit, country: country, round: round, table: -1, ordinal: p.ordinals(), nodes: map[*Column]*forms.Node{}}
	for _, c := range p.Columns {
		if c.Question != "" {
			t.nodes[c] = p.Form.Find(c.Question)
		}
	}
	return t
}

// HasItems reports that some tables are items of others: then the file is read twice,
// first with Gather.
func (t *Taker) HasItems() bool {
	return slices.ContainsFunc(t.plan.Sources, func(s Source) bool { return s.Parent >= 0 })
}

// Gather makes the next reading one of items only.
func (t *Taker) Gather() { t.gather, t.items, t.table = true, map[int]map[string][]Row{}, -1 }

// Respond makes the next reading one of responses.
func (t *Taker) Respond() { t.gather, t.table = false, -1 }

// Sheet implements Sink.
func (t *Taker) Sheet(Sheet) error {
	if err := t.flush(); err != nil {
		return err
	}
	t.table++
	return nil
}

// Note implements Sink: what there was to say was said when the file was looked at.
func (t *Taker) Note(Problem) error { return nil }

// Row implements Sink.
func (t *Taker) Row(r Row) error {
	if t.table >= len(t.plan.Found.Tables) {
		return nil
	}
	table, source := t.plan.Found.Tables[t.table], &t.plan.Sources[t.table]
	switch {
	case table.Orientation == Other || r.blank():
		return nil
	case table.Orientation != Rows:
		if !t.gather && source.Parent < 0 {
			t.held = append(t.held, copied(r))
		}
		return nil
	case r.Number < table.First || table.passes(r):
		return nil
	case source.Parent >= 0:
		if t.gather {
			t.hold(r, source)
		}
		return nil
	case t.gather:
		return nil
	case table.Multi:
		return t.merge(r)
	}
	return t.respond([]Row{r})
}

func copied(r Row) Row { return Row{Number: r.Number, Cells: slices.Clone(r.Cells)} }

// hold keeps an item until the row that it belongs to comes.
func (t *Taker) hold(r Row, s *Source) {
	if t.items[t.table] == nil {
		t.items[t.table] = map[string][]Row{}
	}
	key := strings.TrimSpace(r.Text(s.ParentKey))
	t.items[t.table][key] = append(t.items[t.table][key], copied(r))
}

// merge puts rows together whose first cells are merged.
func (t *Taker) merge(r Row) error {
	if len(t.open) > 0 && len(r.Cells) > 0 && r.Cells[0].Spread {
		t.open = append(t.open, copied(r))
		return nil
	}
	if err := t.closeMerged(); err != nil {
		return err
	}
	t.open = []Row{copied(r)}
	return nil
}

func (t *Taker) closeMerged() error {
	rows := t.open
	t.open = nil
	if len(rows) == 0 {
		return nil
	}
	return t.respond(rows)
}

// Done ends a reading.
func (t *Taker) Done() error { return t.flush() }

// flush ends a table.
func (t *Taker) flush() error {
	if t.table < 0 || t.table >= len(t.plan.Found.Tables) {
		return nil
	}
	if err := t.closeMerged(); err != nil {
		return err
	}
	rows := t.held
	t.held = nil
	if len(rows) == 0 {
		return nil
	}
	for _, r := range t.plan.Found.Tables[t.table].turn(rows) {
		if len(r.Cells) == 0 {
			continue
		}
		if err := t.respond([]Row{r}); err != nil {
			return err
		}
	}
	return nil
}

// respond makes a response of its rows: one, or several that are merged.
func (t *Taker) respond(rows []Row) error {
	source := &t.plan.Sources[t.table]
	a := &assembly{taker: t, out: &Response{Table: t.table, Number: rows[0].Number, Country: t.country, Round: t.round}}
	if source.Country != "" {
		a.out.Country = source.Country
	}
	if iso3 := source.Countries[rows[0].Number]; iso3 != "" {
		a.out.Country = iso3
	}
	a.frame(rows[0], t.table)
	if !t.plan.Found.Tables[t.table].Multi || source.Repeat == "" {
		a.row(rows[0], t.table, "", "")
	} else {
		a.mergedRows(rows, source.Repeat)
	}
	a.children(t.table, rows[0], "")
	a.finish()
	if a.out.Faulty() {
		for _, r := range rows {
			a.out.Raw = append(a.out.Raw, copied(r))
		}
	}
	return t.emit(a.out)
}
