package xpath

import (
	"fmt"
	"testing"
)

// BenchmarkRelevance evaluates 300 relevance expressions over 300 answers.
func BenchmarkRelevance(b *testing.B) {
	root := &Node{Name: "data"}
	ids := names{}
	var nodes []*Node
	for i := range 300 {
		n := &Node{Name: fmt.Sprintf("q%d", i), Text: fmt.Sprint(i % 7)}
		root.Append(n)
		nodes = append(nodes, n)
		ids[n.Name] = i
	}
	var exprs []*Expr
	for i := range 300 {
		src := []string{"${q%d} = 'yes' or ${q%d} = '3'", "selected(${q%d}, '2') and ${q%d} != ''", "if(${q%d} > 3, ${q%d} < 9, false())"}[i%3]
		e, err := Parse(fmt.Sprintf(src, i, (i+1)%300))
		if err != nil {
			b.Fatal(err)
		}
		bound, problems := e.Bind(ids)
		if bound == nil {
			b.Fatal(problems)
		}
		exprs = append(exprs, bound)
	}
	c := &Context{Lookup: func(ref int, _ *Node) []*Node { return nodes[ref].Set() }}
	b.ReportAllocs()
	for b.Loop() {
		for i, e := range exprs {
			c.Node, c.Current = nodes[i], nodes[i]
			if _, err := e.Eval(c); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkSumOverRepeat sums one question of 1,000 items.
func BenchmarkSumOverRepeat(b *testing.B) {
	root := &Node{Name: "data"}
	for i := range 1000 {
		item := &Node{Name: "item"}
		root.Append(item)
		for j := range 50 {
			item.Append(&Node{Name: fmt.Sprintf("q%d", j), Text: fmt.Sprint(i)})
		}
	}
	e, err := Parse("sum(/data/item/q7)")
	if err != nil {
		b.Fatal(err)
	}
	c := &Context{Node: root}
	b.ReportAllocs()
	for b.Loop() {
		if v, err := e.Eval(c); err != nil || v.Num != 499_500 {
			b.Fatal(v, err)
		}
	}
}

// BenchmarkCompile parses and checks one relevance expression.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		e, err := Parse("selected(${age}, '2') and ${age} != '' or count(/data/kid[age > 3]) = 2")
		if err != nil {
			b.Fatal(err)
		}
		if bound, problems := e.Bind(names{"age": 0}); bound == nil {
			b.Fatal(problems)
		}
	}
}
