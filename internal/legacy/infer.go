package legacy

import (
	"path"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Infer makes a form of what was found: each column a question with type, choices and
// labels, and a plan that fills it. The form is always valid; one without questions comes
// from a file without answers.
func Infer(name string, found Found) *Plan {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	b := &inference{
		plan:  &Plan{Found: found, Inferred: true, Sources: sourcesOf(found.Tables)},
		form:  &forms.Form{ID: slug(base), Title: base, Version: "1", Lists: map[string]*forms.List{}, Settings: map[string]string{}},
		lists: namer{},
	}
	b.plan.Form = b.form
	repeats := map[int]bool{}
	for i, s := range b.plan.Sources {
		repeats[i] = s.Parent >= 0
	}
	kind := alike(found.Tables, repeats)
	top := namer{}
	mains := 0
	for i, t := range found.Tables {
		if kind[i] == i && !repeats[i] && t.Orientation != Other {
			mains++
		}
	}
	groups := map[int]*forms.Node{}
	for i, t := range found.Tables {
		if kind[i] == i && !repeats[i] && t.Orientation != Other {
			groups[i] = b.response(kind, i, top, mains > 1)
		}
	}
	for i := range found.Tables {
		if repeats[i] {
			b.items(kind, i, groups, top)
		}
	}
	b.form.Link()
	b.finish()
	return b.plan
}

// inference builds a form and its plan.
type inference struct {
	plan  *Plan
	form  *forms.Form
	lists namer
	codes bool // the file comes from a program of the ODK family
}

// box is where questions are put: the form, a group or a repeat.
type box struct {
	path  string
	names namer
	add   func(*forms.Node)
}

func (b *inference) top(names namer) *box {
	return &box{names: names, add: func(n *forms.Node) { b.form.Children = append(b.form.Children, n) }}
}

func (b *box) inside(kind forms.Kind, name, label string) (*forms.Node, *box) {
	n := &forms.Node{Kind: kind, Name: b.names.take(slugOr(name)), Label: forms.Text{"": label}}
	b.add(n)
	n.Path = b.path + "/" + n.Name
	return n, &box{path: n.Path, names: namer{}, add: func(c *forms.Node) { n.Children = append(n.Children, c) }}
}

// response puts the questions of tables whose rows are responses into the form, in a
// group of their own when the file holds several kinds of table.
func (b *inference) response(kind []int, of int, names namer, grouped bool) *forms.Node {
	entries := entriesOf(b.plan.Found.Tables, kind, of)
	giveRoles(entries)
	b.codes = b.codes || fromODK(entries)
	to := b.top(names)
	var group *forms.Node
	if grouped {
		name := b.plan.Found.Tables[of].Name
		group, to = to.inside(forms.Group, name, name)
	}
	if b.plan.Found.Tables[of].Multi {
		b.mergedRows(entries, of, to)
		return group
	}
	b.entries(entries, to)
	return group
}

// mergedRows makes a repeat of the columns that are not merged over several rows.
func (b *inference) mergedRows(entries []*entry, of int, to *box) {
	own := slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return !e.Vertical })
	rest := slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return e.Vertical })
	b.entries(own, to)
	repeat, inner := to.inside(forms.Repeat, "entries", b.plan.Found.Tables[of].Name)
	for i := range b.plan.Found.Tables {
		if i == of {
			b.plan.Sources[i].Repeat = repeat.Path
		}
	}
	b.entries(rest, inner)
}

func fromODK(entries []*entry) bool {
	return slices.ContainsFunc(entries, func(e *entry) bool {
		switch e.Header {
		case "KEY", "_uuid", "_submission_time", "formhub/uuid", "meta/instanceID", "meta-instanceID", "instanceID", "SubmissionDate", "PARENT_KEY":
			return true
		}
		return false
	})
}

// items makes a repeat of a table whose rows belong to those of another one.
func (b *inference) items(kind []int, i int, groups map[int]*forms.Node, top namer) {
	t := b.plan.Found.Tables[i]
	to := b.top(top)
	if parent := b.plan.Sources[i].Parent; b.plan.Sources[parent].Repeat != "" {
		if node := b.find(b.plan.Sources[parent].Repeat); node != nil {
			to = &box{path: node.Path, names: namer{}, add: func(c *forms.Node) { node.Children = append(node.Children, c) }}
			for _, c := range node.Children {
				to.names.take(c.Name)
			}
		}
	}
	name := strings.TrimPrefix(t.Name, b.plan.Found.Tables[b.plan.Sources[i].Parent].Name)
	repeat, inner := to.inside(forms.Repeat, strings.Trim(name, "-_. "), strings.Trim(name, "-_. "))
	b.plan.Sources[i].Repeat = repeat.Path
	entries := entriesOf(b.plan.Found.Tables, kind, i)
	giveRoles(entries)
	b.codes = true
	b.entries(entries, inner)
}

func (b *inference) find(path string) *forms.Node {
	b.form.Link()
	return b.form.Find(path)
}

// entries makes questions of entries: choices in columns of their own and items side by
// side first, then each column by itself.
func (b *inference) entries(entries []*entry, to *box) {
	entries = b.roles(entries, to)
	numbered := numberedEntries(entries)
	done := map[*entry]bool{}
	var repeats sides
	ticks := tickGroups(entries, numbered)
	for _, e := range entries {
		if done[e] {
			continue
		}
		if p, ok := numbered[e]; ok {
			b.side(e, p, &repeats, to)
			continue
		}
		if g := ticks[e]; g != nil {
			b.several(g, to)
			for _, m := range g.all() {
				done[m] = true
			}
			continue
		}
		b.question(e, to)
	}
	for _, s := range repeats.order {
		s.fill(b)
	}
}

// roles takes the entries out that are no questions.
func (b *inference) roles(entries []*entry, to *box) []*entry {
	var rest []*entry
	for _, e := range entries {
		switch {
		case e.Seen.Filled == 0 && e.Header == "":
			b.columns(e, Column{How: howEmpty})
		case e.role == CountryRole || e.role == RoundRole:
			b.question(e, to)
		case e.role == PersonalRole || e.role == NoRole && isPersonal(e):
			b.columns(e, Column{Role: PersonalRole, How: howPersonal, Personal: true})
		case e.role != NoRole:
			b.columns(e, Column{Role: e.role, How: howMeta, Personal: e.role == SubmitterRole || personalMeta(e)})
		default:
			rest = append(rest, e)
		}
	}
	return rest
}

func isPersonal(e *entry) bool {
	return personalHeader(e.Header) || e.Seen.Values() > 0 && e.Seen.share(emailAddress, ipAddress) >= 0.5 ||
		e.Seen.Values() > 0 && e.Seen.share(geoPoint) >= 0.9
}

func personalMeta(e *entry) bool {
	name := strings.ReplaceAll(fold(e.Header), " ", "")
	return name == "deviceid" || name == "phonenumber" || name == "subscriberid" || name == "simserial" || name == "imei" || name == "geolocation"
}

// columns notes what becomes of an entry's fields.
func (b *inference) columns(e *entry, c Column) {
	for _, p := range e.places {
		own := c
		own.Table, own.Field = p.table, p.field
		if e.role == SubmittedRole {
			own.DayFirst = guessDate(&e.Seen).dayFirst
		}
		if own.Role == NoRole {
			own.Role = e.role
		}
		b.plan.Columns = append(b.plan.Columns, &own)
	}
}

// question makes one question of one entry.
func (b *inference) question(e *entry, to *box) {
	name, label := nameAndLabel(&e.Field)
	if label == "" {
		name, label = "column_"+strings.ToLower(Letters(e.Position)), "Column "+Letters(e.Position)
	}
	q, c := b.typed(&e.Seen, e.Header, name, label, e.Unit, to)
	c.Question = q.Path
	b.columns(e, c)
}

// typed adds a question whose type its texts suggest.
func (b *inference) typed(t *Tally, header, name, label, unit string, to *box) (*forms.Node, Column) {
	g := guessType(t, header, b.codes)
	q := &forms.Node{Name: to.names.take(name), Type: g.kind, Label: forms.Text{"": label}}
	if unit != "" {
		q.Extra = map[string]string{"unit": unit}
	}
	q.Path = to.path + "/" + q.Name
	to.add(q)
	c := Column{How: howInferred, Split: g.split, DayFirst: g.dayFirst}
	if g.choices != nil {
		q.List = b.lists.take(q.Name)
		list, values := listOf(q.List, g.choices)
		b.form.Lists[q.List], c.Values = list, values
		b.form.ListOrder = append(b.form.ListOrder, q.List)
	}
	return q, c
}

// finish puts the columns into the order of their tables and fields.
func (b *inference) finish() {
	slices.SortStableFunc(b.plan.Columns, func(x, y *Column) int {
		if x.Table != y.Table {
			return x.Table - y.Table
		}
		return x.Field.Position - y.Field.Position
	})
	b.plan.link()
	for _, c := range b.plan.Columns {
		s := &b.plan.Sources[c.Table]
		if c.Role == KeyRole && (s.Key == 0 || keyRank(c.Field.Header) < keyRank(s.headerOf(b.plan, c.Table, s.Key))) {
			s.Key = c.Field.Position
		}
	}
}

func (s *Source) headerOf(p *Plan, table, position int) string {
	for _, c := range p.byTable[table] {
		if c.Field.Position == position {
			return c.Field.Header
		}
	}
	return ""
}

// keyRank prefers the keys that stay the same in every export.
func keyRank(header string) int {
	for i, name := range []string{"KEY", "_uuid", "meta/instanceID", "instanceID", "meta-instanceID", "ResponseId", "_id"} {
		if header == name {
			return i
		}
	}
	return 100
}
