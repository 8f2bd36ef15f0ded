package xform

import (
	"bufio"
	"fmt"
	"io"

	"github.com/comparanda/comparanda/forms"
)

// Element is an element of an instance, with its text or with elements in it.
type Element struct {
	Name     string
	Attrs    [][2]string // name and value
	Text     string
	Children []*Element
}

// WriteInstance writes an instance of an expanded form (see Expand) whose elements the
// caller has chosen: all that is relevant, for a submission.
func WriteInstance(w io.Writer, f *forms.Form, content []*Element) error {
	root := el(Options{}.root(f), "id", f.ID)
	if f.Version != "" {
		root.set("version", f.Version)
	}
	root.attrs = append(root.attrs, attr{"xmlns:jr", "http://openrosa.org/javarosa"}, attr{"xmlns:orx", "http://openrosa.org/xforms"})
	for _, pair := range splitNamespaces(f.Settings["namespaces"]) {
		root.set("xmlns:"+pair[0], pair[1])
	}
	for _, c := range content {
		root.add(c.element())
	}
	out := bufio.NewWriter(w)
	err := root.write(out)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write an instance of %s: %w", f.ID, err)
	}
	return nil
}

func (e *Element) element() *element {
	out := el(e.Name).text(e.Text)
	for _, a := range e.Attrs {
		out.set(a[0], a[1])
	}
	for _, c := range e.Children {
		out.add(c.element())
	}
	return out
}
