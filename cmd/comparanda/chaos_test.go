package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/account"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/testkit"
)

// chaos is a study that is served by a process which dies again and again, and what its
// clients were told is stored.
type chaos struct {
	t       *testing.T
	program string
	dir     string
	address string
	token   string
	client  *http.Client
	flags   []string              // of serve, besides the folder and the address
	pool    chan study.ResponseID // returns that nobody has filled in yet

	mu     sync.Mutex
	saved  map[study.ResponseID]string // the value acknowledged
	signed map[study.ResponseID]bool
	sent   []string // instance ids acknowledged
	acks   atomic.Int64
}

// newChaos loads the small study, a focal point with a machine's token, and n returns.
func newChaos(t *testing.T, n int) *chaos {
	t.Helper()
	c := &chaos{t: t, program: testkit.Program(t), dir: t.TempDir(), address: testkit.FreeAddress(t), token: account.Secret(),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: 30 * time.Second},
		pool:   make(chan study.ResponseID, n), saved: map[study.ResponseID]string{}, signed: map[study.ResponseID]bool{}}
	load := testkit.Start(t, c.program, nil, "study", "load", "seedbanks", "--data", c.dir)
	<-load.Done()
	store, err := db.Open(t.Context(), c.dir, db.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, load.Output())
	}
	err = store.Update(t.Context(), func(tx *db.Tx) error {
		person, err := tx.CreatePerson(t.Context(), study.Person{Name: "Focal point", Role: study.FocalPoint, Country: "BOL", Language: "en"})
		if err != nil {
			return err
		}
		for i := range n {
			r, _, err := tx.CreateResponse(t.Context(), study.Response{FormID: "seedbanks_country", Kind: study.Questionnaire, Country: "BOL", Round: fmt.Sprint("r", i)})
			if err != nil {
				return err
			}
			c.pool <- r.ID
		}
		return tx.CreateToken(t.Context(), person.ID, account.Hash(c.token), "test")
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return c
}

// serve starts the service and waits until it answers, or until it has died.
func (c *chaos) serve(env ...string) *testkit.Process {
	c.t.Helper()
	p := testkit.Start(c.t, c.program, env, append([]string{"serve", "--data", c.dir, "--listen", c.address}, c.flags...)...)
	testkit.Until(c.t, 60*time.Second, "the service answers", func() bool {
		select {
		case <-p.Done():
			return true
		default:
		}
		r, err := http.Get("http://" + c.address + "/healthz")
		if err != nil {
			return false
		}
		return r.Body.Close() == nil && r.StatusCode == http.StatusOK
	})
	return p
}

// ask sends a request again and again until it is answered, or ctx ends.
func (c *chaos) ask(ctx context.Context, method, path string, body any, out any) (status int, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		status, answer, err := c.once(ctx, method, path, text)
		if err == nil {
			if out != nil && status < 300 {
				err = json.Unmarshal(answer, out)
			}
			if status >= 300 {
				err = fmt.Errorf("%s %s: %d %s", method, path, status, answer)
			}
			return status, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-again.C:
		}
	}
}

func (c *chaos) once(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+c.address+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := c.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, errors.Join(err, response.Body.Close())
}

// submit sends a whole set of answers.
func (c *chaos) submit(ctx context.Context, id string) error {
	_, err := c.ask(ctx, http.MethodPost, "/api/v1/forms/seedbanks_country/submissions", map[string]any{
		"instance_id": id, "country": "BOL", "round": "2027",
		"answers": map[string]string{"/network/banks": "7", "/network/law": "yes", "/network/law_name": "of " + id},
	}, nil)
	if err == nil {
		c.mu.Lock()
		c.sent = append(c.sent, id)
		c.mu.Unlock()
		c.acks.Add(1)
	}
	return err
}

// fillAndSign saves two versions of a return and signs it.
func (c *chaos) fillAndSign(ctx context.Context, id study.ResponseID) error {
	path := "/api/v1/responses/" + string(id)
	for base, value := range []string{"1", "2"} {
		var answer struct {
			Saved     []struct{ Version int }
			Conflicts []any
		}
		changes := []map[string]any{{"path": "/network/banks", "base": base, "value": value}, {"path": "/network/law", "base": min(base, 1), "value": "no"}}
		if _, err := c.ask(ctx, http.MethodPatch, path+"/answers", map[string]any{"changes": changes}, &answer); err != nil {
			return err
		}
		if len(answer.Conflicts) > 0 || len(answer.Saved) != 2 || answer.Saved[0].Version != base+1 {
			return fmt.Errorf("save %d of %s was answered with %+v", base+1, id, answer)
		}
		c.mu.Lock()
		c.saved[id] = value
		c.mu.Unlock()
		c.acks.Add(1)
	}
	_, err := c.ask(ctx, http.MethodPost, path+"/signature", map[string]any{"name": "Focal point", "post": "Director", "declaration": true}, nil)
	if err == nil {
		c.mu.Lock()
		c.signed[id] = true
		c.mu.Unlock()
		c.acks.Add(1)
	}
	return err
}

// check stops nothing: it waits for the workers, then reads the folder as it is.
func (c *chaos) check(last *testkit.Process) {
	c.t.Helper()
	store, err := db.Open(c.t.Context(), c.dir, db.Options{Shared: true})
	if err != nil {
		c.t.Fatal(err)
	}
	c.drained(store)
	if err := errors.Join(store.View(c.t.Context(), c.compare), store.Close()); err != nil {
		c.t.Error(err)
	}
	if err := last.Stop(); err != nil {
		c.t.Errorf("the service ended with %v", err)
	}
	if findings, err := db.Verify(c.t.Context(), c.dir); err != nil || !findings.Sound() {
		c.t.Errorf("verify: %+v %v", findings, err)
	}
}

// drained waits until everything promised is done.
func (c *chaos) drained(store *db.Store) {
	c.t.Helper()
	testkit.Until(c.t, 120*time.Second, "everything promised is done", func() bool {
		open := 0
		err := store.View(c.t.Context(), func(r *db.Reader) error {
			counts, err := r.CountPromises(c.t.Context())
			open = counts[study.Waiting] + counts[study.Sent] + counts[study.Running] + counts[study.Failed]
			return err
		})
		return err == nil && open == 0
	})
}

// compare finds each acknowledged thing once, and normalized.
func (c *chaos) compare(r *db.Reader) error {
	ctx := c.t.Context()
	responses, err := r.Responses(ctx, db.ResponseFilter{FormID: "seedbanks_country"})
	if err != nil {
		return err
	}
	submissions, err := r.Submissions(ctx, db.SubmissionFilter{})
	if err != nil {
		return err
	}
	byInstance, versions := map[string][]study.ResponseID{}, map[study.ResponseID][]study.Submission{}
	for _, one := range responses {
		byInstance[one.InstanceID] = append(byInstance[one.InstanceID], one.ID)
	}
	for _, one := range submissions {
		versions[one.ResponseID] = append(versions[one.ResponseID], one)
	}
	for _, id := range c.sent {
		found := byInstance[id]
		if len(found) != 1 {
			c.t.Errorf("submission %s is there %d times", id, len(found))
			continue
		}
		c.one(r, versions[found[0]], "submission "+id, `"of `+id+`"`)
	}
	for id, value := range c.saved {
		history, err := r.History(ctx, id, "/network/banks")
		if err != nil {
			return err
		}
		if n := len(history); n == 0 || history[n-1].Value < value || n > 2 {
			c.t.Errorf("of %s the save of %s was acknowledged, and the history is %+v", id, value, history)
		}
	}
	for id := range c.signed {
		c.one(r, versions[id], "return "+string(id), `"2"`)
	}
	return nil
}

// one wants one version, with the text, normalized once.
func (c *chaos) one(r *db.Reader, versions []study.Submission, what, text string) {
	if len(versions) != 1 || !strings.Contains(string(versions[0].Snapshot), text) {
		c.t.Errorf("%s has %d versions, want one with %s", what, len(versions), text)
		return
	}
	answers, err := r.Answers(c.t.Context(), versions[0].ID)
	paths := map[string]bool{}
	for _, a := range answers {
		paths[a.Path] = true
	}
	if err != nil || !paths["/network/banks"] || len(paths) != len(answers) {
		c.t.Errorf("%s is normalized to %d answers, %d of them different, %v", what, len(answers), len(paths), err)
	}
}

// TestKilledAtRandomUnderLoad kills the serving process again and again while clients
// save, sign and submit, each repeating what was not answered. At least 100 kills and
// 10,000 acknowledgments in CI (R2).
func TestKilledAtRandomUnderLoad(t *testing.T) {
	kills, acks := 10, int64(500)
	if os.Getenv("CI") == "true" {
		kills, acks = 100, 10_000
	}
	c := newChaos(t, 2000)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	for client := range 8 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				err := error(nil)
				if i%4 == 0 && len(c.pool) > 0 {
					err = c.fillAndSign(ctx, <-c.pool)
				} else {
					err = c.submit(ctx, fmt.Sprintf("c%d-%d", client, i))
				}
				if err != nil && ctx.Err() == nil {
					t.Errorf("client %d: %v", client, err)
					return
				}
			}
		})
	}
	began := time.Now()
	process := c.serve()
	done := 0
	for ; done < kills || c.acks.Load() < acks; done++ {
		if t.Failed() || done > 5*kills {
			break
		}
		c.outlive(c.acks.Load() + rand.Int64N(2*acks/int64(kills)+1))
		process.Kill()
		process = c.serve()
	}
	stop()
	wg.Wait()
	t.Logf("%d kills, %d acknowledged in %v: %d submissions, %d signatures", done, c.acks.Load(), time.Since(began), len(c.sent), len(c.signed))
	c.check(process)
	t.Logf("checked after %v", time.Since(began))
}

// outlive waits until so many things are acknowledged, and a moment more.
func (c *chaos) outlive(acks int64) {
	c.t.Helper()
	testkit.Until(c.t, 60*time.Second, "the clients are answered", func() bool { return c.acks.Load() >= acks || c.t.Failed() })
	timer := time.NewTimer(time.Duration(rand.IntN(20_000)) * time.Microsecond)
	<-timer.C
}

// TestKilledAtEveryStep kills the serving process at the n-th time that it reaches each
// step of saving, signing and submitting, for n from 1 until it lives through (R1).
func TestKilledAtEveryStep(t *testing.T) {
	stride := 4
	if os.Getenv("CI") == "true" {
		stride = 1
	}
	c := newChaos(t, 400)
	var last *testkit.Process
	for _, step := range []string{"before-begin", "after-begin", "before-write", "before-commit", "after-commit", "before-answer"} {
		for n, alive := 1, false; !alive; n += stride {
			if n > 300 || t.Failed() {
				t.Fatalf("step %s is still reached the %dth time", step, n)
			}
			last = c.serve(fmt.Sprintf("COMPARANDA_FAULT=%s:%d", step, n))
			alive = c.liveThrough(last)
			if !alive {
				last.Kill()
			}
		}
		last.Kill()
	}
	c.check(c.serve())
}

// liveThrough does one of each while the process may die, and finishes it on another
// process when it did.
func (c *chaos) liveThrough(p *testkit.Process) (alive bool) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	defer cancel()
	id, name := <-c.pool, fmt.Sprintf("step-%d", c.acks.Load())
	work := func(ctx context.Context) error {
		if err := c.fillAndSign(ctx, id); err != nil {
			return err
		}
		return c.submit(ctx, name)
	}
	ended := make(chan error, 1)
	go func() { ended <- work(ctx) }()
	select {
	case err := <-ended:
		if err != nil {
			c.t.Error(err)
		}
		return true
	case <-p.Done():
	}
	again := c.serve()
	if err := <-ended; err != nil { // the same requests, answered by the next process
		c.t.Error(err)
	}
	again.Kill()
	return false
}
