package diff

import (
	"github.com/comparanda/comparanda/forms"
)

// pairing tells which node of the new form is which of the old one.
type pairing struct {
	langs   []langPair
	before  *forms.Form
	after   *forms.Form
	toNew   map[*forms.Node]*forms.Node
	toOld   map[*forms.Node]*forms.Node
	guessed map[*forms.Node]bool // by the new node
}

// pair finds pairs in four steps, each among what the ones before have left: the same
// path; the same name elsewhere; a group or repeat that looks alike; a question that does.
// No step prefers one form to the other: compared the other way round the same pairs come out.
func pair(before, after *forms.Form, langs []langPair) *pairing {
	p := &pairing{langs: langs, before: before, after: after, toNew: map[*forms.Node]*forms.Node{}, toOld: map[*forms.Node]*forms.Node{},
		guessed: map[*forms.Node]bool{}}
	p.children(before.Children, after.Children)
	holds := func(n *forms.Node) bool { return n.Kind != forms.Question }
	asks := func(n *forms.Node) bool { return n.Kind == forms.Question }
	p.only(holds, false, names, nil)
	p.only(holds, true, p.labels, nil)
	p.only(holds, true, contents, sameContent)
	p.only(asks, false, names, nil)
	p.only(asks, true, p.looks, p.sameParent)
	p.only(asks, true, p.looks, nil)
	return p
}

func (p *pairing) link(o, n *forms.Node) {
	p.toNew[o], p.toOld[n] = n, o
	p.children(o.Children, n.Children)
}

// children pairs namesakes below a pair; the first with the first, when there are several.
func (p *pairing) children(before, after []*forms.Node) {
	byName := map[string][]*forms.Node{}
	for _, n := range after {
		if p.toOld[n] == nil {
			byName[n.Name] = append(byName[n.Name], n)
		}
	}
	for _, o := range before {
		if same := byName[o.Name]; len(same) > 0 && p.toNew[o] == nil {
			byName[o.Name] = same[1:]
			p.link(o, same[0])
		}
	}
}

// keys are what a node of the old or the new form is known by; nodes that share one of
// them may be the same.
type keys func(n *forms.Node, old bool) []string

// only pairs nodes without a counterpart that are each other's only likely one. likely
// may be nil.
func (p *pairing) only(among func(*forms.Node) bool, guess bool, of keys, likely func(o, n *forms.Node) bool) {
	olds, news := free(p.before, p.toNew, among), free(p.after, p.toOld, among)
	if likely == nil {
		likely = func(o, n *forms.Node) bool { return true }
	}
	forOld := sole(olds, news, func(n *forms.Node) []string { return of(n, true) }, func(n *forms.Node) []string { return of(n, false) }, likely)
	forNew := sole(news, olds, func(n *forms.Node) []string { return of(n, false) }, func(n *forms.Node) []string { return of(n, true) },
		func(n, o *forms.Node) bool { return likely(o, n) })
	for _, o := range olds {
		n := forOld[o]
		if n == nil || forNew[n] != o || p.toNew[o] != nil || p.toOld[n] != nil { // a pair around them may have paired them
			continue
		}
		p.guessed[n] = guess
		p.link(o, n)
	}
}

// sole finds for each node the only likely one among others of its kind.
func sole(nodes, others []*forms.Node, key, otherKey func(*forms.Node) []string, likely func(n, other *forms.Node) bool) map[*forms.Node]*forms.Node {
	byKey := map[string][]*forms.Node{}
	for _, n := range others {
		for _, k := range otherKey(n) {
			byKey[k] = append(byKey[k], n)
		}
	}
	found := map[*forms.Node]*forms.Node{}
	for _, n := range nodes {
		if one := single(n, byKey, key(n), likely); one != nil {
			found[n] = one
		}
	}
	return found
}

// single is the only node under any of the keys that is a likely counterpart, nil when
// there is none or another.
func single(n *forms.Node, byKey map[string][]*forms.Node, keys []string, likely func(n, other *forms.Node) bool) *forms.Node {
	var one *forms.Node
	for _, k := range keys {
		for _, other := range byKey[k] {
			switch {
			case other == one || other.Kind != n.Kind || !likely(n, other):
			case one != nil:
				return nil
			default:
				one = other
			}
		}
	}
	return one
}

func free(f *forms.Form, paired map[*forms.Node]*forms.Node, among func(*forms.Node) bool) []*forms.Node {
	var nodes []*forms.Node
	f.Walk(func(n *forms.Node) bool {
		if paired[n] == nil && among(n) {
			nodes = append(nodes, n)
		}
		return true
	})
	return nodes
}

// sameParent reports whether two rows stand in a pair, or both at the top.
func (p *pairing) sameParent(o, n *forms.Node) bool {
	if o.Parent == nil || n.Parent == nil {
		return o.Parent == n.Parent
	}
	return p.toNew[o.Parent] == n.Parent
}
