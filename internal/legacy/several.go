package legacy

import (
	"maps"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// tickGroup is a question whose choices have a column each.
type tickGroup struct {
	stem    string
	whole   *entry // the column with all choices in one cell, when there is one
	members []*entry
	leaves  []string
}

func (g *tickGroup) all() []*entry {
	if g.whole == nil {
		return g.members
	}
	return append([]*entry{g.whole}, g.members...)
}

// tickGroups finds the questions whose choices have a column each. The result leads from
// each of their entries to its group.
func tickGroups(entries []*entry, numbered map[*entry]numberedPart) map[*entry]*tickGroup {
	groups := map[string]*tickGroup{}
	var order []string
	wholes := map[string]*entry{}
	for _, e := range entries {
		if _, taken := numbered[e]; taken {
			continue
		}
		if b, ok := branchOf(&e.Field); ok {
			g := groups[b.stem]
			if g == nil {
				g = &tickGroup{stem: b.stem}
				groups[b.stem] = g
				order = append(order, b.stem)
			}
			g.members, g.leaves = append(g.members, e), append(g.leaves, b.leaf)
		}
		wholes[e.Header] = e
	}
	found := map[*entry]*tickGroup{}
	for _, stem := range order {
		g := groups[stem]
		g.leaveTexts()
		if len(g.members) < 2 || !tickColumns(fieldsOfEntries(g.members), g.leaves) {
			continue
		}
		if whole := wholes[stem]; whole != nil && found[whole] == nil {
			g.whole = whole
		}
		for _, e := range g.all() {
			if found[e] == nil {
				found[e] = g
			}
		}
	}
	return found
}

func fieldsOfEntries(entries []*entry) []*Field {
	fields := make([]*Field, len(entries))
	for i, e := range entries {
		fields[i] = &e.Field
	}
	return fields
}

// leaveTexts takes the columns out in which people wrote what they meant by "other".
func (g *tickGroup) leaveTexts() {
	members, leaves := g.members[:0:0], g.leaves[:0:0]
	for i, e := range g.members {
		leaf := fold(g.leaves[i])
		other := strings.Contains(leaf, "other") || strings.Contains(leaf, "otro") || strings.Contains(leaf, "otra") || strings.Contains(leaf, "autre") || strings.Contains(leaf, "specify") || strings.Contains(leaf, "comment")
		if other && !onlyTicks(&e.Seen, g.leaves[i]) {
			continue
		}
		members, leaves = append(members, e), append(leaves, g.leaves[i])
	}
	g.members, g.leaves = members, leaves
}

// several makes one question of a group of columns.
func (b *inference) several(g *tickGroup, to *box) {
	head := &Field{Header: g.stem, Parts: []string{g.stem}}
	if isImportRow(&g.members[0].Field) {
		head.Parts = g.members[0].Parts
	}
	name, label := nameAndLabel(head)
	if isImportRow(head) {
		label = g.stem
		if i := strings.LastIndexByte(name, '_'); i > 0 {
			name = name[:i]
		}
	}
	q := &forms.Node{Name: to.names.take(name), Type: "select_multiple", Label: forms.Text{"": label}}
	q.List = b.lists.take(q.Name)
	q.Path = to.path + "/" + q.Name
	to.add(q)
	list, values := listOf(q.List, g.leaves)
	b.form.Lists[q.List] = list
	b.form.ListOrder = append(b.form.ListOrder, q.List)
	for i, e := range g.members {
		b.columns(e, Column{Question: q.Path, How: howInferred, Leaf: g.leaves[i], Choice: values[loose(g.leaves[i])], Values: values})
	}
	if g.whole == nil {
		return
	}
	split := " "
	if guessed, ok := guessSeveral(&g.whole.Seen, true); ok {
		split = guessed.split
	}
	g.addUnlisted(list, values, split)
	b.columns(g.whole, Column{Question: q.Path, How: howInferred, Split: split, Values: values})
}

// addUnlisted adds the choices that stand in the whole cell only.
func (g *tickGroup) addUnlisted(list *forms.List, values map[string]string, split string) {
	known := maps.Clone(values)
	for _, text := range g.whole.Seen.Order {
		for _, piece := range splitKnown(text, split, known) {
			if key := loose(piece); values[key] == "" && codeText.MatchString(piece) && !slices.ContainsFunc(list.Choices, func(c *forms.Choice) bool { return c.Name == piece }) {
				values[key] = piece
				list.Choices = append(list.Choices, &forms.Choice{Name: piece, Label: forms.Text{"": piece}})
			}
		}
	}
}

// side is a repeat whose items stand side by side: program_1_name, program_2_name.
type side struct {
	box    *box
	leaves []string
	parts  map[string][]*entry // by leaf
	number map[*entry]string
}

// sides are the repeats side by side of one table, in order of their first columns.
type sides struct {
	byStem map[string]*side
	order  []*side
}

func numberedEntries(entries []*entry) map[*entry]numberedPart {
	found := numberedFields(fieldsOfEntries(entries))
	parts := make(map[*entry]numberedPart, len(found))
	for _, e := range entries {
		if p, ok := found[&e.Field]; ok {
			parts[e] = p
		}
	}
	return parts
}

// side collects an entry into its repeat, which is opened where its first column stands.
func (b *inference) side(e *entry, p numberedPart, repeats *sides, to *box) {
	key := fold(p.stem)
	s := repeats.byStem[key]
	if s == nil {
		s = &side{parts: map[string][]*entry{}, number: map[*entry]string{}}
		_, s.box = to.inside(forms.Repeat, strings.Trim(p.stem, " _-/.:#["), strings.Trim(p.stem, " _-/.:#["))
		if repeats.byStem == nil {
			repeats.byStem = map[string]*side{}
		}
		repeats.byStem[key] = s
		repeats.order = append(repeats.order, s)
	}
	leaf := fold(p.leaf)
	if s.parts[leaf] == nil {
		s.leaves = append(s.leaves, leaf)
	}
	s.parts[leaf] = append(s.parts[leaf], e)
	s.number[e] = p.number
}

// fill makes the questions of the repeat.
func (s *side) fill(b *inference) {
	for _, leaf := range s.leaves {
		entries := s.parts[leaf]
		var seen Tally
		for _, e := range entries {
			seen.merge(&e.Seen)
		}
		p, _ := numberedOf(entries[0].Header)
		q, c := b.typed(&seen, p.leaf, slugOr(p.leaf), p.leaf, entries[0].Unit, s.box)
		c.Question = q.Path
		for _, e := range entries {
			own := c
			own.Item = s.number[e]
			b.columns(e, own)
		}
	}
}
