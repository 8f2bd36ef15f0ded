package xpath_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/comparanda/comparanda/forms/xpath"
)

// questions resolves ${name} to the place of the question in a list.
type questions []string

func (q questions) Reference(name string, _ bool) (int, error) {
	for i, known := range q {
		if known == name {
			return i, nil
		}
	}
	return 0, errors.New("there is no question " + name)
}

// An expression is parsed and bound once, and evaluated for every response.
func Example() {
	e, err := xpath.Parse("${age} >= 18 and selected(${languages}, 'es')")
	if err != nil {
		fmt.Println(err)
		return
	}
	bound, problems := e.Bind(questions{"age", "languages"})
	if bound == nil {
		fmt.Println(problems)
		return
	}
	answers := []*xpath.Node{{Name: "age", Text: "30"}, {Name: "languages", Text: "en es"}}
	v, err := bound.Eval(&xpath.Context{Lookup: func(ref int, _ *xpath.Node) []*xpath.Node { return answers[ref].Set() }})
	fmt.Println(v.Boolean(), err)
	// Output: true <nil>
}

// Problems name their place in the expression.
func ExampleExpr_Bind() {
	e, err := xpath.Parse("count_selected(${kinds}) > 2 and regex(., '(?=a)')")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, problems := e.Bind(questions{"kinds"})
	for _, p := range problems {
		fmt.Println(p.Pos, p.Key, p.Msg)
	}
	// Output:
	// 0 function there is no function count_selected(); perhaps count-selected() is meant
	// 42 regex look-ahead and look-behind are not supported; use several conditions joined by and
}

// Paths work on any tree of nodes.
func ExampleParseXML() {
	doc, err := xpath.ParseXML(strings.NewReader("<data><kid><age>7</age></kid><kid><age>4</age></kid></data>"))
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := xpath.Parse("sum(/data/kid[age > 5]/age)")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := e.Eval(&xpath.Context{Node: doc})
	fmt.Println(v, err)
	// Output: 7 <nil>
}
