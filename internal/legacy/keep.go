package legacy

import (
	"cmp"
	"slices"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Place says where a response stands: "Sheet!A7", "Sheet!C" when responses are columns.
func (p *Plan) Place(r *Response) string {
	t := p.Found.Tables[r.Table]
	if t.Orientation == Rows {
		return t.Name + "!" + address(1, r.Number)
	}
	return t.Name + "!" + Letters(r.Number)
}

// Complain adds a fault of a whole response, by its key in the catalogs.
func (p *Plan) Complain(r *Response, key string) {
	t := p.Found.Tables[r.Table]
	cell := address(1, r.Number)
	if t.Orientation != Rows {
		cell = Letters(r.Number)
	}
	said := fault(key)
	said.File, said.Sheet, said.Cell = t.File, t.Name, cell
	r.Problems = append(r.Problems, said)
}

// undetermined is the language of an answer beside others whose language is known.
const undetermined study.Lang = "und"

// KeepUnder puts the earlier answers that the new ones do not touch into the snapshot, in
// the form's order.
func (p *Plan) KeepUnder(snap *study.Snapshot, before study.Snapshot) {
	named := make(map[string]bool, len(snap.Entries))
	for _, e := range snap.Entries {
		named[e.Path] = true
	}
	for _, e := range before.Entries {
		if !named[e.Path] {
			if lang := before.LangOf(e, ""); lang != snap.Lang {
				e.Lang = cmp.Or(lang, undetermined)
			}
			snap.Entries = append(snap.Entries, e)
		}
	}
	for _, item := range before.Items {
		same := func(i study.Item) bool { return i.Repeat == item.Repeat && i.Key == item.Key }
		if !slices.ContainsFunc(snap.Items, same) {
			snap.Items = append(snap.Items, item)
		}
	}
	ordinal := p.ordinals()
	sortEntries(ordinal, snap.Entries)
	slices.SortStableFunc(snap.Items, func(a, b study.Item) int {
		if a.Repeat != b.Repeat {
			return ordinal[forms.QuestionPath(a.Repeat)] - ordinal[forms.QuestionPath(b.Repeat)]
		}
		return a.Order - b.Order
	})
}

// ordinals number the nodes of the form in document order.
func (p *Plan) ordinals() map[string]int {
	if p.ordinal == nil {
		p.ordinal = map[string]int{}
		p.Form.Walk(func(n *forms.Node) bool {
			p.ordinal[n.Path] = len(p.ordinal)
			return true
		})
	}
	return p.ordinal
}
