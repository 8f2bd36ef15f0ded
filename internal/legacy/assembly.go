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
		case SubmittedRole, SubmitterRole, CountryRole, RoundRole, PersonalRole:
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
		case PersonalRole:
			a.apart(c, text)
		case CountryRole:
			a.country(c, r.Number, text)
		}
	}
}

// apart keeps what tells who a person is.
func (a *assembly) apart(c *Column, text string) {
	if a.out.Personal == nil {
		a.out.Personal = map[string]string{}
	}
	header := c.Field.Header
	if header == "" || a.out.Personal[header] != "" {
		header = strings.TrimSpace(header + " (" + a.taker.plan.at(c) + ")")
	}
	a.out.Personal[header] = text
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
	a.problem(c, number, fault("country.unknown", "text", shorten(text, 60)))
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
func (a *assembly) problem(c *Column, number int, p Problem) {
	table := a.taker.plan.Found.Tables[c.Table]
	p.File, p.Sheet, p.Cell = table.File, table.Name, table.address(c.Field, number)
	a.out.Problems = append(a.out.Problems, p)
}

// fault is a remark that forbids to take a response as it stands.
func fault(key string, args ...any) Problem {
	p := say(key, args...)
	p.Error = true
	return p
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
