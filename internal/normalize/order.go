package normalize

import (
	"cmp"
	"slices"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// place is where an entry stands in the document: for each step of its path the
// position of the question or group in the form and the order of the item.
type place []int

// inOrder returns the snapshot's entries in document order. The snapshot should be so
// already; answers that a machine sent may come in any order, and a rebuild must give
// the same rows.
func inOrder(f *forms.Form, snap study.Snapshot) []study.Entry {
	positions := map[string]int{}
	f.Walk(func(n *forms.Node) bool {
		positions[n.Path] = len(positions)
		return true
	})
	items := itemOrders(snap)
	type placed struct {
		entry study.Entry
		at    place
	}
	all := make([]placed, len(snap.Entries))
	for i, e := range snap.Entries {
		all[i] = placed{e, placeOf(e.Path, positions, items)}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return slices.Compare(a.at, b.at) })
	entries := make([]study.Entry, len(all))
	for i, p := range all {
		entries[i] = p.entry
	}
	return entries
}

// itemOrders numbers the items by their path without order ("/e[a]"): listed items by
// their order field, others as they appear among the entries, after the listed ones.
func itemOrders(snap study.Snapshot) map[string]int {
	listed := slices.Clone(snap.Items)
	slices.SortStableFunc(listed, func(a, b study.Item) int { return cmp.Compare(a.Order, b.Order) })
	orders := map[string]int{}
	for _, it := range listed {
		number(orders, it.Repeat+"["+it.Key+"]")
	}
	for _, e := range snap.Entries {
		for i, c := range e.Path {
			if c == ']' {
				number(orders, e.Path[:i+1])
			}
		}
	}
	return orders
}

func number(orders map[string]int, item string) {
	if _, known := orders[item]; !known {
		orders[item] = len(orders)
	}
}

func placeOf(path string, positions, items map[string]int) place {
	parsed, err := forms.ParsePath(path)
	if err != nil {
		return place{len(positions)} // not an answer path: kept, at the end
	}
	var at place
	for i, seg := range parsed {
		pos, known := positions[parsed[:i+1].Question()]
		if !known {
			return append(at, len(positions))
		}
		at = append(at, pos)
		if seg.Key != "" {
			at = append(at, items[parsed[:i+1].String()])
		}
	}
	return at
}
