package web

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

// previewRows are the access rows of the routes that only a preview has.
const previewRows = `
route                                    | nobody | contributor | focal_point | researcher | administrator | stranger | body
GET  /preview/open/:key                  | ok     | ok          | ok          | ok         | ok            | ok       | small
GET  /preview/version                    | ok     | ok          | ok          | ok         | ok            | ok       | small
POST /preview/again                      | 401    | 404         | ok          | 404        | 404           | 404      | small
`

func (s *server) previewRoutes() []route {
	return []route{
		{get, "/preview/open/:key", s.openPreview},
		{get, "/preview/version", s.previewVersion},
		{post, "/preview/again", s.previewAgain},
	}
}

// openPreview signs the author in and opens the return. The link is printed on the
// author's own screen and serves as often as it is opened: a preview is for one person.
func (s *server) openPreview(v *visit) error {
	if subtle.ConstantTimeCompare([]byte(v.Param("key")), []byte(s.preview.secret)) != 1 {
		return errNoPage
	}
	secret, ctx := account.Secret(), context.WithoutCancel(v.ctx())
	err := s.store.Update(ctx, func(tx *db.Tx) error {
		people, err := tx.People(ctx, "")
		if err != nil {
			return err
		}
		for _, p := range people {
			if p.Role == study.FocalPoint {
				v.person = p
			}
		}
		return tx.CreateSession(ctx, v.person.ID, account.Hash(secret))
	})
	if err != nil {
		return fmt.Errorf("open the preview: %w", err)
	}
	s.setCookie(v, "session", secret, account.SessionAbsolute)
	return s.begin(v)
}

// previewVersion tells the page script what is shown now.
func (s *server) previewVersion(v *visit) error {
	s.preview.mu.Lock()
	defer s.preview.mu.Unlock()
	v.String(http.StatusOK, strconv.Itoa(s.preview.version))
	return nil
}

// previewAgain begins another return, without answers, in a round of its own.
func (s *server) previewAgain(v *visit) error {
	v.study.Rounds = append(v.study.Rounds, study.Round{ID: strconv.Itoa(len(v.study.Rounds) + 1)})
	ctx := context.WithoutCancel(v.ctx())
	if err := s.store.Update(ctx, func(tx *db.Tx) error { return tx.PutStudy(ctx, v.study) }); err != nil {
		return fmt.Errorf("begin the preview again: %w", err)
	}
	return s.begin(v)
}

// titled is the study under the title of the form as it is now.
func (p *Preview) titled(s study.Study) study.Study {
	form, name := p.now().form, p.name
	if form.Title != "" {
		name = form.Title
	}
	s.Title = study.Text{s.DefaultLanguage: name}
	return s
}

// stillAsked leaves out what a page sends of questions that its form had and the present
// one has not: the form changed under the page, and the other answers must not suffer.
func (s *server) stillAsked(f *forms.Form, sent url.Values) url.Values {
	if s.preview == nil {
		return sent
	}
	kept := url.Values{}
	for name, values := range sent {
		path, marked := strings.CutPrefix(name, "v:")
		if n := f.Find(path); marked && (n == nil || n.Kind != forms.Question) {
			continue
		}
		kept[name] = values
	}
	return kept
}

// moved reports whether a page of a return is gone because the form has changed; the
// author is then better off at the start of the return than at an error.
func (s *server) moved(v *visit, err error) bool {
	return s.preview != nil && v.Request.Method == get && isKind(err, study.NotFound) &&
		strings.HasPrefix(v.FullPath(), "/returns/:id/")
}
