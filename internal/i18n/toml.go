package i18n

import (
	"fmt"
	"strconv"
	"strings"
)

// parse reads the part of TOML that catalogs use: comments, `dotted.key = "text"`
// before the first table, and `[dotted.key]` tables of plural categories.
func parse(file, text string, into map[string]message) error {
	table := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		at := func(why string) error { return fmt.Errorf("%s:%d: %s", file, i+1, why) }
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '[':
			table = strings.TrimSuffix(line[1:], "]")
			if !strings.HasSuffix(line, "]") || table == "" {
				return at("a table is written [key]")
			}
			if _, ok := into[table]; ok {
				return at("key " + table + " is given twice")
			}
			into[table] = message{}
			continue
		}
		key, quoted, ok := strings.Cut(line, "=")
		if !ok {
			return at(`expected key = "text"`)
		}
		key = strings.TrimSpace(key)
		value, err := strconv.Unquote(strings.TrimSpace(quoted))
		if err != nil {
			return at("the text must stand in double quotes on one line")
		}
		if table == "" {
			if _, ok := into[key]; ok {
				return at("key " + key + " is given twice")
			}
			into[key] = message{"other": value}
			continue
		}
		switch key {
		case "one", "many", "other":
			into[table][key] = value
		default:
			return at("a table holds one, many and other; keys with dots stand before the first table")
		}
	}
	return nil
}
