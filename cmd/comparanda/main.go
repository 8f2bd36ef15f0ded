// Command comparanda runs a study by questionnaire and interview: it serves the pages,
// does the work behind them, and has the tools for what is done at a prompt.
//
// This package wires; it decides nothing about questionnaires. Each command has a file
// of its own, and the table below makes the help.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/confine"
	"github.com/comparanda/comparanda/internal/study"
)

// Exit codes.
const (
	exitDone   = 0
	exitInput  = 1 // the input is at fault
	exitUsage  = 2
	exitBroken = 3 // our fault
)

// command is one row of the help.
type command struct {
	name, args, about string
	run               func(*call) error
}

// commands lists every command. A name of two words is a command with a subcommand.
func commands() []command {
	return []command{
		{"serve", "[flags]", "run the web service with its workers", serve},
		{"worker", "--redis URL [flags]", "do work for a serving process", work},
		{"study load", "KIT", "load a study kit: a folder, a workbook, or a shipped one", studyLoad},
		{"study show", "", "show the study of the data folder", studyShow},
		{"study remove-examples", "", "take all example data out", studyRemoveExamples},
		{"form check", "FILE...", "say what is wrong with questionnaires", formCheck},
		{"form xform", "FILE -o OUT.xml", "convert a questionnaire to ODK XForm", formXForm},
		{"form preview", "FILE [flags]", "show a questionnaire's web pages while it is being written", formPreview},
		{"form diff", "OLD NEW [--lang es] [--json]", "say what differs between two versions of a questionnaire", formDiff},
		{"form convert", "IN OUT [--force]", "convert between .xlsx, .md and a folder of CSV files", formConvert},
		{"form drive-batch", "", "fill in forms step by step: JSON lines in, JSON lines out", formDriveBatch},
		{"form xpath-batch", "", "evaluate expressions: JSON lines in, JSON lines out", formXPathBatch},
		{"import", "FILE... [flags]", "bring old answers in from spreadsheets", importFiles},
		{"import list", "", "list the imports", importList},
		{"import undo", "BATCH", "take an import off again, also one that is under way", importUndo},
		{"import pause", "BATCH", "let an import rest that a serving process stores", importPause},
		{"import resume", "BATCH", "take an interrupted or resting import up again", importResume},
		{"report", "comparison --lang LANG -o OUT.xlsx", "build a workbook", reportBuild},
		{"user invite", "--name NAME --role ROLE", "give a person access and print a sign-in link", userInvite},
		{"user list", "", "list who has access", userList},
		{"user link", "PERSON", "print a fresh sign-in link", userLink},
		{"user token", "PERSON", "print a token for programs", userToken},
		{"user revoke", "PERSON", "take a person's access away", userRevoke},
		{"normalize decisions", "list | undo ID | add --kind KIND --text TEXT --code CODE", "what people decided that texts mean", normalizeDecisions},
		{"normalize", "[--kit KIT]", "say what messy answers mean: JSON lines in, JSON lines out", normalizeLines},
		{"rebuild", "[--dry-run]", "make all normalized answers again from the raw ones", rebuild},
		{"backup", "-o FILE", "copy a live study to a file, and check the copy", backup},
		{"restore", "FILE", "make a data folder from a backup", restore},
		{"verify", "", "check a study's data", verify},
		{"healthcheck", "", "ask a serving process whether it is well", healthcheck},
		{"bench", "submissions | serve | report | import", "measure, and print ratios", bench},
		{"version", "", "print the version", version},
	}
}

// call is one run of a command.
type call struct {
	ctx            context.Context
	command        command
	args           []string
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	flags          *flag.FlagSet
}

// parse reads flags and variables, and returns the other arguments, of which there
// must be at least least and at most most.
func (c *call) parse(least, most int) ([]string, error) {
	rest, err := config.Parse(c.flags, c.args, c.getenv)
	if errors.Is(err, flag.ErrHelp) {
		return nil, err
	}
	if err != nil {
		return nil, usage(err.Error())
	}
	if len(rest) < least || len(rest) > most {
		return nil, usage("wrong number of arguments")
	}
	return rest, nil
}

// usageError is wrong usage; inputError is a fault in what we were given.
type (
	usageError struct{ text string }
	inputError struct{ err error }
)

func (e usageError) Error() string { return e.text }
func (e inputError) Error() string { return e.err.Error() }
func (e inputError) Unwrap() error { return e.err }

func usage(text string) error { return usageError{text} }

// input marks an error as the input's fault; nil stays nil.
func input(err error) error {
	if err == nil {
		return nil
	}
	return inputError{err}
}

// errSaid ends a command whose faults have been printed already.
var errSaid = errors.New("")

func main() {
	registerWorkers()
	confine.Child()
	os.Exit(run(os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// run does one command and returns the exit code. The first interrupt asks it to end,
// the second ends the process.
func run(args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // gives the signals their own meaning back
	if len(args) == 0 {
		help(stderr)
		return exitUsage
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		help(stdout)
		return exitDone
	}
	cmd, rest, found := find(args)
	if !found {
		fmt.Fprintf(stderr, "comparanda: there is no command “%s”\n", args[0])
		help(stderr)
		return exitUsage
	}
	c := &call{ctx: ctx, command: cmd, args: rest, getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	c.flags = flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	c.flags.SetOutput(io.Discard)
	return c.exit(cmd.run(c))
}

// find picks the command that the arguments begin with, one of two words before one of
// one: "import list" lists, and no file is called so by chance.
func find(args []string) (cmd command, rest []string, found bool) {
	for _, cmd := range commands() {
		if len(args) > 1 && cmd.name == args[0]+" "+args[1] {
			return cmd, args[2:], true
		}
	}
	for _, cmd := range commands() {
		if cmd.name == args[0] {
			return cmd, args[1:], true
		}
	}
	return command{}, nil, false
}

// exit prints an error in one line and turns it into an exit code.
func (c *call) exit(err error) int {
	var (
		wrong   usageError
		fault   inputError
		problem *study.Problem
	)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, flag.ErrHelp):
		c.help(c.stdout)
		return exitDone
	case errors.As(err, &wrong):
		fmt.Fprintf(c.stderr, "comparanda %s: %v\n", c.command.name, err)
		c.help(c.stderr)
		return exitUsage
	case errors.Is(err, errSaid):
		return exitInput
	case errors.As(err, &problem):
		fmt.Fprintf(c.stderr, "comparanda %s: %s\n", c.command.name, problemText(problem))
		return exitInput
	case errors.As(err, &fault):
		fmt.Fprintf(c.stderr, "comparanda %s: %v\n", c.command.name, err)
		return exitInput
	}
	fmt.Fprintf(c.stderr, "comparanda %s: %v\n", c.command.name, err)
	return exitBroken
}
