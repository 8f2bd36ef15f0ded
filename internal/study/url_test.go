package study

import (
	"net/url"
	"strings"
	"testing"
)

func TestAnchorTellsPathsApart(t *testing.T) {
	t.Parallel()
	paths := []string{
		"/a", "/a/b", "/a-b", "/a.b", "/a_b", "/A", "/a[b]", "/a[b]/c", "/a[b-c]", "/a[b]/b", "/ab",
		"/e[k3f9a]/e_name", "/e[k3f9a]/e-name", "/e[1]/f[2]/g", "/e[1]/f[2]g", "/año", "/ano", "/a~b",
	}
	seen := map[string]string{}
	for _, path := range paths {
		id := Anchor(path)
		if other, taken := seen[id]; taken {
			t.Errorf("%s and %s share the anchor %s", path, other, id)
		}
		seen[id] = path
		if strings.ContainsAny(id, " \t\"'<>&#%/") {
			t.Errorf("Anchor(%q) = %q needs escaping", path, id)
		}
	}
	if got, want := Anchor("/e[k3f9a]/e_name"), "q-e.k3f9a.-e_name"; got != want {
		t.Errorf("Anchor = %q, want %q", got, want)
	}
}

func TestAnswerURL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, base, want string }{
		{"plain base", "http://localhost:8080", "http://localhost:8080/returns/r1/v/2#q-b-b_stock"},
		{"a slash at the end is not doubled", "https://x.org/", "https://x.org/returns/r1/v/2#q-b-b_stock"},
		{"the base may have a path", "https://x.org/study", "https://x.org/study/returns/r1/v/2#q-b-b_stock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := AnswerURL(tt.base, "r1", 2, "/b/b_stock")
			if got != tt.want {
				t.Errorf("AnswerURL = %q, want %q", got, tt.want)
			}
			if _, err := url.Parse(got); err != nil {
				t.Error(err)
			}
		})
	}
}
