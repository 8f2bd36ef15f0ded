package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

type receiptPage struct {
	layout
	Reference, Round, CountryName    string
	SignedName, SignedPost, SignedAt string
	Version                          int
	Counts, Hash                     string
	VersionHref, BackHref            string
}

// receipt is what the focal point keeps after signing; it stays at its address.
func (s *server) receipt(v *visit) error {
	p, sub, err := s.openVersion(v)
	if err != nil {
		return err
	}
	snap, err := snapshotOf(sub)
	if err != nil {
		return err
	}
	page := receiptPage{layout: s.layout(v, v.words.T("receipt.page", "reference", reference(sub))), Reference: reference(sub), Round: sub.Round,
		CountryName: v.countryName(sub.Country), SignedName: sub.SignedName, SignedPost: sub.SignedPost, SignedAt: v.when(sub.At),
		Version: sub.Version, Counts: p.countsOf(snap), Hash: sub.Hash, VersionHref: p.versionHref(sub.Version), BackHref: p.href("")}
	return s.render(v, http.StatusOK, "official/receipt", page)
}

// openVersion reads the return and the signed version that the address names.
func (s *server) openVersion(v *visit) (*paper, study.Submission, error) {
	p, err := s.openPaper(v)
	if err != nil {
		return nil, study.Submission{}, err
	}
	number, err := strconv.Atoi(v.Param("version"))
	for _, sub := range p.versions {
		if err == nil && sub.Version == number {
			return p, sub, nil
		}
	}
	return nil, study.Submission{}, errNoPage
}

func snapshotOf(sub study.Submission) (study.Snapshot, error) {
	var snap study.Snapshot
	if err := json.Unmarshal(sub.Snapshot, &snap); err != nil {
		return snap, fmt.Errorf("read snapshot of %s: %w", sub.ID, err)
	}
	return snap, nil
}

type versionPage struct {
	layout
	Heading, Reference               string
	SignedName, SignedPost, SignedAt string
	Hash, Counts                     string
	Others                           []link
	Groups                           []answerGroup
	BackHref, BackText               string
}

// version shows one signed version with every question: its answer, its reason, or
// why it was not asked. Reports link to its answers.
func (s *server) version(v *visit) error {
	p, sub, err := s.openVersion(v)
	if err != nil {
		return err
	}
	snap, err := snapshotOf(sub)
	if err != nil {
		return err
	}
	page := versionPage{layout: s.layout(v, v.words.T("version.title", "country", v.countryName(sub.Country), "n", sub.Version)),
		Reference: reference(sub), SignedName: sub.SignedName, SignedPost: sub.SignedPost, SignedAt: v.when(sub.At),
		Hash: sub.Hash, Counts: p.countsOf(snap), Groups: p.signed(snap)}
	page.Heading = page.Title
	page.BackHref, page.BackText = p.home()
	for _, other := range p.versions {
		if other.Version != sub.Version {
			page.Others = append(page.Others, link{Href: p.versionHref(other.Version), Text: v.words.T("hub.version", "n", other.Version)})
		}
	}
	return s.render(v, http.StatusOK, "official/version", page)
}

// signed lays out a snapshot: every question of the form in order, with the items that
// were there when it was signed.
func (p *paper) signed(snap study.Snapshot) []answerGroup {
	view := snapshotView{p: p, entries: map[string]study.Entry{}, items: map[string][]string{}, files: map[string][]fileView{}}
	for _, e := range snap.Entries {
		view.entries[e.Path] = e
	}
	for _, item := range snap.Items {
		view.items[item.Repeat] = append(view.items[item.Repeat], item.Repeat+"["+item.Key+"]")
	}
	for _, a := range snap.Attachments {
		view.files[a.Path] = append(view.files[a.Path], p.fileView(a))
	}
	view.walk(p.form.Children, "", "")
	return view.groups
}

// snapshotView gathers the reading view of a snapshot.
type snapshotView struct {
	p       *paper
	entries map[string]study.Entry
	items   map[string][]string // item paths by repeat, in order
	files   map[string][]fileView
	groups  []answerGroup
}

// walk adds the nodes under an answer path. hidden is the sentence of a hidden ancestor.
func (w *snapshotView) walk(nodes []*forms.Node, prefix, hidden string) {
	for _, n := range nodes {
		path := prefix + "/" + n.Name
		switch n.Kind {
		case forms.Group:
			if !n.Label.Empty() {
				w.begin(n, n.Parent != nil, "")
			}
			w.walk(n.Children, path, hidden)
		case forms.Repeat:
			said := ""
			if len(w.items[path]) == 0 {
				said = w.p.v.words.T("repeat.none_said")
			}
			w.begin(n, n.Parent != nil, said)
			for i, item := range w.items[path] {
				w.groups = append(w.groups, answerGroup{Heading: w.nameOf(n, item, i), Item: true})
				w.walk(n.Children, item, hidden)
			}
		default:
			w.add(n, path)
		}
	}
}

func (w *snapshotView) begin(n *forms.Node, inner bool, said string) {
	label, lang := n.Label.In(w.p.form, w.p.lang)
	w.groups = append(w.groups, answerGroup{Heading: plainText(label), Lang: w.p.foreign(lang), Item: inner, Said: said})
}

// nameOf is the name of an item as it was when signed.
func (w *snapshotView) nameOf(n *forms.Node, item string, index int) string {
	name := ""
	n.Walk(func(q *forms.Node) bool {
		e := w.entries[item+strings.TrimPrefix(q.Path, n.Path)]
		if name == "" && isAsked(q) && e.Value != "" && q.Type != "date" && q.Type != "file" {
			name = shorten(strings.ReplaceAll(w.p.shown(q, e.Value), "\n", ", "), 80)
		}
		return true
	})
	if name == "" {
		return w.p.v.words.T("repeat.unnamed", "n", index+1)
	}
	return name
}

func (w *snapshotView) add(n *forms.Node, path string) {
	calculated := n.Type == "calculate" && !n.Label.Empty()
	if !isAsked(n) && !calculated {
		return
	}
	e := w.entries[path]
	line := w.p.line(path, n, e.Value, e.Reason, e.Note)
	if e.NotAsked {
		line.Value, line.NotAsked = "", w.p.notAsked(hidingNode(n))
	}
	line.Files = w.files[path]
	line.HistoryHref = w.p.href("/history" + path)
	if len(w.groups) == 0 {
		w.groups = append(w.groups, answerGroup{})
	}
	last := &w.groups[len(w.groups)-1]
	last.Lines = append(last.Lines, line)
}

// hidingNode is the question path of the nearest condition around a node.
func hidingNode(n *forms.Node) string {
	for a := n; a != nil; a = a.Parent {
		if a.Relevant != "" {
			return a.Path
		}
	}
	return ""
}

// countsOf counts a snapshot as counts does a draft.
func (p *paper) countsOf(snap study.Snapshot) string {
	values, reasons, hidden := 0, 0, 0
	for _, e := range snap.Entries {
		if n := p.form.Find(e.Path); n == nil || !isAsked(n) {
			continue
		}
		switch {
		case e.NotAsked:
			hidden++
		case e.Reason != "":
			reasons++
		case e.Value != "":
			values++
		}
	}
	return p.v.words.N("sign.counts", values, "reasons", reasons, "hidden", hidden)
}
