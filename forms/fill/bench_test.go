package fill_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
)

// relevanceForm has n answers and n conditions of one or two comparisons.
func relevanceForm(n, comparisons int) *forms.Form {
	f := &forms.Form{ID: "relevance"}
	for i := range n {
		rule := fmt.Sprintf("${a%d} > 5", i)
		if comparisons == 2 {
			rule += fmt.Sprintf(" and ${a%d} != 7", (i*7)%n)
		}
		f.Children = append(f.Children,
			&forms.Node{Name: fmt.Sprint("a", i), Type: "integer"},
			&forms.Node{Name: fmt.Sprint("r", i), Type: "text", Relevant: rule})
	}
	f.Link()
	return f
}

func BenchmarkRelevance(b *testing.B) {
	for _, size := range [][2]int{{300, 1}, {300, 2}, {3000, 2}} {
		n := size[0]
		plan := compiled(b, relevanceForm(n, size[1]))
		var answers []fill.Answer
		for i := range n {
			answers = append(answers, fill.Answer{Path: fmt.Sprint("/a", i), Value: fmt.Sprint(i % 10)})
		}
		name := fmt.Sprint(n, "x", size[1])
		b.Run(name+"/load", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := plan.New(fill.Env{}).Load(answers, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		in := plan.New(fill.Env{})
		if err := in.Load(answers, nil); err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/scratch", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := in.Refresh(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/one", func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := in.Set("/a17", fmt.Sprint(i%10)); err != nil {
					b.Fatal(err)
				}
				in.Changed()
			}
		})
	}
}

// repeatForm has a repeat of 50 questions, with conditions in it and sums over it.
func repeatForm() *forms.Form {
	f := &forms.Form{ID: "repeat"}
	r := &forms.Node{Kind: forms.Repeat, Name: "r"}
	for i := range 50 {
		q := &forms.Node{Name: fmt.Sprint("q", i), Type: "integer"}
		if i%5 == 4 {
			q.Relevant = fmt.Sprintf("${q%d} > 1", i-1)
		}
		r.Children = append(r.Children, q)
	}
	r.Children = append(r.Children, &forms.Node{Name: "place", Type: "calculate", Calculation: "position(..)"})
	f.Children = append(f.Children, r)
	for i := range 10 {
		f.Children = append(f.Children, &forms.Node{Name: fmt.Sprint("sum", i), Type: "calculate", Calculation: fmt.Sprintf("sum(${q%d})", i)})
	}
	f.Link()
	return f
}

func filledRepeat(b *testing.B, plan *fill.Plan, items int) *fill.Instance {
	in := plan.New(fill.Env{})
	var answers []fill.Answer
	var list []fill.Item
	for i := range items {
		list = append(list, fill.Item{Repeat: "/r", Key: fmt.Sprint(i)})
		for q := range 50 {
			answers = append(answers, fill.Answer{Path: fmt.Sprintf("/r[%d]/q%d", i, q), Value: fmt.Sprint((i + q) % 4)})
		}
	}
	if err := in.Load(answers, list); err != nil {
		b.Fatal(err)
	}
	return in
}

func BenchmarkRepeat(b *testing.B) {
	plan := compiled(b, repeatForm())
	for _, items := range []int{100, 1000} {
		b.Run(fmt.Sprint(items, "/load"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				filledRepeat(b, plan, items)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(items*50), "ns/answer")
		})
		in := filledRepeat(b, plan, items)
		set := func(question string) func(b *testing.B) {
			return func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if err := in.Set("/r[50]/"+question, fmt.Sprint(i%4)); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
		b.Run(fmt.Sprint(items, "/set-summed"), set("q3"))
		b.Run(fmt.Sprint(items, "/set-plain"), set("q20"))
		b.Run(fmt.Sprint(items, "/add-remove"), func(b *testing.B) {
			for b.Loop() {
				path, err := in.AddItem("/r", "new")
				if err == nil {
					err = in.RemoveItem(path)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprint(items, "/remove-all"), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				in := filledRepeat(b, plan, items)
				b.StartTimer()
				for _, path := range in.Items("/r") {
					if err := in.RemoveItem(path); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(items), "ns/item")
		})
	}
}

// BenchmarkMemory reports what an open response of 300 questions holds, answers included.
func BenchmarkMemory(b *testing.B) {
	plan := compiled(b, benchForm(300))
	var open []*fill.Instance
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		in := plan.New(fill.Env{})
		if err := in.Set("/g0/q1", strings.Repeat("x", 20)); err != nil {
			b.Fatal(err)
		}
		open = append(open, in)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(open)), "B/response")
	runtime.KeepAlive(open)
}
