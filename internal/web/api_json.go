package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"unicode/utf8"

	"github.com/comparanda/comparanda/internal/study"
)

// maxDepth is how deep a body of the machine door may nest (S20).
const maxDepth = 64

// readJSON reads the one JSON value of a request strictly: unknown and repeated names,
// names in other letters, text that is not UTF-8 and anything after the value are
// refused, so that what is stored is what the sender meant (S20, S22).
func (v *visit) readJSON(into any) error {
	if kind, _, err := mime.ParseMediaType(v.GetHeader("Content-Type")); err != nil || kind != "application/json" {
		return badJSON("api.json_type", "")
	}
	body, err := io.ReadAll(v.Request.Body)
	if err != nil {
		return badForm(err)
	}
	if !utf8.Valid(body) {
		return badJSON("api.json", "not UTF-8")
	}
	if err := checkNames(body); err != nil {
		return badJSON("api.json", err.Error())
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return badJSON("api.json", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

func badJSON(key, detail string) error {
	return &study.Problem{Kind: study.Invalid, Key: key, Args: map[string]any{"detail": detail}}
}

// checkNames refuses what encoding/json lets pass: repeated names, names that differ
// from ours in case only, depth, and a second value.
func checkNames(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := checkValue(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the value")
	}
	return nil
}

func checkValue(d *json.Decoder, depth int) error {
	if depth > maxDepth {
		return errors.New("nested too deeply")
	}
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('{'):
		return checkObject(d, depth)
	case json.Delim('['):
		for d.More() {
			if err := checkValue(d, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
	}
	return err
}

func checkObject(d *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		switch {
		case !ok:
			return errors.New("a name is not a text")
		case seen[name]:
			return fmt.Errorf("name %q is repeated", name)
		case !strings.HasPrefix(name, "/") && name != strings.ToLower(name):
			return fmt.Errorf("unknown name %q", name) // answer paths begin with a slash; our names are lower case
		}
		seen[name] = true
		if err := checkValue(d, depth+1); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
