package fill

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// maxItems bounds the items of one repeat, maxElements what a response holds in all.
const (
	maxItems    = 10_000
	maxElements = 300_000
)

// room reports whether a repeat may have one more item.
func (in *Instance) room(have int) bool { return have < maxItems && in.size < maxElements }

func itemPath(repeat, key string) string { return repeat + "[" + key + "]" }

// itemKey finds a key that is free.
func (in *Instance) itemKey(prefix string, from int) string {
	for i := from; ; i++ {
		if key := strconv.Itoa(i); in.items[itemPath(prefix, key)] == nil {
			return key
		}
	}
}

// AddItem adds an item at the end of a repeat and returns its path. An empty key makes
// one.
func (in *Instance) AddItem(repeat, key string) (string, error) {
	parent, t, err := in.repeatAt(repeat)
	if err != nil {
		return "", err
	}
	have := len(parent.of(t))
	if key == "" {
		key = in.itemKey(repeat, have+1)
	}
	path := itemPath(repeat, key)
	if in.items[path] != nil {
		return path, nil
	}
	if _, err := forms.ParsePath(path); err != nil {
		return "", err
	}
	if !in.room(have) {
		return "", fmt.Errorf("%s: %w", repeat, ErrTooMuch)
	}
	in.addItem(parent, t, key)
	in.recount(parent, t)
	return path, in.settle()
}

// repeatAt finds the template of a repeat path and the element around it.
func (in *Instance) repeatAt(repeat string) (*element, *template, error) {
	i := strings.LastIndexByte(repeat, '/')
	if i >= 0 {
		parent := in.elementAt(repeat[:i])
		if parent != nil {
			if t := in.plan.byPath[parent.t.path+repeat[i:]]; t != nil && t.isRepeat() && t.parent == parent.t {
				return parent, t, nil
			}
		}
	}
	return nil, nil, fmt.Errorf("%s: %w", repeat, ErrNoSuchPath)
}

// Items lists the paths of a repeat's items in their order, parked ones not among them.
func (in *Instance) Items(repeat string) []string {
	return in.itemsWhere(repeat, func(e *element) bool { return !e.parked })
}

// Parked lists the items that are kept although the repeat_count no longer counts them.
func (in *Instance) Parked(repeat string) []string {
	return in.itemsWhere(repeat, func(e *element) bool { return e.parked })
}

func (in *Instance) itemsWhere(repeat string, keep func(*element) bool) []string {
	parent, t, err := in.repeatAt(repeat)
	if err != nil {
		return nil
	}
	var paths []string
	for _, e := range parent.of(t) {
		if keep(e) {
			paths = append(paths, e.item)
		}
	}
	return paths
}

// RemoveItem takes an item out with all that is in it.
func (in *Instance) RemoveItem(path string) error {
	e := in.items[path]
	if e == nil {
		return fmt.Errorf("%s: %w", path, ErrNoSuchPath)
	}
	in.take(e)
	in.recount(e.parent, e.t)
	return in.settle()
}

func (in *Instance) forget(e *element) {
	e.gone = true
	in.size--
	delete(in.changed, e)
	if e.item != "" {
		delete(in.items, e.item)
	}
	for _, c := range e.children {
		in.forget(c)
	}
}
