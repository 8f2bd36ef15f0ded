// Package forms is the questionnaire as data: questions, groups, repeats, choices,
// texts by language, and problems with their places. It knows neither where a form
// came from (see forms/xlsform) nor how one is filled in (see forms/fill).
//
// Names follow the XLSForm reference (xlsform.org). A Form is built once and then
// only read; it may be shared between goroutines.
package forms

import "github.com/comparanda/comparanda/forms/message"

// Form is one questionnaire, all languages together.
type Form struct {
	ID              string                         // settings form_id
	Version         string                         // settings version, as written
	Title           string                         // settings form_title
	DefaultLanguage string                         // name of a member of Languages; "" when the form has no translations
	Languages       []Language                     // in order of first appearance
	Settings        map[string]string              // every settings column, by its canonical name
	Children        []*Node                        // top level of the survey, in sheet order
	Lists           map[string]*List               // choice lists by name
	ListOrder       []string                       // names of Lists in order of first appearance
	Entities        []map[string]string            `json:",omitempty"` // rows of the entities sheet
	External        map[string]*List               `json:",omitempty"` // lists of the external_choices sheet
	OSM             map[string]*List               `json:",omitempty"` // tags of the osm sheet, by list
	Extra           map[string][]map[string]string `json:",omitempty"` // rows of sheets that are ours, by sheet name
	Files           map[string][]byte              `json:",omitempty"` // lists that came beside the form, by the name it calls them

	byPath map[string]*Node // made by Link
}

// Language is one translation of a form: `label::Español (es)` gives the name
// "Español (es)" and the code "es".
type Language struct {
	Name string // as written after "::"
	Code string // BCP 47 tag in parentheses, "" when the author gave none
}

// Text holds one text in several languages, by Language.Name; "" is the text of an
// unmarked column.
type Text map[string]string

// Kind tells what a Node is.
type Kind uint8

// The kinds of Node.
const (
	Question Kind = iota
	Group
	Repeat
)

// Node is one row of the survey sheet: a question, or a group or repeat with its children.
type Node struct {
	Kind Kind
	Name string
	Path string // from the root without indices and without the root's name: "/e/e_name"
	Type string // canonical XLSForm type without its list: "select_one", "integer", "begin group" rows have ""
	List string `json:",omitempty"` // choice list of a select or rank, "" otherwise
	File string `json:",omitempty"` // file of select_*_from_file, *-external
	Or   bool   `json:",omitempty"` // select ... or_other
	From string `json:",omitempty"` // repeated question whose answers are the choices: select_one ${name}

	Label, Hint, Guidance      Text              `json:",omitempty"`
	RequiredMessage            Text              `json:",omitempty"`
	ConstraintMessage          Text              `json:",omitempty"`
	NoAppMessage               Text              `json:",omitempty"` // shown when the app that the question opens is not there
	Media                      map[string]Text   `json:",omitempty"` // image, audio, video, big-image → file names
	Required, Relevant         string            `json:",omitempty"` // XLSForm expressions with ${name}, "" when absent
	Constraint, Calculation    string            `json:",omitempty"`
	ReadOnly, Default, Trigger string            `json:",omitempty"`
	RepeatCount, ChoiceFilter  string            `json:",omitempty"`
	Appearance                 string            `json:",omitempty"`
	Parameters                 map[string]string `json:",omitempty"`
	Bind, Body, Instance       map[string]string `json:",omitempty"` // bind::x, control::/body::x, instance::x columns
	Extra                      map[string]string `json:",omitempty"` // other columns, ours among them: core, reasons, unit, normalize, owner, exclusive, ...
	Columns                    map[string]string `json:",omitempty"` // header as written of the columns above that hold something, by canonical name
	Place                      Place
	Children                   []*Node `json:",omitempty"`
	Parent                     *Node   `json:"-"` // nil at the top level; restored by Link
}

// List is one choice list.
type List struct {
	Name    string
	Choices []*Choice
}

// Choice is one row of the choices sheet. Extra holds the columns that
// choice_filter may use and ours (reason: the missing reason a choice stands for).
type Choice struct {
	Name  string
	Label Text              `json:",omitempty"`
	Media map[string]Text   `json:",omitempty"`
	Extra map[string]string `json:",omitempty"`
	Place Place
}

// Place is where something stands in the author's file. Row counts from 1 as the
// spreadsheet program shows it; Column is the header's text, or a letter when there is none.
type Place struct {
	File   string `json:",omitempty"`
	Sheet  string `json:",omitempty"`
	Row    int    `json:",omitempty"`
	Column string `json:",omitempty"`
}

// Severity of a Problem.
type Severity uint8

// A form with an Error cannot be used; a Warning is for the author; a Note says what
// the author may want to know and need not change.
const (
	Error Severity = iota
	Warning
	Note
)

// Problem is a fault in a form that its author can mend. Text is for the author, in
// English, and names the remedy; In gives it in other languages. Key is stable.
type Problem struct {
	Severity Severity
	Key      string // for example "name.duplicate"
	Place    Place
	Name     string // question or choice concerned, "" when none
	Pos      int    // byte offset + 1 inside the expression, 0 when it does not apply
	Text     string
	Message  message.Text // Text for all languages; the zero value when there is English only
}
