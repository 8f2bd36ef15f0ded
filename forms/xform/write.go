// Package xform writes a form as an ODK XForm, the XML that ODK Collect, Enketo,
// KoboToolbox and other clients fill in, and reads and writes the instances that come
// back from them.
//
// The form must have been read without errors. Expressions are not checked here: they
// are cut into tokens, and every ${name} is replaced by a path.
package xform

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// Options of Write.
type Options struct {
	Root string // name of the instance's root element when the form gives none; "" is "data"
}

func (o Options) root(f *forms.Form) string { return cmp.Or(f.Settings["name"], o.Root, "data") }

// namespaces of an XForm, in the order they are written.
var namespaces = []string{
	"xmlns", "http://www.w3.org/2002/xforms",
	"xmlns:h", "http://www.w3.org/1999/xhtml",
	"xmlns:ev", "http://www.w3.org/2001/xml-events",
	"xmlns:xsd", "http://www.w3.org/2001/XMLSchema",
	"xmlns:jr", "http://openrosa.org/javarosa",
	"xmlns:orx", "http://openrosa.org/xforms",
	"xmlns:odk", "http://www.opendatakit.org/xforms",
}

// Write writes the form. Nothing is written when a problem is an Error; err is only
// for a writer that fails.
func Write(w io.Writer, f *forms.Form, o Options) ([]forms.Problem, error) {
	b := &builder{form: f, rootName: o.root(f), texts: newItext(f)}
	if !forms.ValidName(b.rootName) {
		return []forms.Problem{forms.Problem{
			Severity: forms.Error, Key: "name.bad", Name: b.rootName,
		}.Saying(message.New("'%s' cannot be the form_name: begin with a letter, and use letters, digits, “_”, “-” and “.” only", b.rootName))}, nil
	}
	b.plant()
	b.placeEntities()
	doc := b.document()
	if forms.Refused(b.problems) {
		return b.problems, nil
	}
	out := bufio.NewWriter(w)
	if _, err := out.WriteString("<?xml version=\"1.0\" encoding=\"utf-8\"?>"); err != nil {
		return nil, fmt.Errorf("write form %s: %w", f.ID, err)
	}
	if err := doc.write(out); err != nil {
		return nil, fmt.Errorf("write form %s: %w", f.ID, err)
	}
	if err := out.Flush(); err != nil {
		return nil, fmt.Errorf("write form %s: %w", f.ID, err)
	}
	return b.problems, nil
}

func (b *builder) document() *element {
	html := el("h:html", namespaces...)
	if len(b.form.Entities) > 0 {
		html.set("xmlns:entities", "http://www.opendatakit.org/xforms/entities")
	}
	for _, pair := range splitNamespaces(b.form.Settings["namespaces"]) {
		html.set("xmlns:"+pair[0], pair[1])
	}
	body := el("h:body")
	if style := b.form.Settings["style"]; style != "" {
		body.set("class", style)
	}
	b.bodyOf(b.root, body)
	title := cmp.Or(b.form.Title, b.form.ID)
	return html.add(el("h:head").add(el("h:title").text(title), b.model()), body)
}

func (b *builder) model() *element {
	model := el("model", "odk:xforms-version", "1.0.0")
	b.entityVersion(model)
	if s := b.submission(); s != nil {
		model.add(s)
	}
	b.gatherChoiceTexts()
	b.gatherTexts(b.root)
	if texts := b.texts.element(); texts != nil {
		model.add(texts)
	}
	primary := b.primary()
	binds := el("binds")
	b.binds(binds)
	b.entityBinds(binds)
	b.metaBinds(binds)
	model.add(primary)
	b.secondary(model) // last: whether ${last-saved#…} is used is known now
	return model.add(binds.content...)
}

// submission says where and how answers are sent.
func (b *builder) submission() *element {
	s := b.form.Settings
	out := el("submission")
	if url := s["submission_url"]; url != "" {
		out.set("action", url)
		out.set("method", "post")
	}
	for _, setting := range [][2]string{
		{"public_key", "base64RsaPublicKey"}, {"auto_send", "orx:auto-send"}, {"auto_delete", "orx:auto-delete"},
	} {
		if v := s[setting[0]]; v != "" {
			out.set(setting[1], v)
		}
	}
	if len(out.attrs) == 0 {
		return nil
	}
	return out
}

// splitNamespaces reads `a="http://a" b="http://b"`.
func splitNamespaces(s string) [][2]string {
	var found [][2]string
	for _, part := range strings.Fields(s) {
		prefix, uri, ok := strings.Cut(part, "=")
		if uri = strings.Trim(uri, `"'`); ok && forms.ValidName(prefix) {
			found = append(found, [2]string{prefix, uri})
		}
	}
	return found
}
