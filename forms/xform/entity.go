package xform

import (
	"github.com/comparanda/comparanda/forms"
)

// entity is a thing on the server that an answer creates or updates.
type entity struct {
	dataset                   string
	label, id, create, update string
	at                        *node // the group, repeat or form that declares it
}

// placeEntities ties the form's entities to the groups that declare them.
func (b *builder) placeEntities() {
	byPath := map[string]*node{"": b.root}
	b.root.walk(func(n *node) { byPath[n.path[len(b.root.path):]] = n })
	for _, row := range b.form.Entities {
		at := byPath[row["container"]]
		if at == nil || at.entity != nil {
			continue // the reader refuses such forms
		}
		at.entity = &entity{
			dataset: row["list_name"], label: row["label"], id: row["entity_id"],
			create: row["create_if"], update: row["update_if"], at: at,
		}
		b.entities = append(b.entities, at.entity)
	}
}

// entityVersion says which version of the entities specification a client must know:
// entities in repeats, and several in one form, came later.
func (b *builder) entityVersion(model *element) {
	if len(b.entities) == 0 {
		return
	}
	version := "2024.1.0"
	if len(b.entities) > 1 || b.entities[0].at != b.root {
		version = "2025.1.0"
	}
	model.set("entities:entities-version", version)
}

// element writes the entity's node in meta.
func (e *entity) element() *element {
	out := el("entity", "dataset", e.dataset)
	if e.creates() {
		out.set("create", "1")
	}
	if e.updates() {
		out.set("update", "1")
		out.set("baseVersion", "")
		out.set("trunkVersion", "")
		out.set("branchId", "")
	}
	out.set("id", "")
	if e.label != "" {
		out.add(el("label"))
	}
	return out
}

func (e *entity) creates() bool { return e.id == "" || e.create != "" }
func (e *entity) updates() bool { return e.id != "" }

// node of the entity, for paths that begin at it.
func (e *entity) node() *node {
	meta := &node{Node: &forms.Node{Kind: forms.Group, Name: "meta"}, path: e.at.path + "/meta", parent: e.at}
	return &node{Node: &forms.Node{Kind: forms.Group, Name: "entity"}, path: meta.path + "/entity", parent: meta}
}

// newID makes the action that gives a created entity its id; none when the id is
// computed.
func (e *entity) newID(event string) []any {
	if e.id != "" {
		return nil
	}
	return []any{el("setvalue", "ref", e.at.path+"/meta/entity/@id", "event", event, "value", "uuid()")}
}

// entityBinds writes what becomes of each entity. Its expressions count from their own
// node: an attribute of the entity, or its label.
func (b *builder) entityBinds(binds *element) {
	for _, e := range b.entities {
		at := e.node()
		bind := func(name, expr string) {
			from := &node{Node: &forms.Node{Name: name}, path: at.path + "/" + name, parent: at}
			out := el("bind", "nodeset", from.path, "readonly", "true()", "type", "string")
			if expr != "" {
				out.set("calculate", b.rewrite(expr, from, false))
			}
			binds.add(out)
		}
		if e.create != "" {
			bind("@create", e.create)
		}
		if e.update != "" {
			bind("@update", e.update)
		}
		if e.updates() {
			items := "instance('" + e.dataset + "')/root/item[name=" + e.id + "]/"
			bind("@baseVersion", items+"__version")
			bind("@trunkVersion", items+"__trunkVersion")
			bind("@branchId", items+"__branchId")
		}
		bind("@id", e.id)
		binds.add(e.newID("odk-instance-first-load")...)
		if e.label != "" {
			bind("label", e.label)
		}
	}
}
