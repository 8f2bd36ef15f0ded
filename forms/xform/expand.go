package xform

import (
	"maps"

	"github.com/comparanda/comparanda/forms"
)

// Expand returns the form as clients see it, with all that Write spells out as nodes of
// its own: counts of repeats, the rows of a table-list, and meta with the entity and its
// attributes (named "@id" and so on). Files that come with the form, and the audit, are
// no questions there. The form given is not changed.
func Expand(f *forms.Form, o Options) *forms.Form {
	b := &builder{form: f, rootName: o.root(f), texts: newItext(f)}
	b.plant()
	b.placeEntities()
	out := *f
	out.Settings = maps.Clone(f.Settings)
	if out.Settings == nil {
		out.Settings = map[string]string{}
	}
	out.Settings["name"] = b.rootName
	out.Children = b.spelled(b.root)
	out.Children = append(out.Children, b.spelledMeta())
	out.Link()
	return &out
}

func (b *builder) spelled(parent *node) []*forms.Node {
	var list []*forms.Node
	for _, c := range parent.children {
		if external(c) || c.Type == "audit" {
			continue
		}
		n := *c.Node
		if n.Default != "" && !b.dynamicDefault(c) {
			n.Default = staticDefault(c.Node)
		}
		n.Children = b.spelled(c)
		if c.entity != nil {
			n.Children = append(n.Children, metaNode("meta", c.entity.spelled()))
		}
		list = append(list, &n)
	}
	return list
}

func metaNode(name string, children ...*forms.Node) *forms.Node {
	return &forms.Node{Kind: forms.Group, Name: name, Children: children}
}

func (b *builder) spelledMeta() *forms.Node {
	meta := metaNode("meta")
	add := func(n *forms.Node) { meta.Children = append(meta.Children, n) }
	if b.root.entity != nil {
		add(b.root.entity.spelled())
	}
	if audit := b.audit(); audit != nil {
		add(&forms.Node{Name: "audit", Type: "audit", Place: audit.Place})
	}
	s := b.form.Settings
	id := &forms.Node{Name: "instanceID", Type: "hidden", ReadOnly: "true()"}
	omitted := yes(s["omit_instanceID"])
	if !omitted {
		add(id)
	}
	if s["instance_name"] != "" {
		add(&forms.Node{Name: "instanceName", Type: "hidden", Calculation: s["instance_name"]})
	}
	if omitted {
		add(id) // a form without it is given one by the client
	}
	return meta
}

// spelled is the entity as a group whose attributes are questions.
func (e *entity) spelled() *forms.Node {
	out := metaNode("entity")
	add := func(name, value, calculation string) {
		out.Children = append(out.Children, &forms.Node{
			Name: name, Type: "hidden", ReadOnly: "true()", Default: value, Calculation: calculation, Place: e.at.Place,
		})
	}
	either := func(name, calculation string) {
		if calculation != "" {
			add(name, "", calculation)
		} else {
			add(name, "1", "")
		}
	}
	add("@dataset", e.dataset, "")
	if e.creates() {
		either("@create", e.create)
	}
	if e.updates() {
		either("@update", e.update)
		items := "instance('" + e.dataset + "')/root/item[name=" + e.id + "]/"
		add("@baseVersion", "", items+"__version")
		add("@trunkVersion", "", items+"__trunkVersion")
		add("@branchId", "", items+"__branchId")
		add("@id", "", e.id)
	} else {
		add("@id", "uuid()", "")
	}
	if e.label != "" {
		add("label", "", e.label)
	}
	return out
}
