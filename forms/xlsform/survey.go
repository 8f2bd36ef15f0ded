package xlsform

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// entry is a row of the survey that became a node.
type entry struct {
	node *forms.Node
	rec  *record
	typ  rowType
}

// maxDepth is how deep groups and repeats may lie in one another.
const maxDepth = 40

// open is a group, repeat or loop that has begun and not ended.
type open struct {
	entry *entry
	end   rowKind
}

// readSurvey builds the tree. It reports false when there is no survey to read.
func (r *reader) readSurvey() bool {
	s, ok := r.sheets["survey"]
	if !ok {
		r.noSurvey(forms.Place{File: r.file})
		return false
	}
	if len(s.Rows) == 0 {
		r.report(forms.Error, "sheet.empty", s.place(1, ""), "survey", "the sheet is empty: write the column names type, name and label into its first row")
		return false
	}
	t := r.newTable(s, &surveyColumns, ourSurveyColumns, false)
	if !t.has("type") {
		r.report(forms.Error, "header.missing", s.place(s.Rows[0].Number, ""), "type", "the sheet has no column 'type': add it, with the type of question in every row")
		return false
	}
	r.tables = append([]*table{t}, r.tables...)
	var stack []open
	for _, rec := range t.records() {
		r.cleanSpaces(rec)
		rec.clean(isExpression, plainQuotes)
		stack = r.readRow(rec, stack)
	}
	for _, o := range stack {
		n := o.entry.node
		r.report(forms.Error, "group.unclosed", o.entry.rec.place("type"), n.Name,
			"'%s' of '%s' has no '%s': write it below the last row that belongs to it", kindBegin(o.end), n.Name, kindEnd(o.end))
	}
	if len(r.form.Children) == 0 && len(stack) == 0 {
		if !r.refusedIn(s) { // a question that was refused is there, and its own fault says more
			r.report(forms.Error, "survey.empty", s.place(s.Rows[0].Number, ""), "", "the survey has no question: write one below the column names")
		}
		return false
	}
	return true
}

func (r *reader) noSurvey(place forms.Place) {
	if similar := r.similar("survey"); similar != "" {
		r.report(forms.Error, "sheet.missing", place, "survey", "there is no sheet 'survey', and every form has one; a sheet with a similar name is there: rename it (%s)", similar)
		return
	}
	r.report(forms.Error, "sheet.missing", place, "survey", "there is no sheet 'survey', and every form has one: add it, with the columns type, name and label")
}

func kindName(begin rowKind) string {
	switch begin {
	case beginRepeat:
		return "repeat"
	case beginLoop:
		return "loop"
	default:
		return "group"
	}
}

func kindEnd(end rowKind) string { return "end_" + kindName(end-1) }

func kindBegin(end rowKind) string { return "begin_" + kindName(end-1) }

// isExpression tells the columns that hold expressions rather than texts.
func isExpression(column string) bool {
	switch column {
	case "relevant", "constraint", "calculation", "required", "readonly", "choice_filter", "repeat_count", "default", "trigger", "parameters", "appearance":
		return true
	}
	return strings.HasPrefix(column, "bind::")
}

// plainQuotes undoes the typographic quotation marks that word processors make.
var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'").Replace

// readRow adds one row to the tree and returns the open groups after it.
func (r *reader) readRow(rec *record, stack []open) []open {
	if yes(rec.take("disabled")) {
		return stack
	}
	cell := rec.take("type")
	if cell == "" {
		if len(rec.values) > 0 && (rec.peek("name") != "" || rec.holds("label")) {
			r.report(forms.Error, "type.missing", rec.place("type"), rec.peek("name"), "the row has no type: write one, for example text or integer, or delete the row")
		}
		return stack
	}
	typ := parseType(cell)
	switch typ.kind {
	case unknownRow:
		r.unknownType(rec, cell)
		return stack
	case endGroup, endRepeat, endLoop:
		return r.endRow(rec, typ.kind, stack)
	}
	e := r.newEntry(rec, typ, cell)
	switch {
	case len(stack) == 0:
		r.form.Children = append(r.form.Children, e.node)
	case len(stack) <= maxDepth: // deeper ones are refused, and not kept: walks are recursive
		parent := stack[len(stack)-1].entry.node
		e.node.Parent = parent
		parent.Children = append(parent.Children, e.node)
	}
	switch typ.kind {
	case beginGroup, beginRepeat, beginLoop:
		if len(stack) == maxDepth {
			r.report(forms.Error, "group.deep", rec.place("type"), e.node.Name, "the group is more than %d groups deep: take some of the groups away", maxDepth)
		}
		return append(stack, open{e, typ.kind + 1})
	}
	if typ.other {
		r.addOther(e)
	}
	return stack
}

func (r *reader) endRow(rec *record, end rowKind, stack []open) []open {
	name := rec.peek("name")
	if rec.peek("save_to") != "" {
		r.report(forms.Error, "entity.saveto", rec.place("save_to"), name, "only questions can be saved to an entity, not groups or repeats: clear this save_to")
	}
	if len(stack) == 0 {
		r.report(forms.Error, "group.unopened", rec.place("type"), name, "'%s' has no '%s' above it: delete the row, or write the one that is missing", kindEnd(end), kindBegin(end))
		return stack
	}
	last := stack[len(stack)-1]
	if last.end != end {
		n := last.entry.node
		r.report(forms.Error, "group.crossed", rec.place("type"), n.Name,
			"'%s' has no '%s' above it that is still open: what is open is '%s' of row %d, so write '%s'", kindEnd(end), kindBegin(end), n.Name, last.entry.rec.number, kindEnd(last.end))
	}
	if end == endLoop {
		r.expandLoop(last.entry)
	}
	return stack[:len(stack)-1]
}

func (r *reader) unknownType(rec *record, cell string) {
	name := rec.peek("name")
	word, rest, _ := strings.Cut(strings.ToLower(cell), " ")
	if list := selectTypes[strings.ReplaceAll(strings.ToLower(cell), " ", "_")]; list != "" {
		r.report(forms.Error, "list.missing", rec.place("type"), name, "the type '%s' needs the name of a list: write “%s LIST”", cell, list)
		return
	}
	var candidates []string
	for t := range questionTypes {
		candidates = append(candidates, t)
	}
	for t := range selectTypes {
		candidates = append(candidates, t)
	}
	candidates = append(candidates, "begin group", "end group", "begin repeat", "end repeat")
	near := r.nearest(cell, candidates)
	if near == "" && rest != "" {
		near = r.nearest(word, candidates)
	}
	hint := didYouMean(near, message.New("see xlsform.org for the types there are"))
	if name == "" {
		r.report(forms.Error, "type.unknown", rec.place("type"), name, "the type '%s' is not known: %s", cell, hint)
		return
	}
	r.report(forms.Error, "type.unknown", rec.place("type"), name, "the type '%s' of '%s' is not known: %s", cell, name, hint)
}

// headers tells how the columns that are filled in this row, and type, are called in the
// sheet. Rows with the same columns share the map.
func (rec *record) headers() map[string]string {
	key := make([]byte, 0, 128)
	for _, v := range rec.values {
		key = append(append(key, v.column...), 0)
	}
	t := rec.table
	if known, ok := t.headers[string(key)]; ok {
		return known
	}
	headers := map[string]string{"type": t.header("type", "")}
	for _, v := range rec.values {
		headers[v.column] = t.header(v.column, "")
	}
	if t.headers == nil {
		t.headers = map[string]map[string]string{}
	}
	t.headers[string(key)] = headers
	return headers
}

// newEntry makes a node of a row.
func (r *reader) newEntry(rec *record, typ rowType, cell string) *entry {
	n := &forms.Node{Place: rec.place(""), Columns: rec.headers()}
	e := &entry{node: n, rec: rec, typ: typ}
	n.Name = r.nameOf(rec, typ)
	switch typ.kind {
	case beginGroup, beginLoop:
		n.Kind = forms.Group
	case beginRepeat:
		n.Kind = forms.Repeat
	default:
		n.Type, n.List, n.File, n.From, n.Or = typ.name, typ.list, typ.file, typ.from, typ.other
	}
	if typ.kind == beginLoop {
		n.List = typ.list
	}
	r.fillTexts(e)
	r.fillLogic(e)
	r.fillRest(e)
	r.checkRow(e, cell)
	r.named[n.Name] = append(r.named[n.Name], e)
	return e
}

// nameOf reads the name, or makes one where the language does not ask for it.
func (r *reader) nameOf(rec *record, typ rowType) string {
	name := rec.take("name")
	switch {
	case typ.name == "audit":
		if name != "" && name != "audit" {
			r.report(forms.Error, "audit.name", rec.place("name"), name, "an audit must be called 'audit', not '%s': leave its name empty", name)
		}
		return "audit"
	case name == "" && typ.name == "note":
		return "generated_note_name_" + strconv.Itoa(rec.number)
	case name == "":
		r.report(forms.Error, "name.missing", rec.place("name"), "", "%s has no name: write a short one, unique in the form, without spaces", theKind(typ.kind))
	case !forms.ValidName(name):
		r.badName(rec, name)
	}
	return name
}

func theKind(kind rowKind) message.Text {
	switch kind {
	case beginGroup:
		return message.New("the group")
	case beginRepeat:
		return message.New("the repeat")
	case beginLoop:
		return message.New("the loop")
	}
	return message.New("the question")
}

func (r *reader) badName(rec *record, name string) {
	if better := suggestName(name); better != "" {
		r.report(forms.Error, "name.bad", rec.place("name"), name,
			"'%s' cannot be a name: begin with a letter or “_”, and use only letters, digits, “_”, “-” and “.”, for example '%s'", name, better)
		return
	}
	r.report(forms.Error, "name.bad", rec.place("name"), name,
		"'%s' cannot be a name: begin with a letter or “_”, and use only letters, digits, “_”, “-” and “.”", name)
}

// suggestName proposes the nearest name that would do, "" when there is none.
func suggestName(name string) string {
	var b strings.Builder
	for _, c := range strings.TrimSpace(name) {
		switch {
		case forms.ValidName("a" + string(c)):
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	s := strings.Trim(b.String(), "_")
	if s != "" && !forms.ValidName(s) {
		s = "q_" + s
	}
	if !forms.ValidName(s) {
		return ""
	}
	return s
}

func (r *reader) fillTexts(e *entry) {
	n, rec := e.node, e.rec
	n.Label = rec.takeText("label")
	n.Hint = rec.takeText("hint")
	n.Guidance = rec.takeText("guidance_hint")
	n.RequiredMessage = rec.takeText("required_message")
	n.ConstraintMessage = rec.takeText("constraint_message")
	n.NoAppMessage = rec.takeText("no_app_error_string")
	n.Media = rec.media()
}

func (r *reader) fillLogic(e *entry) {
	n, rec := e.node, e.rec
	n.Required = truth(rec.take("required"))
	n.Relevant = truth(rec.take("relevant"))
	n.ReadOnly = truth(rec.take("readonly"))
	n.Constraint = truth(rec.take("constraint"))
	n.Calculation = truth(rec.take("calculation"))
	n.Default = rec.take("default")
	n.Trigger = rec.take("trigger")
	n.RepeatCount = rec.take("repeat_count")
	n.ChoiceFilter = rec.take("choice_filter")
	n.Appearance = rec.take("appearance")
	if raw := rec.take("parameters"); raw != "" {
		n.Parameters = r.parseParameters(e, raw)
	}
}

// truth writes the ways that people say yes and no in a cell as an expression.
func truth(s string) string {
	switch strings.ToLower(s) {
	case "yes", "true", "true()":
		return "true()"
	case "no", "false", "false()":
		return "false()"
	}
	return s
}

// fillRest sorts what is left of the row into bind, body, instance and extra columns.
func (r *reader) fillRest(e *entry) {
	n := e.node
	put := func(m *map[string]string, key, value string) {
		if *m == nil {
			*m = make(map[string]string)
		}
		(*m)[key] = value
	}
	for _, v := range e.rec.values {
		header := v.column
		if v.lang != "" {
			header = e.rec.table.header(v.column, v.lang)
		}
		switch prefix, rest, cut := strings.Cut(v.column, "::"); {
		case cut && prefix == "bind":
			put(&n.Bind, rest, v.text)
		case cut && prefix == "control":
			put(&n.Body, rest, v.text)
		case cut && prefix == "instance":
			put(&n.Instance, rest, v.text)
		case contains(bodyColumns, v.column):
			put(&n.Body, v.column, v.text)
		default:
			put(&n.Extra, header, v.text)
		}
	}
	e.rec.values = nil
}

// bodyColumns are known columns that only concern how a client shows the question.
var bodyColumns = []string{"autoplay", "intent", "rows", "query"}

// refusedIn reports whether a sheet has an error so far.
func (r *reader) refusedIn(s Sheet) bool {
	return slices.ContainsFunc(r.problems, func(p forms.Problem) bool {
		return p.Severity == forms.Error && p.Place.Sheet == s.Name
	})
}
