package drive

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xpath"
)

// media are the files that come with a form: in a folder, or given in the job.
type media struct {
	folder string
	bodies map[string]string // by file name
	read   map[string]*xpath.Node
}

// maxMediaBytes bounds one file.
const maxMediaBytes = 32 << 20

func newMedia(raw json.RawMessage) (media, error) {
	m := media{bodies: map[string]string{}, read: map[string]*xpath.Node{}}
	if len(raw) == 0 || string(raw) == "null" {
		return m, nil
	}
	if json.Unmarshal(raw, &m.folder) == nil {
		return m, nil
	}
	var given map[string]struct {
		Status int    `json:"status"`
		Body   string `json:"body"`
	}
	if err := json.Unmarshal(raw, &given); err != nil {
		return m, fmt.Errorf("media is neither a folder nor files by their address: %w", err)
	}
	for uri, file := range given {
		if file.Status == 0 || file.Status == 200 {
			m.bodies[path.Base(uri)] = file.Body
		}
	}
	return m, nil
}

// file returns the list that expressions call id; nil when no file has it.
func (s *session) file(id string) *xpath.Node {
	if list, done := s.media.read[id]; done {
		return list
	}
	for _, name := range s.fileNames(id) {
		if data, ok := s.media.bytes(name); ok {
			// A file that cannot be read is as one that is not there: an empty list.
			list, err := fill.ReadMedia(name, data)
			if err == nil {
				s.media.read[id] = list
				return list
			}
		}
	}
	s.media.read[id] = nil
	return nil
}

// fileNames are the files that may hold a list: the one a question names, or the id with
// the usual endings.
func (s *session) fileNames(id string) []string {
	var names []string
	s.form.Walk(func(n *forms.Node) bool {
		if n.File != "" && strings.TrimSuffix(path.Base(n.File), path.Ext(n.File)) == id {
			names = append(names, path.Base(n.File))
		}
		return true
	})
	return append(names, id+".xml", id+".csv", id+".geojson")
}

func (m media) bytes(name string) ([]byte, bool) {
	if body, ok := m.bodies[name]; ok {
		return []byte(body), true
	}
	if m.folder == "" || name != path.Base(name) || strings.ContainsAny(name, `/\`) {
		return nil, false
	}
	info, err := os.Stat(path.Join(m.folder, name))
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxMediaBytes {
		return nil, false
	}
	data, err := os.ReadFile(path.Join(m.folder, name))
	return data, err == nil
}

// properties reads what a job says of the device; anything but texts by name is none.
func properties(raw json.RawMessage) map[string]string {
	var given map[string]string
	if json.Unmarshal(raw, &given) != nil {
		return nil
	}
	return given
}
