package xpath

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

var choiceFunctions = map[string]*function{
	"selected": fn(2, 2, BooleanType, func(a args) Value {
		codes, code := a.str(0), strings.TrimSpace(a.str(1))
		return Boolean(listed(codes, code) || code == "" && strings.TrimSpace(codes) == "")
	}),
	"selected-at": fn(2, 2, StringType, func(a args) Value {
		codes, i := strings.Fields(a.str(0)), a.num(1)
		if i < 0 || i >= float64(len(codes)) || math.IsNaN(i) {
			return String("")
		}
		return String(codes[int(i)])
	}),
	"count-selected": fn(1, 1, NumberType, func(a args) Value { return Number(float64(len(strings.Fields(a.str(0))))) }),
	"jr:choice-name": fn(2, 2, StringType, func(a args) Value {
		question := a.questionOf(1)
		if a.c.ChoiceLabel == nil || question == nil {
			return String("")
		}
		return a.c.text(a.c.ChoiceLabel(a.str(0), question))
	}),
	"checklist": fn(3, -1, BooleanType, func(a args) Value {
		ticked := 0.0
		for _, v := range a.spread(2) {
			if truth(v, a) {
				ticked++
			}
		}
		return Boolean(between(ticked, a.num(0), a.num(1)))
	}),
	"weighted-checklist": &function{min: 4, max: -1, step: 2, result: BooleanType, do: func(a args) Value {
		total := 0.0
		values, weights := a.pairs(2)
		for i, v := range values {
			if truth(v, a) {
				total += weights[i].Number(a.c.zone())
			}
		}
		return Boolean(between(total, a.num(0), a.num(1)))
	}},
	"indexed-repeat": &function{min: 3, max: 7, step: 2, result: StringType, nodes: 3, do: indexedRepeat},
}

// questionOf finds the question that an argument names. A path in quotes, as authors
// write it, was read as a path by the parser (quotedPath).
func (a args) questionOf(i int) *Node {
	if v := a.value(i); v.Type == NodesType && len(v.Nodes) > 0 {
		return v.Nodes[0]
	}
	return nil
}

// listed reports whether a code is in a list of codes, without making the list.
func listed(codes, code string) bool {
	for c := range strings.FieldsSeq(codes) {
		if c == code {
			return true
		}
	}
	return false
}

// truth is how the checklists read a mark: a number other than 0, or a text that is
// neither a number nor "false".
func truth(v Value, a args) bool {
	if v.Type == StringType || v.Type == NodesType {
		s := strings.TrimSpace(a.c.str(v))
		n := ParseNumber(s, a.c.zone())
		return n != 0 && !math.IsNaN(n) || math.IsNaN(n) && s != "" && s != "false"
	}
	return v.Boolean()
}

// pairs reads arguments from i on as values and weights in turn; two node-sets pair up
// node by node.
func (a args) pairs(i int) (values, weights []Value) {
	for ; i+1 < a.len(); i += 2 {
		v, w := a.value(i), a.value(i+1)
		if v.Type == NodesType && w.Type == NodesType && len(v.Nodes) == len(w.Nodes) {
			for n := range v.Nodes {
				values = append(values, String(a.c.value(v.Nodes[n])))
				weights = append(weights, String(a.c.value(w.Nodes[n])))
			}
			continue
		}
		values, weights = append(values, v), append(weights, w)
	}
	return values, weights
}

func between(n, low, high float64) bool {
	return (low < 0 || n >= low) && (high < 0 || n <= high)
}

// indexedRepeat returns the value of a question in the given items of its repeats,
// counted from 1.
//
// Source: ODK XForms specification, indexed-repeat(node arg, node repeat1, number
// index1, ...).
func indexedRepeat(a args) Value {
	nodes := a.nodes(0)
	for i := 1; i+1 < a.len(); i += 2 {
		index := a.num(i + 1)
		name := ""
		if repeats := a.nodes(i); len(repeats) > 0 {
			name = repeats[0].Name
		}
		items := map[*Node]*Node{} // of each parent the item with this index
		var kept []*Node
		for _, n := range nodes {
			a.c.spend(1)
			m := n.Parent
			for m != nil && m.Name != name {
				m = m.Parent
			}
			if m == nil || m.Parent == nil {
				continue
			}
			item, known := items[m.Parent]
			if !known {
				item = a.nth(m.Parent, name, index)
				items[m.Parent] = item
			}
			if item == m {
				kept = append(kept, n)
			}
		}
		nodes = kept
	}
	if len(nodes) == 0 {
		return String("")
	}
	return NodeSet(nodes[:1])
}

// nth is the child of n with a name and an index, from 1; nil when there is none.
func (a args) nth(n *Node, name string, index float64) *Node {
	a.c.spend(len(n.Children))
	i := 0.0
	for _, child := range n.Children {
		if child.Name != name || child.Kind != Element {
			continue
		}
		if i++; i == index {
			return child
		}
	}
	return nil
}

var listFunctions = map[string]*function{
	"count-non-empty": fn(1, 1, NumberType, func(a args) Value {
		n := 0
		for _, node := range a.nodes(0) {
			a.c.spend(1)
			if a.c.value(node) != "" {
				n++
			}
		}
		return Number(float64(n))
	}).withNodes(0),
	"randomize": fn(1, 2, NodesType, func(a args) Value {
		nodes := slices.Clone(a.nodes(0))
		if a.len() == 2 {
			shuffleSeeded(nodes, a.value(1), a)
			return NodeSet(nodes)
		}
		shuffle := rand.Shuffle
		if a.c.Rand != nil {
			shuffle = a.c.Rand.Shuffle
		}
		shuffle(len(nodes), func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
		return NodeSet(nodes)
	}).withNodes(0),
}

// Shuffle orders n things as randomize() with a seed does on every ODK client: a
// Fisher-Yates shuffle fed by the Park-Miller generator.
//
// Source: ODK XForms specification, randomize().
func Shuffle(n int, seed float64, swap func(i, j int)) {
	const modulus = 2_147_483_647
	state := int64(math.Mod(math.Floor(seed), modulus))
	if state <= 0 {
		state += modulus - 1
	}
	for i := n - 1; i > 0; i-- {
		state = state * 16_807 % modulus
		r := float64(state-1) / (modulus - 1)
		swap(i, int(math.Floor(r*float64(i+1))))
	}
}

func shuffleSeeded(nodes []*Node, seed Value, a args) {
	s := seed.Number(a.c.zone())
	if math.IsNaN(s) {
		s = textSeed(seed.String())
	}
	Shuffle(len(nodes), s, func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
}
