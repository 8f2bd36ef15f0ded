package xlsform

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// languagesOf adds the languages of a sheet's translated columns to those found.
func languagesOf(t *table, found []forms.Language) []forms.Language {
	for _, c := range t.columns {
		if c.lang == "" || slices.ContainsFunc(found, func(l forms.Language) bool { return l.Name == c.lang }) {
			continue
		}
		found = append(found, forms.Language{Name: c.lang, Code: languageCode(c.lang)})
	}
	return found
}

// languageCode takes the tag out of "Español (es)"; a name that is itself a tag counts.
func languageCode(name string) string {
	code := name
	if open := strings.LastIndex(name, "("); open >= 0 && strings.HasSuffix(name, ")") {
		code = strings.TrimSpace(name[open+1 : len(name)-1])
	}
	if tag, err := language.Parse(code); err == nil && (len(code) == 2 || len(code) == 3 || strings.Contains(code, "-")) {
		if base, sure := tag.Base(); sure != language.No && base.String() != "und" {
			return code
		}
	}
	return ""
}

// checkLanguages settles the default language and warns of translations that are not
// there.
func (r *reader) checkLanguages() {
	f := r.form
	for _, t := range r.tables {
		f.Languages = languagesOf(t, f.Languages)
	}
	if len(f.Languages) == 0 {
		return
	}
	f.DefaultLanguage = f.Languages[0].Name
	if name := f.Settings["default_language"]; name != "" {
		r.setDefault(name)
	}
	var nameless []string
	for _, l := range f.Languages {
		if l.Code == "" {
			nameless = append(nameless, l.Name)
		}
	}
	if len(nameless) > 0 {
		r.report(forms.Warning, "language.code", forms.Place{File: r.file}, "", "no code is known for the language %s: write it in parentheses, as in “label::Español (es)”", strings.Join(nameless, ", "))
	}
	for _, t := range r.tables {
		r.checkTranslations(t)
	}
	if r.otherUntranslated {
		r.report(forms.Warning, "other.translation", forms.Place{File: r.file}, "", "or_other adds a choice 'Other' and a question that nobody translated: write both yourself instead")
	}
}

// setDefault makes the language of the settings the default. Unmarked columns are in
// that language, so it need not have columns of its own.
func (r *reader) setDefault(name string) {
	f := r.form
	for _, l := range f.Languages {
		if strings.EqualFold(l.Name, name) || l.Code != "" && strings.EqualFold(l.Code, name) {
			f.DefaultLanguage = l.Name
			return
		}
	}
	for _, t := range r.tables {
		for _, c := range t.columns {
			if c.lang == "" && (c.name == "label" || c.name == "hint") {
				f.DefaultLanguage = name
				f.Languages = append([]forms.Language{{Name: name, Code: languageCode(name)}}, f.Languages...)
				return
			}
		}
	}
	place := r.settings
	place.Column = "default_language"
	r.report(forms.Warning, "language.default", place, name, "no column is in the default_language '%s': write one of %s", name, languageNames(f.Languages))
}

func languageNames(languages []forms.Language) string {
	var names []string
	for _, l := range languages {
		names = append(names, "'"+l.Name+"'")
	}
	return strings.Join(names, ", ")
}

// checkTranslations warns of columns that one language of the sheet has and another
// has not.
func (r *reader) checkTranslations(t *table) {
	langs := map[string]map[string]bool{} // language → columns
	columns := map[string]bool{}
	for _, c := range t.columns {
		if !c.known || !(surveyColumns.translated[c.name] || choiceColumns.translated[c.name]) {
			continue
		}
		if langs[c.lang] == nil {
			langs[c.lang] = map[string]bool{}
		}
		langs[c.lang][c.name] = true
		columns[c.name] = true
	}
	if len(langs) < 2 {
		return
	}
	for _, l := range r.form.Languages {
		have := langs[l.Name]
		if have == nil {
			continue
		}
		var missing []string
		for name := range columns {
			if !have[name] && !(l.Name == r.form.DefaultLanguage && langs[""][name]) {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			slices.Sort(missing)
			r.report(forms.Warning, "language.missing", t.sheet.place(t.sheet.Rows[0].Number, ""), l.Name,
				"the language '%s' has no column for %s: add %s::%s", l.Name, strings.Join(missing, ", "), missing[0], l.Name)
		}
	}
}

// checkNames finds namesakes. Names are unique among siblings; repeats in the whole
// form, because paths into them are made from their names alone.
func (r *reader) checkNames() {
	r.checkSiblings(nil, r.form.Children)
	repeats := make(map[string]*forms.Node)
	r.form.Walk(func(n *forms.Node) bool {
		if n.Name == "meta" {
			r.reportNode(forms.Error, "name.reserved", n, "name", "the name 'meta' is reserved for what the form records about itself: choose another")
		}
		if n.Kind != forms.Repeat || n.Name == "" {
			return true
		}
		if first := repeats[n.Name]; first != nil && first.Parent != n.Parent {
			r.reportNode(forms.Error, "name.duplicate", n, "name", "the repeat name '%s' is already in row %d: the name of a repeat must be unique in the whole form, so give this one another", n.Name, first.Place.Row)
		} else {
			repeats[n.Name] = n
		}
		if !isReference(n.RepeatCount) && n.RepeatCount != "" {
			r.checkCountName(n)
		}
		if n.Name == r.rootName() {
			r.reportNode(forms.Error, "name.root", n, "name", "the repeat '%s' has the name of the form's root: choose another", n.Name)
		}
		return true
	})
}

// checkCountName keeps the name free under which a repeat's count is stored, when the
// count is an expression and not a question.
func (r *reader) checkCountName(repeat *forms.Node) {
	siblings := r.form.Children
	if repeat.Parent != nil {
		siblings = repeat.Parent.Children
	}
	for _, n := range siblings {
		if n.Name == repeat.Name+"_count" {
			r.reportNode(forms.Error, "name.reserved", n, "name", "the name '%s' is where the number of items of the repeat '%s' is stored: choose another", n.Name, repeat.Name)
		}
	}
}

// isReference reports whether an expression is one ${name} and nothing else.
func isReference(expr string) bool {
	refs := refsIn(expr)
	return len(refs) == 1 && !refs[0].bad && strings.HasPrefix(expr, "${") && strings.Index(expr, "}") == len(expr)-1
}

// rootName is what the form's root element is called unless the caller says otherwise.
func (r *reader) rootName() string {
	return cmp.Or(r.form.Settings["name"], "data")
}

// reportNode reports a problem in a column of the row that made a node.
func (r *reader) reportNode(sev forms.Severity, key string, n *forms.Node, column, format string, args ...any) {
	place := n.Place
	place.Column = cmp.Or(n.Columns[column], column)
	r.report(sev, key, place, n.Name, format, args...)
}

func (r *reader) checkSiblings(parent *forms.Node, nodes []*forms.Node) {
	exact := make(map[string]*forms.Node, len(nodes))
	folded := make(map[string]*forms.Node, len(nodes))
	for _, n := range nodes {
		if n.Name == "" {
			continue
		}
		lower := strings.ToLower(n.Name)
		switch first := exact[n.Name]; {
		case first != nil:
			r.reportNode(forms.Error, "name.duplicate", n, "name", "the name '%s' is already in row %d, %s: give this one a name of its own", n.Name, first.Place.Row, inWhat(parent))
		case folded[lower] != nil:
			r.reportNode(forms.Warning, "name.case", n, "name", "the name '%s' differs from '%s' in row %d only in capital letters, and some programs cannot tell them apart: rename one of them", n.Name, folded[lower].Name, folded[lower].Place.Row)
		}
		if exact[n.Name] == nil {
			exact[n.Name] = n
		}
		if folded[lower] == nil {
			folded[lower] = n
		}
		r.checkSiblings(n, n.Children)
	}
}

func inWhat(parent *forms.Node) message.Text {
	switch {
	case parent == nil:
		return message.New("in the same form")
	case parent.Kind == forms.Repeat:
		return message.New("in the same repeat")
	}
	return message.New("in the same group")
}

// checkLists finds selects whose list is not there.
func (r *reader) checkLists() {
	r.form.Walk(func(n *forms.Node) bool {
		switch {
		case n.Type == "osm" && n.List != "":
			r.needList(n, "type", n.List, r.form.OSM, "osm")
		case n.Type == "select_one_external":
			r.needList(n, "type", n.List, r.form.External, "external_choices")
		case n.List != "":
			r.needList(n, "type", n.List, r.form.Lists, "choices")
		case n.From != "":
			r.checkFrom(n)
		case n.Type == "range" && n.Parameters["tick_labelset"] != "":
			r.needList(n, "parameters", n.Parameters["tick_labelset"], r.form.Lists, "choices")
			r.checkTickLabels(n)
		}
		if n.Type == "select_multiple" {
			r.checkCodes(n)
		}
		if geometry := n.Parameters["reference-geometry"]; geometry != "" {
			r.checkGeometry(n, geometry)
		}
		return true
	})
	r.checkSearch()
}

func (r *reader) needList(n *forms.Node, column, list string, lists map[string]*forms.List, sheet string) {
	if lists[list] != nil {
		return
	}
	if _, there := r.sheets[sheet]; !there {
		r.noSheet(n, column, sheet)
		return
	}
	var names []string
	for name := range lists {
		names = append(names, name)
	}
	hint := didYouMean(r.nearest(list, names), message.New("add its choices there"))
	r.reportNode(forms.Error, "list.unknown", n, column, "the sheet '%s' has no list '%s': %s", sheet, list, hint)
}

func (r *reader) noSheet(n *forms.Node, column, sheet string) {
	if similar := r.similar(sheet); similar != "" {
		r.reportNode(forms.Error, "sheet.missing", n, column, "'%s' needs a sheet '%s' with the columns 'list_name', 'name' and 'label', and there is none; a sheet with a similar name is there: rename it (%s)", n.Name, sheet, similar)
		return
	}
	r.reportNode(forms.Error, "sheet.missing", n, column, "'%s' needs a sheet '%s' with the columns 'list_name', 'name' and 'label', and there is none: add it", n.Name, sheet)
}

// checkFrom wants the question of select_one ${name} to be repeated.
func (r *reader) checkFrom(n *forms.Node) {
	for _, e := range r.named[n.From] {
		if len(e.node.Repeats()) > 0 {
			return
		}
	}
	if len(r.named[n.From]) == 0 {
		r.reportNode(forms.Error, "ref.unknown", n, "type", "there is no question '%s': %s", n.From, r.question(n.From))
		return
	}
	r.reportNode(forms.Error, "list.from", n, "type", "'%s' stands in no repeat, so it gives no choices: name a question inside a repeat, or write the name of a list", n.From)
}

// checkCodes refuses codes with spaces where several are stored in one answer.
func (r *reader) checkCodes(n *forms.Node) {
	list := r.form.Lists[n.List]
	if list == nil {
		return
	}
	for _, c := range list.Choices {
		if strings.ContainsAny(c.Name, " \t\n") {
			place := c.Place
			place.Column = "name"
			r.report(forms.Error, "choice.space", place, c.Name, "the choice '%s' has a space in its name, and '%s' stores several names with spaces between them: write '%s'", c.Name, n.Name, strings.Join(strings.Fields(c.Name), "_"))
		}
	}
}

func (r *reader) checkTickLabels(n *forms.Node) {
	list := r.form.Lists[n.Parameters["tick_labelset"]]
	if list == nil {
		return
	}
	start, end := cmp.Or(n.Parameters["start"], "1"), cmp.Or(n.Parameters["end"], "10")
	noTicks := slices.Contains(strings.Fields(n.Appearance), "no-ticks")
	if noTicks && len(list.Choices) > 2 {
		r.reportNode(forms.Error, "parameters.value", n, "parameters", "the list '%s' labels more than the two ends, but the 'appearance' is 'no-ticks': keep two choices in it, or take 'no-ticks' away from the 'range' with its 'tick_labelset'", list.Name)
		return
	}
	for _, c := range list.Choices {
		if noTicks && c.Name != start && c.Name != end {
			r.reportNode(forms.Error, "parameters.value", n, "parameters", "the 'tick_labelset' of a 'range' whose 'appearance' is 'no-ticks' can only label its 'start' and 'end', %s and %s, not '%s': take this choice out", start, end, c.Name)
			return
		}
		if r.badTick(n, c.Name) {
			return
		}
	}
}

// badTick reports a label for a value that a range cannot take.
func (r *reader) badTick(n *forms.Node, value string) bool {
	bad := func(format string, args ...any) bool {
		r.reportNode(forms.Error, "parameters.value", n, "parameters", format, args...)
		return true
	}
	e := &entry{node: &forms.Node{Type: "range", Name: n.Name, Parameters: map[string]string{"v": value}}}
	quiet := &reader{form: r.form}
	e.rec = &record{table: &table{}}
	x, ok := quiet.wantNumber(e, "v", 0)
	if !ok {
		return bad("the 'tick_labelset' of the 'range' '%s' labels '%s', which is not a number: write a number of the range as name of the choice", n.Name, value)
	}
	e.node.Parameters = n.Parameters
	start, ok1 := quiet.wantNumber(e, "start", 1)
	end, ok2 := quiet.wantNumber(e, "end", 10)
	step, ok3 := quiet.wantNumber(e, "step", 1)
	if !(ok1 && ok2 && ok3) || step == 0 {
		return false // already reported
	}
	step, _ = quiet.wantNumber(e, "tick_interval", step)
	switch {
	case x < min(start, end) || x > max(start, end):
		return bad("the 'tick_labelset' of the 'range' '%s' labels '%s', which does not lie between 'start' and 'end', %s and %s: take the choice out", n.Name, value, plain(start), plain(end))
	case step != 0 && !multiple(x-start, step):
		return bad("the 'tick_labelset' of the 'range' '%s' labels '%s', which is not at one of its ticks, %s apart from %s on: correct the name of the choice", n.Name, value, plain(step), plain(start))
	}
	return false
}

// checkGeometry wants the shapes to choose from to be a list, a file or a repeat.
func (r *reader) checkGeometry(n *forms.Node, geometry string) {
	if strings.HasPrefix(geometry, "${") {
		for _, e := range r.named[strings.Trim(geometry, "${}")] {
			if e.node.Kind == forms.Repeat {
				return
			}
		}
	} else if r.form.Lists[geometry] != nil || r.hasEntityList(geometry) || r.hasFile(geometry) {
		return
	}
	r.reportNode(forms.Error, "parameters.value", n, "parameters", "the parameter 'reference-geometry' names '%s', which is neither a list of choices or entities (their list_name) nor a file of the form, nor, as ${name}, a repeat: correct the name, or add the list", geometry)
}

func (r *reader) hasEntityList(name string) bool {
	s := r.sheets["entities"]
	for _, rec := range s.Records() {
		if rec.Fields["list_name"] == name || rec.Fields["dataset"] == name {
			return true
		}
	}
	return false
}

// hasFile reports whether some question brings a file of choices called name.
func (r *reader) hasFile(name string) bool {
	found := false
	r.form.Walk(func(n *forms.Node) bool {
		stem := strings.TrimSuffix(n.File, path.Ext(n.File))
		if n.File != "" && stem == name || (n.Type == "xml-external" || n.Type == "csv-external") && n.Name == name {
			found = true
		}
		return true
	})
	return found
}

// checkSearch finds lists that hold the columns of a search() for one question and
// choices for another.
func (r *reader) checkSearch() {
	searched := make(map[string]*forms.Node)
	r.form.Walk(func(n *forms.Node) bool {
		if n.List != "" && strings.Contains(n.Appearance, "search(") && searched[n.List] == nil {
			searched[n.List] = n
		}
		return true
	})
	r.form.Walk(func(n *forms.Node) bool {
		if s := searched[n.List]; n.List != "" && s != nil && !strings.Contains(n.Appearance, "search(") {
			r.reportNode(forms.Error, "search.list", s, "appearance", "'%s' uses 'search()' with the list '%s', which '%s' uses without: give '%s' a list of its own", s.Name, n.List, n.Name, s.Name)
		}
		return true
	})
}

// sorted puts problems in the order of the sheets and rows, files first.
func sorted(problems []forms.Problem) []forms.Problem {
	rank := func(p forms.Problem) int { return slices.Index(formSheets, strings.ToLower(p.Place.Sheet)) }
	slices.SortStableFunc(problems, func(a, b forms.Problem) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Place.Row, b.Place.Row))
	})
	// A loop or a generated question may report its row once for every copy.
	return slices.CompactFunc(problems, func(a, b forms.Problem) bool {
		return fmt.Sprint(a) == fmt.Sprint(b)
	})
}
