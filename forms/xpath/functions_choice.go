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
		return Boolean(slices.Contains(fields(codes), code) || code == "" && strings.TrimSpace(codes) == "")
	}),
	"selected-at": fn(2, 2, StringType, func(a args) Value {
		codes, i := fields(a.str(0)), a.num(1)
		if i < 0 || i >= float64(len(codes)) || math.IsNaN(i) {
			return String("")
		}
		return String(codes[int(i)])
	}),
	"count-selected": fn(1, 1, NumberType, func(a args) Value { return Number(float64(len(fields(a.str(0))))) }),
	"jr:choice-name": fn(2, 2, StringType, func(a args) Value {
		if a.c.ChoiceLabel == nil {
			return String("")
		}
		return a.c.text(a.c.ChoiceLabel(a.str(0), a.questionOf(1)))
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

// questionOf finds the question that an argument names: nodes, or a path as text, as
// pyxform writes it.
func (a args) questionOf(i int) *Node {
	v := a.value(i)
	if v.Type == NodesType {
		if len(v.Nodes) > 0 {
			return v.Nodes[0]
		}
		return nil
	}
	e, err := Parse(strings.TrimSpace(v.String()))
	if err != nil {
		return nil
	}
	if v := e.root.eval(a.c); v.Type == NodesType && len(v.Nodes) > 0 {
		return v.Nodes[0]
	}
	return nil
}

// truth is how the checklists read a mark: the numbers other than 0, and "true".
func truth(v Value, a args) bool {
	if v.Type == StringType || v.Type == NodesType {
		s := v.String()
		if s == "true" {
			return true
		}
		n := ParseNumber(s, a.c.zone())
		return n != 0 && !math.IsNaN(n)
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
				values = append(values, String(v.Nodes[n].Value()))
				weights = append(weights, String(w.Nodes[n].Value()))
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
		if repeats := a.t.args[i].eval(a.c); repeats.Type == NodesType && len(repeats.Nodes) > 0 {
			name = repeats.Nodes[0].Name
		}
		var kept []*Node
		for _, n := range nodes {
			a.c.spend(1)
			for m := n.Parent; m != nil; m = m.Parent {
				if m.Name == name {
					if float64(place(m)) == index {
						kept = append(kept, n)
					}
					break
				}
			}
		}
		nodes = kept
	}
	if len(nodes) == 0 {
		return String("")
	}
	return NodeSet(nodes[:1])
}

var listFunctions = map[string]*function{
	"count-non-empty": fn(1, 1, NumberType, func(a args) Value {
		n := 0
		for _, node := range a.nodes(0) {
			a.c.spend(1)
			if node.Value() != "" {
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
