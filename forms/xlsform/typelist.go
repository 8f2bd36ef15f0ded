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
