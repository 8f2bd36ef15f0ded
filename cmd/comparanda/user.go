package main

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"text/tabwriter"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/study"
)

// userFlags are shared by the commands about people.
type userFlags struct{ data, baseURL string }

func (u *userFlags) add(c *call) {
	config.DataFlag(c.flags, &u.data)
	c.flags.StringVar(&u.baseURL, "base-url", "http://127.0.0.1:8080", "`address` that people use, for links")
}

// userInvite gives a person access.
func userInvite(c *call) error {
	var u userFlags
	u.add(c)
	var p study.Person
	c.flags.StringVar(&p.Name, "name", "", "`name` as colleagues see it")
	c.flags.StringVar(&p.Email, "email", "", "e-mail `address`")
	c.flags.StringVar((*string)(&p.Role), "role", "", "administrator, researcher, focal_point or contributor")
	c.flags.StringVar((*string)(&p.Country), "country", "", "`ISO3` of the country; none for the administrator and the research unit")
	c.flags.StringVar((*string)(&p.Language), "lang", "", "`language` of the pages; the browser's when empty")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	if p.Name == "" {
		return usage("--name is missing")
	}
	if _, err := mail.ParseAddress(p.Email); p.Email != "" && err != nil {
		return usage("--email: write one address, as in ana@example.org")
	}
	if !slices.Contains([]study.Role{study.Administrator, study.Researcher, study.FocalPoint, study.Contributor}, p.Role) {
		return usage("--role must be administrator, researcher, focal_point or contributor")
	}
	national := p.Role == study.FocalPoint || p.Role == study.Contributor
	if national != (p.Country != "") {
		return usage("--country is for focal points and contributors, who need one")
	}
	return withStore(c.ctx, u.data, func(store *db.Store) error {
		err := store.Update(c.ctx, func(tx *db.Tx) error {
			s, err := tx.Study(c.ctx)
			if err != nil {
				return err
			}
			if national && !slices.ContainsFunc(s.Countries, func(one study.Country) bool { return one.ISO3 == p.Country }) {
				return input(fmt.Errorf("the study has no country %s", p.Country))
			}
			p, err = tx.CreatePerson(c.ctx, p)
			return err
		})
		if err != nil {
			return err
		}
		return u.print(c, store, p)
	})
}

func (u *userFlags) print(c *call, store *db.Store, p study.Person) error {
	address, err := freshLink(c.ctx, store, u.baseURL, p.ID)
	if err == nil {
		fmt.Fprintf(c.stdout, "%s: %s\n", p.Name, address)
	}
	return err
}

// userList prints who has access.
func userList(c *call) error {
	var u userFlags
	u.add(c)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return withStore(c.ctx, u.data, func(store *db.Store) error {
		return store.View(c.ctx, func(r *db.Reader) error {
			people, err := r.People(c.ctx, "")
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
			for _, p := range people {
				if p.RevokedAt.IsZero() {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.ID, p.Role, p.Country, p.Name, p.Email)
				}
			}
			return w.Flush()
		})
	})
}

// userLink prints a fresh sign-in link.
func userLink(c *call) error {
	return onPerson(c, func(u *userFlags, store *db.Store, p study.Person) error { return u.print(c, store, p) })
}

// userToken prints a token with which programs act for a person. It is shown once.
func userToken(c *call) error {
	label := c.flags.String("label", "command line", "`words` that tell this token from others")
	return onPerson(c, func(_ *userFlags, store *db.Store, p study.Person) error {
		secret := account.Secret()
		err := store.Update(c.ctx, func(tx *db.Tx) error { return tx.CreateToken(c.ctx, p.ID, account.Hash(secret), *label) })
		if err == nil {
			fmt.Fprintln(c.stdout, secret)
		}
		return err
	})
}

// userRevoke takes a person's access away at once: sessions, links and tokens.
func userRevoke(c *call) error {
	return onPerson(c, func(_ *userFlags, store *db.Store, p study.Person) error {
		err := store.Update(c.ctx, func(tx *db.Tx) error { return tx.RevokePerson(c.ctx, p.ID) })
		if err == nil {
			fmt.Fprintf(c.stdout, "%s has no access any more.\n", p.Name)
		}
		return err
	})
}

// onPerson does something about the person whom the one argument names by id or e-mail.
func onPerson(c *call, do func(*userFlags, *db.Store, study.Person) error) error {
	var u userFlags
	u.add(c)
	args, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	return withStore(c.ctx, u.data, func(store *db.Store) error {
		p, err := personCalled(c.ctx, store, args[0])
		if err != nil {
			return err
		}
		return do(&u, store, p)
	})
}

func personCalled(ctx context.Context, store *db.Store, name string) (study.Person, error) {
	var p study.Person
	err := store.View(ctx, func(r *db.Reader) (err error) {
		if p, err = r.PersonByEmail(ctx, name); err != nil {
			p, err = r.Person(ctx, study.PersonID(name))
		}
		return err
	})
	return p, err
}
