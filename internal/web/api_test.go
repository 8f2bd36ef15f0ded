package web

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// opened opens the return of Atlantis through the machine door and gives its address.
func (p *program) opened() string {
	p.w.t.Helper()
	var r apiResponse
	p.send("POST", "/api/v1/forms/village/responses", map[string]any{"country": "ATL", "round": "2021"}).into(&r)
	return "/api/v1/responses/" + r.ID
}

type patched struct {
	Saved     []apiSaved
	Conflicts []apiConflict
	State     map[string]apiState
}

func change(path string, base int, value string) map[string]any {
	return map[string]any{"path": path, "base": base, "value": value}
}

func (p *program) patch(address string, changes ...map[string]any) patched {
	p.w.t.Helper()
	var got patched
	p.send("PATCH", address+"/answers", map[string]any{"changes": changes}).wantStatus(http.StatusOK).into(&got)
	return got
}

// TestMachineAnswersAndSigns goes the whole way of an official through the machine door.
func TestMachineAnswersAndSigns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal, colleague := w.program("focal"), w.program("contributor")
	focal.send("POST", "/api/v1/forms/village/responses", map[string]any{"country": "ATL", "round": "2021"}).wantStatus(http.StatusCreated)
	address := colleague.opened()

	got := focal.patch(address, change("/a/a_name", 0, "Villa"), change("/a/a_school", 0, "y"))
	if len(got.Saved) != 2 || got.Saved[0].Version != 1 {
		t.Errorf("saved %+v", got.Saved)
	}
	if st := got.State["/a/a_pupils"]; !st.Relevant || st.Problem == nil || st.Problem.Key != "required" {
		t.Errorf("the answer says of the pupils, which the school calls for: %+v", st)
	}
	again := focal.patch(address, change("/a/a_name", 0, "Villa"))
	if again.Saved[0].Version != 1 || len(again.Conflicts) != 0 {
		t.Errorf("the same again made %+v", again)
	}
	other := colleague.patch(address, change("/a/a_name", 0, "Aldea"))
	if len(other.Conflicts) != 1 || other.Conflicts[0].Current.Value != "Villa" || other.Conflicts[0].Value != "Aldea" {
		t.Errorf("a stale change: %+v", other)
	}
	wrong := focal.patch(address, change("/a/a_pupils", 0, "many"), change("/s[1]/s_houses", 0, "12"), change("/s[1]/s_name", 0, "Main"))
	if st := wrong.State["/a/a_pupils"]; st.Problem == nil || st.Problem.Key != "integer" {
		t.Errorf("a word for a number: %+v", st)
	}

	signature := map[string]any{"name": "Focal point", "post": "Director", "declaration": true}
	var blocked struct{ Problems []apiProblem }
	focal.send("POST", address+"/signature", signature).wantStatus(http.StatusConflict).into(&blocked)
	if len(blocked.Problems) != 2 || blocked.Problems[0].Path != "/a/a_name" || blocked.Problems[0].Key != "conflict" {
		t.Errorf("in the way of signing: %+v", blocked.Problems)
	}
	w.settle(address)
	focal.patch(address, change("/a/a_pupils", 1, "40"))
	colleague.send("POST", address+"/signature", signature).wantStatus(http.StatusForbidden)
	focal.send("POST", address+"/signature", map[string]any{"name": "", "post": "x", "declaration": true}).wantStatus(http.StatusBadRequest)

	var first, second apiSigned
	focal.send("POST", address+"/signature", signature).wantStatus(http.StatusOK).into(&first)
	focal.send("POST", address+"/signature", signature).wantStatus(http.StatusOK).into(&second)
	if first.Version != 1 || len(first.Hash) != 64 || second != first || !strings.HasPrefix(first.Receipt, testBase+"/returns/") {
		t.Errorf("signed twice: %+v and %+v", first, second)
	}
	focal.send("PATCH", address+"/answers", map[string]any{"changes": []any{change("/a/a_name", 1, "X")}}).wantStatus(http.StatusConflict)

	unit := w.signedIn("researcher")
	home := strings.Replace(address, "/api/v1/responses/", "/unit/returns/", 1)
	unit.post(home+"/reopen", values("reason", "the pupils")).wantStatus(http.StatusSeeOther)
	var v2 apiSigned
	focal.send("POST", address+"/signature", signature).wantStatus(http.StatusOK).into(&v2)
	if v2.Version != 2 || v2.Hash != first.Hash {
		t.Errorf("signed again without a change: %+v; want version 2 with the same hash", v2)
	}
	var shown struct {
		State    string
		Versions []apiSigned
		Answers  []apiAnswer
	}
	unit2 := w.program("researcher")
	unit2.send("GET", address, nil).wantStatus(http.StatusOK).into(&shown)
	if shown.State != "signed" || len(shown.Versions) != 2 || len(shown.Answers) != 5 {
		t.Errorf("the return reads %+v", shown)
	}
}

// settle closes the proposals of a return as its focal point would on the page.
func (w *world) settle(address string) {
	w.t.Helper()
	base := strings.Replace(address, "/api/v1/responses/", "/returns/", 1)
	focal := w.signedIn("focal")
	page := focal.get(base + "/sections/a")
	at := strings.Index(page.body, `value="resolve:`)
	if at < 0 {
		w.t.Fatalf("no conflict on the page\n%s", page.body)
	}
	button, _, _ := strings.Cut(page.body[at+len(`value="`):], `"`)
	form := page.form("answers")
	form.Set("then", button)
	focal.post(base+"/sections/a", form).wantStatus(http.StatusSeeOther)
}

func TestWholeSubmission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal := w.program("focal")
	body := func(id, name string) map[string]any {
		return map[string]any{"instance_id": id, "country": "ATL", "round": "2021", "answers": map[string]any{
			"/a/a_name": name, "/a/a_school": "n", "/a/a_pupils": 7, "/a/a_tax": map[string]any{"reason": "ND", "note": "burnt"}, "/s[2]/s_name": "B", "/s[10]/s_name": "C"}}
	}
	const door = "/api/v1/forms/village/submissions"
	var first, same struct{ ID, Response, State, Hash string }
	focal.send("POST", door, body("u1", "Villa")).wantStatus(http.StatusCreated).into(&first)
	focal.send("POST", door, body("u1", "Villa")).wantStatus(http.StatusOK).into(&same)
	if first != same || first.State != "legacy" {
		t.Errorf("sent twice: %+v, %+v", first, same)
	}
	focal.send("POST", door, body("u1", "Aldea")).wantStatus(http.StatusConflict)
	unit := w.signedIn("researcher")
	unit.get("/returns/"+first.Response+"/v/1").wantStatus(http.StatusOK).want("Villa", "Not asked", "burnt", "N/D")
	unit.get("/unit/returns/"+first.Response).wantStatus(http.StatusOK).want("Villa", "Nobody signed it")
	unit.get("/unit/returns").want("u1", "Received, not signed")

	wrong := body("u2", "Villa")
	wrong["answers"] = map[string]any{"/a/a_name": "x", "/a/a_school": "y", "/a/a_pupils": "6000"}
	focal.send("POST", door, wrong).wantStatus(http.StatusBadRequest).want("At most 5000", "/a/a_pupils")
	wrong["answers"] = map[string]any{"/a/nothing": "x"}
	focal.send("POST", door, wrong).wantStatus(http.StatusBadRequest).want("/a/nothing")
	wrong["answers"], wrong["country"] = map[string]any{}, "LEM"
	focal.send("POST", door, wrong).wantStatus(http.StatusNotFound)
	wrong["country"], wrong["round"] = "ATL", "1999"
	focal.send("POST", door, wrong).wantStatus(http.StatusBadRequest)
	focal.send("POST", "/api/v1/forms/unknown/submissions", body("u3", "x")).wantStatus(http.StatusNotFound)
	focal.send("POST", "/api/v1/forms/talk/submissions", body("u3", "x")).wantStatus(http.StatusNotFound)
}

// TestSameSubmissionInParallel sends one set fifty times at once (R18), and several
// sets under one name (R19).
func TestSameSubmissionInParallel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal := w.program("focal")
	send := func(id, name string) int {
		return focal.send("POST", "/api/v1/forms/village/submissions", map[string]any{"instance_id": id, "country": "ATL", "round": "2021",
			"answers": map[string]any{"/a/a_name": name}}).status
	}
	counts := together(50, func(int) int { return send("same", "Villa") })
	if counts[http.StatusCreated] != 1 || counts[http.StatusOK] != 49 {
		t.Errorf("the same set fifty times: %v", counts)
	}
	counts = together(20, func(i int) int { return send("differs", fmt.Sprint("Villa ", i)) })
	if counts[http.StatusCreated] != 1 || counts[http.StatusConflict] != 19 {
		t.Errorf("twenty sets under one name: %v", counts)
	}
}

// together runs f n times at once and counts its answers.
func together(n int, f func(int) int) map[int]int {
	counts := map[int]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			got := f(i)
			mu.Lock()
			defer mu.Unlock()
			counts[got]++
		})
	}
	close(begin)
	all.Wait()
	return counts
}

// TestSignatureInParallel lets the focal point sign twenty times at once while a
// colleague saves: one version, and every text is in it or in the history.
func TestSignatureInParallel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal := w.program("focal")
	address := focal.opened()
	focal.patch(address, change("/a/a_name", 0, "Villa"), change("/a/a_school", 0, "n"))
	counts := together(20, func(int) int {
		return focal.send("POST", address+"/signature", map[string]any{"name": "A", "post": "B", "declaration": true}).status
	})
	if counts[http.StatusOK] != 20 {
		t.Errorf("twenty equal signatures: %v", counts)
	}
	var shown struct{ Versions []apiSigned }
	focal.send("GET", address, nil).into(&shown)
	if len(shown.Versions) != 1 {
		t.Errorf("%d versions, want 1", len(shown.Versions))
	}
}

// TestSavesInParallel lets two people change one answer at once: no text is lost.
func TestSavesInParallel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal := w.program("focal")
	address := focal.opened()
	counts := together(12, func(i int) int {
		return focal.send("PATCH", address+"/answers", map[string]any{"changes": []any{change("/a/a_name", 0, fmt.Sprint("name ", i))}}).status
	})
	if counts[http.StatusOK] != 12 {
		t.Errorf("twelve saves: %v", counts)
	}
	body := focal.send("GET", address, nil).body
	for i := range 12 {
		if !strings.Contains(body, fmt.Sprintf(`"name %d"`, i)) {
			t.Errorf("the text %d is neither the answer nor a proposal", i)
		}
	}
}

func TestMachineJSONIsStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal := w.program("focal")
	address := focal.opened()
	for _, tt := range []struct{ name, body string }{
		{"an unknown name", `{"changes":[],"role":"administrator"}`},
		{"an unknown name inside", `{"changes":[{"path":"/a/a_name","value":"x","country":"LEM"}]}`},
		{"a repeated name", `{"changes":[],"changes":[]}`},
		{"a repeated name inside", `{"changes":[{"path":"/a/a_name","value":"x","value":"y"}]}`},
		{"other letters", `{"Changes":[]}`},
		{"two values", `{"changes":[]} {}`},
		{"no object", `[]`},
		{"a cut body", `{"changes":[`},
		{"an empty body", ``},
		{"not UTF-8", "{\"changes\":[{\"path\":\"/a/a_name\",\"value\":\"\xff\"}]}"},
		{"a number for a text", `{"changes":[{"path":"/a/a_name","value":7}]}`},
		{"deep nesting", `{"changes":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`},
		{"a question that is not there", `{"changes":[{"path":"/a/none","value":"x"}]}`},
		{"a group", `{"changes":[{"path":"/a","value":"x"}]}`},
		{"a note", `{"changes":[{"path":"/a/a_intro","value":"x"}]}`},
		{"a list without a key", `{"changes":[{"path":"/s/s_name","value":"x"}]}`},
		{"a key where no list is", `{"changes":[{"path":"/a[1]/a_name","value":"x"}]}`},
		{"a path out of the form", `{"changes":[{"path":"/../a_name","value":"x"}]}`},
		{"a question twice", `{"changes":[{"path":"/a/a_name","value":"x"},{"path":"/a/a_name","value":"y"}]}`},
		{"an unknown reason", `{"changes":[{"path":"/a/a_name","reason":"BECAUSE"}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var body machineError
			focal.send("PATCH", address+"/answers", tt.body).wantStatus(http.StatusBadRequest).into(&body)
			if body.Error.Key == "" || body.Error.Text == "" {
				t.Errorf("the problem is %+v", body)
			}
		})
	}
	if shown := focal.send("GET", address, nil).body; !strings.Contains(shown, `"answers":[]`) {
		t.Errorf("something was stored: %s", shown)
	}
	big := `{"changes":[{"path":"/a/a_name","value":"` + strings.Repeat("x", textBody) + `"}]}`
	focal.send("PATCH", address+"/answers", big).wantStatus(http.StatusRequestEntityTooLarge)
	w.program("contributor").send("PATCH", address+"/answers", `{"x":1}`).want("No se puede leer el JSON")
}

// TestMachineTokens refuses every token that is not exactly one that was issued.
func TestMachineTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	focal := w.program("focal")
	address := focal.opened()
	good := focal.token
	for _, token := range []string{"", "x", good[1:], good[:len(good)-1], good + "A", strings.ToUpper(good), w.link("focal")} {
		focal.token = token
		focal.send("GET", address, nil).wantStatus(http.StatusUnauthorized)
	}
	browser := w.signedIn("focal")
	browser.get(address).wantStatus(http.StatusUnauthorized) // a cookie means nothing there
	admin := w.signedIn("admin")
	admin.post("/admin/people/"+string(w.people["focal"].ID)+"/revoke", nil).wantStatus(http.StatusSeeOther)
	focal.token = good
	focal.send("GET", address, nil).wantStatus(http.StatusUnauthorized)
	browser.get("/people").wantStatus(http.StatusSeeOther)
}
