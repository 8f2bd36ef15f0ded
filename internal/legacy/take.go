package legacy

import (
	"cmp"
	"slices"
	"strconv"
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

// assembly is a response being put together.
type assembly struct {
	taker *Taker
	out   *Response
	ticks map[string]*tickSet // by answer path
	order []string            // of ticks
	items map[string]bool     // repeat[key] that are noted
	from  map[string]origin   // cells of answers, when they will be judged
}

// frame reads what is not an answer: whose, when, by whom.
func (a *assembly) frame(r Row, table int) {
	source := &a.taker.plan.Sources[table]
	if source.Key > 0 {
		a.out.Key = strings.TrimSpace(r.Text(source.Key))
	}
	for _, c := range a.taker.plan.byTable[table] {
		switch c.Role {
		case SubmittedRole, SubmitterRole, CountryRole, RoundRole:
		default:
			continue
		}
		text := strings.TrimSpace(r.Text(c.Field.Position))
		if text == "" {
			continue
		}
		switch c.Role {
		case SubmittedRole:
			if at := momentOf(text, c.DayFirst); !at.IsZero() && a.out.SubmittedAt.IsZero() {
				a.out.SubmittedAt = at
			}
		case SubmitterRole:
			a.out.Submitter = text
		case RoundRole:
			a.out.Round = text
		case CountryRole:
			a.country(c, r.Number, text)
		}
	}
}

func (a *assembly) country(c *Column, number int, text string) {
	if code := c.Values[loose(text)]; len(code) == 3 && strings.ToUpper(code) == code {
		a.out.Country = study.ISO3(code)
		return
	}
	if iso3, ok := CountryOf(text); ok {
		a.out.Country = iso3
		return
	}
	if a.taker.plan.Inferred {
		return // a question like others
	}
	a.problem(c, number, "country.unknown", "“"+shorten(text, 60)+"” is no country that is known", "write its name or its three-letter code, or decide it in the mapping's values", true)
}

// momentOf reads when a response was sent, as UTC when no zone is given.
func momentOf(text string, dayFirst bool) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000-07:00", "2006-01-02 15:04:05 MST"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	iso, ok := isoMoment(text, dayFirst)
	if !ok {
		return time.Time{}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02"} {
		if at, err := time.Parse(layout, iso); err == nil {
			return at
		}
	}
	return time.Time{}
}

// problem notes what is wrong in a cell of the response.
func (a *assembly) problem(c *Column, number int, code, text, remedy string, fault bool) {
	table := a.taker.plan.Found.Tables[c.Table]
	a.out.Problems = append(a.out.Problems, Problem{
		File: table.File, Sheet: table.Name, Cell: table.address(c.Field, number), Code: code, Text: text, Remedy: remedy, Error: fault,
	})
}

// address of a field's cell in a record.
func (t *Table) address(f *Field, number int) string {
	if t.Orientation == Rows {
		return address(f.Position, number)
	}
	return address(number, f.Position)
}

// finish adds the choices that were ticked and puts the entries into the form's order.
func (a *assembly) finish() {
	for _, path := range a.order {
		a.entry(path, a.ticks[path].value(), "", "")
	}
	sortEntries(a.taker.ordinal, a.out.Entries)
	a.judge()
}

// sortEntries puts answers into the form's order, the items of a repeat together.
func sortEntries(ordinal map[string]int, entries []study.Entry) {
	slices.SortStableFunc(entries, func(x, y study.Entry) int {
		return cmp.Or(
			cmp.Compare(topOrdinal(ordinal, x.Path), topOrdinal(ordinal, y.Path)),
			compareItems(x.Path, y.Path),
			cmp.Compare(ordinal[forms.QuestionPath(x.Path)], ordinal[forms.QuestionPath(y.Path)]),
		)
	})
}

// topOrdinal keeps the entries of a repeat together.
func topOrdinal(ordinal map[string]int, path string) int {
	if i := strings.IndexByte(path, '['); i >= 0 {
		path = path[:i]
	}
	return ordinal[path]
}

func compareItems(x, y string) int {
	return slices.CompareFunc(keysOf(x), keysOf(y), func(a, b string) int {
		m, err1 := strconv.Atoi(a)
		n, err2 := strconv.Atoi(b)
		if err1 == nil && err2 == nil {
			return cmp.Compare(m, n)
		}
		return strings.Compare(a, b)
	})
}

// keysOf are the keys of the items in an answer path.
func keysOf(path string) []string {
	if strings.IndexByte(path, '[') < 0 {
		return nil
	}
	var keys []string
	for {
		_, rest, ok := strings.Cut(path, "[")
		if !ok {
			return keys
		}
		var key string
		key, path, _ = strings.Cut(rest, "]")
		keys = append(keys, key)
	}
}

// entry adds one answer.
func (a *assembly) entry(path, value string, reason study.ReasonCode, note string) {
	a.out.Entries = append(a.out.Entries, study.Entry{Path: path, Value: value, Reason: reason, Note: note, Channel: study.Import})
}
