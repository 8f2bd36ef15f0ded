package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms"
)

func TestJoinDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, day, month, year, want string }{
		{"a whole date", "31", "5", "2019", "2019-05-31"},
		{"the month by name", "27", "marzo", "2007", "2007-03-27"},
		{"the month abbreviated", "1", "sept", "1998", "1998-09-01"},
		{"month and year", "", "3", "2007", "2007-03"},
		{"the year alone", "", "", "2007", "2007"},
		{"nothing", " ", "", "", ""},
		{"an impossible day is kept as typed", "31", "2", "2019", "31/2/2019"},
		{"29 February of a common year", "29", "2", "1900", "29/2/1900"},
		{"29 February of a leap year", "29", "2", "2000", "2000-02-29"},
		{"a day without its month is kept", "3", "", "2019", "3//2019"},
		{"a short year is kept", "3", "4", "19", "3/4/19"},
		{"words are kept", "x", "y", "z", "x/y/z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := joinDate(tt.day, tt.month, tt.year)
			if got != tt.want {
				t.Errorf("joinDate(%q, %q, %q) = %q, want %q", tt.day, tt.month, tt.year, got, tt.want)
			}
			if again := joinDate(splitDate(got)); again != got {
				t.Errorf("%q shown and sent again is %q", got, again)
			}
		})
	}
}

func TestReadFields(t *testing.T) {
	t.Parallel()
	f := &forms.Form{Children: []*forms.Node{
		{Name: "name", Type: "text"}, {Name: "langs", Type: "select_multiple"}, {Name: "since", Type: "date"},
	}}
	f.Link()
	form := url.Values{
		"v:/name": {shownMark(3, "Law\nof 1990", "", "")}, "a:/name": {"Law\r\nof 1990"},
		"v:/langs": {shownMark(1, "es", "", "")}, "a:/langs": {"es", "en"}, "n:/langs": {"spoken"},
		"v:/since": {shownMark(0, "", "", "")}, "d:/since": {""}, "m:/since": {"may"}, "y:/since": {"1990"}, "r:/since": {"ND"},
		"a:/unasked": {"x"},
	}
	got, err := readFields(f, form)
	if err != nil {
		t.Fatal(err)
	}
	want := []typed{
		{Path: "/langs", Value: "es en", Note: "spoken", Base: 1, Touched: true},
		{Path: "/name", Value: "Law\nof 1990", Base: 3}, // a browser's line ends are no change
		{Path: "/since", Value: "1990-05", Reason: "ND", Touched: true},
	}
	if len(got) != len(want) {
		t.Fatalf("readFields = %+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("field %d = %+v, want %+v", i, got[i], want[i])
		}
	}
	if _, err := readFields(f, url.Values{"v:/nothing": {"0."}}); err == nil {
		t.Error("a path of no question was taken")
	}
}

func TestParseFields(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		want       url.Values // nil: refused
	}{
		{"nothing", "", url.Values{}},
		{"escapes, spaces and no value", "a%3A%2Fb=x+y%26z&c", url.Values{"a:/b": {"x y&z"}, "c": {""}}},
		{"several values of one name", "a=1&b=2&a=3", url.Values{"a": {"1", "3"}, "b": {"2"}}},
		{"a broken escape", "a=%zz", nil},
		{"too many fields", strings.Repeat("a=&", mostFields), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseFields(tt.body)
			if (err != nil) != (tt.want == nil) || !cmp.Equal(got, tt.want) {
				t.Errorf("parseFields = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
	if got, err := parseFields(strings.TrimSuffix(strings.Repeat("a=&", mostFields), "&")); err != nil || len(got["a"]) != mostFields {
		t.Errorf("%d fields: %v", mostFields, err)
	}
}
