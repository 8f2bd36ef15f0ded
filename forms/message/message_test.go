package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestNew(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		text Text
		want string
		args []string
	}{
		{"no argument", New("100 %%"), "100 %", nil},
		{"each argument is written by its verb", New("%q in row %d of %s", "a", 3, "b"), `"a" in row 3 of b`, []string{`"a"`, "3", "b"}},
		{"a text in a text", New("it is %s", New("a %s", "b")), "it is a b", []string{"a b"}},
		{"an error keeps its words", New("it (%v)", errors.New("broke")), "it (broke)", []string{"broke"}},
		{"an error that wraps a text is that text", New("%v", fmt.Errorf("read: %w", New("x"))), "read: x", []string{"x"}},
		{"what nobody reads to its end is cut off, at a letter", New("%s", strings.Repeat("é", 300)), strings.Repeat("é", 200) + "…", []string{strings.Repeat("é", 200) + "…"}},
		{"width and sign", New("%+.1f%% of %3d", 1.25, 7), "+1.2% of   7", []string{"+1.2", "  7"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var args []string
			for _, a := range tt.text.Args {
				args = append(args, a.English)
			}
			if tt.text.English != tt.want || !reflect.DeepEqual(args, tt.args) {
				t.Errorf("got %q with %q; want %q with %q", tt.text.English, args, tt.want, tt.args)
			}
		})
	}
}

// A text that was never made by New, or that no catalog has, comes in its own words.
func TestInFallsBack(t *testing.T) {
	t.Parallel()
	for _, text := range []Text{Given("100 %s"), New("no catalog has %s", "this"), {}} {
		for _, lang := range []string{"en", "es", "fr-CA", "de", ""} {
			if got := text.In(lang); got != text.English {
				t.Errorf("%+v in %q = %q", text, lang, got)
			}
		}
	}
}

// A text goes between processes as JSON.
func TestTextSurvivesJSON(t *testing.T) {
	t.Parallel()
	want := New("%s and %d", New("it is %q", "x%s"), 2)
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Text
	if err := json.Unmarshal(data, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s came back as %+v, %v; want %+v", data, got, err, want)
	}
}
