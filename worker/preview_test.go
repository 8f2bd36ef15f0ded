package worker

import (
	"testing"

	"github.com/comparanda/comparanda/internal/study"
)

func TestMovesAreTheCellsThatDiffer(t *testing.T) {
	t.Parallel()
	n := 300.0
	stored := []study.Answer{{Path: "/a", Text: "1", Rule: "integer/1"}, {Path: "/b", Text: "unos 300", Flags: []string{"REVIEW"}}, {Path: "/gone", Text: "x"}}
	fresh := []study.Answer{{Path: "/a", Text: "1", Rule: "integer/2"}, {Path: "/b", Text: "300", Number: &n, Qualifier: "approx"}, {Path: "/new", Text: "y"}}
	got := moves(stored, fresh)
	if len(got) != 3 || got[0].New.Path != "/b" || got[1].New.Path != "/new" || got[2].Old.Path != "/gone" || got[2].New.Path != "" {
		t.Errorf("moves = %+v; want /b, /new and /gone", got)
	}
}
