package legacy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/internal/study"
)

// row reads the answers of one row. Prefix is the path of the item that the row is, and
// repeat the path of its repeat; both are "" for a response.
func (a *assembly) row(r Row, table int, repeat, prefix string) {
	i := 0
	for _, c := range a.taker.plan.byTable[table] {
		for i < len(r.Cells) && r.Cells[i].Column < c.Field.Position {
			i++
		}
		if i == len(r.Cells) {
			return
		}
		if r.Cells[i].Column == c.Field.Position && c.Question != "" {
			a.cell(c, r.Number, r.Cells[i], repeat, prefix)
		}
	}
}

// cell reads one answer.
func (a *assembly) cell(c *Column, number int, cell Cell, repeat, prefix string) {
	q := a.taker.nodes[c]
	if q == nil || strings.TrimSpace(cell.Text) == "" {
		return
	}
	path := c.Question
	if rest, ok := strings.CutPrefix(path, repeat+"/"); ok && prefix != "" {
		path = prefix + "/" + rest
	}
	if c.Item != "" {
		parent := q.Repeats()[len(q.Repeats())-1]
		rest := strings.TrimPrefix(c.Question, parent.Path)
		a.item(parent.Path, c.Item)
		path = parent.Path + "[" + c.Item + "]" + rest
	}
	if a.taker.evaluator != nil {
		if a.from == nil {
			a.from = map[string]origin{}
		}
		a.from[path] = origin{c, number}
	}
	if c.Choice != "" {
		a.tick(c, number, cell, path)
		return
	}
	v := a.taker.plan.read(c, q, cell, study.Country{ISO3: a.out.Country})
	if v.problem != nil {
		a.problem(c, number, *v.problem)
	}
	switch {
	case cell.Note == "":
	case v.note == "":
		v.note = cell.Note
	default:
		v.note += "; " + cell.Note
	}
	switch {
	case q.Type == "select_multiple" && v.note == "" && v.reason == "" && v.problem == nil:
		t := a.tickSet(path)
		for _, code := range strings.Fields(v.value) {
			t.add(code)
		}
	case v.value != "" || v.reason != "":
		a.entry(path, v.value, v.reason, v.note)
	}
}

// tickSet gathers the choices of one answer from their columns.
type tickSet struct{ codes []string }

func (t *tickSet) add(code string) {
	if !slices.Contains(t.codes, code) {
		t.codes = append(t.codes, code)
	}
}

func (t *tickSet) value() string { return strings.Join(t.codes, " ") }

func (a *assembly) tickSet(path string) *tickSet {
	t := a.ticks[path]
	if t == nil {
		t = &tickSet{}
		if a.ticks == nil {
			a.ticks = map[string]*tickSet{}
		}
		a.ticks[path] = t
		a.order = append(a.order, path)
	}
	return t
}

// tick reads a column that stands for one choice.
func (a *assembly) tick(c *Column, number int, cell Cell, path string) {
	tick, ok := isTicked(cell.Text, c.Leaf)
	if !ok {
		own := len(c.Field.Seen.Distinct) == 1 && c.Field.Seen.Distinct[strings.TrimSpace(cell.Text)] > 0
		if !own {
			a.problem(c, number, fault("choice.tick", "text", shorten(cell.Text, 60)))
			return
		}
		tick = true
	}
	if tick {
		a.tickSet(path).add(c.Choice)
	}
}

// item notes an item of a repeat once.
func (a *assembly) item(repeat, key string) {
	id := repeat + "[" + key
	if a.items[id] {
		return
	}
	if a.items == nil {
		a.items = map[string]bool{}
	}
	a.items[id] = true
	order, err := strconv.Atoi(key)
	if err != nil {
		order = len(a.items)
	}
	a.out.Items = append(a.out.Items, study.Item{Repeat: repeat, Key: key, Order: order})
}

// mergedRows reads rows of one response: the merged columns once, the others as items.
func (a *assembly) mergedRows(rows []Row, repeat string) {
	for i, r := range rows {
		key := strconv.Itoa(i + 1)
		own := 0
		for _, c := range a.taker.plan.byTable[a.out.Table] {
			inside := strings.HasPrefix(c.Question, repeat+"/")
			j := slices.IndexFunc(r.Cells, func(cell Cell) bool { return cell.Column == c.Field.Position })
			if c.Question == "" || j < 0 || !inside && i > 0 {
				continue
			}
			if inside {
				if own++; own == 1 {
					a.item(repeat, key)
				}
				a.cell(c, r.Number, r.Cells[j], repeat, repeat+"["+key+"]")
				continue
			}
			a.cell(c, r.Number, r.Cells[j], "", "")
		}
	}
}

// maxDepth of repeats in repeats.
const maxDepth = 5

// children reads the rows of other tables that belong to this one.
func (a *assembly) children(table int, r Row, prefix string) {
	if strings.Count(prefix, "[") >= maxDepth {
		return
	}
	plan := a.taker.plan
	for i := range plan.Sources {
		s := &plan.Sources[i]
		if s.Parent != table || s.Repeat == "" {
			continue
		}
		parentRepeat := plan.Sources[table].Repeat
		base := s.Repeat
		if rest, ok := strings.CutPrefix(base, parentRepeat+"/"); ok && prefix != "" {
			base = prefix + "/" + rest
		}
		key := strings.TrimSpace(r.Text(plan.Sources[table].LinkKey))
		for n, item := range a.taker.items[i][key] {
			own := strconv.Itoa(n + 1)
			a.item(base, own)
			path := base + "[" + own + "]"
			a.row(item, i, s.Repeat, path)
			a.children(i, item, path)
		}
	}
}
