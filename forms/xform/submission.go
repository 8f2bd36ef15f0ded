package xform

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Submission is one filled-in form as clients send and receive it.
type Submission struct {
	FormID, Version string
	InstanceID      string // "uuid:…"
	DeprecatedID    string // the instance that this one replaces, "" for a first one
	InstanceName    string
	Answers         []Answer // in document order
}

// Answer is a value at an answer path. An item of a repeat without any answer is an
// Answer of the item's own path with an empty value.
type Answer struct {
	Path  string
	Value string
}

// errSubmission is wrapped by the errors of a submission that cannot be written or read.
var errSubmission = errors.New("not a submission of this form")

// WriteSubmission writes answers as the instance XML of the form. Every question and
// group of the form is there, empty where there is no answer; of repeats there are the
// items that the answers name, in the order in which they first do. An answer whose
// path is not in the form is an error.
func WriteSubmission(w io.Writer, f *forms.Form, s Submission, o Options) error {
	root := el(o.root(f), "id", cmp.Or(s.FormID, f.ID))
	root.attrs = append(root.attrs, attr{"xmlns:jr", "http://openrosa.org/javarosa"}, attr{"xmlns:orx", "http://openrosa.org/xforms"})
	if v := cmp.Or(s.Version, f.Version); v != "" {
		root.set("version", v)
	}
	tree, err := itemTree(f, s.Answers)
	if err != nil {
		return err
	}
	tree.write(root, f.Children)
	meta := el("meta")
	for _, m := range [][2]string{{"instanceID", s.InstanceID}, {"deprecatedID", s.DeprecatedID}, {"instanceName", s.InstanceName}} {
		if m[1] != "" {
			meta.add(el(m[0]).text(m[1]))
		}
	}
	if len(meta.content) > 0 {
		root.add(meta)
	}
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(`<?xml version="1.0" encoding="utf-8"?>`); err != nil {
		return fmt.Errorf("write submission %s: %w", s.InstanceID, err)
	}
	if err := root.write(out); err != nil {
		return fmt.Errorf("write submission %s: %w", s.InstanceID, err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write submission %s: %w", s.InstanceID, err)
	}
	return nil
}

// item is the form, or one item of a repeat, with the answers directly in it.
type item struct {
	values map[string]string  // by question path
	order  map[string][]*item // items by the repeat's question path, in order
	byKey  map[string]*item   // by the repeat's question path and key
}

func newItem() *item {
	return &item{values: make(map[string]string), order: make(map[string][]*item), byKey: make(map[string]*item)}
}

// itemTree sorts answers into items.
func itemTree(f *forms.Form, answers []Answer) (*item, error) {
	root := newItem()
	for _, a := range answers {
		path, err := forms.ParsePath(a.Path)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errSubmission, err)
		}
		n := f.Find(a.Path)
		if n == nil {
			return nil, fmt.Errorf("%w: no question %s", errSubmission, a.Path)
		}
		at := root
		for i, seg := range path {
			if seg.Key == "" {
				continue
			}
			repeat := forms.Path(path[:i+1]).Question()
			id := repeat + "\x00" + seg.Key
			if at.byKey[id] == nil {
				at.byKey[id] = newItem()
				at.order[repeat] = append(at.order[repeat], at.byKey[id])
			}
			at = at.byKey[id]
		}
		if n.Kind == forms.Question {
			at.values[path.Question()] = a.Value
		}
	}
	return root, nil
}

func (it *item) write(into *element, nodes []*forms.Node) {
	for _, n := range nodes {
		switch n.Kind {
		case forms.Question:
			if n.Type != "xml-external" && n.Type != "csv-external" {
				into.add(el(n.Name).text(it.values[n.Path]))
			}
		case forms.Group:
			g := el(n.Name)
			it.write(g, n.Children)
			into.add(g)
		case forms.Repeat:
			for _, sub := range it.order[n.Path] {
				e := el(n.Name)
				sub.write(e, n.Children)
				into.add(e)
			}
		}
	}
}

// isMeta reports whether an element of the instance belongs to the form's meta block.
func isMeta(name string) bool { return name == "meta" || strings.HasSuffix(name, ":meta") }
