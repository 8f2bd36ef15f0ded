package drive

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// path turns a path with positions into one with the keys of items. A repeat at the end
// without a position is the repeat itself; on the way it means the first item.
func (s *session) path(ref string) (string, error) {
	rest, ok := strings.CutPrefix(ref, "/"+s.root)
	if !ok || rest != "" && rest[0] != '/' {
		return "", fmt.Errorf("%s does not begin with /%s", ref, s.root)
	}
	at := ""
	steps := strings.Split(strings.TrimPrefix(rest, "/"), "/")
	for i, step := range steps {
		name, position, counted := strings.Cut(step, "[")
		repeat := at + "/" + name
		at = repeat
		n := s.form.Find(repeat)
		if n == nil || n.Kind != forms.Repeat || !counted && i == len(steps)-1 {
			continue
		}
		place := 1
		if counted {
			var err error
			if place, err = strconv.Atoi(strings.TrimSuffix(position, "]")); err != nil {
				return "", fmt.Errorf("%s: %q is no position", ref, position)
			}
		}
		items := s.in.Items(repeat)
		if place < 1 || place > len(items) {
			return "", fmt.Errorf("%s: the repeat has %d items", ref, len(items))
		}
		at = items[place-1]
	}
	return at, nil
}
