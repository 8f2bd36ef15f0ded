package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// Desk does for a part of this program what the pages and the machine door do for
// people and other programs: the same checks, the same transactions.
type Desk struct{ s *server }

// NewDesk makes a desk over the store of c. Its BaseURL may be any usable one.
func NewDesk(c Config) (*Desk, error) {
	s, err := newServer(c)
	if err != nil {
		return nil, err
	}
	return &Desk{s}, nil
}

// visit stands for a person who comes to the desk.
func (d *Desk) visit(ctx context.Context, by study.Person) (*visit, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "/api/", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("come to the desk: %w", err)
	}
	v := &visit{Context: &gin.Context{Request: request}, person: by, now: d.s.now(), words: d.s.words.For(string(by.Language)), machine: true}
	if by.Language == "" {
		v.words = d.s.words.For(i18n.Fallback)
	}
	err = d.s.store.View(ctx, func(r *db.Reader) error {
		v.study, err = r.Study(ctx)
		return err
	})
	return v, err
}

// Open opens a country's return of a round, with what is known beforehand, or an
// interview under its Title. When it is there already, it is that one.
func (d *Desk) Open(ctx context.Context, by study.Person, wanted study.Response) (study.Response, error) {
	v, err := d.visit(ctx, by)
	if err != nil {
		return wanted, err
	}
	opened, _, err := d.s.open(v, wanted)
	return opened, err
}

// Save stores answers of a person in a draft: checked against the form, with the items
// that their paths name. Stale ones become proposals.
func (d *Desk) Save(ctx context.Context, by study.Person, id study.ResponseID, changes []study.Change) ([]study.Saved, []study.Proposal, error) {
	v, p, err := d.paper(ctx, by, id)
	if err != nil {
		return nil, nil, err
	}
	if p.readOnly {
		return nil, nil, p.closedToMe()
	}
	for _, c := range changes {
		if _, ok := answerNode(p.form, c.Path); !ok {
			return nil, nil, &study.Problem{Kind: study.Invalid, Key: "api.no_question", Path: c.Path}
		}
		if c.Reason != nil && !v.knowsReason(*c.Reason) {
			return nil, nil, &study.Problem{Kind: study.Invalid, Key: "api.no_reason", Path: c.Path}
		}
	}
	return d.s.saveChanges(v, p, changes)
}

// Missing lists the answer paths that stand in the way of signing, in document order.
func (d *Desk) Missing(ctx context.Context, by study.Person, id study.ResponseID) ([]string, error) {
	_, p, err := d.paper(ctx, by, id)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, one := range p.apiBlocks() {
		paths = append(paths, one.Path)
	}
	return paths, nil
}

// Sign signs a return for its focal point, or closes an interview for the research
// unit. What is not ready is a Conflict that names the first question in the way.
func (d *Desk) Sign(ctx context.Context, by study.Person, id study.ResponseID, name, post string) (study.Submission, error) {
	none := study.Submission{}
	v, p, err := d.paper(ctx, by, id)
	if err != nil {
		return none, err
	}
	if err := p.maySign(); err != nil {
		return none, err
	}
	token := p.signingToken("", name, post)
	if version, ok, err := d.s.signedBefore(v, p, token); err != nil || ok {
		for _, sub := range p.versions {
			if sub.Version == version {
				return sub, err
			}
		}
		return none, err
	}
	if p.readOnly {
		return none, errLocked
	}
	if blocks := p.apiBlocks(); len(blocks) > 0 {
		return none, &study.Problem{Kind: study.Conflict, Key: "api.not_ready", Path: blocks[0].Path, Args: map[string]any{"n": len(blocks)}}
	}
	return d.s.signReturn(v, p, name, post, token)
}

func (d *Desk) paper(ctx context.Context, by study.Person, id study.ResponseID) (*visit, *paper, error) {
	v, err := d.visit(ctx, by)
	if err != nil {
		return nil, nil, err
	}
	p, err := d.s.paperOf(v, id)
	return v, p, err
}
