package xlsform

import (
	"sort"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// declaration is one row of the entities sheet: a thing that the answers create or
// update on the server.
type declaration struct {
	row     map[string]string
	rec     *record
	list    string
	uses    []use
	at      *forms.Node   // group or repeat that declares it, nil for the form
	between []*forms.Node // groups between its properties and at
}

// use is a question that a declaration needs: one that is saved to it, or one that its
// expressions name.
type use struct {
	entry *entry
	saved bool
}

// EntityContainer is the column of Form.Entities, beside those of the sheet, that holds
// the question path of the group or repeat that declares the entity; "" is the form.
const EntityContainer = "container"

// readEntities reads the declarations and finds the place of each in the form.
func (r *reader) readEntities() {
	s, ok := r.sheets["entities"]
	if !ok {
		r.checkSaveTo(nil)
		return
	}
	t := r.newTable(s, &entityColumns, nil, true)
	for _, c := range t.columns {
		if !c.known {
			r.report(forms.Error, "header.unknown", s.place(s.Rows[0].Number, c.header), c.header, "the sheet 'entities' takes no column '%s': correct its name or delete it", c.header)
		}
	}
	var all []*declaration
	for _, rec := range t.records() {
		row := make(map[string]string)
		for _, v := range rec.values {
			row[v.column] = v.text
		}
		d := &declaration{row: row, rec: rec, list: row["list_name"]}
		all = append(all, d)
		r.checkDeclaration(d, all)
	}
	r.checkSaveTo(all)
	for i, d := range all {
		r.gatherUses(d)
		r.placeDeclaration(d, all[:i], len(all))
		r.form.Entities = append(r.form.Entities, d.row)
	}
}

func (r *reader) checkDeclaration(d *declaration, all []*declaration) {
	bad := func(key, column, format string, args ...any) {
		r.report(forms.Error, key, d.rec.place(column), d.list, format, args...)
	}
	switch {
	case d.list == "":
		bad("entity.name", "list_name", "the entity list has no name: fill in its 'list_name'")
	case strings.HasPrefix(d.list, "__"):
		bad("entity.name", "list_name", "the list_name (or dataset) '%s' must not begin with two underscores: write '%s'", d.list, strings.TrimLeft(d.list, "_"))
	case strings.Contains(d.list, "."):
		bad("entity.name", "list_name", "the list_name (or dataset) '%s' must not contain a period: write '%s'", d.list, strings.ReplaceAll(d.list, ".", "_"))
	case !forms.ValidName(d.list) || strings.Contains(d.list, ":"):
		bad("entity.name", "list_name", "'%s' cannot be the list_name (or dataset) of entities: begin with a letter or “_”, and use only letters, digits, “_” and “-”", d.list)
	}
	for _, other := range all[:len(all)-1] {
		if other.list == d.list && d.list != "" {
			bad("entity.duplicate", "list_name", "the 'list_name' '%s' is already in row %d: declare each list once", d.list, other.rec.number)
		}
	}
	switch {
	case d.row["update_if"] != "" && d.row["entity_id"] == "":
		bad("entity.id", "entity_id", "the entity list '%s' has 'update_if' but no 'entity_id': write the expression that says which entity is updated, or use 'create_if' to create entities only", d.list)
	case d.row["create_if"] != "" && d.row["entity_id"] != "" && d.row["update_if"] == "":
		bad("entity.update", "update_if", "the entity list '%s' has 'create_if' and 'entity_id': add 'update_if', to say when an entity is updated instead", d.list)
	case d.row["label"] == "" && d.row["entity_id"] == "":
		bad("entity.label", "label", "the entity list '%s' creates entities without a 'label': write the expression that names them", d.list)
	}
}

// checkSaveTo looks at the names under which answers are saved.
func (r *reader) checkSaveTo(all []*declaration) {
	taken := make(map[string]*entry) // list and property → question
	for _, e := range r.questions() {
		to := e.node.Extra["save_to"]
		if to == "" || e.node.Kind != forms.Question {
			continue
		}
		bad := func(format string, args ...any) {
			r.report(forms.Error, "entity.saveto", e.placeOf("save_to"), e.node.Name, format, args...)
		}
		list, property, prefixed := strings.Cut(to, "#")
		if !prefixed {
			property, list = to, ""
			if len(all) == 1 {
				list = all[0].list
			}
		}
		switch {
		case len(all) == 0:
			bad("'save_to' needs a sheet 'entities' that declares what is saved: add it, or clear the cell")
		case len(all) > 1 && !prefixed:
			bad("there are several entity lists, so the 'save_to' '%s' must say which: write it as list_name#%s, with the 'list_name' of the 'entities' sheet (as in my_list#my_save_to)", to, to)
		case prefixed && !declared(all, list):
			bad("the 'entities' sheet has no list_name '%s', which the save_to '%s' names: %s", list, to, didYouMean(r.nearest(list, listNames(all)), message.New("add its row there, or correct the 'save_to'")))
		case strings.HasPrefix(property, "__"):
			bad("the save_to '%s' must not begin with two underscores: write '%s'", property, strings.TrimLeft(property, "_"))
		case strings.EqualFold(property, "name") || strings.EqualFold(property, "label"):
			bad("the save_to '%s' is reserved: entities have a name and a label of their own, so choose another", property)
		case !forms.ValidName(property) || strings.Contains(property, ":"):
			bad("'%s' cannot be a save_to: begin with a letter or “_”, and use only letters, digits, “_”, “-” and “.”", property)
		case taken[list+"#"+property] != nil:
			bad("the save_to property '%s' is already assigned by row '%d': give one of the two another name", property, taken[list+"#"+property].rec.number)
		default:
			taken[list+"#"+property] = e
		}
	}
}

func listNames(all []*declaration) []string {
	var names []string
	for _, d := range all {
		names = append(names, d.list)
	}
	return names
}

func declared(all []*declaration, list string) bool {
	for _, d := range all {
		if d.list == list {
			return true
		}
	}
	return false
}

// questions gives every row that became a node, in the order of the rows.
func (r *reader) questions() []*entry {
	var found []*entry
	for _, entries := range r.named {
		found = append(found, entries...)
	}
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].rec.number != found[j].rec.number {
			return found[i].rec.number < found[j].rec.number
		}
		return found[i].node.Name < found[j].node.Name
	})
	return found
}

func (e *entry) placeOf(column string) forms.Place {
	place := e.node.Place
	if header := e.node.Columns[column]; header != "" {
		column = header
	}
	place.Column = column
	return place
}

// gatherUses finds the questions that a declaration needs, in the order of their rows.
func (r *reader) gatherUses(d *declaration) {
	named := make(map[string]bool)
	for _, column := range []string{"label", "entity_id", "create_if", "update_if"} {
		for _, ref := range refsIn(d.row[column]) {
			if !ref.lastSaved {
				named[ref.name] = true
			}
			r.refs(d.row[column][ref.pos:], d.rec.place(column), d.list)
		}
	}
	for _, e := range r.questions() {
		list, _, prefixed := strings.Cut(e.node.Extra["save_to"], "#")
		saved := e.node.Extra["save_to"] != "" && e.node.Kind == forms.Question && (!prefixed || list == d.list)
		if saved {
			d.uses = append(d.uses, use{e, true})
		}
		if named[e.node.Name] {
			d.uses = append(d.uses, use{e, false})
		}
	}
}

// repeatOf is the nearest repeat around a node; nil is the form.
func repeatOf(n *forms.Node) *forms.Node {
	for a := n.Parent; a != nil; a = a.Parent {
		if a.Kind == forms.Repeat {
			return a
		}
	}
	return nil
}

func depth(n *forms.Node) int {
	d := 0
	for ; n != nil; n = n.Parent {
		d++
	}
	return d
}

// around reports whether a is n or lies around it; nil, the form, lies around all.
func around(a, n *forms.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == a {
			return true
		}
	}
	return a == nil
}

// scopePath names a scope in messages.
func scopePath(n *forms.Node) string {
	path := ""
	for ; n != nil; n = n.Parent {
		path = "/" + n.Name + path
	}
	return "/survey" + path
}

// placeDeclaration decides where an entity is declared: in the innermost repeat that
// its questions lie in, as near to them as no other entity stands.
func (r *reader) placeDeclaration(d *declaration, before []*declaration, total int) {
	var scope *forms.Node
	for _, u := range d.uses {
		if s := repeatOf(u.entry.node); depth(s) > depth(scope) {
			scope = s
		}
	}
	for _, u := range d.uses {
		if !r.inScope(d, u, scope) {
			return
		}
	}
	if len(d.uses) == 0 || total == 1 && scope == nil {
		d.at = nil
	} else {
		d.at = d.nearestContainer()
	}
	for ; ; d.at = d.at.Parent {
		d.between = d.groupsBelow()
		if free(d, before) {
			d.row[EntityContainer] = strings.TrimPrefix(scopePath(d.at), "/survey")
			return
		}
		if d.at == scope || d.at == nil {
			break
		}
	}
	other := before[len(before)-1]
	for _, b := range before {
		if b.at == d.at {
			other = b
		}
	}
	r.report(forms.Error, "entity.place", d.rec.place("list_name"), d.list,
		"the entity list '%s' has no group of its own in '%s', because the one of row %d is declared there, and each group, repeat or form declares one: put what its 'save_to' and 'label' name into a group of their own", d.list, scopePath(scope), other.rec.number)
}

// inScope wants a question to be reachable from the repeat that the entity belongs to.
func (r *reader) inScope(d *declaration, u use, scope *forms.Node) bool {
	own := repeatOf(u.entry.node)
	switch {
	case u.saved && own != scope:
		r.report(forms.Error, "entity.scope", u.entry.placeOf("save_to"), u.entry.node.Name,
			"the entity list '%s' belongs to '%s' because of another of its questions, so a 'save_to' in '%s' cannot reach it: copy the value there with a 'calculate', and save that", d.list, scopePath(scope), scopePath(own))
	case !u.saved && !around(own, scope):
		r.report(forms.Error, "entity.scope", d.rec.place("list_name"), d.list,
			"the entity list '%s' belongs to '%s' because of another question that its row or a 'save_to' names, and '%s' stands in '%s', a repeat that cannot be reached from there: copy its value with a 'calculate'", d.list, scopePath(scope), u.entry.node.Name, scopePath(own))
	default:
		return true
	}
	return false
}

// nearestContainer is the innermost group around all that is saved; when nothing is,
// around the question that lies deepest.
func (d *declaration) nearestContainer() *forms.Node {
	var at *forms.Node
	first := true
	for _, u := range d.uses {
		if !u.saved {
			continue
		}
		if first {
			at, first = u.entry.node.Parent, false
		}
		for !around(at, u.entry.node) {
			at = at.Parent
		}
	}
	if !first {
		return at
	}
	for _, u := range d.uses {
		if depth(u.entry.node.Parent) > depth(at) {
			at = u.entry.node.Parent
		}
	}
	return at
}

// groupsBelow lists the groups between the saved questions and the declaration.
func (d *declaration) groupsBelow() []*forms.Node {
	var found []*forms.Node
	for _, u := range d.uses {
		if !u.saved {
			continue
		}
		for p := u.entry.node.Parent; p != d.at && p != nil; p = p.Parent {
			found = append(found, p)
		}
	}
	return found
}

// free reports whether no other entity is declared at the place or on the way to it: a
// saved answer belongs to the first declaration above it.
func free(d *declaration, before []*declaration) bool {
	for _, b := range before {
		if b.at == d.at {
			return false
		}
		for _, n := range d.between {
			if n == b.at {
				return false
			}
		}
		for _, n := range b.between {
			if n == d.at {
				return false
			}
		}
	}
	return true
}
