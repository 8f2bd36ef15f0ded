package web

import (
	"context"
	"fmt"
	"net/http"
	"net/mail"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

type peoplePage struct {
	layout
	Heading                            string
	Errors                             []link
	Link                               *newLink
	People                             []personRow
	CanManage                          bool
	Name, NameError, Email, EmailError string
}

// newLink is a sign-in link, shown once.
type newLink struct{ Text, Address string }

type personRow struct {
	Name, Email, Role, Seen string
	You                     bool
	LinkAction, RevokeHref  string
}

// people shows who has access for the reader's country.
func (s *server) people(v *visit) error {
	page, err := s.peoplePage(v)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "official/people", page)
}

func (s *server) peoplePage(v *visit) (peoplePage, error) {
	page := peoplePage{layout: s.layout(v, v.words.T("people.title", "country", v.countryName(v.person.Country))),
		CanManage: v.person.Role == study.FocalPoint}
	page.Heading = page.Title
	var all []study.Person
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		all, err = r.People(v.ctx(), v.person.Country)
		return err
	})
	if err != nil {
		return page, fmt.Errorf("read people of %s: %w", v.person.Country, err)
	}
	for _, one := range all {
		if !one.RevokedAt.IsZero() || one.Country != v.person.Country {
			continue
		}
		row := personRow{Name: one.Name, Email: one.Email, Role: v.words.T("role." + string(one.Role)), Seen: v.words.T("people.never"), You: one.ID == v.person.ID}
		if !one.LastSeenAt.IsZero() {
			row.Seen = v.when(one.LastSeenAt)
		}
		if page.CanManage && one.Role == study.Contributor {
			row.LinkAction, row.RevokeHref = "/people/"+string(one.ID)+"/link", "/people/"+string(one.ID)+"/revoke"
		}
		page.People = append(page.People, row)
	}
	return page, nil
}

// invite gives a colleague of the focal point's country access and shows the link to
// pass on.
func (s *server) invite(v *visit) error {
	page, err := s.peoplePage(v)
	if err != nil {
		return err
	}
	page.Name, page.Email = strings.TrimSpace(v.PostForm("name")), strings.TrimSpace(v.PostForm("email"))
	if page.Name == "" || len(page.Name) > 200 {
		page.NameError = v.words.T("people.name_missing")
		page.Errors = append(page.Errors, link{Href: "#name", Text: page.NameError})
	}
	if !isEmail(page.Email) {
		page.EmailError = v.words.T("people.email_wrong")
		page.Errors = append(page.Errors, link{Href: "#email", Text: page.EmailError})
	}
	lang := study.Lang(v.PostForm("lang"))
	if !contains(s.words.Languages(), string(lang)) {
		lang = study.Lang(v.lang())
	}
	if len(page.Errors) > 0 {
		page.Wrong = true
		return s.render(v, http.StatusBadRequest, "official/people", page)
	}
	person := study.Person{Name: page.Name, Email: page.Email, Role: study.Contributor, Country: v.person.Country, Language: lang}
	token, err := s.createPerson(v, person)
	if isKind(err, study.Conflict) {
		page.EmailError, page.Wrong = v.words.T("people.email_taken"), true
		page.Errors = append(page.Errors, link{Href: "#email", Text: page.EmailError})
		return s.render(v, http.StatusConflict, "official/people", page)
	}
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return s.showLink(v, person.Name, token)
}

// isEmail accepts one plain address.
func isEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && len(text) <= 254
}

// createPerson stores a person and a first sign-in link.
func (s *server) createPerson(v *visit, person study.Person) (token string, err error) {
	token = account.Secret()
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		created, err := tx.CreatePerson(ctx, person)
		if err != nil {
			return err
		}
		if err := tx.CreateLink(ctx, created.ID, account.Hash(token), "sign-in", v.now.Add(account.LinkLife)); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "person.invited", string(created.ID), string(created.Role))
	})
	return token, err
}

// freshLink makes a new sign-in link for a colleague and shows it once.
func (s *server) freshLink(v *visit) error {
	person, err := s.colleague(v)
	if err != nil {
		return err
	}
	token := account.Secret()
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.CreateLink(ctx, person.ID, account.Hash(token), "sign-in", v.now.Add(account.LinkLife)); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "person.link", string(person.ID), "")
	})
	if err != nil {
		return fmt.Errorf("make a link: %w", err)
	}
	return s.showLink(v, person.Name, token)
}

// showLink shows a link on the people page, the only time it can be read.
func (s *server) showLink(v *visit, name, token string) error {
	page, err := s.peoplePage(v)
	if err != nil {
		return err
	}
	page.Link = &newLink{Text: v.words.T("people.link_for", "name", name), Address: s.linkAddress(token)}
	return s.render(v, http.StatusOK, "official/people", page)
}

func (s *server) linkAddress(token string) string { return s.base.String() + "/sign-in/" + token }

// colleague is the contributor of the focal point's country that the address names.
func (s *server) colleague(v *visit) (study.Person, error) {
	var person study.Person
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		person, err = r.Person(v.ctx(), study.PersonID(v.Param("id")))
		return err
	})
	if err != nil {
		return person, fmt.Errorf("read person: %w", err)
	}
	if person.Country != v.person.Country {
		return person, v.stranger()
	}
	if person.Role != study.Contributor || !person.RevokedAt.IsZero() {
		return person, errNoPage
	}
	return person, nil
}

type revokePage struct {
	layout
	Heading, Action string
}

// confirmRevoke asks before access is withdrawn.
func (s *server) confirmRevoke(v *visit) error {
	person, err := s.colleague(v)
	if err != nil {
		return err
	}
	title := v.words.T("people.revoke_title", "name", person.Name)
	return s.render(v, http.StatusOK, "official/revoke", revokePage{s.layout(v, title), title, "/people/" + string(person.ID) + "/revoke"})
}

// revoke withdraws access; sessions and links of the person die with it.
func (s *server) revoke(v *visit) error {
	person, err := s.colleague(v)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.RevokePerson(ctx, person.ID); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "person.revoked", string(person.ID), "")
	})
	if err != nil {
		return fmt.Errorf("revoke %s: %w", person.ID, err)
	}
	s.log.Info("access withdrawn", "person", person.ID, "by", v.person.ID)
	return v.see("/people?did=revoked")
}
