package xpath

import "slices"

// documentOrder sorts nodes as they stand in their tree and drops those that stand
// twice. Numbering the tree counts against the budget.
func documentOrder(c *Context, nodes []*Node) []*Node {
	if len(nodes) < 2 {
		return nodes
	}
	seen := make(map[*Node]bool, len(nodes))
	kept := make([]*Node, 0, len(nodes))
	for _, n := range nodes {
		if !seen[n] {
			seen[n] = true
			kept = append(kept, n)
		}
	}
	if len(kept) < 2 {
		return kept
	}
	order := map[*Node]int{}
	roots := map[*Node]bool{}
	for _, n := range kept {
		if r := n.Root(); !roots[r] {
			roots[r] = true
			number(c, r, order)
		}
	}
	slices.SortStableFunc(kept, func(a, b *Node) int { return order[a] - order[b] })
	return kept
}

func number(c *Context, n *Node, order map[*Node]int) {
	c.spend(1)
	order[n] = len(order)
	for _, a := range n.Attrs {
		order[a] = len(order)
	}
	for _, child := range n.Children {
		number(c, child, order)
	}
}

// nested reports whether one of nodes, which are in document order, stands in another.
// What is in a node follows it at once, so neighbors tell.
func nested(nodes []*Node) bool {
	for i := 1; i < len(nodes); i++ {
		for n := nodes[i].Parent; n != nil; n = n.Parent {
			if n == nodes[i-1] {
				return true
			}
		}
	}
	return false
}
