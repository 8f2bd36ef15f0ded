package main

import (
	"context"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// demoCountries is how many countries get a focal point and a contributor whose links
// are printed: the first with an example return, and others without one.
const demoCountries = 3

// newPerson is somebody called by role and country in the study's own language.
// Nobody is invented.
func newPerson(s study.Study, role study.Role, country study.Country) study.Person {
	words := i18n.For(string(s.DefaultLanguage))
	p := study.Person{Name: capital(words.T("role." + string(role))), Role: role, Country: country.ISO3, Example: s.Example}
	if country.ISO3 != "" {
		p.Name += ", " + country.Name[s.DefaultLanguage]
	}
	if s.Example {
		p.Name += " (" + words.T("example.mark") + ")"
	}
	return p
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// printLinks prints fresh sign-in links: in an example study for the persons to play,
// else for the administrator as long as nobody has signed in as one.
func (s *service) printLinks() error {
	definition, err := studyOf(s.ctx, s.store)
	if err != nil {
		return err
	}
	var people []study.Person
	if err := s.store.View(s.ctx, func(r *db.Reader) (err error) {
		people, err = r.People(s.ctx, "")
		return err
	}); err != nil {
		return err
	}
	var shown []study.Person
	for _, p := range people {
		if p.RevokedAt.IsZero() && shows(definition, people, p) {
			shown = append(shown, p)
		}
	}
	if len(shown) == 0 {
		return nil
	}
	fmt.Fprintf(s.stdout, "\nSign-in links. Each works once, for %d days; starting again prints fresh ones.\n", int(account.LinkLife.Hours()/24))
	for _, p := range shown {
		address, err := freshLink(s.ctx, s.store, s.settings.BaseURL, p.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.stdout, "  %-52s %s\n", p.Name, address)
	}
	fmt.Fprintln(s.stdout)
	return nil
}

func shows(definition study.Study, people []study.Person, p study.Person) bool {
	if definition.Example {
		return p.Example && (p.Country == "" || hasContributor(people, p.Country))
	}
	return p.Role == study.Administrator && p.LastSeenAt.IsZero()
}

func hasContributor(people []study.Person, country study.ISO3) bool {
	for _, p := range people {
		if p.Country == country && p.Role == study.Contributor {
			return true
		}
	}
	return false
}

// freshLink issues a sign-in link. Only its hash is stored.
func freshLink(ctx context.Context, store *db.Store, baseURL string, id study.PersonID) (address string, err error) {
	secret := account.Secret()
	err = store.Update(ctx, func(tx *db.Tx) error {
		return tx.CreateLink(ctx, id, account.Hash(secret), "sign-in", tx.Now().Add(account.LinkLife))
	})
	return baseURL + "/sign-in/" + secret, err
}
