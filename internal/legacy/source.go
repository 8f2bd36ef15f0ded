package legacy

import (
	"path"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// sourcesOf finds out what the rows of each table are: responses, or items that belong
// to the rows of another table.
func sourcesOf(tables []*Table) []Source {
	sources := make([]Source, len(tables))
	for i, t := range tables {
		sources[i] = Source{Parent: -1, Country: countryOfSheet(t)}
		for _, f := range t.Fields {
			switch metaRole(f.Header) {
			case KeyRole:
				if sources[i].Key == 0 {
					sources[i].Key = f.Position
				}
			case ParentRole:
				if sources[i].ParentKey == 0 || f.Header == "_parent_index" {
					sources[i].ParentKey = f.Position
				}
			}
		}
	}
	for i, t := range tables {
		if sources[i].ParentKey == 0 || t.Orientation != Rows {
			continue
		}
		sources[i].Parent = parentOf(tables, sources, i)
		if sources[i].Parent < 0 {
			sources[i].ParentKey = 0
		}
	}
	for i, t := range tables {
		if sources[i].Parent >= 0 {
			linkKeys(tables, sources, i, t)
		}
	}
	return sources
}

// parentOf finds the table that a table of items belongs to: KoboToolbox names it, and
// ODK Central names files after each other.
func parentOf(tables []*Table, sources []Source, child int) int {
	for _, f := range tables[child].Fields {
		if f.Header != "_parent_table_name" || len(f.Seen.Order) == 0 {
			continue
		}
		for i, t := range tables {
			if i != child && strings.EqualFold(t.Name, f.Seen.Order[0]) {
				return i
			}
		}
	}
	best, first := -1, -1
	for i, t := range tables {
		if i == child || t.Orientation != Rows {
			continue
		}
		if strings.HasPrefix(tables[child].Name, t.Name) && (best < 0 || len(t.Name) > len(tables[best].Name)) {
			best = i
		}
		if sources[i].ParentKey == 0 && first < 0 {
			first = i
		}
	}
	if best >= 0 {
		return best
	}
	return first
}

// linkKeys chooses the key of the parent that the child's values are: "_index" for
// "_parent_index", "KEY" for "PARENT_KEY".
func linkKeys(tables []*Table, sources []Source, child int, t *Table) {
	parent := sources[child].Parent
	want := ""
	for _, f := range t.Fields {
		if f.Position == sources[child].ParentKey {
			switch f.Header {
			case "_parent_index":
				want = "_index"
			case "PARENT_KEY":
				want = "KEY"
			case "_submission__id":
				want = "_id"
			}
		}
	}
	for _, f := range tables[parent].Fields {
		if f.Header == want && want != "" {
			sources[parent].LinkKey = f.Position
		}
	}
	if sources[parent].LinkKey == 0 {
		sources[parent].LinkKey = sources[parent].Key
	}
}

// countryOfSheet reads the country in a sheet's name: "CRI", "Costa Rica", "2019 Panamá".
func countryOfSheet(t *Table) study.ISO3 {
	if iso3, ok := CountryOf(t.Name); ok {
		return iso3
	}
	words := strings.FieldsFunc(t.Name, func(r rune) bool { return strings.ContainsRune(" _-.()", r) })
	for n := min(len(words), 4); n >= 1; n-- {
		for i := 0; i+n <= len(words); i++ {
			part := strings.Join(words[i:i+n], " ")
			if len(part) < 3 || len(part) == 3 && part != strings.ToUpper(part) {
				continue
			}
			if iso3, ok := CountryOf(part); ok {
				return iso3
			}
		}
	}
	if t.Country != "" {
		return t.Country
	}
	base := path.Base(t.File)
	iso3, _ := CountryOf(strings.TrimSuffix(base, path.Ext(base)))
	return iso3
}
