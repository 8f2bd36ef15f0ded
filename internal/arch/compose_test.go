package arch

import (
	"os"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// service is the part of a compose service that the policy below speaks of.
type service struct {
	User        string   `yaml:"user"`
	Image       string   `yaml:"image"`
	Command     []string `yaml:"command"`
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	SecurityOpt []string `yaml:"security_opt"`
	Restart     string   `yaml:"restart"`
	PidsLimit   int      `yaml:"pids_limit"`
	Tmpfs       []string `yaml:"tmpfs"`
	Ports       []string `yaml:"ports"`
	Networks    []string `yaml:"networks"`
	Secrets     []string `yaml:"secrets"`
	MemLimit    string   `yaml:"mem_limit"`
	Grace       string   `yaml:"stop_grace_period"`
	Privileged  bool     `yaml:"privileged"`
	Environment map[string]string
	Healthcheck map[string]any            `yaml:"healthcheck"`
	DependsOn   map[string]map[string]any `yaml:"depends_on"`
}

// TestComposeIsHardened reads docker-compose.yml as Compose does and holds every
// service to the policy: no root, no writable root file system, no capabilities,
// limits on processes and memory, secrets by file.
func TestComposeIsHardened(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(root + "/docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]service
		Networks map[string]struct{ Internal bool }
		Volumes  map[string]any
		Secrets  map[string]struct{ File string }
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"web", "worker", "redis"} {
		s, ok := file.Services[name]
		if !ok {
			t.Errorf("no service %s", name)
			continue
		}
		_, tag, tagged := strings.Cut(s.Image, ":")
		for rule, holds := range map[string]bool{
			"runs as a numbered user that is not root": s.User != "" && !strings.HasPrefix(s.User, "0") && strings.Contains(s.User, ":"),
			"has a read-only root file system":         s.ReadOnly,
			"drops all capabilities":                   slices.Equal(s.CapDrop, []string{"ALL"}),
			"gains no new privileges":                  slices.Contains(s.SecurityOpt, "no-new-privileges:true") && !s.Privileged,
			"restarts unless stopped":                  s.Restart == "unless-stopped",
			"limits processes":                         s.PidsLimit > 0,
			"limits memory":                            s.MemLimit != "",
			"has a bounded /tmp without programs":      len(s.Tmpfs) == 1 && strings.Contains(s.Tmpfs[0], "size=") && strings.Contains(s.Tmpfs[0], "noexec"),
			"says how long it may take to stop":        s.Grace != "",
			"names an image tag that is not latest":    tagged && tag != "latest",
			"takes its secrets from files":             len(s.Secrets) > 0 && !strings.Contains(strings.ToLower(strings.Join(s.Command, " ")), "password="),
		} {
			if !holds {
				t.Errorf("service %s: not true that it %s", name, rule)
			}
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("service %s publishes %s beyond this host", name, port)
			}
		}
		for key := range s.Environment {
			if strings.Contains(key, "SECRET") || strings.Contains(key, "PASSWORD") {
				t.Errorf("service %s has a secret in the environment: %s", name, key)
			}
		}
	}
	if !file.Networks["back"].Internal {
		t.Error("the network back must be internal")
	}
	if got := file.Services["redis"].Networks; !slices.Equal(got, []string{"back"}) {
		t.Errorf("redis is on %v, want only back", got)
	}
	if _, waits := file.Services["web"].DependsOn["redis"]; waits {
		t.Error("web must not wait for Redis")
	}
	if len(file.Services["web"].Healthcheck) == 0 || len(file.Services["redis"].Healthcheck) == 0 {
		t.Error("web and redis need a health check")
	}
}
