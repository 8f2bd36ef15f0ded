package testkit

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

const testPage = `<!doctype html><html lang="en"><head><title>One</title></head><body><main><h1>One</h1>
<form action="/two" method="get"><label for="n">Name</label> <input id="n" name="n"><button>Send</button></form>
<p id="s">no script</p></main><script>document.getElementById("s").textContent = "script"</script></body></html>`

func TestBrowser(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, err := w.Write([]byte(testPage)); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	for script, want := range map[bool]string{true: "script", false: "no script"} {
		b := OpenBrowser(t, 1280, script)
		b.Open(server.URL)
		if got := b.Text("#s"); got != want {
			t.Errorf("with script %v the page says %q, want %q", script, got, want)
		}
		b.Type("#n", "Ana")
		b.Press("button")
		if got, want := b.Address(), server.URL+"/two?n=Ana"; got != want {
			t.Errorf("address = %s, want %s", got, want)
		}
		b.Axe("test page")
	}
}

func TestRedisForgetsUnlessSaved(t *testing.T) {
	r := StartRedis(t)
	if err := r.command("SET a b"); err != nil {
		t.Fatal(err)
	}
	r.Snapshot()
	r.Stop()
	r.Start()
	if r.command("RENAME a c") != nil {
		t.Error("the snapshot was not loaded")
	}
	r.Stop()
	r.Forget()
	r.Start()
	if r.command("RENAME a c") == nil {
		t.Error("an empty Redis knew a key")
	}
	r.Freeze()
	frozen := time.AfterFunc(200*time.Millisecond, r.Thaw)
	defer frozen.Stop()
	r.Flush() // answered once thawed
}
