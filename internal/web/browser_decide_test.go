package web

import (
	"strings"
	"testing"

	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// TestDoubtsInTheBrowser decides what a text means with keyboard and screen reader in
// mind, wide and narrow, with script and without.
func TestDoubtsInTheBrowser(t *testing.T) {
	for _, script := range []bool{true, false} {
		w := newWorld(t)
		base := w.listen()
		id := w.said("ATL", "es", map[string]string{"/a/a_pupils": "bastantes de ellos", "/a/a_services": "agua, y lo que caiga"})
		b := testkit.OpenBrowser(t, 1280, script)
		w.enter(b, base, "researcher")
		page := base + "/unit/doubts/" + string(id) + "/a/"
		for _, width := range []int64{1280, 320} {
			b.Resize(width)
			b.Open(base + "/unit/doubts")
			b.Axe("doubts")
			b.Screenshot("doubts")
			b.Open(page + "a_services")
			b.Axe("doubt at a list")
			b.Open(page + "a_pupils")
			b.Click("#own")
			b.Type("#own-value", "1 250")
			b.Press(`main button[value="preview"]`)
			b.Axe("effect of a decision")
			b.Screenshot("doubt")
		}
		b.Press(`[role="status"] button.primary`)
		if !strings.Contains(b.Text("main"), "Decided.") {
			t.Errorf("with script %v: after deciding the page says %q", script, b.Text("main"))
		}
		b.Open(base + "/unit/decisions")
		b.Axe("decisions")
		b.Press("main td button")
		if !strings.Contains(b.Text("main"), "Undone.") {
			t.Errorf("with script %v: after the undo the page says %q", script, b.Text("main"))
		}
	}
}

// TestImportedAnswersInTheBrowser confirms one answer while another field has text that
// nobody saved yet: both are stored.
func TestImportedAnswersInTheBrowser(t *testing.T) {
	for _, script := range []bool{true, false} {
		w := newWorld(t)
		base := w.listen()
		w.loadedFor("wave1", "ATL", oldAnswers(), study.Item{Repeat: "/s", Key: "1", Order: 1}, study.Item{Repeat: "/s", Key: "2", Order: 2})
		b := testkit.OpenBrowser(t, 1280, script)
		w.enter(b, base, "focal")
		b.Press("main button.primary")
		home := strings.TrimSuffix(b.Address(), "/")
		home, _, _ = strings.Cut(home, "?")
		for _, width := range []int64{320, 1280} {
			b.Resize(width)
			for _, page := range []string{"", "/sections/a", "/repeats/s", "/check"} {
				b.Open(home + page)
				b.Axe("imported answers " + page)
				b.Screenshot("imported" + strings.ReplaceAll(page, "/", "_"))
			}
		}
		b.Open(home + "/sections/a")
		b.Type(`[name="a:/a/a_tax"]`, "3")
		b.Press(`[data-path="/a/a_name"] button[value^="confirm:"]`)
		got := w.drafts(study.ResponseID(home[strings.LastIndexByte(home, '/')+1:]))
		if got["/a/a_name"].Channel != study.Import || got["/a/a_tax"].Value != "3" {
			t.Errorf("with script %v: stored %+v", script, got)
		}
		b.Press(`main .banner button[value="confirm"]`)
		got = w.drafts(study.ResponseID(home[strings.LastIndexByte(home, '/')+1:]))
		if got["/a/a_school"].Value != "y" || len(got) != 5 {
			t.Errorf("with script %v: confirmed all, stored %+v", script, got)
		}
	}
}
