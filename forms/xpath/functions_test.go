package xpath

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTextFunctions(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"join(', ', /data/kid/name)", "Ana, Beto"},
		{"join('-', 'a', /data/kid/name, 1)", "a-Ana-Beto-1"},
		{"concat('a', 1, true())", "a1true"},
		{"concat(/data/kid/name)", "AnaBeto"},
		{"concat()", ""},
		{"regex('abc', '[a-z]+')", "true"},
		{"regex('abc1', '[a-z]+')", "false"}, // the whole value must match
		{"regex('', 'a?')", "true"},
		{"regex('a|b', 'a|b')", "false"},
		{"substr('hello', 1, 3)", "el"},
		{"substr('hello', -2)", "lo"},
		{"substr('hello', 9)", ""},
		{"substr('hello', 3, 1)", ""},
		{"substr('añejo', 1, 2)", "ñ"},
		{"substring('12345', 2, 3)", "234"},
		{"substring('12345', 1.5, 2.6)", "234"},
		{"substring('12345', 0 div 0)", ""},
		{"substring-before('1999/04', '/')", "1999"},
		{"substring-before('1999', '/')", ""},
		{"substring-after('1999/04', '/')", "04"},
		{"substring-after('1999', '')", "1999"},
		{"contains('abc', 'bc')", "true"},
		{"starts-with('abc', '')", "true"},
		{"ends-with('abc', 'bc')", "true"},
		{"string-length('añ€')", "3"},
		{"normalize-space('  a   b ')", "a b"},
		{"translate('bar', 'abc', 'AB')", "BAr"},
		{"translate('aba', 'aa', 'xy')", "xbx"},
		{"string(0.1 + 0.2)", "0.30000000000000004"},
		{"string(1000000000000000000000)", "1000000000000000000000"},
		{"string(-0)", "0"},
		{"string(5.0)", "5"},
		{"digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"},
		{"digest('', 'SHA-1', 'hex')", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		{"string-length(digest('a', 'SHA-512'))", "88"},
		{"base64-decode('aG9sYQ==')", "hola"},
		{"base64-decode('*')", ""},
		{"string-length(uuid())", "36"},
		{"string-length(uuid(12))", "12"},
	})
}

func TestNumberFunctions(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"sum(/data/kid/age)", "11"},
		{"sum(/data/g/x)", "3"}, // one of them is empty
		{"sum(/data/none)", "0"},
		{"count-non-empty(/data/g/x)", "2"},
		{"max(/data/kid/age, 9)", "9"},
		{"min(/data/kid/age)", "4"},
		{"min(3, 1, 2)", "1"},
		{"min(/data/g/x)", "NaN"}, // one of them is empty
		{"max(/data/none)", "NaN"},
		{"round(2.5)", "3"},
		{"round(-2.5)", "-2"},
		{"round(1.005, 2)", "1.01"},
		{"round(-2.5, 0)", "-3"},
		{"round(1234, -2)", "1200"},
		{"int(-2.9)", "-2"},
		{"int('x')", "NaN"},
		{"floor(-2.5)", "-3"},
		{"ceiling(-2.5)", "-2"},
		{"abs(-3)", "3"},
		{"pow(2, 10)", "1024"},
		{"sqrt(16)", "4"},
		{"exp(0)", "1"},
		{"exp10(2)", "100"},
		{"log(exp(1))", "1"},
		{"log10(1000)", "3"},
		{"round(sin(pi() div 2), 6)", "1"},
		{"round(atan2(1, 1) * 4, 4)", "3.1416"},
		{"number('abc')", "NaN"},
		{"number(' 12 ')", "12"},
		{"number('1e3')", "1000"},
		{"number('1,000')", "NaN"},
		{"number('0x10')", "NaN"},
		{"number(true())", "1"},
		{"random() < 1", "true"},
	})
}

func TestAnglesNamesAndProperties(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"acos(1)", "0"},
		{"asin(0)", "0"},
		{"atan(0)", "0"},
		{"cos(0)", "1"},
		{"tan(0)", "0"},
		{"base64-encode('añejo')", "YcOxZWpv"},
		{"count(id('x'))", "0"}, // forms have no element ids
		{"lang('es')", "false"},
		{"namespace-uri(/data/kid)", ""},
		{"property('deviceid')", ""}, // nobody tells it here
		{"version()", ""},
	})
}

func TestDateFunctions(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"today()", "2026-03-12"},
		{"now()", "2026-03-12T10:42:00.000-06:00"},
		{"/data/born < today()", "true"},
		{"today() > '2026-03-11'", "true"},
		{"today() = '2026-03-12'", "true"},
		{"date('2019-02-30')", "Invalid Date"},
		{"date('2020-02-29')", "2020-02-29"},
		{"date(date('2019-05-31') + 1)", "2019-06-01"},
		{"date('')", ""},
		{"int(today() - date('2026-03-01'))", "11"},
		{"date-time('2019-05-31T12:00:00Z')", "2019-05-31T06:00:00.000-06:00"},
		{"decimal-date-time('1970-01-02T00:00:00Z')", "1"},
		{"decimal-time('06:00:00.000-06:00')", "0.25"},
		{"decimal-time('18:00')", "0.75"},
		{"decimal-time('25:00')", "NaN"},
		{"format-date('2019-05-31', '%d/%m/%Y %b')", "31/05/2019 May"},
		{"format-date('2019-05-03', '%e.%n.%y %a')", "3.5.19 Fri"},
		{"format-date-time('2019-05-31T09:05:07.030-06:00', '%H:%M:%S.%3 %h')", "09:05:07.030 9"},
		{"format-date('31/05/2019', '%Y')", ""},
		{"format-date('2019-05-31', '100%% %')", "100% %"},
	})
}

func TestDatesAreNamedInTheLanguageOfTheForm(t *testing.T) {
	t.Parallel()
	day := time.Date(2019, 1, 31, 0, 0, 0, 0, time.UTC)
	for lang, want := range map[string]string{"": "Thu 31 Jan", "es-MX": "jue 31 ene", "fr": "jeu. 31 janv.", "qu": "Thu 31 Jan"} {
		if got := formatDate(day, "%a %e %b", lang); got != want {
			t.Errorf("formatDate in %q = %q, want %q", lang, got, want)
		}
	}
}

func TestChoiceAndRepeatFunctions(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"selected(/data/kinds, 'b')", "true"},
		{"selected(/data/kinds, 'ab')", "false"},
		{"selected(/data/empty, '')", "true"},
		{"count-selected(/data/kinds)", "2"},
		{"count-selected('')", "0"},
		{"selected-at(/data/kinds, 1)", "b"},
		{"selected-at(/data/kinds, 5)", ""},
		{"selected-at(/data/kinds, -1)", ""},
		{"if(/data/empty = '', 'none', 'some')", "none"},
		{"coalesce(/data/empty, 'x')", "x"},
		{"coalesce(/data/age, 'x')", "30"},
		{"indexed-repeat(/data/kid/name, /data/kid, 2)", "Beto"},
		{"indexed-repeat(/data/kid/name, /data/kid, 3)", ""},
		{"position(/data/kid[2])", "2"},
		{"position(/data/none)", "NaN"},
		{"checklist(1, 2, 1, 0, 1)", "true"},
		{"checklist(-1, 1, 1, 0, 1)", "false"},
		{"checklist(2, -1, 'yes', '', 'false', 'no')", "true"},
		{"weighted-checklist(5, -1, 1, 3, 1, 2)", "true"},
		{"weighted-checklist(6, -1, 1, 3, 1, 2)", "false"},
		{"count(randomize(/data/kid))", "2"},
		{"boolean('false')", "true"},
		{"boolean(/data/empty)", "true"}, // there is such a node
		{"boolean(/data/none)", "false"},
		{"boolean-from-string('false')", "false"},
		{"boolean-from-string('1')", "true"},
		{"name(/data/kid[1]/name)", "name"},
		{"local-name(/data)", "data"},
	})
}

func TestGeographicFunctions(t *testing.T) {
	t.Parallel()
	table(t, [][2]string{
		{"distance('0 0 0 0; 0 1 0 0')", "111318.85"},
		{"distance('0 0')", "0"},
		{"area('0 0; 0 1')", "0"},
		{"area('0 0;0 1;1 1;1 0;0 0') = enclosed-area('0 0;0 1;1 1;1 0;0 0')", "true"},
		{"area('0 0;0 1;1 1;1 0;0 0') > 12300000000", "true"},
		{"geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", "true"},
		{"geofence('2 2', '0 0;0 1;1 1;1 0;0 0')", "false"},
		{"geofence('0.5 0.5', '0 0;0 1;1 1;1 0')", "false"}, // not closed
		{"intersects('0 0;1 1;0 1;1 0')", "true"},
		{"intersects('0 0;0 1;1 1;1 0;0 0')", "false"},
	})
}

func TestSignedContents(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.StdEncoding.EncodeToString
	signed := b64(append(ed25519.Sign(private, []byte("hola")), "hola"...))
	forged := b64(append(ed25519.Sign(private, []byte("hola")), "adiós"...))
	table(t, [][2]string{
		{fmt.Sprintf("extract-signed('%s', '%s')", signed, b64(public)), "hola"},
		{fmt.Sprintf("extract-signed('%s', '%s')", forged, b64(public)), ""},
		{fmt.Sprintf("extract-signed('%s', 'AAAA')", signed), ""},
		{"extract-signed('*', '*')", ""},
	})
}

func TestChoiceName(t *testing.T) {
	t.Parallel()
	question := &Node{Name: "color", Text: "r"}
	e, err := Parse("jr:choice-name('r', ' ${color} ')") // in quotes, as XLSForm has it
	if err != nil {
		t.Fatal(err)
	}
	if refs := e.References(); len(refs) != 1 || refs[0].Name != "color" || refs[0].Pos != 22 {
		t.Errorf("References = %v, want color at 22", refs)
	}
	bound, problems := e.Bind(names{"color": 7})
	if bound == nil {
		t.Fatal(problems)
	}
	v, err := bound.Eval(&Context{
		Lookup: func(ref int, _ *Node) []*Node {
			if ref != 7 {
				t.Errorf("Lookup(%d), want 7", ref)
			}
			return question.Set()
		},
		ChoiceLabel: func(value string, q *Node) string { return q.Name + ":" + value },
	})
	if err != nil || v.String() != "color:r" {
		t.Errorf("jr:choice-name = %q, %v; want color:r", v.String(), err)
	}
}

func TestPulldataAndInstances(t *testing.T) {
	t.Parallel()
	list, err := ParseXML(strings.NewReader("<root><item><name>KE</name><label>Kenya</label></item><item><name>PE</name><label>Peru</label></item></root>"))
	if err != nil {
		t.Fatal(err)
	}
	instance := func(id string) *Node {
		if id != "countries" {
			return nil
		}
		return list.Children[0]
	}
	for _, tt := range []struct{ src, want string }{
		{"pulldata('countries', 'label', 'name', 'PE')", "Peru"},
		{"pulldata('countries', 'label', 'name', 'XX')", ""},
		{"pulldata('unknown', 'label', 'name', 'XX')", ""},
		{"instance('countries')/item[name = 'KE']/label", "Kenya"},
		{"count(instance('countries')/item)", "2"},
	} {
		e, err := Parse(tt.src)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := e.Eval(&Context{Instance: instance}); err != nil || v.String() != tt.want {
			t.Errorf("%s = %q, %v; want %q", tt.src, v.String(), err, tt.want)
		}
		if ids := e.Instances(); len(ids) != 1 || ids[0].Name == "" {
			t.Errorf("%s: Instances = %v, want one", tt.src, ids)
		}
	}
}

// The order for a seed is a promise: every client shows the same one.
func TestShuffleIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	order := func(seed float64) string {
		letters := []byte("abcdef")
		Shuffle(len(letters), seed, func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
		return string(letters)
	}
	if first, again, other := order(42), order(42), order(43); first != again || first == other {
		t.Errorf("seed 42 gives %s and %s, seed 43 gives %s", first, again, other)
	}
}
