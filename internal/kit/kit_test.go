package kit

import (
	"testing"

	"github.com/comparanda/comparanda/forms/library"
)

func TestShippedKitsLoad(t *testing.T) {
	t.Parallel()
	for _, name := range []string{library.Default, "seedbanks"} {
		k, problems, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %v", name, p)
		}
		if k == nil {
			t.Fatalf("%s: not loaded", name)
		}
	}
}
