package fill

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
	"github.com/comparanda/comparanda/forms/xpath"
)

// ReadMedia reads a list that comes with a form as a file, for Env.File: CSV, GeoJSON or
// XML by the ending of its name. The result is an element whose child is the list's root
// element; the rows are in that one.
//
// A CSV file gives an item for each row, with an element for each column whose header is
// a name. A GeoJSON feature gives an item with its geometry as ODK writes it, its id and
// its properties.
//
// Source: ODK XForms specification, secondary instances from external files.
func ReadMedia(name string, data []byte) (*xpath.Node, error) {
	var root *xpath.Node
	var err error
	switch strings.ToLower(path.Ext(name)) {
	case ".csv":
		root, err = readCSV(data)
	case ".geojson":
		root, err = readGeoJSON(data)
	case ".xml":
		root, err = readXML(data)
	default:
		err = fmt.Errorf("it is neither .csv, .geojson nor .xml")
	}
	if err != nil {
		return nil, fmt.Errorf("read list %s: %w", name, err)
	}
	instance := &xpath.Node{Name: "instance"}
	instance.Append(root)
	return instance, nil
}

// files reads the lists that came with the form. A damaged one is an Error at the first
// question that names it.
func (c *compiler) files() {
	c.uses = c.plan.form.FileUses()
	for _, use := range c.uses {
		data, ok := c.plan.form.Files[use.Name]
		if !ok {
			continue
		}
		list, err := ReadMedia(use.Name, data)
		if err != nil {
			place := use.Node.Place
			place.Column = use.Column
			c.problems = append(c.problems, forms.Problem{Key: "file.unreadable", Place: place, Name: use.Node.Name}.
				Saying(message.New("the file '%s' beside the form cannot be read (%v): save it anew", use.Name, err)))
			continue
		}
		c.plan.files[fileID(use.Name)] = list
	}
}

func readXML(data []byte) (*xpath.Node, error) {
	doc, err := xpath.ParseXML(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	for _, c := range doc.Children {
		if c.Kind == xpath.Element {
			return c, nil
		}
	}
	return nil, io.ErrUnexpectedEOF
}

func readCSV(data []byte) (*xpath.Node, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	header, err := r.Read()
	root := &xpath.Node{Name: "root"}
	if err == io.EOF {
		return root, nil
	}
	if len(header) == 1 && strings.Contains(header[0], ";") { // as a spreadsheet in many countries saves it
		header = strings.Split(header[0], ";")
		r.Comma = ';'
	}
	for err == nil {
		var row []string
		if row, err = r.Read(); err == nil {
			root.Append(csvItem(header, row))
		}
	}
	if err != io.EOF {
		return nil, err
	}
	return root, nil
}

func csvItem(header, row []string) *xpath.Node {
	item := &xpath.Node{Name: "item"}
	for i, text := range row {
		if i < len(header) && forms.ValidName(strings.TrimSpace(header[i])) {
			item.Append(&xpath.Node{Name: strings.TrimSpace(header[i]), Text: text})
		}
	}
	return item
}

// feature is one feature of a GeoJSON file.
type feature struct {
	ID       any `json:"id"`
	Geometry *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
	Properties map[string]any `json:"properties"`
}

func readGeoJSON(data []byte) (*xpath.Node, error) {
	var file struct {
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	root := &xpath.Node{Name: "root"}
	for _, f := range file.Features {
		item := &xpath.Node{Name: "item"}
		geometry := ""
		if f.Geometry != nil {
			geometry = odkGeometry(f.Geometry.Type, f.Geometry.Coordinates)
		}
		item.Append(&xpath.Node{Name: "geometry", Text: geometry})
		if f.ID != nil {
			item.Append(&xpath.Node{Name: "id", Text: jsonText(f.ID)})
		}
		for _, name := range sortedKeys(f.Properties) {
			if forms.ValidName(name) && (name != "id" || f.ID == nil) {
				item.Append(&xpath.Node{Name: name, Text: jsonText(f.Properties[name])})
			}
		}
		root.Append(item)
	}
	return root, nil
}

func jsonText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return xpath.FormatNumber(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// odkGeometry writes "lat lon 0 0", points of lines and outlines joined by "; ".
func odkGeometry(kind string, coordinates json.RawMessage) string {
	var points [][]float64
	switch kind {
	case "Point":
		points = make([][]float64, 1)
		if json.Unmarshal(coordinates, &points[0]) != nil {
			return ""
		}
	case "LineString":
		if json.Unmarshal(coordinates, &points) != nil {
			return ""
		}
	case "Polygon":
		var rings [][][]float64
		if json.Unmarshal(coordinates, &rings) != nil || len(rings) == 0 {
			return ""
		}
		points = rings[0]
	}
	texts := make([]string, 0, len(points))
	for _, p := range points {
		if len(p) >= 2 {
			texts = append(texts, xpath.FormatNumber(p[1])+" "+xpath.FormatNumber(p[0])+" 0 0")
		}
	}
	return strings.Join(texts, "; ")
}
