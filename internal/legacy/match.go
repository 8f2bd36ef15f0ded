package legacy

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Match plans how what was found answers the questions of a form: by name, by label in
// any language, by choices and items in headers, then by similarity. What answers none
// is left out and said so.
func Match(found Found, f *forms.Form) *Plan {
	p := &Plan{Found: found, Form: f, Sources: sourcesOf(found.Tables)}
	m := &matcher{plan: p, form: f, names: map[string][]*forms.Node{}, labels: map[string][]*forms.Node{}}
	m.index()
	repeats := map[int]bool{}
	for i := range found.Tables {
		repeats[i] = p.Sources[i].Parent >= 0
	}
	for i, t := range found.Tables {
		if t.Orientation == Other {
			continue
		}
		m.table(i, t, repeats[i])
	}
	b := &inference{plan: p, form: f}
	b.finish()
	return p
}

// matcher finds questions for headers.
type matcher struct {
	plan   *Plan
	form   *forms.Form
	names  map[string][]*forms.Node // by folded name
	labels map[string][]*forms.Node // by bare label
	keys   []string                 // of labels, sorted
}

func (m *matcher) index() {
	m.form.Walk(func(n *forms.Node) bool {
		if n.Kind == forms.Question && n.Type != "note" {
			m.names[fold(n.Name)] = append(m.names[fold(n.Name)], n)
			for _, label := range labels(n.Label) {
				if key := bare(label); key != "" {
					m.labels[key] = append(m.labels[key], n)
				}
			}
		}
		return true
	})
	m.keys = slices.Sorted(maps.Keys(m.labels))
}

var (
	numbering = regexp.MustCompile(`^\s*(?:[A-Za-z]{0,2}\d+(?:\.\d+)*[a-z]?[.):\-]?|[a-z][.)])\s+`)
	markup    = regexp.MustCompile(`\$\{[^}]*\}|[*_#]{1,3}`)
)

// bare is a label to compare: without numbering, markup, case, accents and punctuation.
func bare(label string) string {
	return fold(numbering.ReplaceAllString(markup.ReplaceAllString(tidyHeader(label), ""), ""))
}

// table matches the fields of one table. Rows of an item's table match questions inside
// repeats, others those outside.
func (m *matcher) table(i int, t *Table, item bool) {
	entries := entriesOf(m.plan.Found.Tables, ownKind(m.plan.Found.Tables, i), i)
	giveRoles(entries)
	if item || t.Multi {
		m.plan.Sources[i].Repeat = m.repeatFor(t, entries)
	}
	repeat := m.plan.Sources[i].Repeat
	taken := map[string]bool{}
	for _, e := range entries {
		c := &Column{Table: i, Field: e.places[0].field, Role: e.role, How: howIgnored}
		if q, how := m.find(e, repeat, item, taken); q != nil {
			c.Question, c.How = q.Path, how
			taken[q.Path] = true
		} else if m.ticked(c, e, repeat) || m.numbered(c, e) {
			c.Role = NoRole
		}
		m.complete(c, e)
		m.plan.Columns = append(m.plan.Columns, c)
	}
	m.similar(i, entries, repeat, item, taken)
}

// ownKind makes each table a kind of its own.
func ownKind(tables []*Table, only int) []int {
	kind := make([]int, len(tables))
	for i := range kind {
		kind[i] = -1
	}
	kind[only] = only
	return kind
}

// repeatFor is the repeat in which most of a table's headers have a question.
func (m *matcher) repeatFor(t *Table, entries []*entry) string {
	votes := map[string]int{}
	for _, e := range entries {
		if q, _ := m.find(e, "*", true, nil); q != nil {
			if around := q.Repeats(); len(around) > 0 {
				votes[around[len(around)-1].Path]++
			}
		}
	}
	best := ""
	for _, path := range slices.Sorted(maps.Keys(votes)) {
		if votes[path] > votes[best] {
			best = path
		}
		if strings.HasSuffix(fold(t.Name), fold(pathBase(path))) {
			return path
		}
	}
	return best
}

func pathBase(p string) string { return path.Base(p) }

// find matches a header by name, then by label.
func (m *matcher) find(e *entry, repeat string, item bool, taken map[string]bool) (*forms.Node, string) {
	name, label := nameAndLabel(&e.Field)
	if q := m.byPath(e.Header); q != nil && fits(q, repeat, item) && !taken[q.Path] {
		return q, howName
	}
	for _, key := range []string{fold(name), fold(lastPart(e.Header))} {
		for _, q := range m.names[key] {
			if fits(q, repeat, item) && !taken[q.Path] && e.role != MetaRole {
				return q, howName
			}
		}
	}
	for _, text := range append([]string{label, e.Header}, e.Parts...) {
		for _, q := range m.labels[bare(text)] {
			if fits(q, repeat, item) && !taken[q.Path] {
				return q, howLabel
			}
		}
	}
	return nil, ""
}

// byPath finds a question by its whole path: "/e/e_name", "e/e_name" or "e-e_name".
func (m *matcher) byPath(header string) *forms.Node {
	for _, p := range []string{header, "/" + header, "/" + strings.ReplaceAll(header, "-", "/")} {
		if q := m.form.Find(p); q != nil && strings.HasPrefix(p, "/") && q.Kind == forms.Question {
			return q
		}
	}
	return nil
}

func lastPart(header string) string {
	if i := strings.LastIndexAny(header, "/-:"); i >= 0 && !strings.Contains(header, " ") {
		return header[i+1:]
	}
	return header
}

// fits reports whether a question stands where a table's rows can answer it. Repeat "*"
// is any repeat.
func fits(q *forms.Node, repeat string, item bool) bool {
	around := q.Repeats()
	if len(around) == 0 {
		return !item
	}
	return repeat == "*" || around[len(around)-1].Path == repeat
}
