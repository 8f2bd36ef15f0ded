package fill_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/comparanda/comparanda/forms/fill"
	"github.com/google/go-cmp/cmp"
)

// A plan serves many responses at a time, and the same steps always end the same.
func TestPlanIsShared(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		share(t, seed)
	}
}

func share(t *testing.T, seed uint64) {
	t.Helper()
	plan, problems := fill.Compile(randomForm(rand.New(rand.NewPCG(seed, 4))))
	if plan == nil {
		t.Fatal(problems)
	}
	pictures := make([]map[string]string, 4)
	var wg sync.WaitGroup
	for i := range pictures {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, 5))
			in := plan.New(fill.Env{})
			for range stepsEach {
				randomStep(r, in)
				look(in)
			}
			pictures[i] = picture(in)
		})
	}
	wg.Wait()
	for _, p := range pictures[1:] {
		if diff := cmp.Diff(pictures[0], p); diff != "" {
			t.Error(diff)
		}
	}
}
