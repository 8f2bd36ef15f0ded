package xform

import (
	"cmp"
	"path"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// bodyOf writes the controls of the nodes below n.
func (b *builder) bodyOf(n *node, into *element) {
	for _, c := range n.children {
		switch {
		case c.Kind == forms.Group:
			into.add(b.group(c))
		case c.Kind == forms.Repeat:
			into.add(b.repeatGroup(c))
		case b.hasControl(c):
			into.add(b.control(c))
		case len(c.triggers) > 0:
			// Nobody sees it, so nothing can follow from it; the reader says so.
			continue
		}
	}
}

func (b *builder) group(n *node) *element {
	g := el("group", "ref", n.path)
	b.looks(n, g)
	if label := b.label(n); label != nil {
		g.add(label)
	}
	b.bodyOf(n, g)
	return g
}

// repeatGroup writes a repeat in the group that carries its label. Values of new items
// are set when the item is made.
func (b *builder) repeatGroup(n *node) *element {
	g := el("group", "ref", n.path)
	label := b.label(n)
	if label == nil {
		label = el("label")
	}
	r := el("repeat", "nodeset", n.path)
	if n.RepeatCount != "" {
		r.set("jr:count", b.rewrite(n.RepeatCount, n, false))
	}
	b.looks(n, r)
	b.bodyOf(n, r)
	n.walk(func(c *node) {
		if c.repeat() != n {
			return
		}
		if b.dynamicDefault(c) {
			r.add(b.setvalue(c, "odk-new-repeat", c.Default))
		}
		if c.Kind == forms.Group && c.entity != nil {
			r.add(c.entity.newID("odk-new-repeat")...)
		}
	})
	if n.entity != nil {
		r.add(n.entity.newID("odk-new-repeat")...)
	}
	return g.add(label, r)
}

// looks sets the attributes that tell a client how to show the node.
func (b *builder) looks(n *node, e *element) {
	if n.Appearance != "" {
		e.set("appearance", b.rewrite(n.Appearance, n, false))
	}
	for _, name := range sortedKeys(n.Body) {
		if name != "query" {
			e.set(name, b.rewrite(n.Body[name], n, false))
		}
	}
}

func (b *builder) control(n *node) *element {
	k := kinds[n.Type]
	c := el(k.control, "ref", n.path)
	if k.mediatype != "" {
		c.set("mediatype", k.mediatype)
	}
	b.looks(n, c)
	b.parameterLooks(n, c)
	label, hint := b.label(n), b.hint(n)
	if label == nil {
		label = el("label")
	}
	c.add(label)
	if hint != nil {
		c.add(hint)
	} else if n.Type == "phone number" {
		c.add(el("hint").text("Enter numbers only."))
	}
	b.choicesOf(n, c)
	for _, t := range n.triggers {
		if t.Type != "background-geopoint" {
			c.add(b.setvalue(t, "xforms-value-changed", t.Calculation))
		}
	}
	for _, t := range n.triggers {
		if t.Type == "background-geopoint" {
			c.add(el("odk:setgeopoint", "ref", t.path, "event", "xforms-value-changed"))
		}
	}
	return c
}

func (b *builder) parameterLooks(n *node, c *element) {
	p := n.Parameters
	set := func(name, key string) {
		if p[key] != "" {
			c.set(name, p[key])
		}
	}
	switch n.Type {
	case "text":
		set("rows", "rows")
	case "image":
		if n.Appearance == "" || n.Appearance == "annotate" {
			set("intent", "app")
		}
	case "geopoint":
		set("accuracyThreshold", "capture-accuracy")
		set("unacceptableAccuracyThreshold", "warning-accuracy")
	case "geotrace", "geoshape":
		if p["incremental"] != "" {
			c.set("incremental", "true")
		}
	case "range":
		c.set("start", cmp.Or(p["start"], "1"))
		c.set("end", cmp.Or(p["end"], "10"))
		c.set("step", cmp.Or(p["step"], "1"))
		set("odk:tick-interval", "tick_interval")
		set("odk:placeholder", "placeholder")
	}
}

// choicesOf writes what a question offers to choose from.
func (b *builder) choicesOf(n *node, c *element) {
	switch {
	case n.Type == "select_one_external":
		c.set("query", b.filtered("instance('"+n.List+"')/root/item", n))
	case n.Type == "osm":
		b.tags(n, c)
	case n.From != "":
		c.add(b.fromRepeat(n, b.lookup(n.From)))
	case n.File != "":
		stem := strings.TrimSuffix(path.Base(n.File), path.Ext(n.File))
		value, label := "name", "label"
		if strings.EqualFold(path.Ext(n.File), ".geojson") {
			value, label = "id", "title"
		}
		c.add(b.itemset(n, "instance('"+stem+"')/root/item", cmp.Or(n.Parameters["value"], value), cmp.Or(n.Parameters["label"], label)))
	case n.List != "" && searches(n.Node):
		b.inlineItems(n, c)
	case n.List != "":
		c.add(b.listItems(n, n.List))
	case n.Type == "range" && n.Parameters["tick_labelset"] != "":
		c.add(b.listItems(n, n.Parameters["tick_labelset"]))
	case n.Parameters["reference-geometry"] != "":
		b.geometry(n, c)
	}
}

// geometry offers the shapes of a list, a file or a repeat on the map.
func (b *builder) geometry(n *node, c *element) {
	source := n.Parameters["reference-geometry"]
	if strings.HasPrefix(source, "${") && refLen(source) == len(source) {
		name, _ := refName(source)
		repeat := b.lookup(name)
		if repeat == nil {
			return
		}
		for _, child := range repeat.children {
			if child.Name == "geometry" {
				c.add(b.fromRepeat(n, child))
				return
			}
		}
		c.add(b.fromRepeat(n, &node{Node: &forms.Node{Name: "geometry"}, path: repeat.path + "/geometry", parent: repeat}))
		return
	}
	if b.form.Lists[source] != nil {
		c.add(b.listItems(n, source))
		return
	}
	c.add(b.itemset(n, "instance('"+source+"')/root/item", "name", "label"))
}

func (b *builder) listItems(n *node, list string) *element {
	label := "label"
	if b.listNeedsItext(list) {
		label = "jr:itext(itextId)"
	}
	return b.itemset(n, "instance('"+list+"')/root/item", "name", label)
}

// itemset lists the items of another instance.
func (b *builder) itemset(n *node, items, value, label string) *element {
	return el("itemset", "nodeset", b.randomized(b.filtered(items, n), n)).add(el("value", "ref", value), el("label", "ref", label))
}

func (b *builder) filtered(items string, n *node) string {
	if n.ChoiceFilter == "" {
		return items
	}
	return items + "[" + b.rewrite(n.ChoiceFilter, n, true) + "]"
}

func (b *builder) randomized(items string, n *node) string {
	if !strings.EqualFold(n.Parameters["randomize"], "true") {
		return items
	}
	if seed := n.Parameters["seed"]; seed != "" {
		return "randomize(" + items + ", " + strings.TrimSpace(b.rewrite(seed, n, false)) + ")"
	}
	return "randomize(" + items + ")"
}

// fromRepeat offers the answers to a repeated question. In the filter, names from the
// same repeat mean the item that is offered.
func (b *builder) fromRepeat(n, answer *node) *element {
	if answer == nil {
		return el("itemset")
	}
	repeat := answer.repeat()
	if repeat == nil {
		return el("itemset")
	}
	items := repeat.path
	if relative, ok := relativePath(n, repeat); ok {
		items = relative
	} else if n.within(repeat) {
		items = strings.TrimSuffix(strings.Repeat("../", strings.Count(strings.TrimPrefix(n.path, repeat.path), "/")), "/") + "/../" + repeat.Name
	}
	ref := strings.TrimPrefix(answer.path, repeat.path+"/")
	filter := "./" + ref + " != ''"
	if n.ChoiceFilter != "" {
		filter = b.filterFor(n, repeat)
	}
	return el("itemset", "nodeset", b.randomized(items+"["+filter+"]", n)).add(el("value", "ref", ref), el("label", "ref", ref))
}

func (b *builder) filterFor(n, repeat *node) string {
	var out strings.Builder
	for _, t := range lex(n.ChoiceFilter) {
		if t.kind != refToken {
			out.WriteString(t.text)
			continue
		}
		name, lastSaved := refName(t.text)
		target := b.lookup(name)
		if target != nil && !lastSaved && target.repeat() == repeat {
			out.WriteString(" ./" + strings.TrimPrefix(target.path, repeat.path+"/") + " ")
			continue
		}
		out.WriteString(b.pathOf(t.text, n, true, false))
	}
	return out.String()
}

// searches reports whether the choices name the columns of a search() instead of
// being choices themselves.
func searches(n *forms.Node) bool { return strings.Contains(n.Appearance, "search(") }

func (b *builder) inlineItems(n *node, c *element) {
	list := b.form.Lists[n.List]
	if list == nil {
		return
	}
	translated := b.listNeedsItext(n.List)
	for i, choice := range list.Choices {
		label := el("label")
		if translated {
			label.set("ref", itextRef(choiceID(n.List, i)))
		} else {
			label.text(choice.Label[""])
		}
		c.add(el("item").add(label, el("value").text(choice.Name)))
	}
}

func (b *builder) tags(n *node, c *element) {
	list := b.form.OSM[n.List]
	if list == nil {
		return
	}
	for _, choice := range list.Choices {
		label, _ := choice.Label.In(b.form, "")
		c.add(el("tag", "key", choice.Name).add(el("label").text(label)))
	}
}
