package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/study"
)

// help prints all commands.
func help(w io.Writer) {
	fmt.Fprint(w, "usage: comparanda COMMAND [arguments]\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(w, "  %-22s %s\n", cmd.name, cmd.about)
	}
	fmt.Fprint(w, "\ncomparanda COMMAND --help shows the flags of a command. Each flag may also be given\nas a variable: COMPARANDA_DATA for --data, and so on.\n")
}

// help prints one command's arguments and flags.
func (c *call) help(w io.Writer) {
	fmt.Fprintf(w, "usage: comparanda %s %s\n", c.command.name, c.command.args)
	c.flags.VisitAll(func(f *flag.Flag) {
		name, about := flag.UnquoteUsage(f)
		hyphens := "--"
		if len(f.Name) == 1 {
			hyphens = "-"
		}
		if f.DefValue != "" && f.DefValue != "false" {
			about += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(w, "  %-32s %s; %s\n", hyphens+f.Name+" "+name, about, config.Variable(f.Name))
	})
}

// problemText says in words what stands in the way at a prompt.
func problemText(p *study.Problem) string {
	switch p.Key {
	case "study.none":
		return "the data folder holds no study; load one with: comparanda study load KIT"
	case "study.other":
		return fmt.Sprintf("the data folder holds another study (%v); choose another folder with --data", p.Args["id"])
	case "round.unknown":
		return fmt.Sprintf("the study has no round %q", p.Args["id"])
	case "form.unknown":
		return fmt.Sprintf("the study has no form %v; comparanda study show lists its forms, and --form also takes a file", p.Args["id"])
	case "import.unknown":
		return fmt.Sprintf("there is no batch %v; comparanda import list shows them", p.Args["id"])
	case "person.unknown":
		return fmt.Sprintf("there is no person %v; comparanda user list shows who there is", p.Args["id"])
	case "decision.unknown":
		return fmt.Sprintf("no decision %v holds; comparanda normalize decisions list shows those that do", p.Args["id"])
	case "person.email_taken":
		return fmt.Sprintf("somebody has the address %v already", p.Args["email"])
	}
	return p.Error()
}
