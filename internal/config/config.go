// Package config reads settings: a flag of the command line, else the variable
// COMPARANDA_NAME, else the default. It is strict: an unknown flag, a value that does
// not parse, or settings that contradict each other are errors, before anything starts.
package config

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"runtime"
	"strings"
)

// Service is what `serve` and `worker` need to know.
type Service struct {
	Data              string // data folder
	Listen            string // address to listen on
	BaseURL           string // address that people use, without a slash at the end
	Redis             string // redis:// address; "" is the embedded queue
	RedisPasswordFile string
	Workers           int // jobs at once in this process; 0: none
	Demo              bool
	InsecureHTTP      bool
}

// DataFlag adds --data to a command's flags.
func DataFlag(fs *flag.FlagSet, data *string) {
	fs.StringVar(data, "data", "./data", "`folder` that holds everything")
}

// WorkFlags adds the flags that `serve` and `worker` share.
func (s *Service) WorkFlags(fs *flag.FlagSet) {
	DataFlag(fs, &s.Data)
	fs.StringVar(&s.BaseURL, "base-url", "", "`address` that people use, for links; the listen address when empty")
	fs.StringVar(&s.Redis, "redis", "", "`redis://…` that carries the work; embedded when empty")
	fs.StringVar(&s.RedisPasswordFile, "redis-password-file", "", "`file` that holds the password of Redis")
	fs.IntVar(&s.Workers, "workers", max(2, runtime.NumCPU()), "jobs done at once by this process; 0 for none")
}

// ServeFlags adds the flags of `serve`.
func (s *Service) ServeFlags(fs *flag.FlagSet) {
	s.WorkFlags(fs)
	fs.StringVar(&s.Listen, "listen", "127.0.0.1:8080", "`address` to listen on")
	fs.BoolVar(&s.Demo, "demo", false, "fill an empty folder with example returns, and print a sign-in link for each example person")
	fs.BoolVar(&s.InsecureHTTP, "insecure-http", false, "serve plain http beyond this machine; passwords and answers travel in the open")
}

// Check completes the settings and refuses those that contradict each other.
func (s *Service) Check() error {
	if s.Workers < 0 {
		return fmt.Errorf("--workers %d: must be 0 or more", s.Workers)
	}
	if s.Workers == 0 && s.Redis == "" {
		return errors.New("--workers 0 needs --redis: nobody else reaches the embedded queue")
	}
	if err := s.checkRedis(); err != nil {
		return err
	}
	if s.BaseURL == "" && s.Listen != "" {
		s.BaseURL = "http://" + s.Listen
	}
	s.BaseURL = strings.TrimRight(s.BaseURL, "/")
	if s.BaseURL == "" {
		return nil
	}
	base, err := url.Parse(s.BaseURL)
	if err != nil || base.Host == "" || base.Path != "" || (base.Scheme != "http" && base.Scheme != "https") {
		return fmt.Errorf("--base-url %q: must be http:// or https://, a host, and nothing after it", s.BaseURL)
	}
	if base.Scheme == "http" && !s.InsecureHTTP && !loopback(base.Hostname()) {
		return errors.New("plain http is served on this machine only: give the https:// address of your proxy as --base-url, or say --insecure-http")
	}
	return nil
}

// checkRedis reads the password file into the address.
func (s *Service) checkRedis() error {
	if s.RedisPasswordFile == "" {
		return nil
	}
	if s.Redis == "" {
		return errors.New("--redis-password-file is of no use without --redis")
	}
	address, err := url.Parse(s.Redis)
	if err != nil {
		return errors.New("--redis: not an address such as redis://127.0.0.1:6379/0")
	}
	password, err := os.ReadFile(s.RedisPasswordFile)
	if err != nil {
		return fmt.Errorf("read the password of Redis: %w", err)
	}
	address.User = url.UserPassword(address.User.Username(), strings.TrimSpace(string(password)))
	s.Redis = address.String()
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Variable is the name of the variable that a flag also reads.
func Variable(flagName string) string {
	return "COMPARANDA_" + strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

// Parse reads variables, then arguments, into a command's flags. Flags may stand
// before, between and after the other arguments, which it returns.
func Parse(fs *flag.FlagSet, args []string, getenv func(string) string) (rest []string, err error) {
	fs.VisitAll(func(f *flag.Flag) {
		if v := getenv(Variable(f.Name)); v != "" && err == nil {
			if wrong := fs.Set(f.Name, v); wrong != nil {
				err = fmt.Errorf("variable %s: %q is not a value for --%s", Variable(f.Name), v, f.Name)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		ended := len(args) > fs.NArg() && args[len(args)-fs.NArg()-1] == "--"
		args = fs.Args()
		if ended || len(args) == 0 {
			return append(rest, args...), nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}
