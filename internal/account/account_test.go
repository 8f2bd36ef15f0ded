package account

import (
	"regexp"
	"testing"
)

func TestSecretsDiffer(t *testing.T) {
	t.Parallel()
	a, b := Secret(), Secret()
	if a == b || len(a) != 43 {
		t.Errorf("Secret() = %q, then %q; want two different ones of 43 letters", a, b)
	}
	if first, again := Hash(a), Hash(a); first == Hash(b) || first != again || len(first) != 64 {
		t.Errorf("Hash is not a stable 64 digit digest: %q, %q", Hash(a), Hash(b))
	}
}

func TestKeyIsAnItemKey(t *testing.T) {
	t.Parallel()
	valid := regexp.MustCompile(`^[a-z2-7]{6}$`)
	for range 100 {
		if k := Key(6); !valid.MatchString(k) {
			t.Fatalf("Key(6) = %q", k)
		}
	}
}
