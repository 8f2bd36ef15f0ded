package xpath

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits on XML from outside (I5).
const (
	maxXMLDepth  = 64
	maxXMLTokens = 200_000
)

// ParseXML reads a document into a tree whose root is a Document node; texts are nodes
// of their own. A document type declaration is refused, and so are deep nesting and
// very many parts.
func ParseXML(r io.Reader) (*Node, error) {
	doc := &Node{Kind: Document}
	at, depth := doc, 0
	var text strings.Builder // of the text node under way
	dec := xml.NewDecoder(r)
	for count := 0; ; count++ {
		if count > maxXMLTokens {
			return nil, errors.New("the document has too many parts")
		}
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read XML: %w", err)
		}
		if _, more := tok.(xml.CharData); !more && text.Len() > 0 {
			at.Append(&Node{Kind: TextNode, Text: text.String()})
			text.Reset()
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return nil, errors.New("the document nests too deep")
			}
			n := &Node{Name: tok.Name.Local, Space: tok.Name.Space}
			for _, a := range tok.Attr {
				if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
					continue
				}
				n.Attrs = append(n.Attrs, &Node{Kind: Attribute, Name: a.Name.Local, Space: a.Name.Space, Text: a.Value, Parent: n})
			}
			at.Append(n)
			at = n
		case xml.EndElement:
			at = at.Parent
			depth--
		case xml.CharData:
			if at.Kind != Document {
				text.Write(tok)
			}
		case xml.Comment:
			at.Append(&Node{Kind: Comment, Text: string(tok)})
		case xml.Directive:
			if text := strings.ToUpper(string(tok)); strings.HasPrefix(text, "DOCTYPE") && (strings.ContainsAny(text, "[\"'") || strings.Contains(text, "SYSTEM") || strings.Contains(text, "PUBLIC")) {
				return nil, errors.New("a document type declaration with definitions is not allowed")
			}
		}
	}
	for _, c := range doc.Children {
		if c.Kind == Element {
			return doc, nil
		}
	}
	return nil, errors.New("the document has no element")
}
