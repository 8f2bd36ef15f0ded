package forms

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Encode gives the form as JSON. The same form always gives the same bytes, so their
// hash identifies its content.
func (f *Form) Encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("encode form %s: %w", f.ID, err)
	}
	return b.Bytes(), nil
}

// Decode reads what Encode wrote and links it.
func Decode(data []byte) (*Form, error) {
	f := new(Form)
	if err := json.Unmarshal(data, f); err != nil {
		return nil, fmt.Errorf("decode form: %w", err)
	}
	f.Link()
	return f, nil
}
