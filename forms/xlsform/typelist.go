package xlsform

import (
	"maps"
	"slices"
)

// Types lists the canonical names of all question types, sorted; groups and repeats are
// not among them.
func Types() []string {
	known := map[string]bool{}
	for _, table := range []map[string]string{questionTypes, selectTypes} {
		for _, name := range table {
			known[name] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// Columns lists the canonical names of the columns of a form's sheets, sorted, by sheet:
// survey, choices, settings, entities. Columns of ours are among them.
func Columns() map[string][]string {
	names := map[string][]string{}
	for _, s := range []struct {
		sheet string
		set   *columnSet
		ours  map[string]bool
	}{
		{"survey", &surveyColumns, ourSurveyColumns},
		{"choices", &choiceColumns, ourChoiceColumns},
		{"settings", &settingColumns, nil},
		{"entities", &entityColumns, nil},
	} {
		known := maps.Clone(s.ours)
		if known == nil {
			known = map[string]bool{}
		}
		for _, name := range s.set.aliases {
			known[name] = true
		}
		names[s.sheet] = slices.Sorted(maps.Keys(known))
	}
	return names
}
