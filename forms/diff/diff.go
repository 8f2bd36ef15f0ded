// Package diff compares two versions of a questionnaire as its author thinks of them:
// questions added, removed, renamed, moved and reworded, rules and choices changed, and
// what each change means to answers that were given to the old form.
//
// A question is known by its path, as its answers are. One that is gone and one that
// came may be the same under another name; that is said to be a guess. Only the
// smallest set of rows counts as moved. What is said of answers is what forms/fill and
// the service around it do with them today; the package itself knows no answers.
package diff

import (
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// Report is what differs between two forms, in the order of the new one.
type Report struct {
	Old, New Side
	Changes  []Change
}

// Side is one of the two forms.
type Side struct {
	ID, Version, Title string
}

// Kind tells what kind of difference a Change is.
type Kind string

// The kinds of Change.
const (
	Added           Kind = "added"
	Removed         Kind = "removed"
	Renamed         Kind = "renamed"
	Moved           Kind = "moved"
	Retyped         Kind = "type"     // another type, or a group became a repeat
	Reworded        Kind = "reworded" // label, hint, message or medium in one language
	Ruled           Kind = "rule"     // any other column of the survey
	ChoiceAdded     Kind = "choice_added"
	ChoiceRemoved   Kind = "choice_removed"
	ChoiceRenamed   Kind = "choice_renamed"
	ChoiceReworded  Kind = "choice_reworded"
	ChoiceRuled     Kind = "choice_rule" // any other column of the choices
	ChoiceMoved     Kind = "choice_moved"
	ListAdded       Kind = "list_added"
	ListRemoved     Kind = "list_removed"
	Setting         Kind = "setting"
	LanguageAdded   Kind = "language_added"
	LanguageRemoved Kind = "language_removed"
	LanguageRenamed Kind = "language_renamed"
	SheetChanged    Kind = "sheet" // another sheet that belongs to the form
	FileChanged     Kind = "file"  // a list beside the form
)

// Change is one difference. Fields that do not apply are empty.
type Change struct {
	Kind             Kind
	Section          string // path of the top-level group or repeat in the new form; of the old one when it is gone
	Path, OldPath    string // question path in each form
	Label            string // of the question or choice, in the form's default language
	List, Choice     string
	Column           string // of the sheet: "relevant", "label::Español (es)"; or the setting or sheet
	Old, New         string // texts of that column; for Moved, what stands or stood before the row
	OldPlace, Place  forms.Place
	Inside           []string     // question paths in a group or repeat that came or went as a whole
	Guess            bool         // that this is a change of one thing, and not two
	Effect           Effect       // on answers given to the old form; "" when there is none
	EffectText       message.Text // the same in a sentence
	heading          message.Text
	was, is          message.Text // Old and New, where they are words of ours
	section, at, sub int          // order in the report
}

// Compare lists what differs between two versions of a form.
func Compare(before, after *forms.Form) *Report {
	c := &comparison{before: before, after: after, langs: pairLanguages(before, after), report: &Report{Old: side(before), New: side(after)}}
	c.pairing = pair(before, after, c.langs)
	c.order()
	c.settings()
	c.languages()
	c.nodes()
	c.lists("choices", before.Lists, after.Lists)
	c.lists("external_choices", before.External, after.External)
	c.lists("osm", before.OSM, after.OSM)
	c.sheets()
	c.files()
	c.arrange()
	return c.report
}

func side(f *forms.Form) Side { return Side{ID: f.ID, Version: f.Version, Title: f.Title} }

// comparison is a Compare under way.
type comparison struct {
	before, after *forms.Form
	langs         []langPair
	pairing       *pairing
	places        map[*forms.Node]int // order of the nodes of both forms
	report        *Report
}

func (c *comparison) add(change Change) {
	change.EffectText = change.Effect.say(change.OldPath)
	c.report.Changes = append(c.report.Changes, change)
}
