package xpath

import (
	"maps"
	"math"
	"slices"
	"strings"
)

// functions is the library by name. Sources: XPath 1.0 section 4; ODK XForms
// specification, "XPath functions".
var functions map[string]*function

func init() {
	functions = map[string]*function{}
	for _, group := range []map[string]*function{coreFunctions, textFunctions, numberFunctions, dateFunctions, choiceFunctions, listFunctions, geoFunctions, codeFunctions} {
		for name, f := range group {
			functions[name] = f
		}
	}
}

// Known reports whether the library has a function.
func Known(name string) bool { return functions[name] != nil }

func fn(min, max int, result Type, do func(a args) Value) *function {
	return &function{min: min, max: max, result: result, do: do}
}

func (f *function) withNodes(i ...int) *function {
	for _, n := range i {
		f.nodes |= 1 << n
	}
	return f
}

var coreFunctions = map[string]*function{
	"true":   fn(0, 0, BooleanType, func(args) Value { return Boolean(true) }),
	"false":  fn(0, 0, BooleanType, func(args) Value { return Boolean(false) }),
	"not":    fn(1, 1, BooleanType, func(a args) Value { return Boolean(!a.bool(0)) }),
	"string": fn(0, 1, StringType, func(a args) Value { return a.c.text(a.strOr(0)) }),
	"number": fn(0, 1, NumberType, func(a args) Value {
		if a.len() == 0 {
			return Number(String(a.strOr(0)).Number(a.c.zone()))
		}
		return Number(a.num(0))
	}),
	"boolean": fn(1, 1, BooleanType, func(a args) Value { return Boolean(a.bool(0)) }),
	"boolean-from-string": fn(1, 1, BooleanType, func(a args) Value {
		v := a.value(0)
		s := v.String()
		return Boolean(s == "true" || s == "1")
	}),
	"last": fn(0, 0, NumberType, func(a args) Value { return Number(float64(max(a.c.Size, 1))) }),
	"position": fn(0, 1, NumberType, func(a args) Value {
		if a.len() == 0 {
			return Number(float64(max(a.c.Position, 1)))
		}
		nodes := a.nodes(0)
		if len(nodes) == 0 {
			return Number(math.NaN())
		}
		return Number(float64(a.c.place(nodes[0])))
	}).withNodes(0),
	"count": fn(1, 1, NumberType, func(a args) Value { return Number(float64(len(a.nodes(0)))) }).withNodes(0),
	"id":    fn(1, 1, NodesType, func(args) Value { return NodeSet(nil) }),
	"lang":  fn(1, 1, BooleanType, func(a args) Value { return Boolean(inLanguage(a.c.Node, a.str(0))) }),
	"name":  fn(0, 1, StringType, func(a args) Value { return String(nodeName(a.first(0))) }).withNodes(0),
	"local-name": fn(0, 1, StringType, func(a args) Value {
		_, local, ok := strings.Cut(nodeName(a.first(0)), ":")
		if !ok {
			return String(nodeName(a.first(0)))
		}
		return String(local)
	}).withNodes(0),
	"namespace-uri": fn(0, 1, StringType, func(a args) Value {
		if n := a.first(0); n != nil {
			return String(n.Space)
		}
		return String("")
	}).withNodes(0),
	"current": fn(0, 0, NodesType, func(a args) Value {
		if a.c.Current == nil {
			return NodeSet(nil)
		}
		return NodeSet(a.c.Current.Set())
	}),
	"instance": fn(1, 1, NodesType, func(a args) Value {
		id := a.str(0)
		if a.c.Instance == nil {
			a.fail("there is no instance %q", id)
		}
		root := a.c.Instance(id)
		if root == nil {
			a.fail("there is no instance %q", id)
		}
		return NodeSet(root.Set())
	}),
	"if": fn(3, 3, StringType, func(a args) Value {
		if a.bool(0) {
			return a.value(1)
		}
		return a.value(2)
	}),
	"coalesce": fn(2, -1, StringType, func(a args) Value {
		for i := range a.len() - 1 {
			if v := a.value(i); a.c.str(v) != "" {
				return v
			}
		}
		return a.value(a.len() - 1)
	}),
	"once": fn(1, 1, StringType, func(a args) Value {
		if a.c.Current != nil {
			if v := a.c.value(a.c.Current); v != "" {
				return String(v)
			}
		}
		return a.value(0)
	}),
	"version":  fn(0, 0, StringType, func(a args) Value { return String(a.property("version")) }),
	"property": fn(1, 1, StringType, func(a args) Value { return String(a.property(a.str(0))) }),
	"jr:itext": fn(1, 1, StringType, func(a args) Value {
		if a.c.Itext != nil {
			if v, ok := a.c.Itext(a.str(0)); ok {
				return v
			}
		}
		a.fail("the form has no translations")
		return Value{}
	}),
}

func (a args) property(name string) string {
	if a.c.Property == nil {
		return ""
	}
	return a.c.Property(name)
}

// first is the first node of argument i, or the context node when it is not given.
func (a args) first(i int) *Node {
	if i >= a.len() {
		return a.c.Node
	}
	if nodes := a.nodes(i); len(nodes) > 0 {
		return nodes[0]
	}
	return nil
}

func nodeName(n *Node) string {
	if n == nil || n.Kind != Element && n.Kind != Attribute {
		return ""
	}
	return n.Name
}

// place counts a node among its siblings of the same name, from 1.
func (c *Context) place(n *Node) int {
	if n.Parent == nil {
		return 1
	}
	if c.Place != nil {
		if at := c.Place(n); at > 0 {
			return at
		}
	}
	i := 0
	for _, m := range n.Parent.Children {
		if m.Name == n.Name && m.Kind == n.Kind {
			i++
		}
		if m == n {
			return i
		}
	}
	return 1
}

func inLanguage(n *Node, lang string) bool {
	for ; n != nil; n = n.Parent {
		for _, a := range n.Attrs {
			if a.Name == "lang" {
				have := strings.ToLower(a.Text)
				lang = strings.ToLower(lang)
				return have == lang || strings.HasPrefix(have, lang+"-")
			}
		}
	}
	return false
}

// Functions lists the names of all functions, sorted.
func Functions() []string { return slices.Sorted(maps.Keys(functions)) }
