package fill

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xpath"
)

// listTree makes a choice list into the tree that instance('list') reads.
func listTree(f *forms.Form, list *forms.List) *xpath.Node {
	instance := &xpath.Node{Name: "instance"}
	root := &xpath.Node{Name: "root"}
	instance.Append(root)
	for _, choice := range list.Choices {
		item := &xpath.Node{Name: "item", Data: choice}
		add := func(name, text string) { item.Append(&xpath.Node{Name: name, Text: text}) }
		add("name", choice.Name)
		label, _ := choice.Label.In(f, "")
		add("label", label)
		for _, name := range sortedKeys(choice.Extra) {
			add(name, choice.Extra[name])
		}
		root.Append(item)
	}
	return instance
}

// choice finds a choice in the list of a question, offered or not.
func (in *Instance) choice(n *forms.Node, code string) *forms.Choice {
	if list := in.plan.list(n); list != nil {
		for _, c := range list.Choices {
			if c.Name == code {
				return c
			}
		}
	}
	return nil
}

// Choices lists the choices that a question offers now, in the order to show.
func (in *Instance) Choices(path string) []*forms.Choice {
	e := in.elementAt(path)
	if e == nil || !e.t.isQuestion() {
		return nil
	}
	choices := in.offer(e)
	if yesNo(e.t.node.Parameters["randomize"]) == "true()" {
		xpath.Shuffle(len(choices), in.seedOf(e), func(i, j int) { choices[i], choices[j] = choices[j], choices[i] })
	}
	return choices
}

// seedOf gives the order of a random list: the author's seed, or else one that is stable
// for one response.
func (in *Instance) seedOf(e *element) float64 {
	if e.t.seed != nil {
		return in.eval(e.t.seed, e).Number(in.env.Zone)
	}
	if n, err := strconv.ParseFloat(e.t.node.Parameters["seed"], 64); err == nil {
		return n
	}
	h := fnv.New32a()
	fmt.Fprintf(h, "%d %s %s", in.env.Seed, in.env.InstanceID, e.path()) //nolint:errcheck // hashes do not fail
	return float64(h.Sum32())
}

// offer lists the choices of a question that pass its filter, in the order of the list.
func (in *Instance) offer(e *element) []*forms.Choice {
	items := in.itemsOf(e)
	choices := make([]*forms.Choice, 0, len(items))
	for i, item := range items {
		if e.t.filter != nil && !in.passes(e, item, i+1, len(items)) {
			continue
		}
		if c := in.choiceOf(e, item); c != nil {
			choices = append(choices, c)
		}
	}
	return choices
}

// passes evaluates a filter at one item of the list; current() is the question. Where
// the list is a repeat, ${name} of a question in it means that of the item.
func (in *Instance) passes(e *element, item *xpath.Node, position, size int) bool {
	in.context.Node, in.context.Current = item, &e.n
	in.context.Position, in.context.Size = position, size
	in.filtered, _ = item.Data.(*element)
	v, err := e.t.filter.Eval(&in.context)
	in.context.Position, in.context.Size, in.filtered = 0, 0, nil
	return err == nil && v.Boolean()
}

// itemsOf lists the nodes that the choices of a question are made of: rows of a list or
// a file, or the items of a repeat.
func (in *Instance) itemsOf(e *element) []*xpath.Node {
	n := e.t.node
	switch {
	case n.From != "":
		return in.repeatItems(e)
	case n.File != "":
		return rows(in.instance(fileID(n.File)))
	case n.Type == "select_one_external" && in.plan.external[n.List] != nil:
		return rows(in.plan.external[n.List])
	case in.plan.lists[n.List] != nil:
		return rows(in.plan.lists[n.List])
	}
	return nil
}

// rows are the items in the root element of a list.
func rows(instance *xpath.Node) []*xpath.Node {
	if len(instance.Children) == 0 {
		return nil
	}
	return instance.Children[0].Children
}

// fileID is the id that expressions use for a file: its name without what follows the dot.
func fileID(file string) string {
	file = file[strings.LastIndexByte(file, '/')+1:]
	if i := strings.LastIndexByte(file, '.'); i > 0 {
		file = file[:i]
	}
	return file
}

// repeatItems are the items of the repeat that holds the question which gives the
// choices.
func (in *Instance) repeatItems(e *element) []*xpath.Node {
	if e.t.source == nil {
		return nil
	}
	var items []*xpath.Node
	for _, x := range in.under(e, e.t.source.repeat()) {
		if !x.n.Hidden {
			items = append(items, &x.n)
		}
	}
	return items
}

// choiceOf makes the choice that an item stands for; nil when the item has no value.
func (in *Instance) choiceOf(e *element, item *xpath.Node) *forms.Choice {
	if c, ok := item.Data.(*forms.Choice); ok {
		return c
	}
	value, label := "name", "label"
	if source := e.t.source; source != nil {
		value, label = source.node.Name, source.node.Name
	}
	p := e.t.node.Parameters
	if p["value"] != "" {
		value = p["value"]
	}
	if p["label"] != "" {
		label = p["label"]
	}
	code := textAt(item, value)
	if code == "" {
		return nil
	}
	return &forms.Choice{Name: code, Label: forms.Text{"": textAt(item, label)}}
}

// textAt is the text of the first element with a name in an item, at any depth.
func textAt(item *xpath.Node, name string) string {
	for _, c := range item.Children {
		if c.Name == name {
			return c.Value()
		}
	}
	for _, c := range item.Children {
		if s := textAt(c, name); s != "" {
			return s
		}
	}
	return ""
}
