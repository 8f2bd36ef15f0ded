package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

type adminPeoplePage struct {
	layout
	Heading                            string
	Errors                             []link
	Secret                             *shownSecret
	People                             []adminPerson
	Roles, Countries                   []option
	Name, NameError, Email, EmailError string
	RoleError, CountryError            string
}

// shownSecret is a link or a token, shown once.
type shownSecret struct{ Text, Hint, Secret string }

type adminPerson struct {
	Name, Email, Role, Country, Seen string
	You, Revoked                     bool
	Action                           string
}

// adminPeople shows everybody with access, of every country.
func (s *server) adminPeople(v *visit) error {
	page, err := s.adminPeoplePage(v)
	if err != nil {
		return err
	}
	return s.render(v, http.StatusOK, "admin/people", page)
}

func (s *server) adminPeoplePage(v *visit) (adminPeoplePage, error) {
	page := adminPeoplePage{layout: s.layout(v, v.words.T("admin.people")), Countries: v.countryOptions("")}
	page.Heading = page.Title
	for _, role := range []study.Role{study.FocalPoint, study.Contributor, study.Researcher, study.Administrator} {
		page.Roles = append(page.Roles, option{string(role), v.words.T("role." + string(role)), role == study.FocalPoint})
	}
	var all []study.Person
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		all, err = r.People(v.ctx(), "")
		return err
	})
	if err != nil {
		return page, fmt.Errorf("read people: %w", err)
	}
	for _, one := range all {
		row := adminPerson{Name: one.Name, Email: one.Email, Role: v.words.T("role." + string(one.Role)), Seen: v.words.T("people.never"),
			You: one.ID == v.person.ID, Revoked: !one.RevokedAt.IsZero(), Action: "/admin/people/" + string(one.ID)}
		if one.Country != "" {
			row.Country = v.countryName(one.Country)
		}
		if !one.LastSeenAt.IsZero() {
			row.Seen = v.when(one.LastSeenAt)
		}
		page.People = append(page.People, row)
	}
	return page, nil
}

// adminInvite gives somebody access, in any role and country.
func (s *server) adminInvite(v *visit) error {
	page, err := s.adminPeoplePage(v)
	if err != nil {
		return err
	}
	person := study.Person{Name: strings.TrimSpace(v.PostForm("name")), Email: strings.TrimSpace(v.PostForm("email")),
		Role: study.Role(v.PostForm("role")), Country: study.ISO3(v.PostForm("country")), Language: study.Lang(v.PostForm("lang"))}
	page.check(v, &person)
	if !contains(s.words.Languages(), string(person.Language)) {
		person.Language = study.Lang(v.lang())
	}
	if len(page.Errors) > 0 {
		page.Wrong = true
		return s.render(v, http.StatusBadRequest, "admin/people", page)
	}
	token, err := s.createPerson(v, person)
	if isKind(err, study.Conflict) {
		page.EmailError, page.Wrong = v.words.T("people.email_taken"), true
		page.Errors = append(page.Errors, link{Href: "#email", Text: page.EmailError})
		return s.render(v, http.StatusConflict, "admin/people", page)
	}
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	return s.showSecret(v, shownSecret{v.words.T("people.link_for", "name", person.Name), v.words.T("sign_in.life"), s.linkAddress(token)})
}

// check finds what is wrong with an invitation; officials belong to a country, others
// to none.
func (page *adminPeoplePage) check(v *visit, person *study.Person) {
	wrong := func(id, key string) string {
		text := v.words.T(key)
		page.Errors = append(page.Errors, link{Href: "#" + id, Text: text})
		return text
	}
	page.Name, page.Email = person.Name, person.Email
	for i := range page.Roles {
		page.Roles[i].Chosen = page.Roles[i].Value == string(person.Role)
	}
	page.Countries = v.countryOptions(person.Country)
	if person.Name == "" || len(person.Name) > 200 {
		page.NameError = wrong("name", "people.name_missing")
	}
	if !isEmail(person.Email) {
		page.EmailError = wrong("email", "people.email_wrong")
	}
	official := person.Role == study.FocalPoint || person.Role == study.Contributor
	switch {
	case !slices.ContainsFunc(page.Roles, func(o option) bool { return o.Chosen }):
		page.RoleError = wrong("role", "admin.role_missing")
	case official && !slices.ContainsFunc(page.Countries, func(o option) bool { return o.Chosen }):
		page.CountryError = wrong("country", "admin.country_missing")
	case !official:
		person.Country = ""
	}
}

// showSecret shows a link or a token on the people page, the only time it can be read.
func (s *server) showSecret(v *visit, secret shownSecret) error {
	page, err := s.adminPeoplePage(v)
	if err != nil {
		return err
	}
	page.Secret = &secret
	return s.render(v, http.StatusOK, "admin/people", page)
}

// personOf is the person that the address names, who must still have access.
func (s *server) personOf(v *visit) (study.Person, error) {
	var person study.Person
	err := s.store.View(v.ctx(), func(r *db.Reader) error {
		var err error
		person, err = r.Person(v.ctx(), study.PersonID(v.Param("id")))
		return err
	})
	if err == nil && !person.RevokedAt.IsZero() {
		err = errNoPage
	}
	return person, err
}

// adminLink makes a fresh sign-in link and shows it once.
func (s *server) adminLink(v *visit) error {
	person, err := s.personOf(v)
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
	return s.showSecret(v, shownSecret{v.words.T("people.link_for", "name", person.Name), v.words.T("sign_in.life"), s.linkAddress(token)})
}

// adminToken makes a bearer token for the machine door and shows it once.
func (s *server) adminToken(v *visit) error {
	person, err := s.personOf(v)
	if err != nil {
		return err
	}
	token := account.Secret()
	ctx := context.WithoutCancel(v.ctx())
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.CreateToken(ctx, person.ID, account.Hash(token), "people page"); err != nil {
			return err
		}
		return tx.Log(ctx, v.person.ID, "person.token", string(person.ID), "")
	})
	if err != nil {
		return fmt.Errorf("make a token: %w", err)
	}
	return s.showSecret(v, shownSecret{v.words.T("admin.token_for", "name", person.Name), v.words.T("admin.token_hint"), token})
}

// adminConfirmRevoke asks before access is withdrawn.
func (s *server) adminConfirmRevoke(v *visit) error {
	person, err := s.personOf(v)
	if err != nil {
		return err
	}
	title := v.words.T("people.revoke_title", "name", person.Name)
	page := adminRevokePage{s.layout(v, title), title, "/admin/people/" + string(person.ID) + "/revoke"}
	return s.render(v, http.StatusOK, "admin/revoke", page)
}

type adminRevokePage struct {
	layout
	Heading, Action string
}

// adminRevoke withdraws access. Nobody can lock themselves out.
func (s *server) adminRevoke(v *visit) error {
	person, err := s.personOf(v)
	if err != nil {
		return err
	}
	if person.ID == v.person.ID {
		return &study.Problem{Kind: study.Conflict, Key: "admin.not_yourself"}
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
	return v.see("/admin/people?did=revoked")
}
