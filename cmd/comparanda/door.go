package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/comparanda/comparanda/internal/study"
)

// door is the machine door of our own handler, without a network between: what comes
// through it is treated as if a program had sent it.
type door struct {
	ctx         context.Context
	handler     http.Handler
	base, token string
}

// call sends one request with a JSON body (nil: none) and reads the JSON answer into
// out (nil: not wanted). An answer that is not a success is an error.
func (d *door) call(method, path string, body, out any) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(d.ctx, method, d.base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.RemoteAddr = "127.0.0.1:0"
	request.Header.Set("Authorization", "Bearer "+d.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer := &answer{header: http.Header{}, status: http.StatusOK}
	d.handler.ServeHTTP(answer, request)
	if answer.status >= 300 {
		return fmt.Errorf("%s %s: status %d: %.1000s", method, path, answer.status, answer.body.String())
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer.body.Bytes(), out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// answer keeps what the handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// answerVersion is what a draft tells of one answer.
type answerVersion struct {
	Path    string `json:"path"`
	Version int    `json:"version"`
}

// fillIn stores answers in a draft, each on top of what stands there.
func (d *door) fillIn(id string, changes []study.Change) error {
	var draft struct {
		Answers []answerVersion `json:"answers"`
	}
	if err := d.call(http.MethodGet, "/api/v1/responses/"+id, nil, &draft); err != nil {
		return err
	}
	base := map[string]int{}
	for _, a := range draft.Answers {
		base[a.Path] = a.Version
	}
	type change struct {
		Path   string            `json:"path"`
		Base   int               `json:"base"`
		Value  *string           `json:"value,omitempty"`
		Reason *study.ReasonCode `json:"reason,omitempty"`
		Note   *string           `json:"note,omitempty"`
	}
	sent := make([]change, len(changes))
	for i, c := range changes {
		sent[i] = change{c.Path, base[c.Path], c.Value, c.Reason, c.Note}
	}
	var answer struct {
		Conflicts []json.RawMessage `json:"conflicts"`
	}
	if err := d.call(http.MethodPatch, "/api/v1/responses/"+id+"/answers", map[string]any{"changes": sent}, &answer); err != nil {
		return err
	}
	if len(answer.Conflicts) > 0 {
		return fmt.Errorf("%d answers were changed meanwhile", len(answer.Conflicts))
	}
	return nil
}
