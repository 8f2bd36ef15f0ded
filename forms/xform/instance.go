package xform

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// primary writes the instance that the answers go into.
func (b *builder) primary() *element {
	root := el(b.rootName, "id", b.form.ID)
	s := b.form.Settings
	if b.form.Version != "" {
		root.set("version", b.form.Version)
	}
	for _, setting := range [][2]string{{"prefix", "odk:prefix"}, {"delimiter", "odk:delimiter"}, {"instance_xmlns", "xmlns"}} {
		if v := s[setting[0]]; v != "" {
			root.set(setting[1], v)
		}
	}
	if yes(s["client_editable"]) {
		root.set("odk:client-editable", "true")
	}
	for _, name := range sortedKeys(s) {
		if attribute, ok := strings.CutPrefix(name, "attribute::"); ok {
			root.set(attribute, s[name])
		}
	}
	b.fill(root, b.root, bothCopies)
	if meta := b.meta(); len(meta.content) > 0 {
		root.add(meta)
	}
	return el("instance").add(root)
}

// copies says which copies of a repeat are written: its template, its first item, or both.
type copies uint8

const (
	bothCopies copies = iota
	onlyItem
	onlyTemplate
)

// fill adds the nodes below n. A repeat comes as a template and as a first item. Right
// inside a template there are only templates, and inside an item only items; a group
// inside a template has both, so that a new item begins as clients expect.
func (b *builder) fill(into *element, n *node, which copies) {
	for _, c := range n.children {
		if external(c) || c.Type == "audit" {
			continue
		}
		switch c.Kind {
		case forms.Question:
			e := b.leaf(c)
			if c.Default != "" && !b.dynamicDefault(c) {
				e.text(staticDefault(c.Node))
			}
			into.add(e)
		case forms.Group:
			inside := which
			if which == onlyTemplate {
				inside = bothCopies
			}
			into.add(b.section(b.leaf(c), c, inside))
		case forms.Repeat:
			if which != onlyItem {
				t := b.leaf(c)
				t.set("jr:template", "")
				into.add(b.section(t, c, onlyTemplate))
			}
			if which != onlyTemplate {
				into.add(b.section(b.leaf(c), c, onlyItem))
			}
		}
	}
}

// section fills a group or an item, with the entity that it declares.
func (b *builder) section(into *element, n *node, which copies) *element {
	b.fill(into, n, which)
	if n.entity != nil {
		into.add(el("meta").add(n.entity.element()))
	}
	return into
}

func (b *builder) leaf(n *node) *element {
	e := el(n.Name)
	for _, name := range sortedKeys(n.Instance) {
		e.set(name, n.Instance[name])
	}
	return e
}

// staticDefault is a default that is a value. A picture is named by where it lies.
func staticDefault(n *forms.Node) string {
	if n.Type == "image" && !strings.Contains(n.Default, "://") {
		return "jr://images/" + n.Default
	}
	return n.Default
}

// meta writes what the form records about itself.
func (b *builder) meta() *element {
	meta := el("meta")
	if b.root.entity != nil {
		meta.add(b.root.entity.element())
	}
	if b.audit() != nil {
		meta.add(el("audit"))
	}
	if !yes(b.form.Settings["omit_instanceID"]) {
		meta.add(el("instanceID"))
	}
	if b.form.Settings["instance_name"] != "" {
		meta.add(el("instanceName"))
	}
	return meta
}

func (b *builder) audit() *node {
	var found *node
	b.root.walk(func(n *node) {
		if n.Type == "audit" {
			found = n
		}
	})
	return found
}

func (b *builder) metaBinds(model *element) {
	meta := b.root.path + "/meta/"
	if audit := b.audit(); audit != nil {
		model.add(b.bind(audit, meta+"audit"))
	}
	s := b.form.Settings
	if !yes(s["omit_instanceID"]) {
		preload := s["instance_id"]
		if preload == "" {
			preload = "uid"
		}
		model.add(el("bind", "nodeset", meta+"instanceID", "type", "string", "readonly", "true()", "jr:preload", preload))
	}
	if name := s["instance_name"]; name != "" {
		model.add(el("bind", "nodeset", meta+"instanceName", "type", "string", "calculate", b.rewrite(name, b.root, false)))
	}
}

// yes reads the ways that people write a yes.
func yes(s string) bool {
	switch strings.ToLower(s) {
	case "yes", "true", "true()", "1", "y", "x":
		return true
	}
	return false
}

// secondary writes the other instances: lists of choices and files.
func (b *builder) secondary(model *element) {
	used := make(map[string]source)
	for _, name := range b.form.ListOrder {
		if b.searched(name) {
			continue
		}
		used[name] = source{kind: "choices"}
		model.add(b.choiceInstance(b.form.Lists[name]))
	}
	for _, s := range b.files() {
		if first, taken := used[s.id]; taken {
			if first.uri != s.uri {
				b.problems = append(b.problems, conflict(first, s))
			}
			continue
		}
		used[s.id] = s
		model.add(el("instance", "id", s.id, "src", s.uri))
	}
}

// source is a file that a form refers to.
type source struct {
	id, uri, kind string
	node          *node // that brings it
	column        string
}

func conflict(first, second source) forms.Problem {
	p := forms.Problem{Severity: forms.Error, Key: "instance.conflict", Name: second.id}
	for _, s := range []source{first, second} {
		if s.node != nil {
			p.Place = s.node.Place
			p.Place.Column = s.column
		}
	}
	return p.Saying(message.New("'%s' would name two things: '%s' %s and '%s' %s; give one of them another name", second.id, first.kind, first.uri, second.kind, second.uri))
}

// files lists the files that questions and expressions refer to, in document order.
func (b *builder) files() []source {
	var found []source
	names := make(map[string]*node)
	b.root.walk(func(n *node) {
		switch {
		case external(n):
			if first := names[n.Name]; first != nil && first.parent != n.parent {
				b.problems = append(b.problems, forms.Problem{
					Severity: forms.Error, Key: "instance.duplicate", Name: n.Name, Place: n.Place,
				}.Saying(message.New("'%s' is the name of an external file twice, first in row %d: the name of a file must be unique in the whole form, so give this one another", n.Name, first.Place.Row)))
			}
			names[n.Name] = n
			uri := "jr://file/" + n.Name + ".xml"
			if n.Type == "csv-external" {
				uri = "jr://file-csv/" + n.Name + ".csv"
			}
			found = append(found, source{n.Name, uri, "external", n, "type"})
		case n.File != "":
			ext := strings.ToLower(path.Ext(n.File))
			stem := strings.TrimSuffix(path.Base(n.File), path.Ext(n.File))
			uri := "jr://file/" + n.File
			if ext == ".csv" {
				uri = "jr://file-csv/" + n.File
			}
			found = append(found, source{stem, uri, "file", n, "type"})
		}
		for column, expr := range map[string]string{
			"calculation": n.Calculation, "constraint": n.Constraint, "readonly": n.ReadOnly, "required": n.Required,
			"relevant": n.Relevant, "default": n.Default, "choice_filter": n.ChoiceFilter,
		} {
			for _, id := range forms.Pulled(expr) {
				found = append(found, source{id, "jr://file-csv/" + id + ".csv", "pulldata", n, column})
			}
		}
	})
	if b.last {
		found = append(found, source{"__last-saved", "jr://instance/last-saved", "instance", nil, ""})
	}
	return found
}

// searched reports whether a list only tells a search() its columns.
func (b *builder) searched(list string) bool {
	if b.search == nil {
		b.search = map[string]bool{}
		b.root.walk(func(n *node) {
			if n.List != "" && searches(n.Node) {
				b.search[n.List] = true
			}
		})
	}
	return b.search[list]
}

// listNeedsItext reports whether the labels of a list are chosen by language: when any
// of them is translated, has media or refers to an answer.
func (b *builder) listNeedsItext(name string) bool {
	needs, known := b.itext[name]
	if !known {
		if b.itext == nil {
			b.itext = map[string]bool{}
		}
		needs = needsItext(b.form.Lists[name])
		b.itext[name] = needs
	}
	return needs
}

func needsItext(list *forms.List) bool {
	return list != nil && slices.ContainsFunc(list.Choices, func(c *forms.Choice) bool {
		return marked(c.Label) || len(c.Media) > 0 || len(lexRefs(c.Label[""])) > 0
	})
}

func choiceID(list string, index int) string { return list + "-" + strconv.Itoa(index) }

// choiceInstance writes a list with the columns that filters may use.
func (b *builder) choiceInstance(list *forms.List) *element {
	translated := b.listNeedsItext(list.Name)
	root := el("root")
	for i, c := range list.Choices {
		item := el("item")
		if translated {
			item.add(el("itextId").text(choiceID(list.Name, i)))
		}
		item.add(el("name").text(c.Name))
		if s := c.Label[""]; s != "" && !translated {
			item.add(el("label").text(s))
		}
		for _, name := range sortedKeys(c.Extra) {
			if forms.ValidName(name) && c.Extra[name] != "" {
				item.add(el(name).text(c.Extra[name]))
			}
		}
		root.add(item)
	}
	return el("instance", "id", list.Name).add(root)
}

// gatherChoiceTexts fills the translations of the lists that need them.
func (b *builder) gatherChoiceTexts() {
	for _, name := range b.form.ListOrder {
		if !b.listNeedsItext(name) {
			continue
		}
		for i, c := range b.form.Lists[name].Choices {
			id := choiceID(name, i)
			b.addText(id, "", c.Label, nil)
			b.addMedia(id, c.Media, nil)
		}
	}
}
