package xpath

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// request is one line that Batch reads.
type request struct {
	ID      string            `json:"id"`
	Expr    string            `json:"expr"`
	XML     string            `json:"xml"`
	Context string            `json:"context"`
	Root    string            `json:"root"`
	NS      map[string]string `json:"ns"`
	Lang    string            `json:"lang"`
	NowMS   *float64          `json:"now_ms"`
	TZ      string            `json:"tz"`
	Want    string            `json:"want"`
}

type reply struct {
	ID    string `json:"id"`
	Type  string `json:"type,omitempty"`
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

// Batch evaluates JSON lines {"id","expr","xml","context","want",...} and writes one
// line for each, in order: {"id","type","value"} or {"id","error"}. A line that is no
// request gets an error without an id. A line may be 64 MB long.
func Batch(r io.Reader, w io.Writer) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 64<<20)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for in.Scan() {
		if len(strings.TrimSpace(in.Text())) == 0 {
			continue
		}
		var q request
		var a reply
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			a = reply{Error: "the line is no request: " + err.Error()}
		} else {
			a = q.answer()
		}
		a.ID = q.ID
		if err := out.Encode(a); err != nil {
			return fmt.Errorf("write answer: %w", err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read requests: %w", err)
	}
	return nil
}

func (q request) answer() reply {
	v, err := q.eval()
	if err != nil {
		return reply{Error: err.Error()}
	}
	zone := q.zone()
	switch q.Want {
	case "boolean":
		return reply{Type: "boolean", Value: v.Boolean()}
	case "number":
		return reply{Type: "number", Value: jsonNumber(v.Number(zone))}
	case "string":
		return reply{Type: "string", Value: v.String()}
	case "nodes":
		if v.Type != NodesType {
			return reply{Error: "the result is a " + v.Type.String() + ", not nodes"}
		}
	}
	switch v.Type {
	case BooleanType:
		return reply{Type: "boolean", Value: v.Bool}
	case NumberType:
		return reply{Type: "number", Value: jsonNumber(v.Num)}
	case NodesType:
		paths := make([]string, len(v.Nodes))
		for i, n := range v.Nodes {
			paths[i] = pathOf(n)
		}
		return reply{Type: "nodes", Value: paths}
	}
	return reply{Type: "string", Value: v.Str}
}

func (q request) zone() *time.Location {
	if zone, err := time.LoadLocation(q.TZ); err == nil {
		return zone
	}
	return time.UTC
}

func (q request) eval() (Value, error) {
	e, err := Parse(q.Expr)
	if err != nil {
		return Value{}, err
	}
	e.bindPrefixes(q.NS)
	doc, err := ParseXML(strings.NewReader(q.XML))
	if err != nil {
		return Value{}, err
	}
	root, err := nodeAt(doc, q.Root)
	if err != nil {
		return Value{}, err
	}
	node, err := nodeAt(doc, q.Context)
	if err != nil {
		return Value{}, err
	}
	c := &Context{Node: node, Root: root, Zone: q.zone(), Lang: q.Lang, Instance: func(id string) *Node { return instanceOf(doc, id) }}
	if q.NowMS != nil {
		now := time.UnixMilli(int64(*q.NowMS))
		c.Now = func() time.Time { return now }
	}
	c.Itext = func(id string) (Value, bool) { return itext(doc, q.Lang, id) }
	return e.Eval(c)
}

// javarosa is the namespace of the functions with the prefix "jr".
const javarosa = "http://openrosa.org/javarosa"

// bindPrefixes resolves the namespace prefixes of names.
func (e *Expr) bindPrefixes(ns map[string]string) {
	e.root.walk(func(t term) {
		switch t := t.(type) {
		case *location:
			for i := range t.steps {
				if p := t.steps[i].test.prefix; p != "" {
					t.steps[i].test.space = ns[p]
				}
			}
		case *call:
			prefix, local, ok := strings.Cut(t.name, ":")
			if space := ns[prefix]; ok && space != "" {
				if t.name = "{" + space + "}" + local; space == javarosa {
					t.name = "jr:" + local
				}
			}
		}
	})
}

// itext finds a text by its id in an XForm's model, in a language or the default one.
func itext(doc *Node, lang, id string) (Value, bool) {
	var translations []*Node
	descend(&Context{Steps: 1 << 30}, doc, func(n *Node) {
		if n.Name == "translation" && n.Parent.Name == "itext" {
			translations = append(translations, n)
		}
	})
	if len(translations) == 0 {
		return Value{}, false
	}
	chosen := translations[0]
	for _, t := range translations {
		if attribute(t, "default") != nil {
			chosen = t
		}
	}
	for _, t := range translations {
		if a := attribute(t, "lang"); a != nil && a.Text == lang && lang != "" {
			chosen = t
		}
	}
	var values []*Node
	for _, text := range chosen.Children {
		if a := attribute(text, "id"); a == nil || a.Text != id {
			continue
		}
		for _, v := range text.Children {
			if v.Name == "value" && (attribute(v, "form") == nil) {
				values = append(values, v)
			}
		}
	}
	return NodeSet(values), true
}

func attribute(n *Node, name string) *Node {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// jsonNumber writes the numbers that JSON lacks as texts.
func jsonNumber(n float64) any {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return FormatNumber(n)
	}
	if n == 0 && math.Signbit(n) {
		return "-0"
	}
	return n
}

// pathOf names a node by positions: /*[1]/*[2]/text()[1], /*[1]/@id.
func pathOf(n *Node) string {
	if n.Parent == nil || n.Kind == Document {
		return "/"
	}
	up := pathOf(n.Parent)
	if up == "/" {
		up = ""
	}
	if n.Kind == Attribute {
		if n.Space != "" {
			return up + "/@{" + n.Space + "}" + n.Name
		}
		return up + "/@" + n.Name
	}
	i := 0
	for _, m := range n.Parent.Children {
		if m.Kind == n.Kind {
			i++
		}
		if m == n {
			break
		}
	}
	what := map[Kind]string{Element: "*", TextNode: "text()", Comment: "comment()"}[n.Kind]
	return fmt.Sprintf("%s/%s[%d]", up, what, i)
}

// nodeAt finds the node that pathOf names.
func nodeAt(doc *Node, path string) (*Node, error) {
	at := doc
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if part == "" {
			continue
		}
		next := childAt(at, part)
		if next == nil {
			return nil, fmt.Errorf("there is no node %s", path)
		}
		at = next
	}
	return at, nil
}

func childAt(n *Node, part string) *Node {
	if name, ok := strings.CutPrefix(part, "@"); ok {
		if i := strings.LastIndexByte(name, '}'); i >= 0 {
			name = name[i+1:]
		}
		for _, a := range n.Attrs {
			if a.Name == name {
				return a
			}
		}
		return nil
	}
	what, index, _ := strings.Cut(part, "[")
	want, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
	if err != nil {
		want = 1
	}
	for _, c := range n.Children {
		same := what == "*" && c.Kind == Element || what == "text()" && c.Kind == TextNode || what == "comment()" && c.Kind == Comment || what == c.Name
		if same {
			if want--; want == 0 {
				return c
			}
		}
	}
	return nil
}

// instanceOf finds the content of <instance id="..."> in an XForm's model.
func instanceOf(n *Node, id string) *Node {
	for _, c := range n.Children {
		if c.Name == "instance" {
			for _, a := range c.Attrs {
				if a.Name == "id" && a.Text == id {
					return c
				}
			}
		}
		if found := instanceOf(c, id); found != nil {
			return found
		}
	}
	return nil
}
