package xpath

import (
	"strings"
	"testing"
)

func TestOperators(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"1 + 2 * 3", "7"},
		{"(1 + 2) * 3", "9"},
		{"10 - 2 - 3", "5"},
		{"7 mod 3 - -2", "3"},
		{"-7 mod 3", "-1"},
		{"5 mod -2", "1"},
		{"1.5 mod 0.5", "0"},
		{"6 div 4", "1.5"},
		{"1 div 0", "Infinity"},
		{"-1 div 0", "-Infinity"},
		{"0 div 0", "NaN"},
		{"--3", "3"},
		{"2 > 1 and 1 > 2 or true()", "true"},
		{"false() and 1 div 0 > 0", "false"},
		{"1 < 2 = true()", "true"},
		{"3 > 2 > 1", "false"}, // (3 > 2) > 1 is 1 > 1
		{"true() = 'x'", "true"},
		{"'1' = 1.0", "true"},
		{"'1' = '1.0'", "false"},
		{"'a' < 'b'", "false"}, // both NaN
		{"'10' > '9'", "true"},
		{"'' = 0", "false"},
		{"1 = 1 = 1", "true"},
		{"5 - 3", "2"},
		{"/data/age -1", "29"},
		{"/data/age*2", "60"},
		{"* = 30", "true"},
		{"div div div", "NaN"}, // names of operators are names where a value stands
	})
}

func TestPaths(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"/data/age > 18", "true"},
		{"age", "30"},
		{"./age", "30"},
		{"/data/kid/age = 4", "true"},
		{"/data/kid/age != 4", "true"},
		{"not(/data/kid/age = 5)", "true"},
		{"/data/kid[age < 5]/name", "Beto"},
		{"/data/kid[2]/name", "Beto"},
		{"/data/kid[3]/name", ""},
		{"/data/kid[1.5]", ""},
		{"/data/kid[last()]/name", "Beto"},
		{"/data/kid[position() = 1]/name", "Ana"},
		{"/data/kid[age > 5][1]/name", "Ana"},
		{"/data/kid[name = 'Ana' or name = 'Beto'][2]/age", "4"},
		{"(/data/kid/name)[2]", "Beto"},
		{"//name[. = 'Ana']/../age", "7"},
		{"count(/data/*)", "7"},
		{"count(//x | //name)", "5"},
		{"count(//x | //x)", "3"},
		{"name((//name | //age)[1])", "age"}, // document order, not the order of writing
		{"//x[2]", "2"},
		{"count(//*[1])", "5"}, // the first of every parent
		{"count(//.)", "25"},
		{"name(/data/kid[1]/name/following-sibling::*)", "age"},
		{"name(/data/kid[2]/preceding-sibling::*[1])", "kid"},
		{"name(/data/kid[2]/preceding-sibling::*)", "age"},
		{"count(/data/kid[2]/ancestor::*)", "1"},
		{"count(/data/kid[2]/age/ancestor-or-self::*)", "3"},
		{"count(/data/kid[1]/following::*)", "7"},
		{"count(/data/kid[2]/preceding::*)", "7"},
		{"name(/data/kid[1]/age/preceding::*[1])", "name"},
		{"count(/data/g/descendant::text())", "2"},
		{"count(/data/descendant-or-self::node())", "24"},
		{"/data/g/self::g/x", "1"},
		{"count(/data/g/self::kid)", "0"},
		{"/child::data/child::age", "30"},
		{"count(/data/@*)", "0"},
		{"string(/data/g/x[3])", ""},
		{".. = 3", "false"},
		{"/data/kid[age = current()/kid[2]/age]/name", "Beto"},
	})
}

func TestNestedNodesStayInOrder(t *testing.T) {
	t.Parallel()
	doc, err := ParseXML(strings.NewReader("<a><x>1</x><a><x>2</x><a><x>3</x></a><x>4</x></a><x>5</x></a>"))
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{"join('', //x)", "join('', //a/x)", "join('', //x[position() > 0])", "join('', //a/descendant::x)", "join('', //x/../x)"} {
		e, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := e.Eval(&Context{Node: doc}); err != nil || v.String() != "12345" {
			t.Errorf("%s = %q, %v; want 12345", src, v.String(), err)
		}
	}
}

func TestHiddenNodesReadAsEmpty(t *testing.T) {
	t.Parallel()
	root := &Node{Name: "data"}
	for _, text := range []string{"1", "2", "4"} {
		root.Append(&Node{Name: "x", Text: text, Hidden: text == "2"})
	}
	for _, tt := range [][2]string{{"sum(/data/x)", "5"}, {"count(x)", "2"}, {"string(.)", "14"}, {"join(' ', //x)", "1 4"}} {
		e, err := Parse(tt[0])
		if err != nil {
			t.Fatal(err)
		}
		if v, err := e.Eval(&Context{Node: root}); err != nil || v.String() != tt[1] {
			t.Errorf("%s = %q, %v; want %q", tt[0], v.String(), err, tt[1])
		}
	}
	e, err := Parse(".")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Eval(&Context{Node: root.Children[1]}); err != nil || v.String() != "" {
		t.Errorf("a hidden node reads %q, %v; want nothing", v.String(), err)
	}
}
