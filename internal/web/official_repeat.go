package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
)

// keepRemoved is how long a removed item can be brought back.
const keepRemoved = 30 * 24 * time.Hour

type repeatPage struct {
	layout
	Heading, HeadingLang     string
	Count, Locked, Condition string
	ReadOnly                 bool
	Errors                   []link
	Items, Removed           []itemView
	Loaded                   []loadedItem // items that only old files have
	LoadedAction             string
	NoItems, AllListed       bool
	AddAction, AddKey        string
	ListAction               string
	BackHref, BackText       string
}

// repeatList shows the items of one repeat, with what can be done to each.
func (s *server) repeatList(v *visit) error {
	p, path, err := s.openRepeat(v)
	if err != nil {
		return err
	}
	heading, lang := p.heading(path)
	page := repeatPage{layout: s.layout(v, plainText(heading)), Heading: plainText(heading), HeadingLang: lang, ReadOnly: p.readOnly,
		Items: p.itemViews(path), Removed: p.removedViews(path), AddAction: p.href("/repeats" + path), AddKey: account.Key(6),
		ListAction: p.href("/listed" + path), Condition: p.condition(p.form.Find(path))}
	page.Count = v.words.N("repeat.count", len(page.Items))
	page.Loaded, page.LoadedAction = p.loadedItems(path), p.href("/loaded"+path)
	page.AllListed = p.done[path] && len(page.Items) > 0
	page.NoItems = p.done[path] && len(page.Items) == 0
	page.BackHref, page.BackText = p.back(path)
	if p.readOnly {
		page.Locked = p.lockedText()
	}
	return s.render(v, http.StatusOK, "official/repeat", page)
}

// openRepeat reads the return and the repeat that the address names.
func (s *server) openRepeat(v *visit) (*paper, string, error) {
	p, err := s.openPaper(v)
	if err != nil {
		return nil, "", err
	}
	path := v.Param("path")
	node := p.form.Find(path)
	if node == nil || node.Kind != forms.Repeat || strings.HasSuffix(path, "]") {
		return nil, "", errNoPage
	}
	if v.Request.Method == post && p.readOnly {
		return nil, "", errLocked
	}
	return p, path, nil
}

// itemViews lists the items of a repeat as rows and cards.
func (p *paper) itemViews(repeat string) []itemView {
	var views []itemView
	paths := p.in.Items(repeat)
	for i, path := range paths {
		answered, applicable, trouble := p.countItem(path)
		one := itemView{ID: study.Anchor(path), Path: path, Name: p.nameOfItem(path), Href: p.href("/sections" + path),
			RemoveHref: p.href("/remove" + path)}
		one.Progress = p.v.words.N("hub.section_count", answered, "m", p.v.words.Number(float64(applicable)))
		switch {
		case trouble:
			one.Status, one.Tone = p.v.words.T("status.problem"), toneBad
		case answered == applicable:
			one.Status, one.Tone = p.v.words.T("status.completed"), toneDone
		case answered == 0:
			one.Status, one.Tone = p.v.words.T("status.not_started"), toneTodo
		default:
			one.Status, one.Tone = p.v.words.T("status.in_progress"), toneWIP
		}
		if i > 0 {
			one.UpAction = p.href("/move"+path) + "?by=-1"
		}
		if i < len(paths)-1 {
			one.DownAction = p.href("/move"+path) + "?by=1"
		}
		views = append(views, one)
	}
	return views
}

// countItem counts the questions of an item that apply, and those with an answer or a reason.
func (p *paper) countItem(path string) (answered, applicable int, trouble bool) {
	for _, st := range p.all() {
		if !strings.HasPrefix(st.Path, path+"/") || !isAsked(st.Node) || !st.Relevant {
			continue
		}
		applicable++
		draft := p.drafts[st.Path]
		if draft.Value != "" || draft.Reason != "" {
			answered++
		}
		if p.errorAt(st) != "" || len(p.proposals[st.Path]) > 0 {
			trouble = true
		}
	}
	return answered, applicable, trouble
}

// nameOfItem is what people call an item: its first text or choice answer, or its
// number in the list.
func (p *paper) nameOfItem(path string) string {
	if p.names == nil {
		p.names = map[string]string{}
	}
	if name, ok := p.names[path]; ok {
		return name
	}
	name := ""
	for _, st := range p.all() {
		if name != "" || !strings.HasPrefix(st.Path, path+"/") || strings.Contains(st.Path[len(path):], "[") {
			continue
		}
		if draft := p.drafts[st.Path]; isAsked(st.Node) && draft.Value != "" && st.Node.Type != "date" && st.Node.Type != "file" {
			name = strings.ReplaceAll(p.shown(st.Node, draft.Value), "\n", ", ")
		}
	}
	if name == "" {
		name = p.v.words.T("repeat.unnamed", "n", p.ordinal(path))
	}
	name = shorten(name, 80)
	p.names[path] = name
	return name
}

// ordinal is the place of an item in its list, from 1; 0 for a removed one.
func (p *paper) ordinal(path string) int {
	repeat := path[:strings.LastIndexByte(path, '[')]
	for i, one := range p.in.Items(repeat) {
		if one == path {
			return i + 1
		}
	}
	return 0
}

// shorten cuts a text at a word, for headings and lists; the whole text stands elsewhere.
func shorten(s string, runes int) string {
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	cut := string(r[:runes])
	if at := strings.LastIndexByte(cut, ' '); at > runes/2 {
		cut = cut[:at]
	}
	return cut + "…"
}

// removedViews lists what was removed from a repeat and can still be brought back.
func (p *paper) removedViews(repeat string) []itemView {
	var views []itemView
	for _, item := range p.items {
		if item.Repeat != repeat || item.RemovedAt.IsZero() || p.v.now.Sub(item.RemovedAt) > keepRemoved {
			continue
		}
		path := repeat + "[" + item.Key + "]"
		views = append(views, itemView{Path: path, Name: p.nameOfRemoved(path), RestoreAction: p.href("/restore" + path)})
	}
	return views
}

// nameOfRemoved names an item that is no longer in the evaluated return.
func (p *paper) nameOfRemoved(path string) string {
	node := p.form.Find(path)
	name := ""
	node.Walk(func(n *forms.Node) bool {
		at := path + strings.TrimPrefix(n.Path, node.Path)
		draft := p.drafts[at]
		if l, brought := p.loaded[at]; brought && draft.Value == "" {
			draft.Value = p.draftOf(l)
		}
		if name == "" && isAsked(n) && draft.Value != "" && n.Type != "date" {
			name = p.shown(n, draft.Value)
		}
		return true
	})
	if name == "" {
		name = path[strings.LastIndexByte(path, '[')+1 : len(path)-1]
	}
	return shorten(name, 80)
}

// addItem adds one item and opens its page. The key comes from the page, so that a
// double click adds one (F82).
func (s *server) addItem(v *visit) error {
	p, path, err := s.openRepeat(v)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(v.ctx())
	item := path + "[" + v.PostForm("key") + "]"
	if _, err := forms.ParsePath(item); err != nil {
		return &study.Problem{Kind: study.Invalid, Key: "problem.no_question"}
	}
	err = s.store.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.AddItem(ctx, p.response.ID, path, v.PostForm("key"), v.PostForm("key"))
		return err
	})
	if err != nil {
		return fmt.Errorf("add item to %s: %w", path, err)
	}
	return v.see(p.href("/sections" + item))
}

type removePage struct {
	layout
	Heading, Text    string
	Answers          []labelled
	Action, BackHref string
}

// confirmRemove names the item and what will no longer count.
func (s *server) confirmRemove(v *visit) error {
	p, item, repeat, _, err := s.openItem(v)
	if err != nil {
		return err
	}
	name := p.nameOfItem(item)
	page := removePage{layout: s.layout(v, v.words.T("remove.title", "name", name)), Action: p.href("/remove" + item), BackHref: p.href("/repeats" + repeat)}
	page.Heading = page.Title
	for _, st := range p.all() {
		draft := p.drafts[st.Path]
		if strings.HasPrefix(st.Path, item+"/") && (draft.Value != "" || draft.Reason != "") {
			page.Answers = append(page.Answers, labelled{p.label(st.Path), p.answerText(st.Node, draft.Value, draft.Reason)})
		}
	}
	page.Text = v.words.N("remove.text", len(page.Answers))
	return s.render(v, http.StatusOK, "official/remove", page)
}

// openItem reads the return and the item that the address names.
func (s *server) openItem(v *visit) (p *paper, item, repeat, key string, err error) {
	if p, err = s.openPaper(v); err != nil {
		return nil, "", "", "", err
	}
	item = v.Param("path")
	at := strings.LastIndexByte(item, '[')
	if at < 0 || !strings.HasSuffix(item, "]") || p.form.Find(item) == nil {
		return nil, "", "", "", errNoPage
	}
	if v.Request.Method == post && p.readOnly {
		return nil, "", "", "", errLocked
	}
	return p, item, item[:at], item[at+1 : len(item)-1], nil
}

func (s *server) removeItem(v *visit) error {
	return s.changeItem(v, "removed", func(ctx context.Context, tx *db.Tx, p *paper, repeat, key string) error {
		return tx.RemoveItem(ctx, p.response.ID, repeat, key)
	})
}

func (s *server) restoreItem(v *visit) error {
	return s.changeItem(v, "restored", func(ctx context.Context, tx *db.Tx, p *paper, repeat, key string) error {
		return tx.RestoreItem(ctx, p.response.ID, repeat, key)
	})
}

func (s *server) moveItem(v *visit) error {
	by := 1
	if v.Query("by") == "-1" {
		by = -1
	}
	return s.changeItem(v, "moved", func(ctx context.Context, tx *db.Tx, p *paper, repeat, key string) error {
		return tx.MoveItem(ctx, p.response.ID, repeat, key, by)
	})
}

// changeItem does one thing to an item and goes back to the list.
func (s *server) changeItem(v *visit, did string, change func(context.Context, *db.Tx, *paper, string, string) error) error {
	p, item, repeat, key, err := s.openItem(v)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(v.ctx())
	if err := s.store.Update(ctx, func(tx *db.Tx) error { return change(ctx, tx, p, repeat, key) }); err != nil {
		return fmt.Errorf("%s %s: %w", did, item, err)
	}
	return v.see(p.href("/repeats"+repeat) + "?did=" + did + "#list")
}

// listed stores whether the list is complete; complete and empty means that there are
// none (F83).
func (s *server) listed(v *visit) error {
	p, path, err := s.openRepeat(v)
	if err != nil {
		return err
	}
	if answer := v.PostForm("listed"); answer != "" {
		complete := answer == "yes" || (answer == "none" && len(p.in.Items(path)) == 0)
		if err := s.setDone(v, p, path, complete); err != nil {
			return err
		}
	}
	return v.see(p.next(path))
}
