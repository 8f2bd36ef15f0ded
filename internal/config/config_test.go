package config

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		env   string // value of COMPARANDA_BASE_URL
		args  string
		base  string
		rest  string
		wrong string
	}{
		{"the default", "", "", "", "", ""},
		{"a flag", "", "--base-url http://a", "http://a", "", ""},
		{"a variable", "http://v", "", "http://v", "", ""},
		{"the flag wins over the variable", "http://v", "--base-url http://a", "http://a", "", ""},
		{"flags stand between other arguments", "", "comparison --base-url http://a more", "http://a", "comparison more", ""},
		{"after two hyphens nothing is a flag", "", "one -- --base-url", "", "one --base-url", ""},
		{"an unknown flag is refused", "", "--bse-url x", "", "", "bse-url"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fs := flag.NewFlagSet("serve", flag.ContinueOnError)
			fs.SetOutput(io.Discard)
			var s Service
			s.ServeFlags(fs)
			rest, err := Parse(fs, strings.Fields(tt.args), func(name string) string {
				if name == "COMPARANDA_BASE_URL" {
					return tt.env
				}
				return ""
			})
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("Parse(%q): %v, want an error about %s", tt.args, err, tt.wrong)
				}
				return
			}
			if err != nil || s.BaseURL != tt.base || !slices.Equal(rest, strings.Fields(tt.rest)) {
				t.Errorf("Parse(%q) = %q, base %q, %v; want %q, base %q", tt.args, rest, s.BaseURL, err, tt.rest, tt.base)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	password := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(password, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		in    Service
		want  Service
		wrong bool
	}{
		{"the base URL is the listen address", Service{Workers: 1, Listen: "127.0.0.1:8080"}, Service{Workers: 1, Listen: "127.0.0.1:8080", BaseURL: "http://127.0.0.1:8080"}, false},
		{"a slash at its end is dropped", Service{Workers: 1, BaseURL: "https://a.example/"}, Service{Workers: 1, BaseURL: "https://a.example"}, false},
		{"plain http beyond this machine is refused", Service{Workers: 1, Listen: "0.0.0.0:8080"}, Service{}, true},
		{"unless one insists", Service{Workers: 1, BaseURL: "http://10.0.0.1", InsecureHTTP: true}, Service{Workers: 1, BaseURL: "http://10.0.0.1", InsecureHTTP: true}, false},
		{"a proxy with https may listen anywhere", Service{Workers: 1, Listen: "0.0.0.0:8080", BaseURL: "https://a.example"}, Service{Workers: 1, Listen: "0.0.0.0:8080", BaseURL: "https://a.example"}, false},
		{"a path in the base URL is refused", Service{Workers: 1, BaseURL: "https://a.example/x"}, Service{}, true},
		{"no workers, and nobody else to do the work", Service{BaseURL: "http://localhost"}, Service{}, true},
		{"fewer than no workers", Service{Workers: -1}, Service{}, true},
		{"a password without Redis", Service{Workers: 1, RedisPasswordFile: password}, Service{}, true},
		{"the password comes from its file", Service{Redis: "redis://r:6379/0", RedisPasswordFile: password}, Service{Redis: "redis://:s3cret@r:6379/0", RedisPasswordFile: password}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.in
			err := got.Check()
			if (err != nil) != tt.wrong || (!tt.wrong && got != tt.want) {
				t.Errorf("Check() = %+v, %v; want %+v, error %v", got, err, tt.want, tt.wrong)
			}
		})
	}
}
