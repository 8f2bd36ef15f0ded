package web

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/internal/study"
)

// planCache keeps compiled forms: compiling costs more than a page.
type planCache struct {
	mu    sync.Mutex
	plans map[planKey]*compiled
}

type planKey struct {
	form    string
	version int
}

type compiled struct {
	version int
	plan    *fill.Plan
	form    *forms.Form
	numbers numbering
}

func compile(version int, plan *fill.Plan) *compiled {
	return &compiled{version: version, plan: plan, form: plan.Form(), numbers: numbersOf(plan.Form())}
}

// underAny reports whether an answer stands inside one of the items.
func underAny(path string, items map[string]bool) bool {
	for at, r := range path {
		if r == ']' && items[path[:at+1]] {
			return true
		}
	}
	return false
}

// plan compiles a published form, once. Version 0 is the newest.
func (s *server) plan(ctx context.Context, r *db.Reader, formID string, version int) (*compiled, error) {
	if s.preview != nil {
		return s.preview.now(), nil
	}
	if version == 0 {
		newest, err := r.NewestForm(ctx, formID)
		if err != nil {
			return nil, err
		}
		version = newest
	}
	key := planKey{formID, version}
	s.plans.mu.Lock()
	defer s.plans.mu.Unlock()
	if c := s.plans.plans[key]; c != nil {
		return c, nil
	}
	published, err := r.Form(ctx, formID, version)
	if err != nil {
		return nil, fmt.Errorf("read form %s: %w", formID, err)
	}
	form, err := forms.Decode(published.Content)
	if err != nil {
		return nil, fmt.Errorf("decode form %s version %d: %w", formID, published.Version, err)
	}
	plan, problems := fill.Compile(form)
	if plan == nil {
		return nil, fmt.Errorf("compile form %s version %d: %v", formID, published.Version, problems)
	}
	if s.plans.plans == nil {
		s.plans.plans = map[planKey]*compiled{}
	}
	c := compile(published.Version, plan)
	s.plans.plans[key] = c
	return c, nil
}

// openPaper reads the return that the address names and lays it out for the visitor.
// A return that is not theirs does not exist for them.
func (s *server) openPaper(v *visit) (*paper, error) {
	return s.paperOf(v, study.ResponseID(v.Param("id")))
}

func (s *server) paperOf(v *visit, id study.ResponseID) (*paper, error) {
	p := &paper{v: v, lang: s.formLang(v), tells: s.preview != nil, drafts: map[string]study.DraftAnswer{}, proposals: map[string][]study.Proposal{},
		files: map[string][]study.Attachment{}, done: map[string]bool{}}
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		p.response, err = r.Response(v.ctx(), id)
		if isKind(err, study.NotFound) {
			return v.stranger() // what does not exist and what is another's look the same
		}
		if err != nil {
			return err
		}
		if err := v.mayOpen(p.response); err != nil {
			return err
		}
		v.response = p.response
		return s.load(v, r, p)
	})
	return p, err
}

// mayOpen holds each country to its own return (promise 9). The research unit reads
// every return, and changes interviews only: see load.
func (v *visit) mayOpen(response study.Response) error {
	switch v.person.Role {
	case study.FocalPoint, study.Contributor:
		if response.Country != v.person.Country || response.Kind != study.Questionnaire {
			return v.stranger()
		}
		return nil
	case study.Researcher:
		return nil
	}
	return v.stranger()
}

// load reads what belongs to a return and evaluates it.
func (s *server) load(v *visit, r *db.Reader, p *paper) error {
	ctx, id := v.ctx(), p.response.ID
	c, err := s.plan(ctx, r, p.response.FormID, p.response.FormVersion)
	if err != nil {
		return err
	}
	p.form, p.numbers = c.form, c.numbers
	drafts, err := r.DraftAnswers(ctx, id)
	if err != nil {
		return err
	}
	if p.items, err = r.Items(ctx, id, true); err != nil {
		return err
	}
	proposals, err := r.Proposals(ctx, id)
	if err != nil {
		return err
	}
	files, err := r.Attachments(ctx, id)
	if err != nil {
		return err
	}
	marks, err := r.SectionMarks(ctx, id)
	if err != nil {
		return err
	}
	if p.versions, err = r.Submissions(ctx, db.SubmissionFilter{Response: id}); err != nil {
		return err
	}
	for _, d := range drafts {
		p.drafts[d.Path] = d
	}
	for _, one := range proposals {
		p.proposals[one.Path] = append(p.proposals[one.Path], one)
	}
	for _, a := range files {
		p.files[a.Path] = append(p.files[a.Path], a)
	}
	for _, m := range marks {
		p.done[m.Section] = true
	}
	p.readOnly = !db.Editable(p.response.State) || (v.person.Role == study.Researcher && p.response.Kind == study.Questionnaire)
	if err := p.evaluate(c.plan, drafts); err != nil {
		return err
	}
	return p.readLoaded(ctx, r)
}

// evaluate fills the form in with the draft, as the engine reads it.
func (p *paper) evaluate(plan *fill.Plan, drafts []study.DraftAnswer) error {
	p.in = plan.New(fill.Env{Now: func() time.Time { return p.v.now }, Zone: p.v.zone(), Lang: p.lang,
		InstanceID: string(p.response.ID), Metadata: p.metadata})
	removed := map[string]bool{}
	for _, i := range p.items {
		if !i.RemovedAt.IsZero() {
			removed[i.Repeat+"["+i.Key+"]"] = true
		}
	}
	answers := make([]fill.Answer, 0, len(drafts))
	for _, d := range drafts {
		if underAny(d.Path, removed) {
			continue // the engine would bring the item back
		}
		answers = append(answers, fill.Answer{Path: d.Path, Value: p.read(d), Reason: string(d.Reason)})
	}
	var items []fill.Item
	for _, i := range p.items {
		if i.RemovedAt.IsZero() {
			items = append(items, fill.Item{Repeat: i.Repeat, Key: i.Key})
		}
	}
	if err := p.in.Load(answers, items); err != nil {
		return fmt.Errorf("evaluate return %s: %w", p.response.ID, err)
	}
	return nil
}

// metadata is what a return knows of itself: when it was begun. That stays the same
// however often its pages are opened.
func (p *paper) metadata(n *forms.Node) string {
	if p.response.CreatedAt.IsZero() {
		return "" // a program's, who says so itself
	}
	begun := p.response.CreatedAt.In(p.v.zone())
	switch n.Type {
	case "start":
		return begun.Format("2006-01-02T15:04:05.000-07:00")
	case "today":
		return begun.Format(time.DateOnly)
	}
	return ""
}
