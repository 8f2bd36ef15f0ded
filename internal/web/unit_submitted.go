package web

import (
	"fmt"

	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

// showSubmitted lays out a return that arrived whole: it has no draft, so its snapshot
// is read as one.
func (p *paper) showSubmitted() error {
	if p.response.InstanceID == "" || len(p.versions) == 0 {
		return nil
	}
	last := p.versions[len(p.versions)-1]
	snap, err := snapshotOf(last)
	if err != nil {
		return err
	}
	p.items = snap.Items
	answers := make([]fill.Answer, 0, len(snap.Entries))
	for _, e := range snap.Entries {
		if e.Value == "" && e.Reason == "" && e.Note == "" {
			continue
		}
		d := study.DraftAnswer{Path: e.Path, Version: 1, Value: e.Value, Reason: e.Reason, Note: e.Note, By: last.SignedBy, Channel: last.Channel, At: last.At}
		p.drafts[e.Path] = d
		answers = append(answers, fill.Answer{Path: e.Path, Value: p.read(d), Reason: string(e.Reason)})
	}
	items := make([]fill.Item, 0, len(snap.Items))
	for _, i := range snap.Items {
		items = append(items, fill.Item{Repeat: i.Repeat, Key: i.Key})
	}
	if err := p.in.Load(answers, items); err != nil {
		return fmt.Errorf("evaluate submission %s: %w", last.ID, err)
	}
	p.states, p.names = nil, nil
	return nil
}
