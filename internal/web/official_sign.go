package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

type signPage struct {
	layout
	BackHref, BackText               string
	Heading                          string
	Errors, Changed                  []link
	Counts, Loaded                   string
	Action, Token, Seen              string
	Name, NameError, Post, PostError string
	Declaration, DeclarationError    string
	Declared                         bool
}

// signForm asks the focal point to declare and sign.
func (s *server) signForm(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	if p.readOnly || len(p.blocks()) > 0 {
		return v.see(p.href("/check")) // that page says why
	}
	page := s.signPage(v, p)
	page.Token, page.Name = account.Secret(), v.person.Name
	return s.render(v, http.StatusOK, "official/sign", page)
}

func (s *server) signPage(v *visit, p *paper) signPage {
	page := signPage{
		layout:   s.layout(v, v.words.T("sign.title", "country", v.countryName(p.response.Country))),
		BackHref: p.href("/check"), BackText: v.words.T("check.title"), Counts: p.counts(), Action: p.href("/sign"), Seen: p.seen(),
		Declaration: v.text(v.study.Declaration),
	}
	page.Heading = page.Title
	if n := len(p.waiting); n > 0 {
		page.Loaded = v.words.N("loaded.check", n)
	}
	if page.Declaration == "" {
		page.Declaration = v.words.T("sign.default_declaration")
	}
	return page
}

// seen is the state of the answers that a page was drawn from: one short mark for each,
// so that the signature can tell which of them changed since (F96).
func (p *paper) seen() string {
	var marks []string
	for path, d := range p.drafts {
		marks = append(marks, path+"="+strconv.Itoa(d.Version))
	}
	for _, item := range p.items {
		marks = append(marks, item.Repeat+"["+item.Key+"]="+strconv.FormatBool(item.RemovedAt.IsZero()))
	}
	slices.Sort(marks)
	return strings.Join(marks, "\n")
}

// changedSince lists what differs from what a page had seen.
func (p *paper) changedSince(seen string) []link {
	then, now := asSet(seen), asSet(p.seen())
	var found []link
	for path, mark := range now {
		if then[path] == mark {
			continue
		}
		found = append(found, p.changedLink(path))
	}
	for path := range then {
		if _, still := now[path]; !still {
			found = append(found, p.changedLink(path))
		}
	}
	slices.SortFunc(found, func(a, b link) int { return strings.Compare(a.Href, b.Href) })
	return found
}

func (p *paper) changedLink(path string) link {
	if strings.HasSuffix(path, "]") {
		return link{Href: p.href("/repeats" + path[:strings.LastIndexByte(path, '[')]), Text: p.label(path)}
	}
	d := p.drafts[path]
	node := p.form.Find(path)
	if node == nil {
		return link{Href: p.href("/check"), Text: path}
	}
	return link{Href: p.pageHref(path), Text: strings.TrimSpace(p.numbers[node.Path] + " " + p.label(path)),
		Why: p.v.words.T("question.edited", "name", d.ByName, "time", p.v.when(d.At))}
}

func asSet(seen string) map[string]string {
	set := map[string]string{}
	for _, line := range strings.Split(strings.ReplaceAll(seen, "\r\n", "\n"), "\n") {
		if path, mark, ok := strings.Cut(line, "="); ok {
			set[path] = mark
		}
	}
	return set
}

// sign signs the return: checked, frozen and promised to the workers in one
// transaction. The same page sent twice is the same signature (F95).
func (s *server) sign(v *visit) error {
	p, err := s.openPaper(v)
	if err != nil {
		return err
	}
	page := s.signPage(v, p)
	page.Token, page.Name, page.Post = v.PostForm("token"), strings.TrimSpace(v.PostForm("name")), strings.TrimSpace(v.PostForm("post"))
	page.Declared = v.PostForm("declaration") == "yes"
	if signed, ok, err := s.signedBefore(v, p, page.Token); err != nil || ok {
		if err != nil {
			return err
		}
		return v.see(p.receiptHref(signed))
	}
	if p.readOnly {
		return errLocked
	}
	page.check(v.words)
	if page.Changed = p.changedSince(v.PostForm("seen")); len(page.Changed) > 0 {
		return s.render(v, http.StatusConflict, "official/sign", page)
	}
	if len(page.Errors) > 0 {
		page.Wrong = true
		return s.render(v, http.StatusBadRequest, "official/sign", page)
	}
	if len(p.blocks()) > 0 {
		return v.see(p.href("/check"))
	}
	submission, err := s.signReturn(v, p, page.Name, page.Post, page.Token)
	if err != nil {
		return fmt.Errorf("sign %s: %w", p.response.ID, err)
	}
	return v.see(p.receiptHref(submission.Version))
}

// check finds what is missing in the form of the signature.
func (page *signPage) check(words *i18n.Catalog) {
	missing := func(value string, id, text string) string {
		if value != "" {
			return ""
		}
		page.Errors = append(page.Errors, link{Href: "#" + id, Text: text})
		return text
	}
	declared := ""
	if page.Declared {
		declared = "yes"
	}
	page.NameError = missing(page.Name, "name", words.T("sign.name_missing"))
	page.PostError = missing(page.Post, "post", words.T("sign.post_missing"))
	page.DeclarationError = missing(declared, "declaration", words.T("sign.declaration_missing"))
}

func (p *paper) receiptHref(version int) string { return p.href("/receipt/" + strconv.Itoa(version)) }

func (p *paper) versionHref(version int) string { return p.href("/v/" + strconv.Itoa(version)) }

// lockedText says since when a return is closed for answers.
func (p *paper) lockedText() string {
	at := p.response.UpdatedAt
	for _, sub := range p.versions {
		if sub.Version == p.response.Version {
			at = sub.At
		}
	}
	return p.v.words.T("section.locked", "date", p.v.dateIn(at))
}

var errLocked = &study.Problem{Kind: study.Conflict, Key: "response.not_editable"}
