package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Browser is one tab of a headless Chromium with its own cookies.
type Browser struct {
	t      testing.TB
	ctx    context.Context
	script bool
}

// OpenBrowser starts Chromium for the test. script says whether pages may run theirs.
func OpenBrowser(t testing.TB, width int64, script bool) *Browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(Need(t, "chromium", "chromium-browser", "google-chrome")),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)
	b := &Browser{t: t, ctx: ctx, script: script}
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of the first call
		t.Fatal(err)
	}
	b.Resize(width)
	b.allowScript(script)
	return b
}

func (b *Browser) allowScript(allow bool) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !allow})
	if err != nil {
		b.fail("switch scripts", err)
	}
}

// Resize sets the width of the window in CSS pixels.
func (b *Browser) Resize(width int64) {
	b.t.Helper()
	b.do("resize", chromedp.EmulateViewport(width, 900))
}

// Open goes to an address and waits for the page.
func (b *Browser) Open(url string) {
	b.t.Helper()
	b.do("open "+url, chromedp.Navigate(url))
}

// Press activates the link or button that the CSS selector finds, by its key, and waits
// for the page that follows. A mouse would aim at where it stood a moment ago.
func (b *Browser) Press(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	b.do("focus "+selector, chromedp.Focus(chromedp.CSS(selector)))
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent("\r")); err != nil {
		b.fail("press "+selector, err)
	}
}

// Click clicks what the CSS selector finds; no new page is awaited.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Type replaces the text of a field, key by key.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	// Not chromedp.Clear: it wants a text node in a textarea, and an empty one has none.
	b.Eval(`(field => { if (field) field.value = "" })(document.querySelector(`+quote(selector)+`))`, nil)
	b.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Select chooses an option of a select element by its value.
func (b *Browser) Select(selector, value string) {
	b.t.Helper()
	b.do("select "+value+" in "+selector, chromedp.SetValue(chromedp.CSS(selector), value))
}

// Attach gives a file to a file field.
func (b *Browser) Attach(selector, path string) {
	b.t.Helper()
	b.do("attach to "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{path}))
}

// Text returns the visible text of the first element that the selector finds.
func (b *Browser) Text(selector string) string {
	b.t.Helper()
	text := ""
	b.Eval(fmt.Sprintf(`(document.querySelector(%s) || {innerText: ""}).innerText`, quote(selector)), &text)
	return text
}

// Has reports whether the selector finds an element now.
func (b *Browser) Has(selector string) bool {
	b.t.Helper()
	found := false
	b.Eval(fmt.Sprintf(`document.querySelector(%s) !== null`, quote(selector)), &found)
	return found
}

// Address is where the browser is.
func (b *Browser) Address() string {
	b.t.Helper()
	address := ""
	b.Eval("location.href", &address)
	return address
}

// Eval runs an expression in the page and decodes its JSON value into out; promises
// are awaited. It works in pages whose own scripts are off.
func (b *Browser) Eval(expression string, out any) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue))
	if err == nil && out != nil {
		err = json.Unmarshal(raw, out)
	}
	if err != nil {
		b.fail("evaluate "+expression[:min(len(expression), 80)], err)
	}
}

// Screenshot saves a picture of the whole page when COMPARANDA_SHOTS names a folder.
func (b *Browser) Screenshot(name string) {
	b.t.Helper()
	dir := os.Getenv("COMPARANDA_SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644)
	}
	if err != nil {
		b.fail("screenshot "+name, err)
	}
}

// OnEveryPage runs a script in each page before the page's own.
func (b *Browser) OnEveryPage(script string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		b.fail("add script", err)
	}
}

// Axe checks the page's accessibility with axe-core (rules of WCAG 2.2 A and AA) and
// reports every violation, and sideways scrolling. COMPARANDA_AXE names axe.min.js.
func (b *Browser) Axe(pageName string) {
	b.t.Helper()
	file := os.Getenv("COMPARANDA_AXE")
	if file == "" {
		if os.Getenv("CI") == "true" {
			b.t.Fatal("COMPARANDA_AXE does not name axe-core's axe.min.js")
		}
		b.t.Logf("%s: accessibility not checked, since COMPARANDA_AXE does not name axe-core's axe.min.js", pageName)
		return
	}
	source, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	if !b.script { // axe itself needs timers, which stand still otherwise; the page's scripts stay unrun
		b.allowScript(true)
		defer b.allowScript(false)
	}
	b.Eval(string(source)+"; true", nil)
	var violations []struct {
		ID    string `json:"id"`
		Help  string `json:"help"`
		Nodes []struct {
			HTML string `json:"html"`
		} `json:"nodes"`
	}
	b.Eval(`axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations)`, &violations)
	for _, v := range violations {
		var where []string
		for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
			where = append(where, n.HTML)
		}
		b.t.Errorf("%s: %s (%s), %d times:\n  %s", pageName, v.Help, v.ID, len(v.Nodes), strings.Join(where, "\n  "))
	}
	sideways := 0
	b.Eval(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &sideways)
	if sideways > 0 {
		b.t.Errorf("%s: the page scrolls sideways by %d pixels", pageName, sideways)
	}
}

func (b *Browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.fail(what, err)
	}
}

// fail ends the test and shows where the browser was.
func (b *Browser) fail(what string, err error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	text, readErr := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if readErr != nil {
		text = readErr.Error()
	}
	b.t.Fatalf("%s: %v\npage: %s", what, err, text)
}

func quote(s string) string {
	q, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string
	}
	return string(q)
}
